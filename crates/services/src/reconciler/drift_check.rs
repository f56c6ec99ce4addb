//! Compares LiveKit with the database, at the start and at an interval (docs/decisions/0006-drift.md).
//!
//! One full list of LiveKit serves all carriers. Where a carrier's objects differ, a sync task is added. Objects of carriers
//! that were deleted here are deleted. Objects of carriers that were never known here are only counted: they may be another
//! installation's. Unmanaged objects are ignored.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use api_types::view::{ChangeKind, ChangedNoun};
use domain::{
    Carrier, CarrierId, CarrierSort, SyncStatus, Timestamp,
    livekit::{Observed, desired, guessed_keys, plan},
};
use store::{CarrierFilter, Cursor, Tx};
use tracing::{debug, info, warn};

use super::repair_backoff::RepairBackoff;
use crate::{Result, context::Context, number_keys::e164_keys, unit_of_work::UnitOfWork, writer::Writer};

/// Carriers that are read and compared at a time.
const PAGE: u32 = 200;
/// The setting with the time of the last check, in Unix milliseconds.
const LAST_CHECK: &str = "last drift check";
/// After a check that LiveKit did not answer, in milliseconds; or the interval, where that is shorter.
const RETRY_MILLIS: i64 = 30_000;

pub(super) struct DriftCheck {
    interval_millis: i64,
    next: Timestamp,
    repair_backoff: RepairBackoff,
    /// How many unknown carriers the last check counted, to log a change.
    unknown: usize,
}

/// The carriers that need a task.
#[derive(Default)]
struct Findings {
    drifted: Vec<(CarrierId, String)>,
    removals: Vec<(CarrierId, String)>,
    unknown: usize,
}

impl DriftCheck {
    /// None where the interval is zero. The first check is due at once: LiveKit may have changed while no server ran, and a
    /// newer version may write its objects differently.
    pub fn every(interval: Duration, now: Timestamp) -> Option<Self> {
        let interval_millis = i64::try_from(interval.as_millis()).unwrap_or(i64::MAX);
        (interval_millis > 0).then(|| Self {
            interval_millis,
            next: now,
            repair_backoff: RepairBackoff::default(),
            unknown: 0,
        })
    }

    pub fn is_due(&self, now: Timestamp) -> bool {
        self.next <= now
    }

    pub fn due_in(&self, now: Timestamp) -> Duration {
        Duration::from_millis(u64::try_from(self.next.millis() - now.millis()).unwrap_or(0))
    }

    pub async fn run(&mut self, context: &Arc<Context>, writer: &Writer) -> Result<()> {
        let now = context.clock.now();
        self.next = now.plus_millis(self.interval_millis);
        let _lock = writer.lock().await;
        if !writer.ensure_lease().await? || !self.is_interval_over(context, now).await? {
            debug!("another server checks for drift");
            return Ok(());
        }
        let observed = match writer.livekit.list_all().await {
            Ok(observed) => observed,
            Err(error) => {
                warn!(%error, "LiveKit could not be checked for drift");
                self.next = now.plus_millis(self.interval_millis.min(RETRY_MILLIS));
                return Ok(());
            }
        };
        let findings = self.compare(context, observed).await?;
        metrics::counter!("trunkline_drift_checks_total").increment(1);
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        metrics::gauge!("trunkline_livekit_unknown_carriers").set(findings.unknown as f64);
        if findings.unknown != self.unknown {
            warn!(carriers = findings.unknown, "LiveKit has objects of carriers that were never known here");
            self.unknown = findings.unknown;
        }
        enqueue(context, findings, now).await
    }

    /// Of several servers on one database, one checks per interval. The servers' clocks may differ a little. The lease is
    /// this server's, so that no other one checks before [`enqueue`] has recorded this check.
    async fn is_interval_over(&self, context: &Context, now: Timestamp) -> Result<bool> {
        let last = context.store.read().await?.setting(LAST_CHECK).await?;
        // A value that no version has written counts as none.
        let last = last.and_then(|last| last.parse::<i64>().ok());
        Ok(last.is_none_or(|last| (now.millis() - last).abs() >= self.interval_millis * 9 / 10))
    }

