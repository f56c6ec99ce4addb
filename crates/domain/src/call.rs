//! Calls: what became of each.

use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoStaticStr};

use crate::{
    AccountId, BotId, CallId, CarrierId, Country, DidId, PhoneNumber, SipStatus, Timestamp,
    edge::EdgeCall,
    field::{FieldFault, one_of},
};

/// One call. It refers to other rows as they were when it began: they may be deleted since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Id of the row.
    pub id: CallId,
    /// The account of the row.
    pub account_id: AccountId,
    /// Who called whom.
    pub direction: CallDirection,
    /// How far the call has come. It never moves back.
    pub state: CallState,
    /// What became of it.
    pub outcome: CallOutcome,
    /// The carrier that it came from or went to.
    pub carrier: Option<NamedId<CarrierId>>,
    /// The account's number: the called one of an inbound call, the caller ID of an outbound one.
    pub did_id: Option<DidId>,
    /// The bot that answers or calls.
    pub bot: Option<NamedId<BotId>>,
    /// Who calls.
    pub from: CallParty,
    /// Who is called.
    pub to: CallParty,
    /// LiveKit's room; empty until it is known.
    pub room_name: String,
    /// LiveKit's ids.
    pub livekit: LiveKitCall,
    /// What the SIP edge knows of it; None where it did not pass the edge.
    pub edge: Option<EdgeCall>,
    /// Base URL of the fleet server that has the call.
    pub fleet_url: Option<String>,
    /// The fleet's own id of the call.
    pub fleet_call_id: Option<String>,
    /// The final SIP status, where it is known.
    pub sip_status: Option<SipStatus>,
    /// The reason phrase that came with the SIP status.
    pub sip_reason: Option<String>,
    /// LiveKit's `DisconnectReason`: `USER_REJECTED`.
    pub disconnect_reason: Option<String>,
    /// What failed, as it was reported.
    pub error: Option<String>,
    /// When the call began: the request to dial, or the first event.
    pub created_at: Timestamp,
    /// When it began to ring.
    pub ringing_at: Option<Timestamp>,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// The id of a row and its name at that time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NamedId<T> {
    /// Id of the row.
    pub id: T,
    /// The name that the row had.
    pub name: String,
}

/// The user part of a From or To header: mostly a phone number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallParty {
    /// As it was signalled; empty where the number is hidden.
    pub number: String,
    /// What calls are searched by: [`PhoneNumber::key`] of a phone number, else the text in lower case.
    pub key: String,
}

impl CallParty {
    /// A number without a plus is read in the carrier's country.
    pub fn new(number: &str, country: Option<Country>) -> Self {
        let number = number.trim();
        let key = PhoneNumber::parse(number, country)
            .map_or_else(|_| number.to_lowercase(), |number| number.key().to_owned());
        Self { number: number.to_owned(), key }
    }
}

/// Whether a call was handed over to the fleet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "lowercase", parse_err_ty = String, parse_err_fn = unknown_handover)]
pub enum Handover {
    /// It was not, or the fleet refused it: it may be.
    None,
    /// A server is asking the fleet.
    Claimed,
    /// The fleet has accepted it.
    Done,
    /// The fleet's answer was lost: it may have accepted it.
    Lost,
}

impl Handover {
    /// The spelling in the database: `claimed`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

fn unknown_handover(text: &str) -> String {
    format!("no state of a hand-over: {text}")
}

/// LiveKit's ids of a call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiveKitCall {
    /// `SCL_…`
    pub call_id: Option<String>,
    /// `PA_…`, of the SIP participant.
    pub participant_id: Option<String>,
    /// `ST_…`; empty text where no trunk matched.
    pub trunk_id: Option<String>,
    /// `SDR_…`
    pub rule_id: Option<String>,
    /// The Call-ID header.
    pub sip_call_id: Option<String>,
}

/// Who called whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, EnumString, IntoStaticStr)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase", parse_err_ty = FieldFault, parse_err_fn = unknown_direction)]
pub enum CallDirection {
    /// Somebody called a DID.
    Inbound,
    /// The account called somebody.
    Outbound,
    /// A device of the account called another.
    Internal,
}

