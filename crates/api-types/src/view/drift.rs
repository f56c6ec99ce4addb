use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use domain::{
    BotId, CarrierId, SyncStatus, Timestamp,
    livekit::{ObjectDrift, ObjectKind, StepView},
};

/// `GET /api/v1/carriers/{id}/drift`: what LiveKit should hold of a carrier, what it holds, and what a sync would do.
/// No password is in it: one that is set shows as [`domain::MASK`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DriftView {
    pub carrier_id: CarrierId,
    pub carrier_name: String,
    pub lk_sync_status: SyncStatus,
    pub lk_sync_error: Option<String>,
    /// When LiveKit was read.
    pub observed_at: Timestamp,
    pub objects: Vec<ObjectDrift>,
    /// What a sync does, in order; empty where LiveKit is in step.
    pub steps: Vec<StepView>,
    /// Names this state and these steps; `POST …/drift/apply` wants it back.
    pub fingerprint: String,
    /// Made by hand, with this carrier's numbers or address, or with nobody's.
    pub unmanaged: Vec<UnmanagedView>,
    /// So many more were made by hand and may be this carrier's or nobody's: there are too many to look all of them up, or
    /// to show them.
    pub unmanaged_left_out: usize,
    /// What carries the owner_tag of carriers that are not there, whichever carrier was asked for.
    pub orphans: Vec<OrphanGroup>,
}

/// A trunk or a rule without Trunkline's owner_tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnmanagedView {
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
    pub unmanaged_settings: bool,
    /// The carriers that have one of its numbers, or its address.
    pub candidates: Vec<Candidate>,
    /// False: there may be more candidates than those.
    pub candidates_complete: bool,
    /// What it has to do with Trunkline's carriers, for people.
    pub note: String,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct Candidate {
    pub carrier_id: CarrierId,
    pub carrier_name: String,
}

/// `GET /api/v1/livekit/orphans`: what LiveKit holds that belongs to no carrier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrphansView {
    pub observed_at: Timestamp,
    /// With Trunkline's owner_tag, by the carrier that the owner_tag names.
    pub groups: Vec<OrphanGroup>,
    /// Without it.
    pub unmanaged: Vec<UnmanagedView>,
    /// So many more there are without it.
    pub unmanaged_left_out: usize,
}

/// All that carries the owner_tag of one carrier which is not there.
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
    pub trunk: UnmanagedView,
    pub bot_id: Option<BotId>,
    pub numbers: Vec<AdoptNumber>,
    /// Where the trunk and the carrier disagree, and whose value counts afterwards.
    pub settings: Vec<AdoptSetting>,
    /// The rules that name the trunk.
    pub rules: Vec<AdoptRule>,
    /// What calls feel of it, for people; empty where they go on undisturbed.
    pub notes: Vec<String>,
    /// What the sync does to LiveKit once the owner_tag is on the trunk.
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