    async fn compare(&mut self, context: &Context, observed: Observed) -> Result<Findings> {
        let (mut owned, _) = observed.by_carrier();
        let mut findings = Findings::default();
        let mut tx = context.store.read().await?;
        let bots = tx.bots(&context.account).await?;
        let mut after = None;
        loop {
            let (carriers, next) = tx.carriers(&context.account, &page(after)).await?;
            let ids: Vec<CarrierId> = carriers.iter().map(|(carrier, _)| carrier.id.clone()).collect();
            let dids = tx.dids_of(&ids).await?;
            let dids_of = |carrier: &Carrier| {
                let first = dids.partition_point(|did| did.carrier_id < carrier.id);
                let behind = dids.partition_point(|did| did.carrier_id <= carrier.id);
                &dids[first..behind]
            };
            let guesses = carriers.iter().flat_map(|(carrier, _)| guessed_keys(carrier, dids_of(carrier))).collect();
            let e164_keys = e164_keys(&mut tx, &context.account, guesses).await?;
            for (carrier, _) in carriers {
                let its = owned.remove(&carrier.id).unwrap_or_default();
                // A task is pending already.
                if carrier.sync.next_at.is_some() {
                    continue;
                }
                if carrier.sync.status != SyncStatus::Synced {
                    warn!(carrier = %carrier.id, "a carrier that is not in sync has no task");
                    findings.drifted.push((carrier.id, carrier.settings.name.to_string()));
                    continue;
                }
                let steps = plan(&carrier.id, &desired(&carrier, dids_of(&carrier), &bots, &e164_keys), &its);
                if steps.is_empty() {
                    self.repair_backoff.forget(&carrier.id);
                } else if self.repair_backoff.should_repair(&carrier.id, &steps) {
                    info!(carrier = %carrier.id, steps = steps.len(), "LiveKit has drifted");
                    findings.drifted.push((carrier.id, carrier.settings.name.to_string()));
                }
            }
            // Thousands of carriers are compared without waiting for anything: requests come first.
            tokio::task::yield_now().await;
            match next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        orphans(context, &mut tx, owned, &mut findings).await?;
        Ok(findings)
    }
}

fn page(after: Option<Cursor>) -> CarrierFilter {
    CarrierFilter {
        q: String::new(),
        number_keys: Vec::new(),
        attention: None,
        sort: CarrierSort::CreatedAt,
        descending: false,
        limit: PAGE,
        after,
    }
}

/// The owner tags that are left name carriers that do not exist.
async fn orphans(
    context: &Context,
    tx: &mut Tx,
    left: BTreeMap<CarrierId, Observed>,
    findings: &mut Findings,
) -> Result<()> {
    for (id, _) in left {
        if tx.sync_task(&id).await?.is_some() {
            continue;
        }
        match tx.deleted_name(&context.account, id.as_str()).await? {
            Some(name) => findings.removals.push((id, name)),
            None => findings.unknown += 1,
        }
    }
    Ok(())
}

/// Records the check and adds tasks for the reconciler, which observes LiveKit again.
async fn enqueue(context: &Arc<Context>, findings: Findings, now: Timestamp) -> Result<()> {
    let Findings { drifted, removals, .. } = findings;
    metrics::counter!("trunkline_drift_found_total").increment((drifted.len() + removals.len()) as u64);
    let mut uow = UnitOfWork::begin(context, None).await?;
    uow.tx.set_setting(LAST_CHECK, &now.millis().to_string()).await?;
    for (id, name) in &drifted {
        // Where it was deleted meanwhile, its removal is requested already.
        if uow.tx.carrier(&context.account, id).await?.is_some() {
            uow.request_full_sync(id, name).await?;
            uow.publish(ChangedNoun::Carrier, ChangeKind::Updated, id);
        }
    }
    for (id, name) in &removals {
        info!(carrier = %id, "LiveKit still has objects of a carrier that was deleted");
        uow.tx.forget_livekit_objects(id).await?;
        uow.request_removal(id, name).await?;
    }
    uow.commit().await
}
