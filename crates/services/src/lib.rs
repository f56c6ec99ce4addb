//! What Trunkline does: one file per noun, one method per use case.
//!
//! Each method authorises its [`Actor`], parses the input into domain types, does its work in one transaction together with
//! its audit event, and tells whoever is watching. The reconciler takes its work from the database, so that a crash loses
//! nothing.

mod account;
mod actor;
mod audit;
mod bot;
mod carrier;
mod clock;
mod contact;
mod core;
mod did;
mod drift;
mod error;
mod events;
mod integration;
mod keys;
mod overview;
mod password_hash;
pub mod provider;
pub mod reconciler;
mod session;
mod setup;
mod throttle;
mod token;
mod user;

use std::sync::Arc;

use domain::SipAddress;

pub use actor::Actor;
pub use audit::Audit;
pub use bot::Bots;
pub use carrier::Carriers;
pub use clock::Clock;
pub use did::Dids;
pub use drift::Drift;
pub use error::{Error, Result};
pub use events::Events;
pub use integration::Integration;
pub use keys::MasterKey;
pub use overview::Overviews;
pub use session::Sessions;
pub use setup::Setup;
pub use user::Users;

use crate::{core::Core, reconciler::Reconciler};

/// All use cases; cheap to clone.
#[derive(Clone)]
pub struct Services {
    pub carriers: Carriers,
    pub dids: Dids,
    pub bots: Bots,
    pub overviews: Overviews,
    pub audit: Audit,
    pub drift: Drift,
    pub exotel: Integration,
    pub users: Users,
    pub sessions: Sessions,
    pub setup: Setup,
    pub events: Events,
    /// LiveKit is the sandbox: every page says so.
    pub sandbox: bool,
    core: Arc<Core>,
}

/// What the use cases stand on.
pub struct Foundations {
    pub store: store::Store,
    pub master_key: MasterKey,
    pub clock: Clock,
    pub sandbox: bool,
    pub exotel: exotel::Client,
    /// LiveKit's SIP endpoint as carriers reach it, where it is known.
    pub livekit_sip_host: Option<SipAddress>,
}

impl Services {
    /// Makes the account if this is the first start.
    pub async fn new(foundations: Foundations) -> Result<Self> {
        let Foundations { store, master_key, clock, sandbox, exotel, livekit_sip_host } = foundations;
        let account = account::ensure(&store, &clock, &master_key).await?;
        let core = Arc::new(Core::new(store, clock, account));
        Ok(Self {
            carriers: Carriers::new(core.clone()),
            dids: Dids::new(core.clone()),
            bots: Bots::new(core.clone()),
            overviews: Overviews::new(core.clone()),
            audit: Audit::new(core.clone()),
            drift: Drift::new(core.clone()),
            exotel: Integration::new(core.clone(), exotel, livekit_sip_host),
            users: Users::new(core.clone()),
            sessions: Sessions::new(core.clone(), &master_key),
            setup: Setup::new(core.clone()),
            events: core.events.clone(),
            sandbox,
            core,
        })
    }

    /// The worker that carries changes to LiveKit; whoever serves runs it. From here on the use cases that look at
    /// LiveKit themselves can do so, too.
    pub fn reconciler(&self, livekit: livekit::Client, project: &str) -> Reconciler {
        self.core.contact.through(livekit.clone());
        Reconciler::new(self.core.clone(), livekit, project)
    }

    pub fn store(&self) -> &store::Store {
        &self.core.store
    }
}
