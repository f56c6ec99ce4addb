//! Responses of `/api/v1` and contents of pages: the nouns as JSON, with secrets masked.

mod api_key;
mod audit;
mod bot;
mod call;
mod call_replay;
mod carrier;
mod change;
mod config;
mod did;
mod drift;
mod edge;
mod edge_auth;
mod edge_call;
mod edge_object;
mod edge_route;
mod edge_security;
mod exotel;
mod fleet_server;
mod lookup;
mod number;
mod number_integration;
mod number_purchase;
mod overview;
mod provider;
mod session;
mod trunk;
mod user;

pub use api_key::{ActorView, ApiKeyActor, ApiKeyCreated, ApiKeyPage, ApiKeyView, Me};
pub use audit::{AuditActor, AuditItem, AuditPage, AuditSubject};
pub use bot::{BotPage, BotView};
pub use call::{CallDetail, CallEventView, CallFilters, CallPage, CallSettings, CallView};
pub use call_replay::{CallReplay, ReplayView};
pub use carrier::{CarrierPage, CarrierQuery, CarrierView};
pub use change::{Change, ChangeKind, ChangedNoun};
pub use config::ConfigView;
pub use did::{AccountDidPage, AccountDidRow, DidBulkResult, DidPage, DidRow, DidSkipped, DidView, SkipReason};
pub use drift::{
    AdoptNumber, AdoptRule, AdoptSetting, AdoptView, Candidate, DriftView, OrphanGroup, OrphanOrigin, OrphansView,
    UnmanagedView,
};
pub use edge::{EdgePage, EdgeQuery, EdgeView};
pub use edge_auth::{DigestChallenge, EdgeAuthRefusal, EdgeAuthView, EdgeChallengeView};
pub use edge_call::{
    CacResetView, CacView, ChannelCounterView, ContactView, OpenCallView, PresenceView, RegistrationPage,
    RegistrationView, TraceStepView, TraceView, WindowCounterView,
};
pub use edge_object::{EdgeChoices, EdgeObjectForm, EdgeObjectPage, EdgeObjectRow};
pub use edge_route::{EdgeRouteCarrier, EdgeRoutePreview, EdgeRouteRule, EdgeRouteView, EdgeRtjson};
pub use edge_security::{AllowList, AllowView, BanList, BanReportView, BanView};
pub use exotel::{
    ExotelImported, ExotelNumber, ExotelNumbers, ExotelSummary, ExotelView, ImportOutcome, ImportedNumber,
};
pub use fleet_server::{FleetOverview, FleetSample, FleetServerStatus, FleetServerView, FleetSettings, FleetStatus};
pub use lookup::{DidLookup, OutboundTrunkLookup, RateLimit};
pub use number::{NumberList, NumberView};
pub use number_integration::{
    AvailableNumberView, IntegrationList, IntegrationOverview, IntegrationSummary, NumberIntegrationView,
    NumberSearchView,
};
pub use number_purchase::{
    NumberPurchasePage, NumberPurchaseView, PurchaseErrorView, PurchaseStepStatus, PurchaseStepView,
};
pub use overview::{AttentionGroup, AttentionRow, LiveKitState, Overview, SetupState};
pub use provider::{ProviderView, Signalling, SignallingRange};
pub use session::{SessionPage, SessionView};
pub use trunk::{Envelope, TrunkCreated, TrunkDetails, TrunkFailure, TrunkView};
pub use user::{Login, LoginInput, PasswordLinkView, SetupInput, UserAccess, UserDetail, UserLink, UserPage, UserView};
