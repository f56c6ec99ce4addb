//! The one writer to a LiveKit project: among servers by a lease, within a server by taking turns.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use livekit::Client;
use store::Tx;
use tokio::{
    sync::{Mutex, MutexGuard},
    time::{Instant, sleep, timeout_at},
};

use super::LEASE_POLL;
use crate::{Error, Result, core::Core};

/// Longer than any single call to LiveKit may take, so that a holder that lives can always renew in time; and no longer
/// than it has to be, since that is what the next server waits after a crash.
const LEASE_MILLIS: i64 = 16_000;
/// Renewed in good time before each call.
const RENEW_BELOW_MILLIS: i64 = 12_000;
/// How long a person waits for their turn: a server that stopped writing lets go within that.
const PATIENCE: Duration = Duration::from_secs(20);

/// A LiveKit project, and this server's right to change it.
pub(crate) struct Writer {
    pub livekit: Client,
    lease: String,
    /// Which server this is, among those that share the database.
    holder: String,
    /// Unix milliseconds.
    held_until: AtomicI64,
    turn: Mutex<()>,
}

impl Writer {
    pub(super) fn new(core: &Core, livekit: Client, project: &str) -> Self {
        Self {
            livekit,
            lease: format!("livekit {project}"),
            holder: core.clock.ulid().to_string(),
            held_until: AtomicI64::new(0),
            turn: Mutex::new(()),
        }
    }

    /// The lease's name: one for each LiveKit project.
    pub(super) fn project(&self) -> &str {
        &self.lease
    }

    /// Within this server, one at a time looks at LiveKit and changes it.
    pub(super) async fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    /// The turn and the lease, for a change that a person waits for.
    pub(crate) async fn turn_and_lease(&self, core: &Core) -> Result<MutexGuard<'_, ()>> {
        let deadline = Instant::now() + PATIENCE;
        let turn = timeout_at(deadline, self.turn()).await.map_err(|_| Error::WriterBusy)?;
        while !self.hold_lease(core).await? {
            if Instant::now() >= deadline {
                return Err(Error::WriterBusy);
            }
            sleep(LEASE_POLL).await;
        }
        Ok(turn)
    }

    /// To be asked before each call that changes something; false: another server writes now.
    pub(crate) async fn hold_lease(&self, core: &Core) -> Result<bool> {
        let now = core.clock.now();
        if self.held_until.load(Ordering::Relaxed) - now.millis() >= RENEW_BELOW_MILLIS {
            return Ok(true);
        }
        let until = now.plus_millis(LEASE_MILLIS);
        let mut tx = core.store.write().await?;
        let held = tx.take_lease(&self.lease, &self.holder, now, until).await?;
        tx.commit().await?;
        self.held_until.store(if held { until.millis() } else { 0 }, Ordering::Relaxed);
        Ok(held)
    }

    /// At the end of a transaction on what LiveKit was seen to hold. False: another server has written since the turn came,
    /// or may have. Until the transaction ends nobody takes the lease.
    pub(crate) async fn renew_lease(&self, core: &Core, tx: &mut Tx) -> Result<bool> {
        let until = core.clock.now().plus_millis(LEASE_MILLIS);
        Ok(tx.renew_lease(&self.lease, &self.holder, until).await?)
    }

    pub(super) async fn release(&self, core: &Core) -> Result<()> {
        let mut tx = core.store.write().await?;
        tx.release_lease(&self.lease, &self.holder).await?;
        Ok(tx.commit().await?)
    }
}
