//! What differs between the desired and the observed state, and the steps that remove the difference.

use serde::{Deserialize, Serialize};

use super::ObjectKind;
use crate::BotId;

/// One of the carrier's objects, field by field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ObjectDrift {
    pub kind: ObjectKind,
    pub state: DriftState,
    /// LiveKit's id; null where the object is missing.
    pub id: Option<String>,
    pub name: String,
    /// The bot that answers its calls; null for outbound trunks.
    pub bot_id: Option<BotId>,
    pub fields: Vec<FieldDrift>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DriftState {
    InSync,
    /// Desired, and not in LiveKit.
    Missing,
    /// In LiveKit with other values.
    Drifted,
    /// In LiveKit with the carrier's owner tag, and not desired.
    Extra,
}

/// One field of an object. A single value is a list of one, an empty value a list of none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldDrift {
    /// As in LiveKit's API, save for `unmanaged_settings`: all that Trunkline never writes.
    pub name: String,
    pub differs: bool,
    /// Null where the object should not be there.
    pub desired: Option<Vec<String>>,
    /// Null where it is not there.
    pub observed: Option<Vec<String>>,
}

/// One planned call to LiveKit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StepView {
    pub action: StepAction,
    pub kind: ObjectKind,
    /// Null for what is only created.
    pub id: Option<String>,
    pub name: String,
    /// For people, a whole sentence.
    pub text: String,
    /// Why this step is not executed: another trunk has the number. The other steps are.
    pub blocked: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StepAction {
    Create,
    /// In place: the id stays, and calls go on.
    Replace,
    Delete,
}
