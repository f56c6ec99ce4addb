use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use domain::{InboundAuth, Transport};

/// What a SIP provider publishes about itself, as `GET /api/v1/providers` answers it: where a carrier form starts from.
/// Blank texts and empty lists stand for what it does not publish, or what could not be confirmed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ProviderView {
    /// `twilio`; also in the address of a form that starts from it.
    pub id: String,
    pub name: String,
    /// A pattern such as `your-trunk.pstn.twilio.com`.
    pub sip_address: String,
    /// The part of the pattern that is everybody's own: `your-trunk`. Blank where the address is whole.
    pub replace: String,
    /// What goes there, as the end of "Replace it with …".
    pub replace_with: String,
    pub transport: Transport,
    pub inbound_auth: InboundAuth,
    /// What else to know, in a sentence or two.
    pub note: String,
    /// Whether Trunkline has an integration with the provider's API, `/api/v1/integrations/{id}`.
    pub integration: bool,
    /// Where address and transport were read, and the day (`2026-11-22`).
    pub source: String,
    pub seen: String,
    /// Where calls from it come from.
    pub signalling: Signalling,
}

/// Published addresses that SIP messages come from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Signalling {
    pub ranges: Vec<SignallingRange>,
    /// Where they were read, and the day.
    pub source: String,
    pub seen: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SignallingRange {
    pub range: String,
    pub region: String,
}
