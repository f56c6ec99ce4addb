//! Closes calls whose end was not reported, and deletes those whose retention is over.

use std::{sync::Arc, time::Duration};

use api_types::view::{ChangeKind, ChangedNoun};
use domain::{CallEnd, CallEventKind, CallState};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::{add_event, save, settings};
use crate::{Result, context::Context, unit_of_work::UnitOfWork};

const INTERVAL: Duration = Duration::from_secs(60);
/// Calls that one transaction closes or deletes.
const BATCH: u32 = 200;
/// Steps of traces that one transaction deletes; as many as that many calls have, and more.
const TRACE_BATCH: u32 = 5_000;
/// LiveKit ends a call after 24 hours at the latest (`max_call_duration`); ten minutes more for its report.
const LONGEST_CALL_MILLIS: i64 = (24 * 60 + 10) * 60 * 1000;
/// The fleet answers a request to dial within 60 seconds, and LiveKit reports a call when it starts to dial.
pub(super) const LONGEST_REQUEST_MILLIS: i64 = 10 * 60 * 1000;
/// LiveKit repeats an event for half a minute at most.
const EVENT_RETENTION_MILLIS: i64 = 24 * 60 * 60 * 1000;
const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// The worker; [`crate::Services::call_upkeep`] makes it.
pub struct CallUpkeep {
    context: Arc<Context>,
}

impl CallUpkeep {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// Runs until `stop` is cancelled. On several servers each runs one: their transactions exclude each other.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            if let Err(error) = self.pass().await {
                warn!(%error, "the upkeep of calls failed");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = sleep(INTERVAL) => {}
            }
        }
    }

    /// Closes and deletes all that is due.
    pub async fn pass(&self) -> Result<()> {
        while self.context.transact(None, (), |uow, ()| Box::pin(close_overdue(uow))).await? == BATCH as usize {}
        let mut pruned = 0;
        loop {
            let batch = self.context.transact(None, (), |uow, ()| Box::pin(prune(uow))).await?;
            pruned += batch;
            if batch < u64::from(BATCH) {
                break;
            }
        }
        if pruned > 0 {
            info!(calls = pruned, "deleted calls whose retention is over");
        }
        Ok(())
    }
}

/// How many calls were closed.
async fn close_overdue(uow: &mut UnitOfWork) -> Result<usize> {
    let now = uow.now();
    let before = |millis: i64| now.plus_millis(-millis);
    let overdue =
        uow.tx.overdue_calls(&uow.account, before(LONGEST_CALL_MILLIS), before(LONGEST_REQUEST_MILLIS), BATCH).await?;
    for call in &overdue {
        let mut call = call.clone();
        let reason = if call.state == CallState::Requested {
            "The fleet did not report whether it accepted the call, and LiveKit did not report the call."
        } else {
            "LiveKit did not report the end of the call within 24 hours, the longest that a call lasts."
        };
        let error = Some(call.error.clone().unwrap_or_else(|| reason.to_owned()));
        call.end(&CallEnd::default(), now);
        call.error = error;
        save(uow, &call, ChangeKind::Updated).await?;
        add_event(uow, &call, now, CallEventKind::Closed, reason).await?;
    }
    Ok(overdue.len())
}

async fn prune(uow: &mut UnitOfWork) -> Result<u64> {
    let now = uow.now();
    uow.tx.prune_livekit_events(now.plus_millis(-EVENT_RETENTION_MILLIS)).await?;
    let days = i64::from(settings(&mut uow.tx).await?.retention_days);
    let pruned = uow.tx.prune_calls(&uow.account, now.plus_millis(-days * DAY_MILLIS), BATCH).await?;
    uow.tx.prune_trace_steps(&uow.account, now.plus_millis(-days * DAY_MILLIS), TRACE_BATCH).await?;
    uow.tx.prune_bindings(&uow.account, now.plus_millis(-DAY_MILLIS)).await?;
    if pruned > 0 {
        uow.publish(ChangedNoun::Call, ChangeKind::Deleted, "");
    }
    Ok(pruned)
}
