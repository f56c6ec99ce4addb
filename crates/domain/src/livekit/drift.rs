//! What differs between the desired and the observed state, and the steps that remove the difference.

use serde::{Deserialize, Serialize};

use super::ObjectKind;
use crate::BotId;

/// One of the carrier's objects, field by field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ObjectDrift {
    /// Which of the three kinds.
    pub kind: ObjectKind,
    /// How the object differs.
    pub state: DriftState,
    /// LiveKit's id; null where the object is missing.
    pub id: Option<String>,
    /// The object's name in LiveKit.
    pub name: String,
    /// The bot that answers its calls; null for outbound trunks.
    pub bot_id: Option<BotId>,
    /// All fields, those that do not differ too.
    pub fields: Vec<FieldDrift>,
}

/// How an object in LiveKit differs from the desired one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DriftState {
    /// All fields are equal.
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
    /// The name in LiveKit's API, except `unmanaged_settings`: all settings that Trunkline never writes.
    pub name: String,
    /// Whether the two sides differ.
    pub differs: bool,
    /// Null where the object is not desired.
    pub desired: Option<Vec<String>>,
    /// Null where the object is missing.
    pub observed: Option<Vec<String>>,
}

/// One planned call to LiveKit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StepView {
    /// What the step does.
    pub action: StepAction,
    /// The kind of object.
    pub kind: ObjectKind,
    /// LiveKit's id; null for an object that is created.
    pub id: Option<String>,
    /// The object's name.
    pub name: String,
    /// A sentence for people.
    pub text: String,
    /// Why this step is not executed: another trunk has the number. The other steps are.
    pub blocked: Option<String>,
}

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StepAction {
    /// Creates an object.
    Create,
    /// Replaces an object in place: its id stays, and calls continue.
    Replace,
    /// Deletes an object.
    Delete,
}
