use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use domain::{
    BotId, CarrierId, SyncStatus, Timestamp,
    livekit::{ObjectDrift, ObjectKind, StepView},
};

/// `GET /api/v1/carriers/{id}/drift`: the desired and the observed state of a carrier, and the steps of a sync.
/// A password is shown as [`domain::MASK`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DriftView {
    /// The carrier.
    pub carrier_id: CarrierId,
    /// The carrier's name.
    pub carrier_name: String,
    /// The result of the last sync.
    pub lk_sync_status: SyncStatus,
    /// Why the last sync failed.
    pub lk_sync_error: Option<String>,
    /// When LiveKit was read.
    pub observed_at: Timestamp,
    /// The carrier's objects, field by field.
    pub objects: Vec<ObjectDrift>,
    /// The steps of a sync, in order; empty where LiveKit is in sync.
    pub steps: Vec<StepView>,
    /// Identifies this state and these steps, for `POST …/drift/apply`.
    pub fingerprint: String,
    /// Unmanaged objects with numbers or the address of this carrier, or of no carrier.
    pub unmanaged: Vec<UnmanagedView>,
    /// The number of further unmanaged objects that may belong to this carrier or to none. Too many to search for
    /// candidates, or to list.
    pub unmanaged_left_out: usize,
    /// Objects with the owner tag of carriers that do not exist; the same for every carrier.
    pub orphans: Vec<OrphanGroup>,
}

/// A trunk or a dispatch rule without Trunkline's owner tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnmanagedView {
    /// Which of the three kinds.
    pub kind: ObjectKind,
    /// LiveKit's id.
    pub id: String,
    /// The name in LiveKit.
    pub name: String,
    /// The numbers of a trunk, or those to which a rule is limited.
    pub numbers: Vec<String>,
    /// The SIP address of an outbound trunk.
    pub address: Option<String>,
    /// The allowlist of an inbound trunk.
    pub allowed_addresses: Vec<String>,
    /// The trunk's username.
    pub auth_username: Option<String>,
    /// The trunks of a rule.
    pub trunk_ids: Vec<String>,
    /// The agent that a rule dispatches.
    pub agent_name: Option<String>,
    /// Whether it has settings that Trunkline never writes.
    pub unmanaged_settings: bool,
    /// The carriers that have one of its numbers, or its address.
    pub candidates: Vec<Candidate>,
    /// False: there may be further candidates.
    pub candidates_complete: bool,
    /// How it relates to Trunkline's carriers, for people.
    pub note: String,
}

/// A carrier to which an unmanaged object may belong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct Candidate {
    /// The carrier.
    pub carrier_id: CarrierId,
    /// The carrier's name.
    pub carrier_name: String,
}

/// `GET /api/v1/livekit/orphans`: the objects in LiveKit that belong to no carrier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrphansView {
    /// When LiveKit was read.
    pub observed_at: Timestamp,
    /// Objects with an owner tag, by the carrier that it names.
    pub groups: Vec<OrphanGroup>,
    /// Objects without an owner tag.
    pub unmanaged: Vec<UnmanagedView>,
    /// The number of further objects without an owner tag.
    pub unmanaged_left_out: usize,
}

/// The objects with the owner tag of one carrier that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrphanGroup {
    /// The carrier that the owner tag names.
    pub carrier_id: CarrierId,
    /// Why the carrier does not exist.
    pub origin: OrphanOrigin,
    /// The carrier's last name, where the audit log has it.
    pub carrier_name: Option<String>,
    /// The objects.
    pub objects: Vec<ObjectDrift>,
    /// The steps that delete the objects.
    pub steps: Vec<StepView>,
    /// Identifies these objects, for `POST /api/v1/livekit/orphans/remove`.
    pub fingerprint: String,
}

/// Why the carrier of an owner tag does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrphanOrigin {
    /// The carrier was deleted, and the removal of its objects is due.
    Removing,
    /// The carrier was deleted; its objects were created again, or were never removed.
    Deleted,
    /// The database never had the carrier: another installation may share the LiveKit project.
    Unknown,
}

/// `POST /api/v1/carriers/{id}/drift/adopt`: what happens to an adopted trunk and its dispatch rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AdoptView {
    /// False: this is the dry run, and nothing has changed.
    pub adopted: bool,
    /// The trunk.
    pub trunk: UnmanagedView,
    /// The bot that answers the numbers of an inbound trunk.
    pub bot_id: Option<BotId>,
    /// The trunk's numbers.
    pub numbers: Vec<AdoptNumber>,
    /// The settings in which trunk and carrier differ, and whose value is used.
    pub settings: Vec<AdoptSetting>,
    /// The rules that name the trunk.
    pub rules: Vec<AdoptRule>,
    /// Effects on calls, for people; empty where there are none.
    pub notes: Vec<String>,
    /// The steps of the sync after the trunk has the owner tag.
    pub steps: Vec<StepView>,
    /// Identifies this dry run, for the adoption itself.
    pub fingerprint: String,
}

/// One number of an adopted trunk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AdoptNumber {
    /// The number as the trunk has it.
    pub number: String,
    /// True: it becomes a DID of the carrier. False: it is one already.
    pub added: bool,
    /// What happens to it, for people.
    pub text: String,
}

/// A setting in which an adopted trunk and the carrier differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AdoptSetting {
    /// The name in `take`.
    pub name: String,
    /// The carrier's value.
    pub carrier: Vec<String>,
    /// The trunk's value.
    pub trunk: Vec<String>,
    /// True: the carrier gets the trunk's value. False: the trunk gets the carrier's.
    pub taken: bool,
}

/// A dispatch rule of an adopted trunk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AdoptRule {
    /// LiveKit's id, `SDR_…`.
    pub id: String,
    /// The name in LiveKit.
    pub name: String,
    /// The agent that the rule dispatches.
    pub agent_name: String,
    /// True: it becomes the bot's rule. False: it stays as it is.
    pub adopted: bool,
    /// What happens to it, for people.
    pub text: String,
}
