//! What Trunkline does: one file per noun, one method per use case.
//!
//! Each method authorises its [`Actor`], parses the input into domain types, and executes one unit of work: a transaction with
//! audit entries, events and jobs, which are committed together; then the events are published. The reconciler reads its jobs
//! from the database, so that a crash loses none.
//!
//! # Errors
//!
//! Every use case may fail with [`Error::Forbidden`], with [`Error::NotFound`] where it names a row, with [`Error::Invalid`]
//! where it parses input, and with [`Error::Store`]. A method's `# Errors` names what comes on top, such as a stale version.

#![deny(missing_docs)]

mod account;
mod actor;
mod api_key;
mod api_key_text;
mod audit;
mod authentication;
mod backoff;
mod bot;
mod call;
mod carrier;
mod clock;
mod config;
mod context;
mod dialout;
mod did;
mod did_bulk;
mod drift;
pub mod edge;
mod error;
mod event_feed;
mod events;
mod exotel;
mod fleet_server;
mod idempotency;
mod keys;
mod livekit_error;
mod livekit_format;
mod livekit_health;
mod livekit_project;
mod lookup;
mod number;
mod number_integration;
mod number_keys;
mod number_provider;
mod number_purchase;
mod number_search;
mod one_time_token;
mod overview;
mod own_account;
mod password_hash;
mod password_link;
pub mod provider;
pub mod reconciler;
mod session;
mod session_uses;
mod setup;
mod snapshot;
mod stored_numbers;
mod throttle;
mod timing;
mod token;
mod trunk;
mod unit_of_work;
mod user;
mod writer;

use std::{path::PathBuf, sync::Arc};

use domain::SipAddress;
use live_state::LiveState;

pub use actor::{Actor, Principal};
pub use api_key::ApiKeys;
pub use audit::Audit;
pub use authentication::{Authentication, Credential};
pub use bot::Bots;
pub use call::{CallUpkeep, Calls, HandoverError};
pub use carrier::Carriers;
pub use clock::Clock;
pub use config::Configs;
pub use dialout::{ChannelWorker, DialoutError, DialoutTarget, Dialouts};
pub use did::Dids;
pub use drift::Drift;
pub use error::{Current, Error, Result};
pub use event_feed::EventFeed;
pub use events::Events;
pub use exotel::ExotelIntegration;
pub use fleet_server::{FleetPoller, FleetServers};
pub use idempotency::{Effect, Idempotency};
pub use keys::MasterKey;
pub use livekit_error::{LiveKitError, StepError};
pub use livekit_project::{ProjectClaim, ProjectError};
pub use lookup::{IndexSize, IndexWorker, LookupError, Lookups, OutboundLoad};
pub use number::Numbers;
pub use number_integration::NumberIntegrations;
pub use number_purchase::{NumberPurchases, PurchaseOutcome, PurchaseWorker};
pub use number_search::NumberSearches;
pub use overview::Overviews;
pub use own_account::OwnAccount;
pub use password_link::{NewPasswordLink, PasswordLinks};
pub use session::{SessionClient, Sessions};
pub use setup::Setup;
pub use timing::Timing;
pub use trunk::{TrunkWorker, Trunks};
pub use user::Users;

use crate::{
    context::Context,
    edge::{
        Edge, EdgeLeaseWorker, EdgeObjects, EdgeOptions, LeaseWorker,
        journal::{Journal, JournalWorker},
    },
    number_provider::Providers,
    reconciler::Reconciler,
    writer::Writer,
};

