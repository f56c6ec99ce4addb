//! Outbound calls: each request to dial is a row before the fleet is asked, and its answer is recorded in it.

use api_types::view::ChangeKind;
use domain::{
    BotId, Call, CallDirection, CallEnd, CallEventKind, CallId, CallOutcome, CallParty, CallState, CarrierId, DidId,
    LiveKitCall, NamedId, SipStatus,
};

use super::{add_event, save, upkeep::LONGEST_REQUEST_MILLIS};
use crate::{Error, Result, unit_of_work::UnitOfWork};

/// A call that the fleet is about to be asked for.
#[derive(Clone, Debug)]
pub(crate) struct Dialout {
    /// The bot that calls.
    pub bot: NamedId<BotId>,
    /// The carrier of the caller ID.
    pub carrier: Option<NamedId<CarrierId>>,
    /// The caller ID's row.
    pub did_id: Option<DidId>,
    /// The caller ID.
    pub from: CallParty,
    /// The called number.
    pub to: CallParty,
    /// The fleet server that is asked.
    pub fleet_url: String,
}

/// What the fleet answered to a request that it accepted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Accepted {
    /// The fleet's id of the call.
    pub fleet_call_id: Option<String>,
    /// LiveKit's room, by which its webhooks name the call.
    pub room_name: Option<String>,
    /// The fleet server that has accepted it, where it is another one than was asked first.
    pub fleet_url: Option<String>,
}

/// Records the attempt, before the fleet is asked.
pub(crate) async fn open(uow: &mut UnitOfWork, dialout: &Dialout) -> Result<CallId> {
    let now = uow.now();
    let call = Call {
        id: CallId::new(uow.ulid()),
        account_id: uow.account.clone(),
        direction: CallDirection::Outbound,
        state: CallState::Requested,
        outcome: CallOutcome::InProgress,
        carrier: dialout.carrier.clone(),
        did_id: dialout.did_id.clone(),
        bot: Some(dialout.bot.clone()),
        from: dialout.from.clone(),
        to: dialout.to.clone(),
        room_name: String::new(),
        livekit: LiveKitCall::default(),
        edge: None,
        fleet_url: Some(dialout.fleet_url.clone()),
        fleet_call_id: None,
        sip_status: None,
        sip_reason: None,
        disconnect_reason: None,
        error: None,
        created_at: now,
        ringing_at: None,
        answered_at: None,
        ended_at: None,
    };
    save(uow, &call, ChangeKind::Created).await?;
    add_event(uow, &call, now, CallEventKind::Requested, &dialout.fleet_url).await?;
    Ok(call.id)
}

/// The fleet has accepted the request: it dials.
pub(crate) async fn accepted(uow: &mut UnitOfWork, id: &CallId, answer: &Accepted) -> Result<()> {
    let mut call = load(uow, id).await?;
    call.fleet_call_id = answer.fleet_call_id.clone().or(call.fleet_call_id);
    call.fleet_url = answer.fleet_url.clone().or(call.fleet_url);
    if let Some(room_name) = answer.room_name.as_deref().filter(|name| !name.is_empty()) {
        adopt_events(uow, &mut call, room_name).await?;
    }
    call.advance(CallState::Dialing, uow.now());
    save(uow, &call, ChangeKind::Updated).await?;
    add_event(uow, &call, uow.now(), CallEventKind::Accepted, answer.fleet_call_id.as_deref().unwrap_or_default()).await
}

/// The fleet has answered that it does not dial, or that the call failed.
pub(crate) async fn refused(uow: &mut UnitOfWork, id: &CallId, status: Option<u16>, error: &str) -> Result<()> {
    let mut call = load(uow, id).await?;
    let text = match status {
        Some(status) => format!("{status}: {error}"),
        None => error.to_owned(),
    };
    let now = uow.now();
    let sip_status = SipStatus::find(error);
    call.end(&CallEnd { sip_status, error: Some(text.clone()), ..CallEnd::default() }, now);
    save(uow, &call, ChangeKind::Updated).await?;
    add_event(uow, &call, now, CallEventKind::Refused, &text).await
}

/// The fleet may or may not have accepted the request: the call stays open for what LiveKit reports ([`unreported`]), and is
/// closed as unknown if that is nothing.
pub(crate) async fn answer_lost(uow: &mut UnitOfWork, id: &CallId, error: &str) -> Result<()> {
    let mut call = load(uow, id).await?;
    if !call.is_reported() {
        call.error = Some(error.to_owned());
        save(uow, &call, ChangeKind::Updated).await?;
    }
    add_event(uow, &call, uow.now(), CallEventKind::AnswerLost, error).await
}

/// LiveKit may have reported the call before the fleet answered: then there is a second row, with the room's name.
async fn adopt_events(uow: &mut UnitOfWork, call: &mut Call, room_name: &str) -> Result<()> {
    let others = uow.tx.calls_in_room(&uow.account, room_name).await?;
    room_name.clone_into(&mut call.room_name);
    // A row that has a fleet server is a dialout of its own, whatever room the fleet names.
    let is_same =
        |other: &Call| other.id != call.id && other.direction == CallDirection::Outbound && other.fleet_url.is_none();
    let Some(other) = others.into_iter().find(is_same) else { return Ok(()) };
    uow.tx.merge_calls(&call.id, &other.id).await?;
    uow.publish(api_types::view::ChangedNoun::Call, ChangeKind::Deleted, &other.id);
    *call = Call {
        state: other.state.max(call.state),
        outcome: other.outcome,
        livekit: other.livekit,
        sip_status: other.sip_status,
        sip_reason: other.sip_reason,
        disconnect_reason: other.disconnect_reason,
        error: other.error,
        ringing_at: other.ringing_at,
        answered_at: other.answered_at,
        ended_at: other.ended_at,
        ..call.clone()
    };
    Ok(())
}

/// The request to dial that LiveKit reports of as `reported`, without a room's name by which to know it: the fleet's answer was
/// lost, names no room, or is still to come. None where there is no such request, or more than one.
pub(super) async fn unreported(uow: &mut UnitOfWork, reported: &Call) -> Result<Option<Call>> {
    if reported.direction != CallDirection::Outbound {
        return Ok(None);
    }
    let since = uow.now().plus_millis(-LONGEST_REQUEST_MILLIS);
    let mut calls = uow.tx.calls_between(&uow.account, &reported.from, &reported.to, since).await?;
    calls.retain(|call| {
        call.direction == CallDirection::Outbound
            && call.is_open()
            && call.room_name.is_empty()
            && !call.is_reported()
            && call.edge.is_none()
    });
    Ok(calls.pop().filter(|_| calls.is_empty()))
}

async fn load(uow: &mut UnitOfWork, id: &CallId) -> Result<Call> {
    uow.tx.call(&uow.account, id).await?.ok_or(Error::NotFound("call"))
}
