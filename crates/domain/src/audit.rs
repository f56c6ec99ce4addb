//! Who changed what.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use strum::{EnumIter, EnumString, IntoEnumIterator, IntoStaticStr};

use crate::{
    AccountId, ActorId, AllowEntryId, ApiKeyId, BanId, BotId, CallLimitId, CarrierId, DeviceId, DidId, DidTargetId,
    EdgeSettingsId, EdgeUserId, EventId, ExtensionId, FleetServerId, IntegrationId, NumberPurchaseId, OutboundRouteId,
    RingGroupId, ScheduleId, SipDomainId, Timestamp, UserId,
    field::{FieldFault, one_of},
};

/// One change, written in the transaction that made it.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEvent {
    /// Id of the row.
    pub id: EventId,
    /// The account of the changed row.
    pub account_id: AccountId,
    /// None: the system, by the server's command line.
    pub actor: Option<ActorId>,
    /// The actor's name at that time: an e-mail address, an API key's name and prefix, or `command line`.
    pub actor_name: String,
    /// What happened.
    pub action: AuditAction,
    /// Id of the changed row. Its prefix names the noun.
    pub subject_id: String,
    /// The changed row's name at that time.
    pub subject_name: String,
    /// The row before the change, as JSON without secrets; None for a new row.
    pub before: Option<Value>,
    /// The row after the change; None for a deleted row.
    pub after: Option<Value>,
    /// When the change was made.
    pub at: Timestamp,
}

impl AuditEvent {
    /// Id of the row to whose history the event belongs: the carrier of a row that has one, else the row itself.
    pub fn history_id(&self) -> &str {
        let rows = [&self.after, &self.before].into_iter().flatten();
        rows.filter_map(|row| row.get("carrier_id")?.as_str()).next().unwrap_or(&self.subject_id)
    }
}

/// What happened to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumIter, EnumString, IntoStaticStr)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", parse_err_ty = FieldFault, parse_err_fn = unknown_action)]
pub enum AuditAction {
    /// The row was inserted.
    Created,
    /// The row was changed.
    Updated,
    /// The row was deleted.
    Deleted,
    /// A user logged in.
    LoggedIn,
    /// A user logged out.
    LoggedOut,
    /// A user's password was replaced.
    PasswordChanged,
    /// A one-time link to set a password was created.
    LinkCreated,
    /// All sessions of a user were ended.
    SessionsEnded,
}

fn unknown_action(_: &str) -> FieldFault {
    FieldFault::new("unknown_action", one_of(AuditAction::iter()))
}

impl AuditAction {
    /// The spelling in JSON, in the database and in queries: `logged_in`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The spelling on pages: `Logged in`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Created => "Created",
            Self::Updated => "Changed",
            Self::Deleted => "Deleted",
            Self::LoggedIn => "Logged in",
            Self::LoggedOut => "Logged out",
            Self::PasswordChanged => "New password",
            Self::LinkCreated => "Link created",
            Self::SessionsEnded => "Signed out everywhere",
        }
    }
}

/// The noun of an event's subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumIter, IntoStaticStr)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AuditKind {
    /// A carrier.
    Carrier,
    /// A DID.
    Did,
    /// A bot.
    Bot,
    /// A user.
    User,
    /// An API key.
    ApiKey,
    /// The connection to a provider.
    Integration,
    /// A fleet server.
    FleetServer,
    /// The purchase of a phone number.
    NumberPurchase,
    /// A SIP domain.
    SipDomain,
    /// An edge user.
    EdgeUser,
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
    CallLimit,
    /// A ban of the edge.
    Ban,
    /// An entry of the edge's allowlist.
    AllowEntry,
    /// The settings of the edge.
    EdgeSettings,
    /// Any other subject, such as an adopted trunk of LiveKit.
    Other,
}

impl AuditKind {
    /// The spelling in JSON and in queries: `carrier`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The kinds by which a filter selects: all but [`Self::Other`].
    pub fn filters() -> impl Iterator<Item = Self> {
        Self::iter().filter(|kind| *kind != Self::Other)
    }

    /// The spelling on pages: `Carrier`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Carrier => "Carrier",
            Self::Did => "Number",
            Self::Bot => "Bot",
            Self::User => "User",
            Self::ApiKey => "API Key",
            Self::Integration => "Integration",
            Self::FleetServer => "Fleet Server",
            Self::NumberPurchase => "Number Purchase",
            Self::SipDomain => "SIP Domain",
            Self::EdgeUser => "Edge User",
            Self::Device => "Device",
            Self::Extension => "Extension",
            Self::DidTarget => "Number Target",
            Self::RingGroup => "Ring Group",
            Self::Schedule => "Schedule",
            Self::OutboundRoute => "Outbound Route",
            Self::CallLimit => "Call Limit",
            Self::Ban => "Ban",
            Self::AllowEntry => "Allowlist Entry",
            Self::EdgeSettings => "Edge Settings",
            Self::Other => "Other",
        }
    }

    /// The prefix of the ids of these rows; empty for [`Self::Other`].
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Carrier => CarrierId::PREFIX,
            Self::Did => DidId::PREFIX,
            Self::Bot => BotId::PREFIX,
            Self::User => UserId::PREFIX,
            Self::ApiKey => ApiKeyId::PREFIX,
            Self::Integration => IntegrationId::PREFIX,
            Self::FleetServer => FleetServerId::PREFIX,
            Self::NumberPurchase => NumberPurchaseId::PREFIX,
            Self::SipDomain => SipDomainId::PREFIX,
            Self::EdgeUser => EdgeUserId::PREFIX,
            Self::Device => DeviceId::PREFIX,
            Self::Extension => ExtensionId::PREFIX,
            Self::DidTarget => DidTargetId::PREFIX,
            Self::RingGroup => RingGroupId::PREFIX,
            Self::Schedule => ScheduleId::PREFIX,
            Self::OutboundRoute => OutboundRouteId::PREFIX,
            Self::CallLimit => CallLimitId::PREFIX,
            Self::Ban => BanId::PREFIX,
            Self::AllowEntry => AllowEntryId::PREFIX,
            Self::EdgeSettings => EdgeSettingsId::PREFIX,
            Self::Other => "",
        }
    }

    /// The kind of the row with this id.
    pub fn of(subject_id: &str) -> Self {
        Self::filters().find(|kind| subject_id.starts_with(kind.prefix())).unwrap_or(Self::Other)
    }
}