/// All use cases; cheap to clone.
#[derive(Clone)]
pub struct Services {
    /// SIP interconnects with providers.
    pub carriers: Carriers,
    /// Carriers as the trunks of their creators.
    pub trunks: Trunks,
    /// Phone numbers of carriers.
    pub dids: Dids,
    /// DIDs together with their carriers.
    pub numbers: Numbers,
    /// Purchases of phone numbers.
    pub number_purchases: NumberPurchases,
    /// What answers phone numbers.
    pub bots: Bots,
    /// Calls, and how long they are kept.
    pub calls: Calls,
    /// What workers load when a call begins.
    pub configs: Configs,
    /// What CXB Core asks on a call's path.
    pub lookups: Lookups,
    /// The overview page.
    pub overviews: Overviews,
    /// The audit log.
    pub audit: Audit,
    /// Differences between desired and observed state.
    pub drift: Drift,
    /// The connection to Exotel's API.
    pub exotel: ExotelIntegration,
    /// The connections to providers that sell numbers, and the list of all connections.
    pub number_integrations: NumberIntegrations,
    /// Numbers for sale.
    pub number_searches: NumberSearches,
    /// Outbound calls.
    pub dialouts: Dialouts,
    /// What the SIP edge asks while it handles calls.
    pub edge: Edge,
    /// What the edge's routing reads: SIP domains, edge users, devices and so on.
    pub edge_objects: EdgeObjects,
    /// The servers whose workers run calls.
    pub fleet_servers: FleetServers,
    /// Who may log in.
    pub users: Users,
    /// Who is logged in.
    pub sessions: Sessions,
    /// A user's own password and sessions.
    pub own_account: OwnAccount,
    /// One-time links to set a password.
    pub password_links: PasswordLinks,
    /// Credentials of programs.
    pub api_keys: ApiKeys,
    /// Who sends a request.
    pub authentication: Authentication,
    /// The first administrator.
    pub setup: Setup,
    /// Events of committed changes.
    pub events: Events,
    /// Responses to requests with an idempotency key.
    pub idempotency: Idempotency,
    /// LiveKit is the sandbox, which every page shows.
    pub sandbox: bool,
    context: Arc<Context>,
}

/// What the use cases depend on.
pub struct Dependencies {
    /// The database.
    pub store: store::Store,
    /// Derives the keys of secrets and tokens.
    pub master_key: MasterKey,
    /// Time and ids.
    pub clock: Clock,
    /// LiveKit is the sandbox.
    pub sandbox: bool,
    /// Exotel's API.
    pub exotel: ::exotel::Client,
    /// Twilio's API.
    pub twilio: twilio::Client,
    /// Vonage's API.
    pub vonage: vonage::Client,
    /// The fleet servers' API.
    pub fleet: fleet::Client,
    /// Open calls, registrations and nonces of the SIP edge.
    pub live: Arc<dyn LiveState>,
    /// How the SIP edge is configured.
    pub edge: EdgeOptions,
    /// The folder of the edge's journal; made when it is needed.
    pub edge_journal: PathBuf,
    /// LiveKit's SIP endpoint as carriers reach it, where it is known.
    pub livekit_sip_host: Option<SipAddress>,
    /// How long to wait.
    pub timing: Timing,
}

impl Services {
    /// Creates the account at the first start.
    ///
    /// # Errors
    /// [`Error::WrongMasterKey`] where the database was created with another master key.
    pub async fn new(dependencies: Dependencies) -> Result<Self> {
        let Dependencies {
            store,
            master_key,
            clock,
            sandbox,
            exotel,
            twilio,
            vonage,
            fleet,
            live,
            edge,
            edge_journal,
            livekit_sip_host,
            timing,
        } = dependencies;
        let last_event = store.read().await?.last_event().await?;
        let events = Events::new(last_event, !store.is_shared());
        let journal = Journal::new(edge_journal, clock.clone());
        let context = account::ensure(store, clock, events, live, journal, timing, &master_key).await?;
        stored_numbers::reparse(&context).await?;
        livekit_format::sync_all(&context).await?;
        let sessions = Sessions::new(context.clone(), &master_key);
        let api_keys = ApiKeys::new(context.clone());
        let fleet_servers = FleetServers::new(context.clone(), fleet);
        let lookups = Lookups::new(context.clone());
        let providers = Providers::new(context.clone(), (twilio, vonage), livekit_sip_host.clone());
        let edge_livekit = livekit_sip_host.clone();
        let exotel = ExotelIntegration::new(context.clone(), exotel, livekit_sip_host);
        let carriers = Carriers::new(context.clone());
        Ok(Self {
            trunks: Trunks::new(context.clone(), carriers.clone()),
            carriers,
            dids: Dids::new(context.clone()),
            numbers: Numbers::new(context.clone()),
            number_purchases: NumberPurchases::new(context.clone(), providers.clone()),
            bots: Bots::new(context.clone()),
            calls: Calls::new(context.clone(), fleet_servers.clone()),
            configs: Configs::new(context.clone()),
            lookups: lookups.clone(),
            overviews: Overviews::new(context.clone()),
            audit: Audit::new(context.clone()),
            drift: Drift::new(context.clone()),
            number_integrations: NumberIntegrations::new(context.clone(), providers.clone(), exotel.clone()),
            number_searches: NumberSearches::new(context.clone(), providers),
            exotel,
            dialouts: Dialouts::new(context.clone(), fleet_servers.clone(), lookups),
            edge: Edge::new(context.clone(), &master_key, edge, edge_livekit),
            edge_objects: EdgeObjects::new(context.clone()),
            fleet_servers,
            users: Users::new(context.clone()),
            authentication: Authentication::new(context.clone(), sessions.clone(), api_keys.clone()),
            own_account: OwnAccount::new(context.clone(), sessions.throttle().clone()),
            password_links: PasswordLinks::new(context.clone(), sessions.clone()),
            sessions,
            api_keys,
            setup: Setup::new(context.clone()),
            events: context.events.clone(),
            idempotency: Idempotency::new(context.clone()),
            sandbox,
            context,
        })
    }

