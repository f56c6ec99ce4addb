use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use domain::{
    BotId, Call, CallDirection, CallEvent, CallEventKind, CallId, CallOutcome, CallState, CarrierId, DidId, NamedId,
    Timestamp, edge::HangupCause,
};

/// A call in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CallView {
    /// Id of the row.
    pub id: CallId,
    /// Who called whom.
    pub direction: CallDirection,
    /// How far the call has come.
    pub state: CallState,
    /// What became of it.
    pub outcome: CallOutcome,
    /// The carrier at that time; it may be deleted since.
    pub carrier: Option<NamedId<CarrierId>>,
    /// The account's number, which may be deleted since.
    pub did_id: Option<DidId>,
    /// The bot at that time; it may be deleted since.
    pub bot: Option<NamedId<BotId>>,
    /// The calling number as it was signalled; empty where it is hidden.
    pub from: String,
    /// The called number as it was signalled.
    pub to: String,
    /// When the call began.
    pub created_at: Timestamp,
    /// When it began to ring.
    pub ringing_at: Option<Timestamp>,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// From the answer to the end, in seconds.
    pub duration_seconds: Option<i64>,
    /// The final SIP status, where it is known.
    pub sip_status: Option<u16>,
    /// Why the call was not answered, in words.
    pub failure: Option<String>,
}

/// `GET /api/v1/calls`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CallPage {
    /// The newest first.
    pub items: Vec<CallView>,
    /// The cursor of the next page, with older calls; null on the last. With several filters a page may be short or empty
    /// although it is not the last: see `searched_to`.
    pub next_cursor: Option<String>,
    /// The time back to which calls were searched, where the search ended before the page was full.
    pub searched_to: Option<Timestamp>,
}

/// `GET /api/v1/calls/{id}`: the call with its history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CallDetail {
    /// The call.
    #[serde(flatten)]
    pub call: CallView,
    /// LiveKit's room; empty until it is known.
    pub room_name: String,
    /// LiveKit's id of the call, `SCL_…`.
    pub livekit_call_id: Option<String>,
    /// LiveKit's id of the SIP participant, `PA_…`.
    pub participant_id: Option<String>,
    /// LiveKit's id of the trunk, `ST_…`.
    pub trunk_id: Option<String>,
    /// LiveKit's id of the dispatch rule, `SDR_…`.
    pub rule_id: Option<String>,
    /// The Call-ID header.
    pub sip_call_id: Option<String>,
    /// The Call-ID at the SIP edge; null where the call did not pass it.
    pub edge_call_id: Option<String>,
    /// Why the call at the SIP edge ended.
    pub hangup_cause: Option<HangupCause>,
    /// Base URL of the fleet server that has the call.
    pub fleet_url: Option<String>,
    /// The fleet's own id of the call.
    pub fleet_call_id: Option<String>,
    /// The reason phrase that came with the SIP status.
    pub sip_reason: Option<String>,
    /// LiveKit's `DisconnectReason`.
    pub disconnect_reason: Option<String>,
    /// Whether the carrier still exists.
    pub carrier_exists: bool,
    /// Whether the bot still exists.
    pub bot_exists: bool,
    /// What happened, in order.
    pub events: Vec<CallEventView>,
}

/// One entry of a call's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CallEventView {
    /// When it happened. Times that LiveKit reports are whole seconds.
    pub at: Timestamp,
    /// What happened.
    pub kind: CallEventKind,
    /// More about it; may be empty.
    pub detail: String,
}

/// What the page of calls offers to filter by. A row that is deleted, or one of too many, is filtered by its id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallFilters {
    /// The first 200 carriers, by name.
    pub carriers: Vec<NamedId<CarrierId>>,
    /// All bots, by name.
    pub bots: Vec<NamedId<BotId>>,
}

/// `GET /api/v1/settings/calls`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CallSettings {
    /// How many days a call is kept.
    pub retention_days: u32,
}

impl From<&Call> for CallView {
    fn from(call: &Call) -> Self {
        Self {
            id: call.id.clone(),
            direction: call.direction,
            state: call.state,
            outcome: call.outcome,
            carrier: call.carrier.clone(),
            did_id: call.did_id.clone(),
            bot: call.bot.clone(),
            from: call.from.number.clone(),
            to: call.to.number.clone(),
            created_at: call.created_at,
            ringing_at: call.ringing_at,
            answered_at: call.answered_at,
            ended_at: call.ended_at,
            duration_seconds: call.talk_millis().map(|millis| millis / 1000),
            sip_status: call.sip_status.map(domain::SipStatus::code),
            failure: call.failure(),
        }
    }
}

impl From<&CallEvent> for CallEventView {
    fn from(event: &CallEvent) -> Self {
        Self { at: event.at, kind: event.kind, detail: event.detail.clone() }
    }
}

impl CallDetail {
    /// `exist`: whether the carrier and the bot still exist.
    pub fn new(call: &Call, events: &[CallEvent], (carrier_exists, bot_exists): (bool, bool)) -> Self {
        let livekit = &call.livekit;
        Self {
            room_name: call.room_name.clone(),
            livekit_call_id: livekit.call_id.clone(),
            participant_id: livekit.participant_id.clone(),
            trunk_id: livekit.trunk_id.clone(),
            rule_id: livekit.rule_id.clone(),
            sip_call_id: livekit.sip_call_id.clone(),
            edge_call_id: call.edge.as_ref().map(|edge| edge.call_id.clone()),
            hangup_cause: call.edge.as_ref().and_then(|edge| edge.hangup_cause),
            fleet_url: call.fleet_url.clone(),
            fleet_call_id: call.fleet_call_id.clone(),
            sip_reason: call.sip_reason.clone(),
            disconnect_reason: call.disconnect_reason.clone(),
            carrier_exists,
            bot_exists,
            events: events.iter().map(Into::into).collect(),
            call: call.into(),
        }
    }
}
