//! The control plane of the SIP edge: what Kamailio and media nodes ask while they handle calls.

mod auth;
pub(crate) mod index;
mod lease;
pub(crate) mod object;
mod route;
mod security;
mod settings;

use std::sync::Arc;

use domain::{AccountId, SipAddress};
use live_state::Engine;

pub(crate) use self::lease::EdgeLease;
pub use self::{
    auth::{Auth, AuthOutcome},
    lease::{EdgeAvailability, EdgeLeaseWorker},
    object::EdgeObjects,
    route::Routing,
    security::{BanWorker, ProtectedSources, Security},
};
use crate::{Error, MasterKey, Result, context::Context};

/// The use cases of the SIP edge; cheap to clone.
#[derive(Clone)]
pub struct Edge {
    /// Digest authentication of SIP requests.
    pub auth: Auth,
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

    /// The account that a request's `accountId` names.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it is not this installation's.
    pub fn account(&self, id: &str) -> Result<&AccountId> {
        let known = &self.context.account;
        if known.to_string() == id { Ok(known) } else { Err(Error::NotFound("account")) }
    }
}
