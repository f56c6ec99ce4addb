//! Leases of channels: renewed while a call rings or is answered, ended with it.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use api_types::view::{Change, ChangedNoun};
use domain::{CallId, CarrierId, DidId};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::pacing::millis;
use crate::{OutboundLoad, Result, context::Context};

/// How many times a lease is renewed before it would expire.
const RENEWALS: u32 = 6;
/// The pause after a change of calls: they come in bursts.
const DEBOUNCE: Duration = Duration::from_millis(100);

/// The channels in use, of which the choice of a carrier is informed.
pub(super) struct Channels {
    load: OutboundLoad,
    known: Mutex<HashMap<CallId, (CarrierId, DidId)>>,
}

impl Channels {
    pub fn new(load: OutboundLoad) -> Self {
        Self { load, known: Mutex::default() }
    }

    /// A call of this server uses a channel.
    pub fn acquired(&self, call: &CallId, carrier: &CarrierId, did: &DidId) {
        self.with_known(|known| {
            if known.insert(call.clone(), (carrier.clone(), did.clone())).is_none() {
                self.load.acquired(carrier, did);
            }
        });
    }

    /// The call does not use it any more.
    pub fn released(&self, call: &CallId) {
        self.with_known(|known| {
            if let Some((carrier, did)) = known.remove(call) {
                self.load.released(&carrier, &did);
            }
        });
    }

    fn ids(&self) -> Vec<CallId> {
        self.with_known(|known| known.keys().cloned().collect())
    }

    fn with_known<T>(&self, act: impl FnOnce(&mut HashMap<CallId, (CarrierId, DidId)>) -> T) -> T {
        act(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Renews the leases of calls under way, removes the others, and informs the choice of a carrier.
pub struct ChannelWorker {
    context: Arc<Context>,
    channels: Arc<Channels>,
}

impl ChannelWorker {
    pub(super) fn new(context: Arc<Context>, channels: Arc<Channels>) -> Self {
        Self { context, channels }
    }

    /// Runs until `stop` is cancelled.
    pub async fn run(self, stop: CancellationToken) {
        tokio::select! {
            () = stop.cancelled() => {}
            never = self.follow() => match never {},
        }
    }

    async fn follow(&self) -> Infallible {
        let mut changes = self.context.events.subscribe();
        loop {
            let next = Instant::now() + self.context.timing.channel_lease / RENEWALS;
            if let Err(error) = self.renew().await {
                warn!(%error, "the leases of channels were not renewed");
            }
            tokio::select! {
                () = sleep_until(next) => {}
                () = call_changed(&mut changes) => tokio::time::sleep(DEBOUNCE).await,
            }
        }
    }

    /// Brings the leases up to date, and what is known of them here.
    pub(super) async fn renew(&self) -> Result<()> {
        // Taken before the rows are read: a call that begins meanwhile is not among them, and stays.
        let before = self.channels.ids();
        if before.is_empty() && !self.context.store.read().await?.has_channel_leases().await? {
            return Ok(());
        }
        let lease = millis(self.context.timing.channel_lease);
        #[expect(clippy::disallowed_methods, reason = "a heartbeat, of which nothing is shown or audited")]
        let mut tx = self.context.store.write().await?;
        let now = tx.database_millis().await?;
        let leases = tx.renew_channel_leases(now, now.saturating_add(lease)).await?;
        tx.commit().await?;
        for ended in before.iter().filter(|call| !leases.iter().any(|lease| lease.call_id == **call)) {
            self.channels.released(ended);
        }
        for lease in &leases {
            self.channels.acquired(&lease.call_id, &lease.carrier_id, &lease.did_id);
        }
        Ok(())
    }
}

async fn call_changed(changes: &mut Receiver<Change>) {
    loop {
        match changes.recv().await {
            Ok(Change { noun: ChangedNoun::Call | ChangedNoun::All, .. }) | Err(RecvError::Lagged(_)) => return,
            Ok(_) => {}
            Err(RecvError::Closed) => return std::future::pending().await,
        }
    }
}
