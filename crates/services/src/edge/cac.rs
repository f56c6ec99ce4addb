//! Call admission control as operators see it, and the end of calls whose end is not reported.

use std::{sync::Arc, time::Duration};

use api_types::view::{CacResetView, CacView, RegistrationPage, RegistrationView, TraceView};
use domain::{
    Action, AuditAction, CallId,
    edge::{EdgeEnd, HangupCause, TraceSource},
};
use live_state::Engine;
use serde::Serialize;
use store::Tx;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::{
    EdgeAvailability,
    calls::rebuild,
    journal::{Record, apply_all},
    trace::Trace,
};
use crate::{
    Actor, Error, Result,
    context::Context,
    unit_of_work::{Entry, UnitOfWork},
};

/// How often leases are checked.
const INTERVAL: Duration = Duration::from_secs(5);
/// Addresses of record on a page.
const PAGE: u32 = 100;

/// Counters and open calls; cheap to clone.
#[derive(Clone)]
pub struct Cac {
    context: Arc<Context>,
}

impl Cac {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// Counters and open calls, for the edge's own tools.
    ///
    /// # Errors
    /// [`Error::LiveState`].
    pub async fn usage(&self) -> Result<CacView> {
        let Context { live, account, .. } = &*self.context;
        let counters = live.counters(account).await?;
        Ok(CacView::new(account.to_string(), counters, live.open_calls(account).await?))
    }

    /// Counters and open calls, for the console.
    ///
    /// # Errors
    /// [`Error::LiveState`].
    pub async fn live(&self, actor: &Actor) -> Result<CacView> {
        actor.require(Action::ReadEdge)?;
        self.usage().await
    }

    /// Counts no open call any more; the calls go on. None: the edge's token has requested it.
    ///
    /// # Errors
    /// [`Error::LiveState`] and [`Error::Journal`].
    pub async fn reset(&self, actor: Option<&Actor>) -> Result<CacResetView> {
        if let Some(actor) = actor {
            actor.require(Action::ManageEdgeSecurity)?;
        }
        let Context { live, account, journal, .. } = &*self.context;
        let open = live.open_calls(account).await?;
        let released = live.reset(account).await?;
        journal.append(open.into_iter().map(|call| Record::Reset { call_id: call.call_id }).collect())?;
        self.context.transact(actor, released, |uow, released| Box::pin(audit_reset(uow, *released))).await?;
        Ok(CacResetView { ok: true, released })
    }

    /// The steps of a call by SIP's Call-ID, for the edge's own tools. What was answered is in it.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is none.
    pub async fn trace(&self, call_id: &str) -> Result<TraceView> {
        apply_all(&self.context).await?;
        let mut tx = self.context.store.read().await?;
        let view = self.read_trace(&mut tx, call_id).await?;
        if view.steps.is_empty() { Err(Error::NotFound("trace")) } else { Ok(view) }
    }

    /// The steps of a call, for the console; none for a call that did not pass the edge.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn trace_of(&self, actor: &Actor, id: &CallId) -> Result<TraceView> {
        actor.require(Action::ReadCalls)?;
        let mut tx = self.context.store.read().await?;
        let call = tx.call(&actor.account_id, id).await?.ok_or(Error::NotFound("call"))?;
        match call.edge {
            Some(edge) => self.read_trace(&mut tx, &edge.call_id).await,
            None => Ok(TraceView::new(String::new(), Vec::new())),
        }
    }

    async fn read_trace(&self, tx: &mut Tx, call_id: &str) -> Result<TraceView> {
        let steps = tx.trace_steps(&self.context.account, call_id).await?;
        Ok(TraceView::new(call_id.to_owned(), steps))
    }

    /// The addresses of record that are reachable, as of a moment ago; `q` is a part of the address.
    pub async fn registrations(&self, actor: &Actor, q: &str, after: &str) -> Result<RegistrationPage> {
        actor.require(Action::ReadEdge)?;
        let Context { store, clock, .. } = &*self.context;
        let now = clock.now();
        let q = q.trim().to_lowercase();
        let mut rows = store.read().await?.registered_aors(&actor.account_id, &q, after, now, PAGE + 1).await?;
        let more = rows.len() > PAGE as usize;
        rows.truncate(PAGE as usize);
        let next_cursor = rows.last().filter(|_| more).map(|(aor, _)| aor.clone());
        let items = rows.into_iter().map(|(aor, bindings)| RegistrationView {
            aor,
            contacts: bindings.into_iter().filter(|binding| binding.expires_at > now).map(Into::into).collect(),
        });
        Ok(RegistrationPage { items: items.collect(), next_cursor })
    }
}

/// What the audit log shows of a reset.
#[derive(Serialize)]
struct CountedCalls {
    counted_calls: usize,
}

async fn audit_reset(uow: &mut UnitOfWork, released: usize) -> Result<()> {
    uow.audit(Entry {
        action: AuditAction::Updated,
        subject_id: "edge_counters",
        subject_name: "Counters of open calls",
        before: Some(CountedCalls { counted_calls: released }),
        after: Some(CountedCalls { counted_calls: 0 }),
    })
    .await
}

/// Ends calls whose lease has expired; [`crate::Services::lease_worker`] makes it.
pub struct LeaseWorker {
    context: Arc<Context>,
}

impl LeaseWorker {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// Runs until `stop` is cancelled. Each expired call is ended by one server.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = sleep(INTERVAL) => {}
            }
            if let Err(error) = self.pass().await {
                warn!(%error, "expired calls of the edge were not ended");
            }
        }
    }

    /// Ends all that is due.
    ///
    /// # Errors
    /// [`Error::LiveState`] and [`Error::Journal`].
    pub async fn pass(&self) -> Result<()> {
        let Context { live, account, clock, journal, edge_lease, .. } = &*self.context;
        // What a server that does not serve the edge remembers is not renewed.
        if edge_lease.availability(live.engine()) == EdgeAvailability::NeedsRedis {
            return Ok(());
        }
        // Redis may have lost its data, or have responded to nothing at the start.
        if live.engine() == Engine::Redis {
            rebuild(&self.context).await?;
        }
        let trace = Trace::new(self.context.clone());
        for call in live.expired_calls(account).await? {
            let cause = HangupCause::LeaseExpired;
            let end = EdgeEnd { at: clock.now(), cause, sip_status: None, reason: None };
            let step = trace.record(&call.call_id, TraceSource::Admit, "lease", cause.as_str(), "");
            journal.append(vec![Record::Ended { call_id: call.call_id, end }, step])?;
        }
        live.expired_bindings(account).await?;
        Ok(())
    }
}
