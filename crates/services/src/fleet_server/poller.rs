//! Polls the fleet at an interval.

use std::{convert::Infallible, sync::Arc, time::Duration};

use api_types::view::{Change, ChangedNoun};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::{enabled, monitor::Monitor};
use crate::{Result, context::Context};

/// The part of the interval by which a round may be late, so that several processes do not poll at the same moment.
const JITTER: f64 = 0.2;

/// Polls the enabled servers of the fleet, so that calls need not wait for it.
pub struct FleetPoller {
    context: Arc<Context>,
    monitor: Arc<Monitor>,
}

impl FleetPoller {
    pub(super) fn new(context: Arc<Context>, monitor: Arc<Monitor>) -> Self {
        Self { context, monitor }
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
            let next = Instant::now() + self.interval();
            if let Err(error) = self.poll().await {
                warn!(%error, "the fleet servers were not read");
            }
            tokio::select! {
                () = sleep_until(next) => {}
                () = changed(&mut changes) => {}
            }
        }
    }

    async fn poll(&self) -> Result<()> {
        let servers = self.context.store.read().await?.fleet_servers(&self.context.account).await?;
        let urls = enabled(&servers);
        self.monitor.retain(&urls);
        self.monitor.poll(&urls);
        if !urls.is_empty() && self.monitor.sample(&servers) {
            self.monitor.publish();
        }
        Ok(())
    }

    fn interval(&self) -> Duration {
        self.context.timing.fleet_poll.mul_f64(1.0 + JITTER * rand::random::<f64>())
    }
}

/// Waits for a change of the settings. A change of the health alone has no id.
async fn changed(changes: &mut Receiver<Change>) {
    loop {
        match changes.recv().await {
            Ok(Change { noun: ChangedNoun::All, .. }) | Err(RecvError::Lagged(_)) => return,
            Ok(Change { noun: ChangedNoun::Fleet, id, .. }) if !id.is_empty() => return,
            Ok(_) => {}
            Err(RecvError::Closed) => return std::future::pending().await,
        }
    }
}
