//! What every use case needs.

use std::sync::{Arc, PoisonError, RwLock};

use domain::AccountId;
use store::Store;

use crate::{
    Clock, Error, Events, Result,
    contact::Contact,
    reconciler::{Wake, Writer},
};

pub(crate) struct Core {
    pub store: Store,
    pub clock: Clock,
    /// The one account of this installation.
    pub account: AccountId,
    pub events: Events,
    /// Tells the reconciler that there is work.
    pub wake: Wake,
    /// Knows whether LiveKit can be reached.
    pub contact: Contact,
    /// Set once there is a reconciler.
    writer: RwLock<Option<Arc<Writer>>>,
}

impl Core {
    pub fn new(store: Store, clock: Clock, account: AccountId) -> Self {
        let (events, wake, contact) = (Events::default(), Wake::default(), Contact::default());
        Self { store, clock, account, events, wake, contact, writer: RwLock::default() }
    }

    pub fn set_writer(&self, writer: Arc<Writer>) {
        *self.writer.write().unwrap_or_else(PoisonError::into_inner) = Some(writer);
    }

    pub fn writer(&self) -> Result<Arc<Writer>> {
        let known = self.writer.read().unwrap_or_else(PoisonError::into_inner).clone();
        known.ok_or_else(|| Error::LiveKit("This process is not connected to LiveKit.".to_owned()))
    }
}
