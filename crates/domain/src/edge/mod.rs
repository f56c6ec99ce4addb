//! The SIP edge: what its routing reads. Each noun is a struct of settings and its input; what they have in common is here.

mod allow_entry;
pub mod ban;
pub mod binding;
pub mod cac;
mod call;
mod contact_header;
mod device;
pub mod dialog;
mod did_target;
pub mod digest;
mod edge_user;
mod extension;
mod field;
mod limit;
mod outbound_route;
mod ring_group;
#[cfg(all(feature = "numbering-plans", feature = "time-zones"))]
pub mod route;
mod schedule;
mod schedule_text;
mod settings;
mod sip_domain;
mod sip_uri;
mod target;
mod trace;

use std::{fmt, str::FromStr};

use serde::{Serialize, de::DeserializeOwned};
use strum::{EnumIter, EnumString, IntoEnumIterator, IntoStaticStr};
use ulid::Ulid;

pub use self::{
    allow_entry::{AllowEntryInput, AllowEntrySettings, AllowReason},
    call::{CallStart, EdgeCall, EdgeEnd, HangupCause},
    contact_header::ContactHeader,
    device::{AuthUsername, DeviceHa1, DeviceInput, DeviceSettings, DeviceTransport, Realm, check_device_password},
    did_target::{DidTargetInput, DidTargetSettings},
    edge_user::{EdgeUserInput, EdgeUserSettings, RingStrategy, Username},
    extension::{Digits, ExtensionInput, ExtensionSettings},
    field::{Bounded, Control, Field, FieldInfo, Fields, Rules},
    limit::{LimitDirection, LimitInput, LimitScope, LimitSettings, ScopeId, ScopeKind},
    outbound_route::{DialPrefix, OutboundRouteInput, OutboundRouteSettings, PrependDigits},
    ring_group::{RingGroupInput, RingGroupMember, RingGroupSettings, RingGroupStrategy},
    schedule::{
        LocalDate, LocalDateTime, RuleDays, ScheduleInput, ScheduleRule, ScheduleSettings, ScheduleState, TimeOfDay,
    },
    settings::{DEFAULT_RING_TIMEOUT, EdgeSettings, EdgeSettingsInput, Language, VoiceGender},
    sip_domain::{DomainName, SipDomainInput, SipDomainSettings},
    sip_uri::SipUri,
    target::{CallerName, CallerNumber, ConferenceRoom, DialNumber, Target},
    trace::{MAX_CALL_ID, TraceSource, TraceStep},
};
use crate::{
    AccountId, Action, AllowEntryId, CallLimitId, DeviceId, DidTargetId, EdgeSettingsId, EdgeUserId, ExtensionId,
    FieldErrors, IdError, OutboundRouteId, RingGroupId, ScheduleId, Secret, SipDomainId, Timestamp,
};

field::texts! {
    /// The name of an object of the edge.
    EdgeName: "a name", max 100, example "Office",
    |_| true, "bad_name", "Enter another name.";
}

field::choices! {
    /// Whether an object is in use.
    Status (unknown_status) {
        /// In use.
        Active = "active",
        /// Calls do not use it, and a device may not register.
        Disabled = "disabled",
    }
}

/// The nouns of the edge. The text is the one in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum EdgeKind {
    /// A SIP domain.
    Domain,
    /// An edge user.
    User,
    /// A device.
    Device,
    /// An extension.
    Extension,
    /// A DID's target.
    DidTarget,
    /// A ring group.
    RingGroup,
    /// A schedule.
    Schedule,
    /// An outbound route.
    OutboundRoute,
    /// A call limit.
    Limit,
    /// An entry of the security allowlist.
    Allow,
    /// The settings of the account's edge.
    Settings,
}