    /// The worker that acquires the lease of the SIP edge; every server runs it. `server_id` is that of [`Self::reconciler`].
    pub fn edge_lease_worker(&self, server_id: &str) -> EdgeLeaseWorker {
        EdgeLeaseWorker::new(self.context.clone(), server_id.to_owned())
    }

    /// The worker that syncs carriers to LiveKit; a server runs it. From here on the use cases that read LiveKit or change it
    /// work, too.
    ///
    /// `server_id` identifies this server for the lease: no other running server of the database may have it, and a server
    /// that restarts should have the same one.
    pub fn reconciler(&self, livekit: livekit::Client, server_id: &str) -> Reconciler {
        self.context.livekit_health.set_client(livekit.clone());
        let writer = Arc::new(Writer::new(&self.context, livekit, server_id.to_owned()));
        self.context.set_writer(writer.clone());
        Reconciler::new(self.context.clone(), writer)
    }

    /// The worker that publishes the changes of other servers; every server runs it.
    pub fn event_feed(&self) -> EventFeed {
        EventFeed::new(self.context.clone())
    }

    /// The worker that renews and ends the leases of outbound channels; every server runs it.
    pub fn channel_worker(&self) -> ChannelWorker {
        self.dialouts.worker()
    }

    /// The worker that polls the fleet servers; every server runs it.
    pub fn fleet_poller(&self) -> FleetPoller {
        self.fleet_servers.poller()
    }

    /// Reads what lookups need into memory; until then the database answers them. A server does so before it serves.
    ///
    /// # Errors
    /// [`Error::Store`] where the database fails.
    pub async fn build_index(&self) -> Result<()> {
        self.context.index.build(&self.context.store, &self.context.account).await
    }

    /// The worker that builds the index of lookups again where that is necessary; every server runs it.
    pub fn index_worker(&self) -> IndexWorker {
        IndexWorker::new(self.context.clone())
    }

    /// The worker that follows bans of the SIP edge; every server runs it.
    pub fn ban_worker(&self) -> edge::BanWorker {
        edge::BanWorker::new(self.edge.security.clone())
    }

    /// The worker that executes purchases of numbers; every server runs it. `server_id` is that of [`Self::reconciler`].
    pub fn purchase_worker(&self, server_id: &str) -> PurchaseWorker {
        self.number_purchases.worker(server_id.to_owned())
    }

    /// The worker that deletes the carriers of trunks whose creation was interrupted; every server runs it.
    pub fn trunk_worker(&self) -> TrunkWorker {
        TrunkWorker::new(self.trunks.clone())
    }

    /// The worker that closes calls whose end was not reported, and deletes old ones; every server runs it.
    pub fn call_upkeep(&self) -> CallUpkeep {
        CallUpkeep::new(self.context.clone())
    }

    /// Writes to the database what an earlier run of the server has answered the edge, and builds the live state again. A
    /// server does so before it serves.
    ///
    /// # Errors
    /// [`Error::Store`] where the database fails, [`Error::Journal`] where the journal cannot be read.
    pub async fn recover_edge(&self) -> Result<()> {
        edge::recover(&self.context).await
    }

    /// The worker that ends calls of the edge whose lease has expired; every server runs it.
    pub fn lease_worker(&self) -> LeaseWorker {
        LeaseWorker::new(self.context.clone())
    }

    /// The worker that writes the edge's journal to the database; every server runs it.
    pub fn journal_worker(&self) -> JournalWorker {
        JournalWorker::new(self.context.clone())
    }

    /// The database.
    pub fn store(&self) -> &store::Store {
        &self.context.store
    }
}
