use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use domain::livekit::ReplayStep;

/// `GET /api/v1/calls/why`: LiveKit's matching of a call, on the state that the rows ask for and on the one that LiveKit has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CallReplay {
    /// The source address.
    pub source: String,
    /// User part of the From header, as LiveKit compares it.
    pub from_user: String,
    /// Host of the From header; the source address where none was given.
    pub from_host: String,
    /// User part of the To header, as LiveKit compares it.
    pub to_user: String,
    /// On the desired state.
    pub desired: ReplayView,
    /// On the observed state; null where LiveKit did not list its trunks and rules.
    pub observed: Option<ReplayView>,
    /// Why LiveKit did not list them.
    pub observed_error: Option<String>,
}

/// The replay on one state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReplayView {
    /// The steps, in order, up to the one that rejects the call.
    pub steps: Vec<ReplayStep>,
    /// What the caller gets.
    pub answer: String,
    /// Whether the call reaches a room.
    pub accepted: bool,
}
