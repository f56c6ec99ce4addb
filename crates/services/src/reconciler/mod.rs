//! Keeps LiveKit in step with the database.
//!
//! A change commits first, together with a task; this worker carries tasks over. It takes a lease, so that of several
//! servers one writes; it looks at what LiveKit holds, so that an answer that got lost is not asked for twice; and it
//! comes back, slower each time, until LiveKit has followed.

pub(crate) mod apply;
mod backoff;
mod drift_check;
pub(crate) mod explain;
mod repair_backoff;
mod writer;

use std::{sync::Arc, time::Duration};

use api_types::view::{ChangeKind, ChangedNoun};
use domain::livekit::Observed;
use livekit::Client;
use store::SyncTask;
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use self::{
    apply::{Applied, Failure},
    drift_check::DriftCheck,
};
use crate::{Result, context::Context, unit_of_work::UnitOfWork};

pub(crate) use writer::Writer;

/// How often to ask for a lease that another server holds.
const LEASE_POLL: Duration = Duration::from_secs(1);
/// Tasks between two looks at LiveKit.
const BATCH: u32 = 100;
/// How long to sleep when nothing is known to be due: another server may have left work.
const IDLE: Duration = Duration::from_secs(5);

pub struct Reconciler {
    context: Arc<Context>,
    writer: Arc<Writer>,
    drift_check: Option<DriftCheck>,
}

/// How a pass over the due tasks ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pass {
    /// There may be more.
    Busy,
    /// Nothing was due.
    Idle,
    /// Another server writes.
    Elsewhere,
}

impl Reconciler {
    /// `project` names the LiveKit project that is written to: its URL.
    pub(crate) fn new(context: Arc<Context>, livekit: Client, project: &str) -> Self {
        let writer = Arc::new(Writer::new(&context, livekit, project));
        context.set_writer(writer.clone());
        Self { context, writer, drift_check: None }
    }

    /// Also looks by itself whether LiveKit is still in step, so often; zero: never.
    #[must_use]
    pub fn with_drift_checks(self, interval: Duration) -> Self {
        Self { drift_check: DriftCheck::every(interval, self.context.clock.now()), ..self }
    }

    /// Works until told to stop; a call to LiveKit that is under way is brought to its end.
    pub async fn run(mut self, stop: CancellationToken) {
        info!("reconciler started");
        let mut drift_check = self.drift_check.take();
        while !stop.is_cancelled() {
            if let Some(check) = drift_check.as_mut().filter(|check| check.is_due(self.context.clock.now()))
                && let Err(error) = check.run(&self.context, &self.writer).await
            {
                warn!(%error, "whether LiveKit is in step could not be seen");
            }
            let pause = match self.pass(&stop).await {
                Ok(Pass::Busy) => continue,
                Ok(Pass::Idle) => self.until_next().await,
                Ok(Pass::Elsewhere) => LEASE_POLL,
                Err(error) => {
                    warn!(%error, "the reconciler cannot work");
                    IDLE
                }
            };
            let pause = drift_check.as_ref().map_or(pause, |check| pause.min(check.due_in(self.context.clock.now())));
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.context.sync_notify.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        if let Err(error) = self.writer.release(&self.context).await {
            warn!(%error, "the lease was not given back; it runs out by itself");
        }
        info!("reconciler stopped");
    }

    async fn pass(&self, stop: &CancellationToken) -> Result<Pass> {
        if self.due(1).await?.is_empty() {
            return Ok(Pass::Idle);
        }
        let _lock = self.writer.lock().await;
        if !self.ensure_lease().await? {
            debug!("another server holds the lease");
            return Ok(Pass::Elsewhere);
        }
        // Read only now: what was due before the turn and the lease came, whoever had them may have done.
        let tasks = self.due(BATCH).await?;
        metrics::gauge!("trunkline_sync_batch").set(tasks.len() as f64);
        if tasks.is_empty() {
            return Ok(Pass::Idle);
        }
        let mut observed = match self.writer.livekit.list_all().await {
            Ok(observed) => observed,
            Err(error) => {
                let failure = Failure::not_observed(error);
                for task in &tasks {
                    self.failed(task, &failure).await?;
                }
                return Ok(Pass::Busy);
            }
        };
        for task in &tasks {
            if stop.is_cancelled() {
                break;
            }
            if !self.ensure_lease().await? {
                return Ok(Pass::Elsewhere);
            }
            if !self.one(task, &mut observed).await? {
                // What LiveKit holds is not known any more: look again before the next one.
                break;
            }
        }
        Ok(Pass::Busy)
    }

    async fn due(&self, most: u32) -> Result<Vec<SyncTask>> {
        Ok(self.context.store.read().await?.due_syncs(self.context.clock.now(), most).await?)
    }

    /// One task. False: `observed` can no longer be trusted.
    async fn one(&self, task: &SyncTask, observed: &mut Observed) -> Result<bool> {
        match apply::apply(self, task, observed).await? {
            Ok(applied) => {
                self.succeeded(task, &applied).await?;
                Ok(true)
            }
            Err(failure) if failure.superseded => Ok(false),
            Err(failure) => {
                self.failed(task, &failure).await?;
                Ok(!failure.uncertain)
            }
        }
    }

    async fn succeeded(&self, task: &SyncTask, applied: &Applied) -> Result<()> {
        let (inbound, outbound) = (applied.inbound_trunk.as_deref(), applied.outbound_trunk.as_deref());
        let mut uow = UnitOfWork::begin(&self.context, None).await?;
        let done = uow.tx.finish_sync(task, inbound, outbound, uow.now()).await?;
        uow.publish(ChangedNoun::Carrier, ChangeKind::Synced, &task.carrier_id);
        uow.commit().await?;
        metrics::counter!("trunkline_syncs_total", "outcome" => "ok").increment(1);
        info!(carrier = %task.carrier_id, steps = applied.steps, removing = task.removing, done, "carrier synced");
        Ok(())
    }

    async fn failed(&self, task: &SyncTask, failure: &Failure) -> Result<()> {
        let next = self.context.clock.now().plus_millis(backoff::millis(task.attempt, rand::random()));
        let mut uow = UnitOfWork::begin(&self.context, None).await?;
        uow.tx.fail_sync(task, &failure.message, next).await?;
        uow.publish(ChangedNoun::Carrier, ChangeKind::Synced, &task.carrier_id);
        uow.commit().await?;
        metrics::counter!("trunkline_syncs_total", "outcome" => "failed").increment(1);
        warn!(carrier = %task.carrier_id, attempt = task.attempt, error = %failure.message, "carrier not synced");
        Ok(())
    }

    async fn ensure_lease(&self) -> Result<bool> {
        self.writer.ensure_lease(&self.context).await
    }

    async fn until_next(&self) -> Duration {
        let next = match self.context.store.read().await {
            Ok(mut tx) => tx.next_sync_at().await.ok().flatten(),
            Err(_) => None,
        };
        let millis = next.map(|next| next.millis() - self.context.clock.now().millis());
        millis.map_or(IDLE, |millis| Duration::from_millis(u64::try_from(millis).unwrap_or(0)).min(IDLE))
    }
}