impl EdgeKind {
    /// The text in the database: `ring_group`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Its segment in addresses: `ring-groups`.
    pub fn path(self) -> &'static str {
        match self {
            Self::Domain => "domains",
            Self::User => "users",
            Self::Device => "devices",
            Self::Extension => "extensions",
            Self::DidTarget => "did-targets",
            Self::RingGroup => "ring-groups",
            Self::Schedule => "schedules",
            Self::OutboundRoute => "outbound-routes",
            Self::Limit => "limits",
            Self::Allow => "allow",
            Self::Settings => "settings",
        }
    }

    /// The kind with this segment in addresses.
    pub fn of_path(path: &str) -> Option<Self> {
        Self::iter().find(|kind| kind.path() == path)
    }

    /// The kind of the object with this id.
    pub fn of_id(id: &str) -> Option<Self> {
        Self::iter().find(|kind| id.starts_with(kind.id_prefix()))
    }

    fn id_prefix(self) -> &'static str {
        match self {
            Self::Domain => SipDomainId::PREFIX,
            Self::User => EdgeUserId::PREFIX,
            Self::Device => DeviceId::PREFIX,
            Self::Extension => ExtensionId::PREFIX,
            Self::DidTarget => DidTargetId::PREFIX,
            Self::RingGroup => RingGroupId::PREFIX,
            Self::Schedule => ScheduleId::PREFIX,
            Self::OutboundRoute => OutboundRouteId::PREFIX,
            Self::Limit => CallLimitId::PREFIX,
            Self::Allow => AllowEntryId::PREFIX,
            Self::Settings => EdgeSettingsId::PREFIX,
        }
    }

    /// What is needed to change its objects.
    pub fn manage(self) -> Action {
        match self {
            Self::Allow => AllowEntrySettings::MANAGE,
            Self::Settings => EdgeSettings::MANAGE,
            _ => Action::ManageEdge,
        }
    }

    /// The fields of its objects, for forms.
    pub fn fields(self) -> Vec<FieldInfo> {
        match self {
            Self::Domain => SipDomainSettings::fields(),
            Self::User => EdgeUserSettings::fields(),
            Self::Device => DeviceSettings::fields(),
            Self::Extension => ExtensionSettings::fields(),
            Self::DidTarget => DidTargetSettings::fields(),
            Self::RingGroup => RingGroupSettings::fields(),
            Self::Schedule => ScheduleSettings::fields(),
            Self::OutboundRoute => OutboundRouteSettings::fields(),
            Self::Limit => LimitSettings::fields(),
            Self::Allow => AllowEntrySettings::fields(),
            Self::Settings => EdgeSettings::fields(),
        }
    }

    /// In sentences: `ring group`.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Domain => "SIP domain",
            Self::User => "edge user",
            Self::Device => "device",
            Self::Extension => "extension",
            Self::DidTarget => "DID target",
            Self::RingGroup => "ring group",
            Self::Schedule => "schedule",
            Self::OutboundRoute => "outbound route",
            Self::Limit => "call limit",
            Self::Allow => "allowlist entry",
            Self::Settings => "edge settings",
        }
    }
}

/// An id of the edge's nouns.
pub trait EdgeId:
    Clone
    + PartialEq
    + fmt::Debug
    + fmt::Display
    + FromStr<Err = IdError>
    + Serialize
    + DeserializeOwned
    + Send
    + Sync
    + 'static
{
    /// The id with this ULID.
    fn from_ulid(ulid: Ulid) -> Self;
}

macro_rules! edge_ids {
    ($($id:ident)+) => {$(
        impl EdgeId for $id {
            fn from_ulid(ulid: Ulid) -> Self {
                Self::new(ulid)
            }
        }
    )+};
}

edge_ids! {
    AllowEntryId CallLimitId DeviceId DidTargetId EdgeSettingsId EdgeUserId ExtensionId OutboundRouteId RingGroupId ScheduleId
    SipDomainId
}

/// A key that no other object of the kind has in the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UniqueKey {
    /// The field that is refused where another object has the key.
    pub field: &'static str,
    /// The key.
    pub key: String,
    /// The refusal, which says what to do.
    pub message: String,
}

/// A row that a field names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The field.
    pub field: &'static str,
    /// The id; its prefix tells the noun.
    pub id: String,
}

/// The input of a noun.
pub trait EdgeInput: Clone + fmt::Debug + DeserializeOwned + Send + Sync + 'static {
    /// What is parsed from it.
    type Settings;

    /// The settings; absent fields keep the value that they have in `current`.
    ///
    /// # Errors
    /// All faults.
    fn parse(&self, current: Option<&Self::Settings>) -> Result<Self::Settings, FieldErrors>;

    /// The version that the client has read; None where it sent none.
    ///
    /// # Errors
    /// `bad_version`.
    fn version(&self) -> Result<Option<i64>, FieldErrors>;

    /// The password; None where the noun has none, or where it is absent.
    fn password(&self) -> Option<&Secret> {
        None
    }
}

/// The settings of a noun of the edge.
pub trait EdgeNoun:
    Clone + fmt::Debug + Fields + PartialEq + Rules + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// Its id.
    type Id: EdgeId;
    /// Its input.
    type Input: EdgeInput<Settings = Self>;
    /// Which noun it is.
    const KIND: EdgeKind;
    /// What it needs to be changed.
    const MANAGE: Action = Action::ManageEdge;

    /// What the object is called in lists, in the audit log and in refusals.
    fn name(&self) -> String;

    /// What no other object has.
    fn unique_keys(&self) -> Vec<UniqueKey> {
        Vec::new()
    }

    /// What the digests of its password are bound to; None where it has no password.
    fn digest_identity(&self) -> Option<(&AuthUsername, &Realm)> {
        None
    }

    /// The rows that it names, which must exist.
    fn references(&self) -> Vec<Reference> {
        Vec::new()
    }
}

/// An object of the edge.
#[derive(Clone, Debug, PartialEq)]
pub struct EdgeObject<S: EdgeNoun> {
    /// Id of the row.
    pub id: S::Id,
    /// The account of the row.
    pub account_id: AccountId,
    /// The operator's settings.
    pub settings: S,
    /// When the object was created.
    pub created_at: Timestamp,
    /// When the settings were changed last.
    pub updated_at: Timestamp,
    /// Increases with each change of the settings.
    pub version: i64,
}

/// The references that are there.
fn references<const N: usize>(references: [Option<Reference>; N]) -> Vec<Reference> {
    references.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests;
