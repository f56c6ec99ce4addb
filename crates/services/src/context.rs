//! What every use case needs.

use std::sync::{Arc, PoisonError, RwLock};

use domain::AccountId;
use live_state::LiveState;
use store::Store;
use tokio::sync::Notify;

use crate::{
    Clock, Events, LiveKitError, Timing,
    edge::{EdgeLease, journal::Journal},
    livekit_health::LivekitHealth,
    lookup::Index,
    writer::Writer,
};

pub(crate) struct Context {
    pub store: Store,
    pub clock: Clock,
    /// The one account of this installation.
    pub account: AccountId,
    pub events: Events,
    /// Open calls, registrations and nonces of the SIP edge.
    pub live: Arc<dyn LiveState>,
    /// Whether this server serves the SIP edge.
    pub edge_lease: EdgeLease,
    /// What the edge was answered, on its way to the database.
    pub journal: Journal,
    pub timing: Timing,
    /// Answers lookups from memory.
    pub index: Index,
    /// Notifies the reconciler that a sync job is due. A notification without a listener is kept.
    pub sync_notify: Notify,
    /// Notifies the worker that a step of a purchase is due.
    pub purchase_notify: Notify,
    /// Knows whether LiveKit can be reached.
    pub livekit_health: LivekitHealth,
    /// Set once there is a reconciler.
    writer: RwLock<Option<Arc<Writer>>>,
}

impl Context {
    pub fn new(
        store: Store,
        clock: Clock,
        account: AccountId,
        events: Events,
        live: Arc<dyn LiveState>,
        journal: Journal,
        timing: Timing,
    ) -> Self {
        let index = Index::new(store.is_shared(), clock.clone());
        Self {
            index,
            store,
            clock,
            account,
            events,
            live,
            edge_lease: EdgeLease::default(),
            journal,
            timing,
            sync_notify: Notify::new(),
            purchase_notify: Notify::new(),
            livekit_health: LivekitHealth::default(),
            writer: RwLock::default(),
        }
    }

    pub fn set_writer(&self, writer: Arc<Writer>) {
        *self.writer.write().unwrap_or_else(PoisonError::into_inner) = Some(writer);
    }

    pub fn writer(&self) -> Result<Arc<Writer>, LiveKitError> {
        let known = self.writer.read().unwrap_or_else(PoisonError::into_inner).clone();
        known.ok_or(LiveKitError::NotConnected)
    }
}