/// How far a call has come, in order.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumIter,
    EnumString,
    IntoStaticStr,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase", parse_err_ty = FieldFault, parse_err_fn = unknown_state)]
pub enum CallState {
    /// The fleet was asked to dial.
    Requested,
    /// LiveKit dials.
    Dialing,
    /// The phone rings, or an inbound call waits for its agent.
    Ringing,
    /// Both sides talk.
    Answered,
    /// The call is over.
    Ended,
}

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, EnumString, IntoStaticStr)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", parse_err_ty = FieldFault, parse_err_fn = unknown_outcome)]
pub enum CallOutcome {
    /// The call has not ended.
    InProgress,
    /// It was answered.
    Answered,
    /// It was not answered: SIP 408 or 480, or an inbound caller hung up before an agent answered.
    NoAnswer,
    /// The called side refused it: SIP 486, 600 or 603.
    Rejected,
    /// It was given up before it was answered.
    Canceled,
    /// Something failed: the network, the carrier or the fleet.
    Failed,
    /// Its end was not reported.
    Unknown,
}

fn unknown_direction(_: &str) -> FieldFault {
    FieldFault::new("unknown_direction", one_of(<CallDirection as strum::IntoEnumIterator>::iter()))
}

fn unknown_state(_: &str) -> FieldFault {
    FieldFault::new("unknown_state", one_of(<CallState as strum::IntoEnumIterator>::iter()))
}

fn unknown_outcome(_: &str) -> FieldFault {
    FieldFault::new("unknown_outcome", one_of(<CallOutcome as strum::IntoEnumIterator>::iter()))
}

impl CallDirection {
    /// The spelling in JSON and in the database: `inbound`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The spelling on pages: `Inbound`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Inbound => "Inbound",
            Self::Outbound => "Outbound",
            Self::Internal => "Internal",
        }
    }
}

impl CallState {
    /// The spelling in JSON and in the database: `ringing`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The spelling on pages: `Ringing`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Requested => "Requested",
            Self::Dialing => "Dialing",
            Self::Ringing => "Ringing",
            Self::Answered => "In Progress",
            Self::Ended => "Ended",
        }
    }
}

impl CallOutcome {
    /// The spelling in JSON and in the database: `no_answer`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The spelling on pages: `No Answer`.
    pub fn label(self) -> &'static str {
        match self {
            Self::InProgress => "In Progress",
            Self::Answered => "Answered",
            Self::NoAnswer => "No Answer",
            Self::Rejected => "Rejected",
            Self::Canceled => "Canceled",
            Self::Failed => "Failed",
            Self::Unknown => "Unknown",
        }
    }

    /// The outcome of a call that ended with this final SIP status.
    pub fn of_sip_status(status: SipStatus) -> Self {
        match status.code() {
            200..=299 => Self::Answered,
            408 | 480 => Self::NoAnswer,
            486 | 600 | 603 | 607 | 608 => Self::Rejected,
            487 => Self::Canceled,
            _ => Self::Failed,
        }
    }
}

impl Call {
    /// Moves the call on, never back. False: it has come as far already.
    pub fn advance(&mut self, state: CallState, at: Timestamp) -> bool {
        match state {
            CallState::Ringing => self.ringing_at = self.ringing_at.or(Some(at)),
            CallState::Answered if self.is_open() => self.answered_at = self.answered_at.or(Some(at)),
            _ => {}
        }
        let moved = self.state < state && state != CallState::Ended;
        if moved {
            self.state = state;
        }
        moved
    }

    /// Whether the call has not ended.
    pub fn is_open(&self) -> bool {
        self.state != CallState::Ended
    }

    /// Whether LiveKit has reported the call.
    pub fn is_reported(&self) -> bool {
        self.livekit.call_id.is_some() || self.livekit.participant_id.is_some()
    }

    /// How long both sides could talk, in milliseconds; None where the call was not answered or its times are not known.
    pub fn talk_millis(&self) -> Option<i64> {
        Some((self.ended_at?.millis() - self.answered_at?.millis()).max(0))
    }
}
