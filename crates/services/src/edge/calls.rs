//! Calls at the edge: their rows among all calls, and what is counted of them.

use std::{sync::Arc, time::Duration};

use domain::{
    Timestamp,
    edge::{
        CallStart, EdgeEnd, HangupCause,
        cac::{AdmitRequest, Admitted, Dimension, OpenCall},
    },
};

use super::journal::{JournalError, Record};
use crate::{Result, context::Context};

/// How long an admitted call stays open without an event of its dialog. Whoever routes calls uses it for
/// [`AdmitRequest::lease_millis`]; the edge has to renew a call more often.
pub const CALL_LEASE: Duration = Duration::from_secs(600);

/// Records calls; cheap to clone.
#[derive(Clone)]
pub struct EdgeCalls {
    context: Arc<Context>,
}

impl EdgeCalls {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// Records a call whose route was decided, with what it was admitted for, together with other records, before the answer.
    ///
    /// # Errors
    /// [`JournalError`]: nothing was recorded. The caller has to release the call.
    pub fn begin(
        &self,
        start: CallStart,
        admission: Option<(&AdmitRequest, &Admitted)>,
        mut others: Vec<Record>,
    ) -> Result<(), JournalError> {
        let opened = admission.map(|(request, admitted)| Record::Opened(open_call(request, admitted, start.at)));
        others.extend([Some(Record::Started(start)), opened].into_iter().flatten());
        self.context.journal.append(others)
    }

    /// Records a call that the routing refused.
    ///
    /// # Errors
    /// [`JournalError`]: nothing was recorded.
    pub fn refuse(
        &self,
        start: CallStart,
        sip_status: u16,
        why: &str,
        mut others: Vec<Record>,
    ) -> Result<(), JournalError> {
        let (call_id, at) = (start.call_id.clone(), start.at);
        let end =
            EdgeEnd { at, cause: HangupCause::Reject, sip_status: Some(sip_status), reason: Some(why.to_owned()) };
        others.extend([Record::Started(start), Record::Ended { call_id, end }]);
        self.context.journal.append(others)
    }
}

pub(super) fn open_call(request: &AdmitRequest, admitted: &Admitted, at: Timestamp) -> OpenCall {
    let used = admitted.alternative.and_then(|index| request.alternatives.get(index));
    let mut dimensions: Vec<Dimension> = Vec::new();
    for limit in request.channels.iter().chain(used) {
        if !dimensions.contains(&limit.dimension) {
            dimensions.push(limit.dimension.clone());
        }
    }
    OpenCall {
        call_id: request.call_id.clone(),
        parties: request.parties.clone(),
        dimensions,
        admitted_at: at,
        expires_at: at.plus_millis(request.lease_millis),
    }
}

/// Addresses of record that are read at once.
const PAGE: u32 = 1_000;

/// Opens the calls and adds the contacts that the database has, if the live state was lost. Each call gets a whole lease: while
/// the server was away, the edge could not renew it.
pub(crate) async fn rebuild(context: &Arc<Context>) -> Result<()> {
    if context.live.begin_rebuild(&context.account).await? {
        restore(context).await?;
        context.live.finish_rebuild(&context.account).await?;
    }
    Ok(())
}

/// Opens the calls and adds the contacts that the database has.
pub(crate) async fn restore(context: &Arc<Context>) -> Result<()> {
    let (account, live) = (&context.account, &context.live);
    let now = context.clock.now();
    let lease = now.plus_millis(i64::try_from(CALL_LEASE.as_millis()).unwrap_or(i64::MAX));
    let mut tx = context.store.read().await?;
    for mut call in tx.edge_open_calls(account).await? {
        call.expires_at = call.expires_at.max(lease);
        live.restore_call(account, &call).await?;
    }
    let mut after = String::new();
    loop {
        let page = tx.registered_aors(account, "", &after, now, PAGE).await?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        after.clone_from(last);
        for (aor, bindings) in &page {
            for binding in bindings {
                live.restore_binding(account, aor, binding).await?;
            }
        }
    }
}
