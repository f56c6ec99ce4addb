//! Looks now and then whether LiveKit still holds what it was given (docs/decisions/0006-drift.md).
//!
//! One reading of LiveKit for all carriers. What carries a carrier's mark and is not as it should be is put right by the
//! usual way: a task for the reconciler. What carries the mark of a carrier that was deleted here is let go of. The marks
//! of carriers that were never known here are counted only, and what was made by hand is nobody's business.

use std::{collections::BTreeMap, time::Duration};

use domain::{
    CarrierId, SyncStatus, Timestamp,
    livekit::{Actual, desired, plan},
    view::{CarrierSort, ChangeKind, ChangedNoun},
};
use store::{CarrierFilter, Cursor, Tx};
use tracing::{debug, info, warn};

use super::{Writer, repeats::Repeats};
use crate::{Result, core::Core};

/// Carriers that are read and compared at a time.
const PAGE: u32 = 200;

pub(super) struct Look {
    interval_millis: i64,
    next: Timestamp,
    repeats: Repeats,
    /// How many carriers are unknown here and yet marked; told when it changes.
    unknown: usize,
}

/// What is to be put right.
#[derive(Default)]
struct Found {
    drifted: Vec<(CarrierId, String)>,
    let_go: Vec<(CarrierId, String)>,
    unknown: usize,
}

impl Look {
    /// None where the interval is zero. The first look comes an interval after the start.
    pub fn every(interval: Duration, now: Timestamp) -> Option<Self> {
        let interval_millis = i64::try_from(interval.as_millis()).unwrap_or(i64::MAX);
        let next = now.plus_millis(interval_millis);
        (interval_millis > 0).then(|| Self { interval_millis, next, repeats: Repeats::default(), unknown: 0 })
    }

    pub fn is_due(&self, now: Timestamp) -> bool {
        self.next <= now
    }

    pub fn due_in(&self, now: Timestamp) -> Duration {
        Duration::from_millis(u64::try_from(self.next.millis() - now.millis()).unwrap_or(0))
    }

    pub async fn look(&mut self, core: &Core, writer: &Writer) -> Result<()> {
        let now = core.clock.now();
        self.next = now.plus_millis(self.interval_millis);
        let _turn = writer.turn().await;
        if !writer.hold_lease(core).await? || !self.is_first(core, writer, now).await? {
            debug!("another server looks");
            return Ok(());
        }
        let actual = match writer.livekit.list_all().await {
            Ok(actual) => actual,
            Err(error) => {
                warn!(%error, "LiveKit could not be looked at");
                return Ok(());
            }
        };
        let found = self.compare(core, actual).await?;
        metrics::counter!("trunkline_drift_looks_total").increment(1);
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        metrics::gauge!("trunkline_livekit_unknown_carriers").set(found.unknown as f64);
        if found.unknown != self.unknown {
            warn!(carriers = found.unknown, "LiveKit holds objects of carriers that were never known here");
            self.unknown = found.unknown;
        }
        mend(core, found).await
    }

    /// Of several servers on one database, one looks per interval.
    async fn is_first(&self, core: &Core, writer: &Writer, now: Timestamp) -> Result<bool> {
        let setting = format!("looked at {}", writer.project());
        let mut tx = core.store.write().await?;
        let last = tx.setting(&setting).await?.and_then(|last| last.parse::<i64>().ok()).unwrap_or(0);
        // A little early is no other server's look, but a clock's.
        if (now.millis() - last).abs() < self.interval_millis * 9 / 10 {
            return Ok(false);
        }
        tx.set_setting(&setting, &now.millis().to_string()).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn compare(&mut self, core: &Core, actual: Actual) -> Result<Found> {
        let (mut ours, _) = actual.by_carrier();
        let mut found = Found::default();
        let mut tx = core.store.read().await?;
        let bots = tx.bots(&core.account).await?;
        let mut after = None;
        loop {
            let (carriers, next) = tx.carriers(&core.account, &page(after)).await?;
            let ids: Vec<CarrierId> = carriers.iter().map(|(carrier, _)| carrier.id.clone()).collect();
            let dids = tx.dids_of(&ids).await?;
            for (carrier, _) in carriers {
                let its = ours.remove(&carrier.id).unwrap_or_default();
                // What is on its way, or has failed and comes again, is known to be out of step.
                if carrier.sync.next_at.is_some() {
                    continue;
                }
                if carrier.sync.status != SyncStatus::Synced {
                    warn!(carrier = %carrier.id, "no task is left for a carrier that is not in step");
                    found.drifted.push((carrier.id, carrier.settings.name.to_string()));
                    continue;
                }
                let first = dids.partition_point(|did| did.carrier_id < carrier.id);
                let behind = dids.partition_point(|did| did.carrier_id <= carrier.id);
                let steps = plan(&carrier.id, &desired(&carrier, &dids[first..behind], &bots), &its);
                if steps.is_empty() {
                    self.repeats.forget(&carrier.id);
                } else if self.repeats.may_mend(&carrier.id, &steps) {
                    info!(carrier = %carrier.id, steps = steps.len(), "LiveKit is out of step");
                    found.drifted.push((carrier.id, carrier.settings.name.to_string()));
                }
            }
            // Thousands of carriers are compared in one go; requests come first.
            tokio::task::yield_now().await;
            match next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        orphans(core, &mut tx, ours, &mut found).await?;
        Ok(found)
    }
}

fn page(after: Option<Cursor>) -> CarrierFilter {
    CarrierFilter {
        q: String::new(),
        attention: None,
        sort: CarrierSort::CreatedAt,
        descending: false,
        limit: PAGE,
        after,
    }
}

/// What is left of the marks belongs to carriers that are not there.
async fn orphans(core: &Core, tx: &mut Tx, left: BTreeMap<CarrierId, Actual>, found: &mut Found) -> Result<()> {
    for (id, _) in left {
        if tx.sync_task(&id).await?.is_some() {
            continue;
        }
        match tx.deleted_name(&core.account, id.as_str()).await? {
            Some(name) => found.let_go.push((id, name)),
            None => found.unknown += 1,
        }
    }
    Ok(())
}

/// Leaves the work to the reconciler, which looks again before it does anything.
async fn mend(core: &Core, found: Found) -> Result<()> {
    let Found { drifted, let_go, .. } = found;
    if drifted.is_empty() && let_go.is_empty() {
        return Ok(());
    }
    metrics::counter!("trunkline_drift_found_total").increment((drifted.len() + let_go.len()) as u64);
    let now = core.clock.now();
    let mut tx = core.store.write().await?;
    for (id, name) in &drifted {
        // It may have been deleted since, and its removal stands.
        if tx.carrier(&core.account, id).await?.is_some() {
            tx.request_sync(&core.account, id, name, now).await?;
        }
    }
    for (id, name) in &let_go {
        info!(carrier = %id, "LiveKit still holds objects of a carrier that was deleted");
        tx.request_removal(&core.account, id, name, now).await?;
    }
    tx.commit().await?;
    for (id, _) in &drifted {
        core.events.tell(ChangedNoun::Carrier, ChangeKind::Updated, id);
    }
    core.wake.wake();
    Ok(())
}
