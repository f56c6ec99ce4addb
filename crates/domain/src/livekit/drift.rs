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
    /// Whose calls it takes; null for outbound trunks.
    pub bot_id: Option<BotId>,
    pub fields: Vec<FieldDrift>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DriftState {
    InSync,
    /// LiveKit should have it, and has not.
    Missing,
    /// LiveKit has it with other values.
    Drifted,
    /// LiveKit has it, with the carrier's owner_tag, and should not.
    Extra,
}

/// Lists as such; a single value is a list of one, an empty one a list of none.
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

/// One call to LiveKit, as it will be made.
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
    /// Why the sync stops here: this step is not taken, nor are those after it.
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
