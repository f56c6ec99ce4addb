use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{BotId, CarrierId, SyncStatus, Timestamp, livekit::ObjectKind};

/// `GET /api/v1/carriers/{id}/drift`: what LiveKit should hold of a carrier, what it holds, and what a sync would do.
/// No password is in it: one that is set shows as [`crate::MASK`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DriftView {
    pub carrier_id: CarrierId,
    pub carrier_name: String,
    pub lk_sync_status: SyncStatus,
    pub lk_sync_error: Option<String>,
    /// When LiveKit was read.
    pub looked_at: Timestamp,
    pub objects: Vec<ObjectDrift>,
    /// What a sync does, in order; empty where LiveKit is in step.
    pub steps: Vec<StepView>,
    /// Names this state and these steps; `POST …/drift/apply` wants it back.
    pub fingerprint: String,
    /// Made by hand, with this carrier's numbers or address, or with nobody's.
    pub by_hand: Vec<ByHandView>,
    /// So many more were made by hand and may be this carrier's or nobody's: there are too many to look all of them up, or
    /// to show them.
    pub by_hand_left_out: usize,
    /// What carries the mark of carriers that are not there, whichever carrier was asked for.
    pub orphans: Vec<OrphanGroup>,
}

/// One of the carrier's objects, field by field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DriftState {
    InStep,
    /// LiveKit should have it, and has not.
    Missing,
    /// LiveKit has it with other values.
    Differs,
    /// LiveKit has it, with the carrier's mark, and should not.
    Extra,
}

/// Lists as such; a single value is a list of one, an empty one a list of none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldDrift {
    /// As in LiveKit's API, save for `other_settings`: all that Trunkline never writes.
    pub name: String,
    pub differs: bool,
    /// Null where the object should not be there.
    pub desired: Option<Vec<String>>,
    /// Null where it is not there.
    pub actual: Option<Vec<String>>,
}

/// One call to LiveKit, as it will be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepAction {
    Create,
    /// In place: the id stays, and calls go on.
    Replace,
    Delete,
}

/// A trunk or a rule without Trunkline's mark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ByHandView {
    pub kind: ObjectKind,
    pub id: String,
    pub name: String,
    /// Of a trunk: its numbers; of a rule: those that it is limited to.
    pub numbers: Vec<String>,
    /// Of an outbound trunk.
    pub address: Option<String>,
    pub allowed_addresses: Vec<String>,
    pub auth_username: Option<String>,
    /// Of a rule: the trunks that it answers.
    pub trunk_ids: Vec<String>,
    pub agent_name: Option<String>,
    /// It has settings that Trunkline never writes.
    pub other_settings: bool,
    /// The carriers that have one of its numbers, or its address.
    pub holders: Vec<Holder>,
    /// False: there may be more holders than those.
    pub looked_up: bool,
    /// What it has to do with Trunkline's carriers, for people.
    pub note: String,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct Holder {
    pub carrier_id: CarrierId,
    pub carrier_name: String,
}

/// `GET /api/v1/livekit/orphans`: what LiveKit holds that belongs to no carrier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrphansView {
    pub looked_at: Timestamp,
    /// With Trunkline's mark, by the carrier that the mark names.
    pub groups: Vec<OrphanGroup>,
    /// Without it.
    pub by_hand: Vec<ByHandView>,
    /// So many more there are without it.
    pub by_hand_left_out: usize,
}

/// All that carries the mark of one carrier which is not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrphanGroup {
    pub carrier_id: CarrierId,
    pub origin: OrphanOrigin,
    /// What the carrier was called, where that is known.
    pub carrier_name: Option<String>,
    pub objects: Vec<ObjectDrift>,
    pub steps: Vec<StepView>,
    /// Names exactly these objects; `POST /api/v1/livekit/orphans/remove` wants it back.
    pub fingerprint: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrphanOrigin {
    /// The carrier was deleted here, and its removal is on its way.
    Removing,
    /// The carrier was deleted here; its objects came back, or were never let go of.
    Deleted,
    /// No carrier of that id was ever known here: another Trunkline may share the LiveKit project.
    Unknown,
}

/// `POST /api/v1/carriers/{id}/drift/adopt`: what becomes of a trunk that is taken over, and of what hangs on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AdoptView {
    /// False: this was the dry run, and nothing has changed.
    pub adopted: bool,
    pub trunk: ByHandView,
    pub bot_id: Option<BotId>,
    pub numbers: Vec<AdoptNumber>,
    /// Where the trunk and the carrier disagree, and whose value counts afterwards.
    pub settings: Vec<AdoptSetting>,
    /// The rules that name the trunk.
    pub rules: Vec<AdoptRule>,
    /// What calls feel of it, for people; empty where they go on undisturbed.
    pub notes: Vec<String>,
    /// What the sync does to LiveKit once the mark is on the trunk.
    pub steps: Vec<StepView>,
    /// Names all of this; adopting for real wants it back.
    pub fingerprint: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AdoptNumber {
    pub number: String,
    /// It becomes one of the carrier's numbers; otherwise it is one already.
    pub added: bool,
    /// For people.
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AdoptSetting {
    /// The name for `take`, and the carrier's field.
    pub name: String,
    pub carrier: Vec<String>,
    pub trunk: Vec<String>,
    /// The trunk's value goes into the carrier; otherwise the carrier's own goes into LiveKit.
    pub taken: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AdoptRule {
    pub id: String,
    pub name: String,
    pub agent_name: String,
    /// It becomes the bot's rule; otherwise it stays as it is.
    pub adopted: bool,
    /// For people.
    pub text: String,
}
