//! How the fields of an input are posted by a form without JavaScript.

use super::{
    AccountDidBulkInput, AdoptInput, ApiKeyInput, ApplyInput, BotInput, CallSettingsInput, CarrierInput, DidBulkInput,
    DidInput, EdgeObjectInput, ExotelImportInput, ExotelInput, FleetServerInput, InvitationInput,
    NumberIntegrationInput, NumberPurchaseInput, NumberRegisterInput, PasswordInput, PasswordLinkInput, UserInput,
};
use crate::view::{LoginInput, SetupInput};

/// What a posted form (`application/x-www-form-urlencoded`) has to know of its fields. A field of a nested object has a name
/// with a dot: `sip_header_config.enabled`.
pub trait FormFields {
    /// Fields that may occur several times, each with one entry. Of other fields, the last value counts.
    const LISTS: &'static [&'static str] = &[];
    /// Fields that are never sent back to the browser.
    const SECRETS: &'static [&'static str] = &[];
}

/// A form that has a button alone.
impl FormFields for () {}

impl FormFields for ApiKeyInput {
    const LISTS: &'static [&'static str] = &["allowed_addresses"];
}

impl FormFields for BotInput {
    const LISTS: &'static [&'static str] =
        &["sip_header_config.allowed_headers", "sip_header_config.transfer_passthrough_headers"];
}

impl FormFields for CallSettingsInput {}

impl FormFields for CarrierInput {
    const LISTS: &'static [&'static str] = &["allowed_addresses"];
    const SECRETS: &'static [&'static str] = &["auth_password"];
}

impl FormFields for DidInput {}

impl FormFields for DidBulkInput {
    const LISTS: &'static [&'static str] = &["ids"];
}

impl FormFields for AccountDidBulkInput {
    const LISTS: &'static [&'static str] = &["ids"];
}

impl FormFields for ApplyInput {}

impl FormFields for AdoptInput {
    const LISTS: &'static [&'static str] = &["take"];
}

impl FormFields for EdgeObjectInput {
    const LISTS: &'static [&'static str] = &["carrier_ids", "members"];
    const SECRETS: &'static [&'static str] = &["password"];
}

impl FormFields for FleetServerInput {}

impl FormFields for ExotelInput {
    const SECRETS: &'static [&'static str] = &["api_key", "api_token"];
}

impl FormFields for NumberIntegrationInput {
    const SECRETS: &'static [&'static str] = &["secret", "sip_password"];
}

impl FormFields for ExotelImportInput {
    const LISTS: &'static [&'static str] = &["numbers"];
}

impl FormFields for NumberPurchaseInput {}

impl FormFields for NumberRegisterInput {
    const SECRETS: &'static [&'static str] = &["auth_password"];
}

impl FormFields for LoginInput {
    const SECRETS: &'static [&'static str] = &["password"];
}

impl FormFields for SetupInput {
    const SECRETS: &'static [&'static str] = &["token", "password"];
}

impl FormFields for InvitationInput {}

impl FormFields for UserInput {}

impl FormFields for PasswordInput {
    const SECRETS: &'static [&'static str] = &["current_password", "new_password"];
}

impl FormFields for PasswordLinkInput {
    const SECRETS: &'static [&'static str] = &["token", "password"];
}
