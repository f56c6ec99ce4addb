//! Keeps LiveKit in sync with the database: observe, plan, apply.
//!
//! A change is committed together with a sync task; this worker applies the tasks. A lease lets one of several servers
//! write. What LiveKit has is observed before anything is created, so that a lost answer does not make a second object. A
//! failed task is repeated with a growing delay; one that failed because LiveKit did not answer, as soon as it answers again.

mod apply;
mod drift_check;
pub(crate) mod explain;
mod observe;
mod repair_backoff;

use std::{sync::Arc, time::Duration};

use api_types::view::{ChangeKind, ChangedNoun};
use domain::{SyncStatus, Timestamp};
use store::{SyncFailure, SyncTask, TrunkIds};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

pub(crate) use self::apply::{execute, load_desired};
use self::{
    apply::{Applied, ApplyError, Failed},
    drift_check::DriftCheck,
    observe::{Observation, ObserveError, observe},
};
use crate::{Result, Timing, backoff, context::Context, unit_of_work::UnitOfWork, writer::Writer};

/// Tasks between two observations of LiveKit.
const BATCH: u32 = 100;

/// The worker; [`crate::Services::reconciler`] makes it.
pub struct Reconciler {
    context: Arc<Context>,
    writer: Arc<Writer>,
    drift_check: Option<DriftCheck>,
    pinged_at: Option<Instant>,
}

/// How a pass over the due tasks ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pass {
    /// There may be more tasks.
    Busy,
    /// Nothing was due.
    Idle,
    /// Another server has the lease.
    Elsewhere,
}

/// What follows a task of a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// The next task.
    Continue,
    /// LiveKit's state is not known any more: it is observed again before the next task.
    Observe,
    /// Another server has the lease.
    Stop,
}

impl Reconciler {
    pub(crate) fn new(context: Arc<Context>, writer: Arc<Writer>) -> Self {
        Self { context, writer, drift_check: None, pinged_at: None }
    }

    /// Checks for drift at the start and then at this interval; zero: never.
    #[must_use]
    pub fn with_drift_checks(self, interval: Duration) -> Self {
        Self { drift_check: DriftCheck::every(interval, self.context.clock.now()), ..self }
    }

