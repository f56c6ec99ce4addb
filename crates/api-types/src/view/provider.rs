use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use domain::{InboundAuth, Transport};

/// An entry of `GET /api/v1/providers`: what a provider publishes, as defaults of the carrier form. A blank text or an
/// empty list means that it is not published, or could not be confirmed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ProviderView {
    /// `twilio`; also in the query of the carrier form.
    pub id: String,
    /// The provider's name.
    pub name: String,
    /// A pattern such as `your-trunk.pstn.twilio.com`.
    pub sip_address: String,
    /// The part of the pattern that differs by customer: `your-trunk`. Blank where the address is complete.
    pub replace: String,
    /// What replaces this part, as the end of the sentence "Replace it with …".
    pub replace_with: String,
    /// The transport of the address.
    pub transport: Transport,
    /// How the provider's calls are authenticated.
    pub inbound_auth: InboundAuth,
    /// Further advice, one or two sentences.
    pub note: String,
    /// Whether Trunkline has an integration with the provider's API, `/api/v1/integrations/{id}`.
    pub integration: bool,
    /// URL of the page that publishes address and transport.
    pub source: String,
    /// The day on which the source was read: `2026-11-22`.
    pub retrieved_on: String,
    /// The sources of the provider's calls.
    pub signalling: Signalling,
}

/// The published source addresses of SIP messages.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Signalling {
    /// The addresses and ranges.
    pub ranges: Vec<SignallingRange>,
    /// URL of the page that publishes them.
    pub source: String,
    /// The day on which the source was read.
    pub retrieved_on: String,
}

/// One published range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SignallingRange {
    /// An IP address or a CIDR range.
    pub range: String,
    /// The provider's name of the region.
    pub region: String,
}
