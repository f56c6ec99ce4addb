//! Inputs of JSON bodies and forms, and their parsers.
//!
//! Every field may be text, a number, a flag or null, because JSON clients and HTML forms send the same values
//! differently. In an update, an absent field (`None`) stays as it is; null or a blank text clears it.

mod account_did;
mod addresses;
mod api_key;
mod audit;
mod bot;
mod call;
mod call_replay;
mod carrier;
mod config;
mod dialout;
mod did;
mod did_bulk;
mod did_query;
mod drift;
mod edge_auth;
mod edge_object;
mod edge_presence;
mod edge_route;
mod edge_security;
mod exotel;
mod fleet_server;
mod form_fields;
mod lookup;
mod number;
mod number_integration;
mod number_purchase;
mod search;
mod text;
mod trunk;
mod user;

pub use account_did::{AccountDidBulk, AccountDidBulkInput, AccountDidQuery, AccountDidScope};
pub use api_key::ApiKeyInput;
pub use audit::AuditQuery;
pub use bot::{BotInput, SipHeaderConfigInput};
pub use call::{CallQuery, CallSettingsInput};
pub use call_replay::CallReplayQuery;
pub use carrier::CarrierInput;
pub use config::{ConfigInput, ConfigQuery, ConfigRequest};
pub use dialout::{Dialout, DialoutInput};
pub use did::DidInput;
pub use did_bulk::DidBulkInput;
pub use did_query::DidQuery;
pub use drift::{AdoptInput, Adoption, ApplyInput};
pub use edge_auth::EdgeAuthInput;
pub use edge_object::EdgeObjectInput;
pub use edge_presence::{CacResetInput, EdgeNumber, PresenceEvent};
pub use edge_route::{EdgeCaller, EdgeRouteInput, EdgeRoutePreviewQuery, EdgeRouteRequest};
pub use edge_security::{AllowInput, BanQuery, ParsedBanQuery, ReportInput, ReportInputBan, ReportTime, ReportedBan};
pub use exotel::{ExotelImport, ExotelImportInput, ExotelInput};
pub use fleet_server::{FleetEntry, FleetInput, FleetServerInput};
pub use form_fields::FormFields;
pub use lookup::{DidLookupQuery, OutboundTrunkQuery};
pub use number::{
    MapAgentInput, NumberDeleteQuery, NumberQuery, NumberRegisterInput, NumberRegistration, NumberUpdateInput,
};
pub use number_integration::{NumberIntegrationInput, NumberSearchQuery, ParsedNumberSearch};
pub use number_purchase::{NumberOrder, NumberPurchaseInput, NumberPurchaseQuery};
pub use search::search;
pub use text::{JsonText, Text, TextList};
pub use trunk::{NewTrunk, TrunkInput, TrunkType};
pub use user::{InvitationInput, PasswordInput, PasswordLinkInput, UserInput};

use domain::field::FieldFault;

/// The `version` that the client has read; None where it sent none.
pub(crate) fn version(text: Option<&Text>) -> Result<Option<i64>, FieldFault> {
    let Some(text) = text.map(|text| text.0.trim()).filter(|text| !text.is_empty()) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| {
        FieldFault::new(
            "bad_version",
            "version is the whole number that you read with the row; leave it out to save over anything.",
        )
    })
}
