//! Follows changes of bans and of the fleet, and deletes old bans.

use std::{convert::Infallible, time::Duration};

use api_types::view::{Change, ChangedNoun};
use domain::BanId;
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, sleep, timeout_at},
};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::Security;

/// Bans are read again at most so often.
const PAUSE: Duration = Duration::from_secs(1);
/// They are also read again after so long without a change, in which case old ones are deleted.
const IDLE: Duration = Duration::from_secs(5 * 60);
/// How long an ended ban is kept, in milliseconds.
const KEPT_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// Keeps the bans in memory as the database has them; every server runs it.
pub struct BanWorker {
    security: Security,
}

impl BanWorker {
    pub(crate) fn new(security: Security) -> Self {
        Self { security }
    }

    /// Runs until `stop` is cancelled.
    pub async fn run(self, stop: CancellationToken) {
        tokio::select! {
            () = stop.cancelled() => {}
            never = self.follow() => match never {},
        }
    }

    async fn follow(&self) -> Infallible {
        let mut changes = self.security.context.events.subscribe();
        loop {
            if !changed(&mut changes).await {
                self.delete_old().await;
            }
            if let Err(error) = self.security.load().await {
                warn!(%error, "the bans of the SIP edge were not read again; the last known ones are in force");
            }
            sleep(PAUSE).await;
        }
    }

    async fn delete_old(&self) {
        let context = &self.security.context;
        let before = context.clock.now().plus_millis(-KEPT_MS);
        let deleted = context.transact(None, before, |uow, before| {
            Box::pin(async move {
                let account = uow.account.clone();
                Ok(uow.tx.delete_ended_edge_bans(&account, *before).await?)
            })
        });
        if let Err(error) = deleted.await {
            warn!(%error, "old bans of the SIP edge were not deleted");
        }
    }
}

/// Waits for a change that concerns bans. False: there was none for some time.
async fn changed(changes: &mut Receiver<Change>) -> bool {
    let deadline = Instant::now() + IDLE;
    loop {
        match timeout_at(deadline, changes.recv()).await {
            Err(_) => return false,
            Ok(Err(RecvError::Lagged(_))) => return true,
            // The context, which has the sender, outlives the worker.
            Ok(Err(RecvError::Closed)) => return false,
            Ok(Ok(change)) if concerns(&change) => return true,
            Ok(Ok(_)) => {}
        }
    }
}

fn concerns(change: &Change) -> bool {
    match change.noun {
        ChangedNoun::Fleet | ChangedNoun::All => true,
        ChangedNoun::Edge => change.id.starts_with(BanId::PREFIX),
        _ => false,
    }
}
