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
use crate::{Error, Result, context::Context};

/// Longer than any single call to LiveKit may take, so that a holder that lives can always renew in time; and no longer
/// than it has to be, since that is what the next server waits after a crash.
const LEASE_MILLIS: i64 = 16_000;
/// Renewed in good time before each call.
const RENEW_BELOW_MILLIS: i64 = 12_000;
/// How long a person waits for their lock: a server that stopped writing lets go within that.
const WAIT_LIMIT: Duration = Duration::from_secs(20);

/// A LiveKit project, and this server's right to change it.
pub(crate) struct Writer {
    pub livekit: Client,
    lease: String,
    /// Which server this is, among those that share the database.
    holder: String,
    /// Unix milliseconds.
    lease_until: AtomicI64,
    lock: Mutex<()>,
}

impl Writer {
    pub(super) fn new(context: &Context, livekit: Client, project: &str) -> Self {
        Self {
            livekit,
            lease: format!("livekit {project}"),
            holder: context.clock.ulid().to_string(),
            lease_until: AtomicI64::new(0),
            lock: Mutex::new(()),
        }
    }

    /// The lease's name: one for each LiveKit project.
    pub(super) fn project(&self) -> &str {
        &self.lease
    }

    /// Within this server, one at a time looks at LiveKit and changes it.
    pub(super) async fn lock(&self) -> MutexGuard<'_, ()> {
        self.lock.lock().await
    }

    /// The lock and the lease, for a change that a person waits for.
    pub(crate) async fn acquire(&self, context: &Context) -> Result<MutexGuard<'_, ()>> {
        let deadline = Instant::now() + WAIT_LIMIT;
        let lock = timeout_at(deadline, self.lock()).await.map_err(|_| Error::WriterBusy)?;
        while !self.ensure_lease(context).await? {
            if Instant::now() >= deadline {
                return Err(Error::WriterBusy);
            }
            sleep(LEASE_POLL).await;
        }
        Ok(lock)
    }

    /// To be asked before each call that changes something; false: another server writes now.
    pub(crate) async fn ensure_lease(&self, context: &Context) -> Result<bool> {
        let now = context.clock.now();
        if self.lease_until.load(Ordering::Relaxed) - now.millis() >= RENEW_BELOW_MILLIS {
            return Ok(true);
        }
        let until = now.plus_millis(LEASE_MILLIS);
        let mut tx = context.store.write().await?;
        let held = tx.acquire_lease(&self.lease, &self.holder, now, until).await?;
        tx.commit().await?;
        self.lease_until.store(if held { until.millis() } else { 0 }, Ordering::Relaxed);
        Ok(held)
    }

    /// At the end of a transaction on what LiveKit was seen to hold. False: another server has written since the lock came,
    /// or may have. Until the transaction ends nobody takes the lease.
    pub(crate) async fn renew_lease(&self, context: &Context, tx: &mut Tx) -> Result<bool> {
        let until = context.clock.now().plus_millis(LEASE_MILLIS);
        Ok(tx.renew_lease(&self.lease, &self.holder, until).await?)
    }

    pub(super) async fn release(&self, context: &Context) -> Result<()> {
        let mut tx = context.store.write().await?;
        tx.release_lease(&self.lease, &self.holder).await?;
        Ok(tx.commit().await?)
    }
}
