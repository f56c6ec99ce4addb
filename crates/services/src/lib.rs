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
mod context;
mod did;
mod drift;
mod error;
mod event_feed;
mod events;
mod exotel;
mod idempotency;
mod keys;
mod livekit_health;
mod number_keys;
mod overview;
mod password_hash;
pub mod provider;
pub mod reconciler;
mod session;
mod setup;
mod snapshot;
mod throttle;
mod token;
mod unit_of_work;
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
pub use error::{Current, Error, Result};
pub use event_feed::EventFeed;
pub use events::Events;
pub use exotel::ExotelIntegration;
pub use idempotency::Idempotency;
pub use keys::MasterKey;
pub use overview::Overviews;
pub use session::Sessions;
pub use setup::Setup;
pub use user::Users;

use crate::{context::Context, reconciler::Reconciler};

/// All use cases; cheap to clone.
#[derive(Clone)]
pub struct Services {
    pub carriers: Carriers,
    pub dids: Dids,
    pub bots: Bots,
    pub overviews: Overviews,
    pub audit: Audit,
    pub drift: Drift,
    pub exotel: ExotelIntegration,
    pub users: Users,
    pub sessions: Sessions,
    pub setup: Setup,
    pub events: Events,
    pub idempotency: Idempotency,
    /// LiveKit is the sandbox: every page says so.
    pub sandbox: bool,
    context: Arc<Context>,
}

/// What the use cases stand on.
pub struct Dependencies {
    pub store: store::Store,
    pub master_key: MasterKey,
    pub clock: Clock,
    pub sandbox: bool,
    pub exotel: ::exotel::Client,
    /// LiveKit's SIP endpoint as carriers reach it, where it is known.
    pub livekit_sip_host: Option<SipAddress>,
}

impl Services {
    /// Makes the account if this is the first start.
    pub async fn new(dependencies: Dependencies) -> Result<Self> {
        let Dependencies { store, master_key, clock, sandbox, exotel, livekit_sip_host } = dependencies;
        let account = account::ensure(&store, &clock, &master_key).await?;
        let last_event = store.read().await?.last_event().await?;
        let events = Events::new(last_event, !store.is_shared());
        let context = Arc::new(Context::new(store, clock, account, events));
        Ok(Self {
            carriers: Carriers::new(context.clone()),
            dids: Dids::new(context.clone()),
            bots: Bots::new(context.clone()),
            overviews: Overviews::new(context.clone()),
            audit: Audit::new(context.clone()),
            drift: Drift::new(context.clone()),
            exotel: ExotelIntegration::new(context.clone(), exotel, livekit_sip_host),
            users: Users::new(context.clone()),
            sessions: Sessions::new(context.clone(), &master_key),
            setup: Setup::new(context.clone()),
            events: context.events.clone(),
            idempotency: Idempotency::new(context.clone()),
            sandbox,
            context,
        })
    }

    /// The worker that carries changes to LiveKit; whoever serves runs it. From here on the use cases that look at
    /// LiveKit themselves can do so, too.
    pub fn reconciler(&self, livekit: livekit::Client, project: &str) -> Reconciler {
        self.context.livekit_health.set_client(livekit.clone());
        Reconciler::new(self.context.clone(), livekit, project)
    }

    /// The worker that publishes the changes of other servers; whoever serves runs it.
    pub fn event_feed(&self) -> EventFeed {
        EventFeed::new(self.context.clone())
    }

    /// The database.
    pub fn store(&self) -> &store::Store {
        &self.context.store
    }
}
