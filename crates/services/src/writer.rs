//! The right to change LiveKit: among the servers of one database by a lease, within a server by a lock.
//! (docs/decisions/0011-livekit-lease.md)

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use livekit::Client;
use store::{Store, Tx};
use tokio::{
    sync::{Mutex, MutexGuard},
    time::{Instant, sleep, timeout_at},
};

use crate::{Clock, Error, Result, Timing, context::Context};

/// One per database, not per LIVEKIT_URL: two spellings of one URL must not make two writers.
const LEASE: &str = "livekit";

/// The connection to LiveKit, and this server's right to change it.
pub(crate) struct Writer {
    pub livekit: Client,
    store: Store,
    clock: Clock,
    timing: Timing,
    /// Identifies this server among those of the database.
    holder: String,
    /// Until when the lease is surely this server's, by [`Clock::monotonic_millis`].
    lease_until: AtomicI64,
    lock: Mutex<()>,
}

impl Writer {
    /// `holder` identifies the server: no other running server may have the same one, and a server that restarts should,
    /// since it then gets its own lease back at once.
    pub fn new(context: &Context, livekit: Client, holder: String) -> Self {
        Self {
            livekit,
            store: context.store.clone(),
            clock: context.clock.clone(),
            timing: context.timing,
            holder,
            lease_until: AtomicI64::new(i64::MIN),
            lock: Mutex::new(()),
        }
    }

    /// Within this server, one task at a time observes LiveKit and changes it.
    pub async fn lock(&self) -> MutexGuard<'_, ()> {
        self.lock.lock().await
    }

    /// The lock and the lease, for a change that a person waits for.
    pub async fn acquire(&self) -> Result<MutexGuard<'_, ()>> {
        let deadline = Instant::now() + self.timing.wait_limit;
        let lock = timeout_at(deadline, self.lock()).await.map_err(|_| Error::WriterBusy)?;
        while !self.ensure_lease().await? {
            if Instant::now() >= deadline {
                return Err(Error::WriterBusy);
            }
            sleep(self.timing.lease_poll).await;
        }
        Ok(lock)
    }

    /// To be called before each change in LiveKit. False: another server has the lease.
    pub async fn ensure_lease(&self) -> store::Result<bool> {
        // Measured from before the request, so that this server never relies on the lease for longer than the database.
        let now = self.clock.monotonic_millis();
        if self.lease_until.load(Ordering::Relaxed).saturating_sub(now) >= millis(self.timing.lease * 3 / 4) {
            return Ok(true);
        }
        #[expect(clippy::disallowed_methods, reason = "a heartbeat every few seconds, of which only the writers know")]
        let mut tx = self.store.write().await?;
        let acquired = tx.acquire_lease(LEASE, &self.holder, self.timing.lease).await?;
        tx.commit().await?;
        self.lease_until.store(if acquired { now + millis(self.timing.lease) } else { i64::MIN }, Ordering::Relaxed);
        Ok(acquired)
    }

    /// At the end of a transaction that relies on what was observed in LiveKit. False: another server has had the lease since.
    /// Until the transaction ends no other server can acquire it.
    pub async fn renew_lease(&self, tx: &mut Tx) -> store::Result<bool> {
        tx.renew_lease(LEASE, &self.holder, self.timing.lease).await
    }

    pub async fn release(&self) -> store::Result<()> {
        #[expect(clippy::disallowed_methods, reason = "the end of the heartbeat")]
        let mut tx = self.store.write().await?;
        tx.release_lease(LEASE, &self.holder).await?;
        tx.commit().await
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
