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

use crate::{Clock, Error, Result};

/// How often to ask for a lease that another server has.
pub(crate) const LEASE_POLL: Duration = Duration::from_secs(1);
/// One per database, whatever LIVEKIT_URL says: two spellings of one URL must not make two writers.
const LEASE: &str = "livekit";
/// Longer than any single call to LiveKit may take, so that a running holder can always renew in time; and no longer than
/// necessary, since another server waits for so long after this one has crashed.
const LEASE_TIME: Duration = Duration::from_secs(16);
/// The lease is renewed before a call if less than this is left.
const RENEW_BELOW: Duration = Duration::from_secs(12);
/// How long a person waits for the lock and the lease.
const WAIT_LIMIT: Duration = Duration::from_secs(20);

/// The connection to LiveKit, and this server's right to change it.
pub(crate) struct Writer {
    pub livekit: Client,
    store: Store,
    clock: Clock,
    /// Identifies this server among those of the database.
    holder: String,
    /// Until when the lease is surely this server's, by [`Clock::monotonic_millis`].
    lease_until: AtomicI64,
    lock: Mutex<()>,
}

impl Writer {
    /// `holder` identifies the server: no other running server may have the same one, and a server that restarts should,
    /// since it then gets its own lease back at once.
    pub fn new(store: Store, clock: Clock, livekit: Client, holder: String) -> Self {
        Self { livekit, store, clock, holder, lease_until: AtomicI64::new(i64::MIN), lock: Mutex::new(()) }
    }

    /// Within this server, one task at a time observes LiveKit and changes it.
    pub async fn lock(&self) -> MutexGuard<'_, ()> {
        self.lock.lock().await
    }

    /// The lock and the lease, for a change that a person waits for.
    pub async fn acquire(&self) -> Result<MutexGuard<'_, ()>> {
        let deadline = Instant::now() + WAIT_LIMIT;
        let lock = timeout_at(deadline, self.lock()).await.map_err(|_| Error::WriterBusy)?;
        while !self.ensure_lease().await? {
            if Instant::now() >= deadline {
                return Err(Error::WriterBusy);
            }
            sleep(LEASE_POLL).await;
        }
        Ok(lock)
    }

    /// To be called before each change in LiveKit. False: another server has the lease.
    pub async fn ensure_lease(&self) -> store::Result<bool> {
        // Measured from before the request, so that this server never believes in the lease for longer than the database.
        let now = self.clock.monotonic_millis();
        if self.lease_until.load(Ordering::Relaxed).saturating_sub(now) >= millis(RENEW_BELOW) {
            return Ok(true);
        }
        let mut tx = self.store.write().await?;
        let acquired = tx.acquire_lease(LEASE, &self.holder, LEASE_TIME).await?;
        tx.commit().await?;
        self.lease_until.store(if acquired { now + millis(LEASE_TIME) } else { i64::MIN }, Ordering::Relaxed);
        Ok(acquired)
    }

    /// At the end of a transaction that relies on what was observed in LiveKit. False: another server has had the lease since.
    /// Until the transaction ends nobody else gets it.
    pub async fn renew_lease(&self, tx: &mut Tx) -> store::Result<bool> {
        tx.renew_lease(LEASE, &self.holder, LEASE_TIME).await
    }

    pub async fn release(&self) -> store::Result<()> {
        let mut tx = self.store.write().await?;
        tx.release_lease(LEASE, &self.holder).await?;
        tx.commit().await
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
