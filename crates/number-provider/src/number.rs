//! Searches, numbers and the connection to LiveKit.

use domain::{
    AreaCode, Country, E164, NumberCapability, NumberPattern, NumberProviderKind, NumberRequirement, NumberType,
    SipAddress, SipCredentials,
};

/// What to search for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberSearch {
    /// The country of the numbers.
    pub country: Country,
    /// US and CA only.
    pub area_code: Option<AreaCode>,
    /// What the number contains.
    pub pattern: Option<NumberPattern>,
    /// None: every type that the country offers.
    pub number_type: Option<NumberType>,
}

/// The numbers that a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AvailableNumbers {
    /// In the provider's order, by type; each number once.
    pub numbers: Vec<AvailableNumber>,
    /// False where the provider has more than are read.
    pub complete: bool,
}

/// A number that is for sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AvailableNumber {
    /// The number.
    pub phone_number: E164,
    /// None for a type that the provider does not document.
    pub number_type: Option<NumberType>,
    /// The country.
    pub country: Country,
    /// Town and region, as the provider names them.
    pub locality: Option<String>,
    /// What it costs each month; None where the provider does not say.
    pub price: Option<Price>,
    /// In the order voice, SMS, MMS, fax.
    pub capabilities: Vec<NumberCapability>,
    /// What the provider demands from the buyer.
    pub requirements: Vec<NumberRequirement>,
}

/// A monthly price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// A decimal number as the provider writes it: `1.15`.
    pub amount: String,
    /// ISO 4217: `USD`.
    pub currency: String,
}

/// The number to buy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purchase {
    /// The number.
    pub phone_number: E164,
    /// Its country, as in the search.
    pub country: Country,
    /// The number's name at the provider, where it keeps one; at most 64 characters.
    pub friendly_name: String,
}

/// A number of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedNumber {
    /// The provider's id of the number: Twilio's `PN…`; at Vonage the number itself.
    pub reference: String,
    /// The number.
    pub phone_number: E164,
    /// The country; None where the provider does not say. Vonage needs it to release the number.
    pub country: Option<Country>,
    /// Where the provider sends the number's calls: Twilio's `TK…` of the trunk, or a SIP address. None where no trunk and no
    /// SIP address is set.
    pub attached_to: Option<String>,
}

/// What [`connect`](crate::NumberProvider::connect) prepares.
#[derive(Clone, Debug)]
pub struct ConnectionRequest {
    /// Distinguishes this installation at the provider: lower-case letters and digits, at most 32.
    pub name: String,
    /// LiveKit's SIP endpoint, to which the provider sends calls.
    pub livekit_sip_host: SipAddress,
    /// What LiveKit authenticates outbound calls with. The caller stores them before the call, so that a repetition has the
    /// same. Twilio: at most 32 characters, and a password of at least 12 with a digit, an upper-case and a lower-case
    /// letter.
    pub credentials: SipCredentials,
}

/// An account that is prepared for calls from and to LiveKit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// The provider.
    pub provider: NumberProviderKind,
    /// Twilio's `TK…` of the trunk, or the SIP address to which Vonage forwards.
    pub reference: String,
    /// Where LiveKit sends outbound calls: the SIP address of the carrier.
    pub outbound_address: SipAddress,
    /// The credentials of the carrier; None where the provider identifies LiveKit by its address.
    pub credentials: Option<SipCredentials>,
}
