//! Looks now and then whether LiveKit still holds what it was given (docs/decisions/0006-drift.md).
//!
//! One reading of LiveKit for all carriers. What carries a carrier's owner_tag and is not as it should be is put right by the
//! usual way: a task for the reconciler. What carries the owner_tag of a carrier that was deleted here is let go of. The marks
//! of carriers that were never known here are counted only, and what was made by hand is nobody's business.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use api_types::view::{ChangeKind, ChangedNoun};
use domain::{
    Carrier, CarrierId, CarrierSort, SyncStatus, Timestamp,
    livekit::{Observed, desired, guessed_keys, plan},
};
use store::{CarrierFilter, Cursor, Tx};
use tracing::{debug, info, warn};

use super::{Writer, repair_backoff::RepairBackoff};
use crate::{Result, context::Context, number_keys::e164_keys, unit_of_work::UnitOfWork};

/// Carriers that are read and compared at a time.
const PAGE: u32 = 200;

pub(super) struct DriftCheck {
    interval_millis: i64,
    next: Timestamp,
    repair_backoff: RepairBackoff,
    /// How many carriers are unknown here and yet tagged; told when it changes.
    unknown: usize,
}

/// What is to be put right.
#[derive(Default)]
struct Findings {
    drifted: Vec<(CarrierId, String)>,
    removals: Vec<(CarrierId, String)>,
    unknown: usize,
}

impl DriftCheck {
    /// None where the interval is zero. The first look comes an interval after the start.
    pub fn every(interval: Duration, now: Timestamp) -> Option<Self> {
        let interval_millis = i64::try_from(interval.as_millis()).unwrap_or(i64::MAX);
        let next = now.plus_millis(interval_millis);
        (interval_millis > 0).then(|| Self {
            interval_millis,
            next,
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
        if !writer.ensure_lease(context).await? || !self.claim_interval(context, writer, now).await? {
            debug!("another server looks");
            return Ok(());
        }
        let observed = match writer.livekit.list_all().await {
            Ok(observed) => observed,
            Err(error) => {
                warn!(%error, "LiveKit could not be looked at");
                return Ok(());
            }
        };
        let findings = self.compare(context, observed).await?;
        metrics::counter!("trunkline_drift_checks_total").increment(1);
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        metrics::gauge!("trunkline_livekit_unknown_carriers").set(findings.unknown as f64);
        if findings.unknown != self.unknown {
            warn!(carriers = findings.unknown, "LiveKit holds objects of carriers that were never known here");
            self.unknown = findings.unknown;
        }
        enqueue(context, findings).await
    }

    /// Of several servers on one database, one looks per interval.
    async fn claim_interval(&self, context: &Context, writer: &Writer, now: Timestamp) -> Result<bool> {
        let setting = format!("looked at {}", writer.project());
        let mut tx = context.store.write().await?;
        let last = tx.setting(&setting).await?.and_then(|last| last.parse::<i64>().ok()).unwrap_or(0);
        // A little early is no other server's look, but a clock's.
        if (now.millis() - last).abs() < self.interval_millis * 9 / 10 {
            return Ok(false);
        }
        tx.set_setting(&setting, &now.millis().to_string()).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn compare(&mut self, context: &Context, observed: Observed) -> Result<Findings> {
        let (mut ours, _) = observed.by_carrier();
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
                let its = ours.remove(&carrier.id).unwrap_or_default();
                // What is on its way, or has failed and comes again, is known to be out of step.
                if carrier.sync.next_at.is_some() {
                    continue;
                }
                if carrier.sync.status != SyncStatus::Synced {
                    warn!(carrier = %carrier.id, "no task is left for a carrier that is not in step");
                    findings.drifted.push((carrier.id, carrier.settings.name.to_string()));
                    continue;
                }
                let steps = plan(&carrier.id, &desired(&carrier, dids_of(&carrier), &bots, &e164_keys), &its);
                if steps.is_empty() {
                    self.repair_backoff.forget(&carrier.id);
                } else if self.repair_backoff.should_repair(&carrier.id, &steps) {
                    info!(carrier = %carrier.id, steps = steps.len(), "LiveKit is out of step");
                    findings.drifted.push((carrier.id, carrier.settings.name.to_string()));
                }
            }
            // Thousands of carriers are compared in one go; requests come first.
            tokio::task::yield_now().await;
            match next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        orphans(context, &mut tx, ours, &mut findings).await?;
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

/// What is left of the marks belongs to carriers that are not there.
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

/// Leaves the work to the reconciler, which looks again before it does anything.
async fn enqueue(context: &Arc<Context>, findings: Findings) -> Result<()> {
    let Findings { drifted, removals, .. } = findings;
    if drifted.is_empty() && removals.is_empty() {
        return Ok(());
    }
    metrics::counter!("trunkline_drift_found_total").increment((drifted.len() + removals.len()) as u64);
    let mut uow = UnitOfWork::begin(context, None).await?;
    for (id, name) in &drifted {
        // It may have been deleted since, and its removal stands.
        if uow.tx.carrier(&context.account, id).await?.is_some() {
            uow.request_sync(id, name).await?;
            uow.publish(ChangedNoun::Carrier, ChangeKind::Updated, id);
        }
    }
    for (id, name) in &removals {
        info!(carrier = %id, "LiveKit still holds objects of a carrier that was deleted");
        uow.request_removal(id, name).await?;
    }
    uow.commit().await
}