    /// Runs until `stop`; a call to LiveKit that is under way is completed.
    pub async fn run(mut self, stop: CancellationToken) {
        info!("reconciler started");
        let mut drift_check = self.drift_check.take();
        while !stop.is_cancelled() {
            if let Some(check) = drift_check.as_mut().filter(|check| check.is_due(self.context.clock.now()))
                && let Err(error) = check.run(&self.context, &self.writer).await
            {
                warn!(%error, "the drift check failed");
            }
            let pause = match self.work(&stop).await {
                Ok(None) => continue,
                Ok(Some(pause)) => pause,
                Err(error) => {
                    warn!(%error, "a pass of the reconciler failed");
                    self.context.timing.idle
                }
            };
            let pause = drift_check.as_ref().map_or(pause, |check| pause.min(check.due_in(self.context.clock.now())));
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.context.sync_notify.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        if let Err(error) = self.writer.release().await {
            warn!(%error, "the lease was not released; it expires by itself");
        }
        info!("reconciler stopped");
    }

    /// One pass. The pause until the next one; None where there may be more tasks.
    async fn work(&mut self, stop: &CancellationToken) -> Result<Option<Duration>> {
        match self.pass(stop).await? {
            Pass::Busy => Ok(None),
            Pass::Idle if self.livekit_answers_again().await? => Ok(None),
            Pass::Idle => self.until_next().await.map(Some),
            Pass::Elsewhere => Ok(Some(self.context.timing.lease_poll)),
        }
    }

    async fn pass(&self, stop: &CancellationToken) -> Result<Pass> {
        if self.due(1).await?.is_empty() {
            return Ok(Pass::Idle);
        }
        let _lock = self.writer.lock().await;
        if !self.writer.ensure_lease().await? {
            debug!("another server has the lease");
            return Ok(Pass::Elsewhere);
        }
        // Read only now: the previous holder of the lock or the lease may have applied what was due before.
        let tasks = self.due(BATCH).await?;
        metrics::gauge!("trunkline_sync_batch").set(tasks.len() as f64);
        if tasks.is_empty() {
            return Ok(Pass::Idle);
        }
        let mut observation = match observe(&self.context.store, &self.writer.livekit, &tasks).await {
            Ok(observation) => observation,
            Err(ObserveError::Store(error)) => return Err(error.into()),
            Err(ObserveError::LiveKit(error)) => {
                let unreachable = error.is_unreachable();
                for task in &tasks {
                    self.failed(task, &Failed::new(error.to_string(), &error), unreachable).await?;
                }
                return Ok(Pass::Busy);
            }
        };
        if tasks.iter().any(|task| task.unreachable) {
            self.resume().await?;
        }
        for task in &tasks {
            if stop.is_cancelled() {
                break;
            }
            if !self.writer.ensure_lease().await? {
                return Ok(Pass::Elsewhere);
            }
            match self.sync(task, &mut observation).await? {
                Next::Continue => {}
                Next::Observe => break,
                Next::Stop => return Ok(Pass::Elsewhere),
            }
        }
        Ok(Pass::Busy)
    }

    async fn due(&self, most: u32) -> Result<Vec<SyncTask>> {
        Ok(self.context.store.read().await?.due_syncs(self.context.clock.now(), most).await?)
    }

    async fn sync(&self, task: &SyncTask, observation: &mut Observation) -> Result<Next> {
        match apply::apply(self, task, observation).await {
            Ok(applied) => {
                self.applied(task, &applied).await?;
                Ok(Next::Continue)
            }
            Err(ApplyError::LeaseLost) => Ok(Next::Stop),
            Err(ApplyError::Store(error)) => Err(error.into()),
            Err(ApplyError::Incomplete) => {
                // Still due, and repeated at once with all that LiveKit has.
                apply::forget_objects(&self.context.store, &task.carrier_id).await?;
                Ok(Next::Observe)
            }
            Err(ApplyError::Failed(failed)) => {
                let unanswered = failed.status == SyncStatus::Pending;
                let unreachable =
                    unanswered && self.writer.livekit.ping().await.is_err_and(|error| error.is_unreachable());
                self.failed(task, &failed, unreachable).await?;
                Ok(if failed.uncertain || unanswered { Next::Observe } else { Next::Continue })
            }
        }
    }

    async fn applied(&self, task: &SyncTask, applied: &Applied) -> Result<()> {
        let Applied { inbound_trunk, outbound_trunk, .. } = applied;
        let mut uow = UnitOfWork::begin(&self.context, None).await?;
        let now = uow.now();
        let done = match &applied.conflicts {
            None => uow.tx.finish_sync(task, inbound_trunk.as_deref(), outbound_trunk.as_deref(), now).await?,
            Some(message) => {
                let failure = SyncFailure {
                    message: message.clone(),
                    status: SyncStatus::Error,
                    unreachable: false,
                    trunks: Some(TrunkIds { inbound: inbound_trunk.clone(), outbound: outbound_trunk.clone() }),
                };
                uow.tx.fail_sync(task, &failure, next_attempt(task, now)).await?
            }
        };
        if done && task.removing {
            uow.tx.forget_livekit_objects(&task.carrier_id).await?;
        } else if done {
            uow.tx.set_livekit_objects(&task.carrier_id, &applied.object_ids).await?;
        }
        uow.publish(ChangedNoun::Carrier, ChangeKind::Synced, &task.carrier_id);
        uow.commit().await?;
        let outcome = if applied.conflicts.is_none() { "ok" } else { "failed" };
        metrics::counter!("trunkline_syncs_total", "outcome" => outcome).increment(1);
        info!(carrier = %task.carrier_id, steps = applied.steps, removing = task.removing, done, "plan applied");
        if let Some(conflicts) = &applied.conflicts {
            warn!(carrier = %task.carrier_id, conflicts, "numbers were left out");
        }
        Ok(())
    }

    async fn failed(&self, task: &SyncTask, failed: &Failed, unreachable: bool) -> Result<()> {
        let Failed { message, status, .. } = failed;
        let failure = SyncFailure { message: message.clone(), status: *status, unreachable, trunks: None };
        let mut uow = UnitOfWork::begin(&self.context, None).await?;
        let next = next_attempt(task, uow.now());
        uow.tx.fail_sync(task, &failure, next).await?;
        uow.publish(ChangedNoun::Carrier, ChangeKind::Synced, &task.carrier_id);
        uow.commit().await?;
        metrics::counter!("trunkline_syncs_total", "outcome" => "failed").increment(1);
        warn!(carrier = %task.carrier_id, attempt = task.attempt, error = %message, "carrier not synced");
        Ok(())
    }

    /// Where tasks wait for LiveKit, asks whether it answers; then they are due.
    async fn livekit_answers_again(&mut self) -> Result<bool> {
        if !self.context.store.read().await?.has_unreachable_syncs().await?
            || self.pinged_at.is_some_and(|at| at.elapsed() < self.context.timing.ping_interval)
            || !self.writer.ensure_lease().await?
        {
            return Ok(false);
        }
        self.pinged_at = Some(Instant::now());
        if self.writer.livekit.ping().await.is_err_and(|error| error.is_unreachable()) {
            return Ok(false);
        }
        self.resume().await?;
        Ok(true)
    }

    /// All tasks that wait for LiveKit to answer are due.
    async fn resume(&self) -> Result<()> {
        #[expect(
            clippy::disallowed_methods,
            reason = "only moves the time of attempts, each of which publishes its end"
        )]
        let mut tx = self.context.store.write().await?;
        let resumed = tx.resume_unreachable_syncs(self.context.clock.now()).await?;
        tx.commit().await?;
        info!(carriers = resumed, "LiveKit answers again");
        Ok(())
    }

    async fn until_next(&self) -> Result<Duration> {
        let mut tx = self.context.store.read().await?;
        let Timing { idle, ping_interval, .. } = self.context.timing;
        let longest = if tx.has_unreachable_syncs().await? { ping_interval } else { idle };
        let Some(next) = tx.next_sync_at().await? else { return Ok(longest) };
        let millis = next.millis() - self.context.clock.now().millis();
        Ok(Duration::from_millis(millis.max(0).unsigned_abs()).min(longest))
    }
}

fn next_attempt(task: &SyncTask, now: Timestamp) -> Timestamp {
    now.plus_millis(backoff::millis(task.attempt, rand::random()))
}
