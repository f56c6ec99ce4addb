//! What each record changes in the database.

use api_types::view::ChangeKind;
use domain::{
    Call, CallEventKind, CallId, CallState, Timestamp,
    edge::{CallStart, EdgeEnd, HangupCause, TraceStep, cac::EdgeDirection, dialog::DialogState},
};

use super::record::{Entry, Record};
use crate::{
    Result,
    call::{add_event, save},
    unit_of_work::UnitOfWork,
};

/// Applies entries in their order. Traces are independent of the rest and are written at once.
pub(super) async fn apply(uow: &mut UnitOfWork, entries: &[Entry]) -> Result<()> {
    let account = uow.account.clone();
    let steps: Vec<(String, &TraceStep)> = entries
        .iter()
        .filter_map(|entry| match &entry.record {
            Record::Step(step) => Some((entry.id.clone(), step)),
            _ => None,
        })
        .collect();
    uow.tx.insert_trace_steps(&account, &steps).await?;
    for entry in entries {
        match &entry.record {
            Record::Step(_) => {}
            Record::Started(start) => started(uow, start).await?,
            Record::Progress { call_id, state, at } => progress(uow, call_id, *state, *at).await?,
            Record::Ended { call_id, end } => ended(uow, call_id, end).await?,
            Record::Opened(call) => uow.tx.save_open_call(&account, call).await?,
            Record::Reset { call_id } => uow.tx.delete_open_call(&account, call_id).await?,
            Record::Bindings { aor, bindings, change } => {
                let now = uow.now();
                uow.tx.save_bindings(&account, (aor, bindings), change, now).await?;
            }
            Record::Agent { user_id, event } => {
                uow.tx.save_agent_event(&account, user_id, event, &entry.id).await?;
            }
        }
    }
    Ok(())
}

async fn started(uow: &mut UnitOfWork, start: &CallStart) -> Result<()> {
    let account = uow.account.clone();
    match uow.tx.call_of_edge(&account, &start.call_id).await? {
        Some(mut call) => {
            if call.complete(start) {
                save(uow, &call, ChangeKind::Updated).await?;
            }
        }
        None => {
            save(uow, &start.call(CallId::new(uow.ulid()), account), ChangeKind::Created).await?;
        }
    }
    Ok(())
}

/// The call's row. A call of which nothing but this is known gets one: on several servers the records of one call may be
/// applied in another order.
async fn call(uow: &mut UnitOfWork, call_id: &str, at: Timestamp) -> Result<Call> {
    let account = uow.account.clone();
    if let Some(call) = uow.tx.call_of_edge(&account, call_id).await? {
        return Ok(call);
    }
    let start = CallStart {
        call_id: call_id.to_owned(),
        direction: EdgeDirection::Internal,
        from: String::new(),
        to: String::new(),
        carrier: None,
        did_id: None,
        bot: None,
        at,
    };
    let call = start.call(CallId::new(uow.ulid()), account);
    save(uow, &call, ChangeKind::Created).await?;
    Ok(call)
}

async fn progress(uow: &mut UnitOfWork, call_id: &str, state: DialogState, at: Timestamp) -> Result<()> {
    let (state, kind) = match state {
        DialogState::Early => (CallState::Ringing, CallEventKind::Ringing),
        DialogState::Confirmed => (CallState::Answered, CallEventKind::Answered),
        DialogState::Terminated => return Ok(()),
    };
    let mut call = call(uow, call_id, at).await?;
    if call.advance(state, at) {
        add_event(uow, &call, at, kind, "").await?;
        save(uow, &call, ChangeKind::Updated).await?;
    }
    Ok(())
}

async fn ended(uow: &mut UnitOfWork, call_id: &str, end: &EdgeEnd) -> Result<()> {
    let mut call = call(uow, call_id, end.at).await?;
    if call.end_at_edge(end) {
        let kind = if end.cause == HangupCause::LeaseExpired { CallEventKind::Closed } else { CallEventKind::Ended };
        add_event(uow, &call, end.at, kind, end.cause.as_str()).await?;
        save(uow, &call, ChangeKind::Updated).await?;
    }
    let account = uow.account.clone();
    Ok(uow.tx.delete_open_call(&account, call_id).await?)
}
