//! Trunkline's nouns, parsers and rules.
//!
//! Everything here is pure: no clock, no random source, no I/O. The server and the browser share it, so that both refuse
//! the same input with the same message. Text is parsed into a type once, at the boundary (crate `api-types`), and is not
//! checked again.

#![deny(missing_docs)]

mod account_did_filter;
mod action;
mod active_hours;
mod api_key;
mod attention;
mod audit;
mod audit_diff;
mod audit_filter;
mod bot;
mod call;
mod call_end;
mod call_event;
mod call_filter;
mod carrier;
mod carrier_provider;
mod carrier_sort;
mod connected_event;
mod country;
mod did;
mod did_bulk;
mod did_filter;
mod did_sort;
mod direction;
pub mod edge;
mod email;
#[cfg(feature = "numbering-plans")]
mod emergency_number;
mod exotel;
pub mod field;
mod fleet_pool;
mod fleet_report;
mod fleet_server;
mod id;
mod inbound_auth;
mod ip_range;
pub mod livekit;
mod name;
mod number_integration;
mod number_provider;
mod number_purchase;
#[cfg(feature = "openapi")]
mod openapi;
mod pacing;
mod password;
mod phone_number;
mod rate;
mod role;
mod runtime_config;
pub mod secret;
mod session;
mod sip_address;
mod sip_credentials;
mod sip_header;
mod sip_header_config;
mod sip_header_name;
mod sip_status;
mod source_policy;
mod sync_status;
pub mod text;
mod time_zone;
mod timestamp;
mod transport;
mod user;

pub use account_did_filter::{AccountDidFilter, DidState};
pub use action::Action;
pub use active_hours::ActiveHours;
pub use api_key::{ApiKey, ApiKeyExpiry, ApiKeyRefusal, ApiKeySettings, ApiKeyStatus};
pub use attention::Attention;
pub use audit::{AuditAction, AuditEvent, AuditKind};
pub use audit_diff::{AuditChange, audit_changes, is_secret_field};
pub use audit_filter::{ActorFilter, AuditFilter};
pub use bot::{AgentName, AnsweredBy, Bot, BotMetadata, BotSettings};
pub use call::{Call, CallDirection, CallOutcome, CallParty, CallState, Handover, LiveKitCall, NamedId};
pub use call_end::{CallEnd, LastCallStatus};
pub use call_event::{CallEvent, CallEventKind};
pub use call_filter::CallFilter;
pub use carrier::{Carrier, CarrierSettings, SyncState};
pub use carrier_provider::CarrierProvider;
pub use carrier_sort::CarrierSort;
pub use connected_event::ConnectedEvent;
pub use country::Country;
pub use did::{Did, DidSettings};
pub use did_bulk::{DidAction, DidBulk, DidScope};
pub use did_filter::{BotFilter, DidFilter};
pub use did_sort::DidSort;
pub use direction::Direction;
pub use email::Email;
#[cfg(feature = "numbering-plans")]
pub use emergency_number::is_emergency_number;
pub use exotel::{Exotel, ExotelAccountSid, ExotelCheck, ExotelKey, ExotelSettings, ExotelSubdomain};
pub use field::{FieldError, FieldErrors, FieldFault};
pub use fleet_pool::{FleetPool, PollStart};
pub use fleet_report::{FleetHealth, FleetReport};
pub use fleet_server::{FleetServer, FleetServerSettings, FleetUrl};
pub use id::{
    AccountId, ActorId, AllowEntryId, ApiKeyId, BanId, BotId, CallId, CallLimitId, CarrierId, DeviceId, DidId,
    DidTargetId, EdgeSettingsId, EdgeUserId, EventId, ExtensionId, FleetServerId, FlowId, IdError, IntegrationId,
    NumberPurchaseId, OutboundRouteId, QueueId, RingGroupId, ScheduleId, SessionId, SipDomainId, UserId, VoicemailId,
};
pub use inbound_auth::InboundAuth;
pub use ip_range::IpRange;
pub use name::{ApiKeyName, BotName, CarrierName, FleetServerName, Label};
pub use number_integration::{
    IntegrationCheck, NumberIntegration, NumberProviderSettings, ProviderSecret, ProviderTrunk, TwilioSettings,
    TwilioSid, VonageKey, VonageSettings,
};
pub use number_provider::{
    AreaCode, E164, NumberCapability, NumberPattern, NumberProviderKind, NumberRequirement, NumberType,
};
pub use number_purchase::{AfterCheck, BuyAnswer, NumberPurchase, PurchaseFault, PurchaseState, Requester};
pub use pacing::{PacingLimit, TokenBucket};
pub use password::Password;
pub use phone_number::PhoneNumber;
pub use rate::{Burst, Channels, Cps};
pub use role::Role;
pub use runtime_config::RuntimeConfig;
pub use secret::{MASK, Secret};
pub use session::Session;
pub use sip_address::{SipAddress, SipHost};
pub use sip_credentials::{SipCredentials, SipPassword, SipUsername};
pub use sip_header::{
    SipContext, filter_header_lines, filter_sip_headers, normalize_header_key, variable_name_for_header,
};
pub use sip_header_config::{
    DEFAULT_INBOUND_HEADERS_TO_ATTRIBUTES, HeaderValueLength, SipHeaderConfig, SipHeaderNames,
};
pub use sip_header_name::{HEADER_ATTRIBUTE_PREFIX, SipHeaderName};
pub use sip_status::SipStatus;
pub use source_policy::SourcePolicy;
pub use sync_status::SyncStatus;
pub use time_zone::{LocalTime, TimeZone};
pub use timestamp::Timestamp;
pub use transport::Transport;
pub use user::{User, UserState};

/// The variants of an enumeration: `Transport::iter()`.
pub use strum::IntoEnumIterator;
