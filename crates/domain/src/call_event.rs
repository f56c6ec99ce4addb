//! What happened in a call.

use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoStaticStr};

use crate::{CallId, EventId, Timestamp};

/// One entry of a call's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallEvent {
    /// Id of the row; orders events of the same time.
    pub id: EventId,
    /// The call.
    pub call_id: CallId,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub kind: CallEventKind,
    /// More about it, such as the agent's identity or the error; may be empty.
    pub detail: String,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, EnumString, IntoStaticStr)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", parse_err_ty = String, parse_err_fn = unknown)]
pub enum CallEventKind {
    /// A client asked for the call.
    Requested,
    /// The fleet accepted the request to dial.
    Accepted,
    /// The fleet refused the request to dial.
    Refused,
    /// The fleet's answer to the request to dial was lost.
    AnswerLost,
    /// The SIP participant joined the room.
    Joined,
    /// The phone rings, or the inbound call waits for its agent.
    Ringing,
    /// The call was answered.
    Answered,
    /// An agent joined the room.
    AgentJoined,
    /// An agent left the room.
    AgentLeft,
    /// The call was handed over to the fleet.
    HandedOver,
    /// The fleet did not accept the hand-over.
    HandoverFailed,
    /// The SIP participant left before its audio was connected.
    Aborted,
    /// The SIP participant left the room.
    Ended,
    /// The room was closed.
    RoomFinished,
    /// Trunkline closed the call, since its end was not reported.
    Closed,
}

fn unknown(text: &str) -> String {
    format!("no kind of call event: {text}")
}

impl CallEventKind {
    /// The spelling in JSON and in the database: `agent_joined`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The spelling on pages: `Agent Joined`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Requested => "Call Requested",
            Self::Accepted => "Accepted by the Fleet",
            Self::Refused => "Refused by the Fleet",
            Self::AnswerLost => "Fleet's Answer Lost",
            Self::Joined => "Joined the Room",
            Self::Ringing => "Ringing",
            Self::Answered => "Answered",
            Self::AgentJoined => "Agent Joined",
            Self::AgentLeft => "Agent Left",
            Self::HandedOver => "Handed Over to the Fleet",
            Self::HandoverFailed => "Hand-over Failed",
            Self::Aborted => "Connection Aborted",
            Self::Ended => "Ended",
            Self::RoomFinished => "Room Closed",
            Self::Closed => "Closed by Trunkline",
        }
    }
}
