//! Which server may serve the edge. With the memory engine that is one server of the database, by a lease: two memories would
//! admit twice as many calls. With Redis all servers may.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use live_state::Engine;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::calls::restore;
use crate::{Result, context::Context};

/// One per database.
const LEASE: &str = "edge";
/// How long the end of the lease may wait for the database when the server stops.
const RELEASE_TIMEOUT: Duration = Duration::from_secs(2);

/// Whether this server serves the edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EdgeAvailability {
    /// It does.
    Available,
    /// It has not asked for the lease yet.
    Starting,
    /// Another server of the database has the lease, and this one has no Redis to share its state.
    NeedsRedis,
}

/// What this server knows of the lease.
#[derive(Default)]
pub(crate) struct EdgeLease(AtomicU8);

const ACQUIRED: u8 = 1;
const REFUSED: u8 = 2;

impl EdgeLease {
    pub fn availability(&self, engine: Engine) -> EdgeAvailability {
        match (engine, self.0.load(Ordering::Acquire)) {
            (Engine::Redis, _) | (Engine::Memory, ACQUIRED) => EdgeAvailability::Available,
            (Engine::Memory, REFUSED) => EdgeAvailability::NeedsRedis,
            (Engine::Memory, _) => EdgeAvailability::Starting,
        }
    }
}

/// Acquires and renews the lease.
pub struct EdgeLeaseWorker {
    context: Arc<Context>,
    /// Identifies this server among those of the database.
    holder: String,
}

impl EdgeLeaseWorker {
    pub(crate) fn new(context: Arc<Context>, holder: String) -> Self {
        Self { context, holder }
    }

    /// Runs until the server stops, and releases the lease then. With Redis there is nothing to do.
    ///
    /// While the database does not respond, a server that has the lease goes on: its calls must not end with the database. If
    /// another one acquires the lease as soon as the database responds again, this one stops at its next renewal.
    pub async fn run(self, stopping: CancellationToken) {
        if self.context.live.engine() == Engine::Redis {
            return;
        }
        loop {
            if let Err(error) = self.ensure().await {
                warn!(%error, "the lease of the SIP edge was not renewed");
            }
            let pause = match self.context.edge_lease.availability(Engine::Memory) {
                EdgeAvailability::Available => self.context.timing.lease / 4,
                EdgeAvailability::Starting | EdgeAvailability::NeedsRedis => self.context.timing.lease_poll,
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = stopping.cancelled() => break,
            }
        }
        match timeout(RELEASE_TIMEOUT, self.release()).await {
            Ok(Ok(())) => {}
            failed => warn!(?failed, "the lease of the SIP edge was not released; it expires"),
        }
    }

    /// Acquires or renews the lease. A server does so once before it serves.
    ///
    /// # Errors
    /// [`crate::Error::Store`] where the database fails.
    pub async fn ensure(&self) -> Result<()> {
        let Context { live, store, timing, edge_lease, account, .. } = &*self.context;
        if live.engine() == Engine::Redis {
            return Ok(());
        }
        #[expect(clippy::disallowed_methods, reason = "a heartbeat every few seconds, of which only the lease knows")]
        let mut tx = store.write().await?;
        let acquired = tx.acquire_lease(LEASE, &self.holder, timing.lease).await?;
        tx.commit().await?;
        let before = edge_lease.0.load(Ordering::Acquire);
        if !acquired {
            if before != REFUSED {
                info!("another server of the database serves the SIP edge; set REDIS_URL on all to serve it on each");
            }
            edge_lease.0.store(REFUSED, Ordering::Release);
            return Ok(());
        }
        if before == REFUSED {
            // What this server remembers is older than what the other one did meanwhile.
            if let Err(error) = live.clear(account).await {
                warn!(%error, "the live state of the SIP edge was not emptied; trying again");
                return Ok(());
            }
            if let Err(error) = restore(&self.context).await {
                warn!(%error, "the live state of the SIP edge was not built again; trying again");
                return Ok(());
            }
            info!("this server serves the SIP edge from now on");
        }
        edge_lease.0.store(ACQUIRED, Ordering::Release);
        Ok(())
    }

    async fn release(&self) -> store::Result<()> {
        #[expect(clippy::disallowed_methods, reason = "the end of the heartbeat")]
        let mut tx = self.context.store.write().await?;
        tx.release_lease(LEASE, &self.holder).await?;
        tx.commit().await
    }
}
