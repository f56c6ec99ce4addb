//! The control plane of the SIP edge: what Kamailio and media nodes ask while they handle calls.

mod auth;
mod cac;
pub mod calls;
mod forms;
pub(crate) mod index;
pub mod journal;
mod lease;
pub(crate) mod object;
mod presence;
mod route;
mod security;
mod settings;
pub mod trace;

use std::sync::Arc;

use domain::{AccountId, SipAddress};
use live_state::Engine;
use tracing::warn;

pub use live_state::{LiveEvent, LiveEventKind};

pub(crate) use self::lease::EdgeLease;
pub use self::{
    auth::{Auth, AuthOutcome},
    cac::{Cac, LeaseWorker},
    forms::EdgeForms,
    lease::{EdgeAvailability, EdgeLeaseWorker},
    object::EdgeObjects,
    presence::Presence,
    route::Routing,
    security::{BanWorker, ProtectedSources, Security},
};
use self::{calls::EdgeCalls, trace::Trace};
use crate::{Error, MasterKey, Result, context::Context};

/// The use cases of the SIP edge; cheap to clone.
#[derive(Clone)]
pub struct Edge {
    /// Digest authentication of SIP requests.
    pub auth: Auth,
    /// Objects as the console's forms edit them.
    pub forms: EdgeForms,
    /// Bans and the allowlist.
    pub security: Security,
    /// Where calls go.
    pub routing: Routing,
    context: Arc<Context>,
}

/// How the SIP edge is configured.
#[derive(Clone, Debug, Default)]
pub struct EdgeOptions {
    /// The edge mints the nonces of digest authentication, and checks them.
    pub edge_nonces: bool,
    /// Who cannot be banned.
    pub protected: ProtectedSources,
}

impl Edge {
    /// `livekit` is LiveKit's SIP endpoint, where it is known.
    pub(crate) fn new(
        context: Arc<Context>,
        key: &MasterKey,
        options: EdgeOptions,
        livekit: Option<SipAddress>,
    ) -> Self {
        let security = Security::new(context.clone(), options.protected);
        Self {
            auth: Auth::new(context.clone(), security.clone(), key, options.edge_nonces),
            security,
            forms: EdgeForms::new(EdgeObjects::new(context.clone())),
            routing: Routing::new(context.clone(), livekit),
            context,
        }
    }

    /// Whether this server serves the edge.
    pub fn availability(&self) -> EdgeAvailability {
        self.context.edge_lease.availability(self.context.live.engine())
    }

    /// How the live state is: where it is, and whether it responds.
    ///
    /// # Errors
    /// [`live_state::Error::Unavailable`] where Redis does not respond.
    pub async fn ping(&self) -> live_state::Result<Engine> {
        self.context.live.ping().await?;
        Ok(self.context.live.engine())
    }

    /// The trace of calls.
    pub fn trace(&self) -> Trace {
        Trace::new(self.context.clone())
    }

    /// Counters of open calls.
    pub fn cac(&self) -> Cac {
        Cac::new(self.context.clone())
    }

    /// What the edge reports.
    pub fn presence(&self) -> Presence {
        Presence::new(self.context.clone())
    }

    /// Events for those who watch the edge.
    pub fn watch(&self) -> tokio::sync::broadcast::Receiver<live_state::LiveEvent> {
        self.context.live.subscribe()
    }

    /// Calls at the edge.
    pub fn calls(&self) -> EdgeCalls {
        EdgeCalls::new(self.context.clone())
    }

    /// The account that a request's `accountId` names.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it is not this installation's.
    pub fn account(&self, id: &str) -> Result<&AccountId> {
        let known = &self.context.account;
        if known.to_string() == id { Ok(known) } else { Err(Error::NotFound("account")) }
    }
}

/// Applies the journal of an earlier run, and builds the live state from the database where it was lost.
pub(crate) async fn recover(context: &Arc<Context>) -> Result<()> {
    journal::recover(context).await?;
    match calls::rebuild(context).await {
        // The server starts without it, and `/readyz` says so; the lease worker builds the state when Redis responds.
        Err(Error::LiveState(error)) => {
            warn!(%error, "the live state of the SIP edge is not available");
            Ok(())
        }
        rebuilt => rebuilt,
    }
}
