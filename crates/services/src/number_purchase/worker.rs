//! The worker that executes purchases.

use std::{sync::Arc, time::Duration};

use domain::NumberPurchase;
use futures::{StreamExt, stream};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::steps;
use crate::{Result, context::Context, number_provider::Providers};

/// Purchases that one server executes at the same time.
const CONCURRENT: usize = 4;
/// Purchases that one pass reads.
const BATCH: u32 = 20;

/// Executes purchases; every server runs it. A lease for each purchase lets one server execute it at a time.
pub struct PurchaseWorker {
    context: Arc<Context>,
    providers: Providers,
    /// Identifies this server among those of the database.
    holder: String,
}

impl PurchaseWorker {
    pub(super) fn new(context: Arc<Context>, providers: Providers, holder: String) -> Self {
        Self { context, providers, holder }
    }

    /// Runs until `stop`; a step that is under way is completed.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let pause = match self.pass(&stop).await {
                Ok(pause) => pause,
                Err(error) => {
                    warn!(%error, "a pass over the purchases failed");
                    self.context.timing.idle
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.context.purchase_notify.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Executes what is due. The pause until the next pass.
    async fn pass(&self, stop: &CancellationToken) -> Result<Duration> {
        let now = self.context.clock.now();
        let due = self.context.store.read().await?.due_number_purchases(now, BATCH).await?;
        let elsewhere = stream::iter(due)
            .map(|purchase| self.execute(purchase, stop))
            .buffer_unordered(CONCURRENT)
            .fold(false, async |any, is_elsewhere| any || is_elsewhere);
        if elsewhere.await {
            return Ok(self.context.timing.lease_poll);
        }
        let next = self.context.store.read().await?.next_number_purchase_at().await?;
        let Some(next) = next else { return Ok(self.context.timing.idle) };
        let millis = next.millis() - self.context.clock.now().millis();
        // Another server may have made one that is due earlier.
        Ok(Duration::from_millis(millis.max(20).unsigned_abs()).min(self.context.timing.idle))
    }

    /// Executes the purchase as far as it gets. True where another server executes it.
    async fn execute(&self, purchase: NumberPurchase, stop: &CancellationToken) -> bool {
        let id = purchase.id.clone();
        match self.execute_with_lease(purchase, stop).await {
            Ok(is_elsewhere) => is_elsewhere,
            Err(error) => {
                warn!(purchase = %id, %error, "a step of a purchase was not recorded; it is repeated");
                // Not at once, since the database may be away.
                tokio::time::sleep(self.context.timing.lease_poll).await;
                false
            }
        }
    }

    async fn execute_with_lease(&self, purchase: NumberPurchase, stop: &CancellationToken) -> Result<bool> {
        let lease = format!("number_purchase/{}", purchase.id);
        if !self.acquire(&lease).await? {
            return Ok(true);
        }
        let executed = tokio::select! {
            executed = self.steps(purchase, stop) => executed,
            error = self.renew(&lease) => Err(error),
        };
        self.release(&lease).await?;
        executed.map(|()| false)
    }

    async fn steps(&self, mut purchase: NumberPurchase, stop: &CancellationToken) -> Result<()> {
        while !stop.is_cancelled() {
            // Another server may have executed steps before this one had the lease, and a person may have given up.
            let current = self.context.store.read().await?.number_purchase(&purchase.account_id, &purchase.id).await?;
            let now = self.context.clock.now();
            let Some(current) = current.filter(|current| current.state.is_active() && current.due_at <= now) else {
                return Ok(());
            };
            let state = current.state;
            purchase = current;
            steps::execute(&self.context, &self.providers, purchase.clone()).await?;
            info!(purchase = %purchase.id, number = purchase.number.canonical(), state = state.as_str(), "step executed");
        }
        Ok(())
    }

    async fn acquire(&self, lease: &str) -> Result<bool> {
        #[expect(clippy::disallowed_methods, reason = "a lease, of which only the workers know")]
        let mut tx = self.context.store.write().await?;
        let acquired = tx.acquire_lease(lease, &self.holder, self.context.timing.lease).await?;
        tx.commit().await?;
        Ok(acquired)
    }

    /// Renews the lease until that fails.
    async fn renew(&self, lease: &str) -> crate::Error {
        let mut ticks = interval(self.context.timing.lease / 4);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ticks.tick().await;
        loop {
            ticks.tick().await;
            match self.acquire(lease).await {
                Ok(true) => {}
                Ok(false) => return crate::Error::ConcurrentChange,
                Err(error) => return error,
            }
        }
    }

    async fn release(&self, lease: &str) -> Result<()> {
        #[expect(clippy::disallowed_methods, reason = "the end of a lease")]
        let mut tx = self.context.store.write().await?;
        tx.release_lease(lease, &self.holder).await?;
        Ok(tx.commit().await?)
    }
}
