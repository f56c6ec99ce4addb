use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use domain::{
    Country, MASK, NumberCapability, NumberIntegration, NumberProviderKind, NumberProviderSettings, NumberRequirement,
    NumberType, Timestamp,
};

/// `GET /api/v1/integrations`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IntegrationList {
    /// LiveKit, Exotel, Twilio and Vonage.
    pub items: Vec<IntegrationSummary>,
}

/// What the page of the integrations shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntegrationOverview {
    /// LiveKit, Exotel, Twilio and Vonage.
    pub items: Vec<IntegrationSummary>,
    /// The settings of Twilio and Vonage.
    pub numbers: Vec<NumberIntegrationView>,
}

/// A provider's API, and whether it is connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IntegrationSummary {
    /// `livekit`, `exotel`, `twilio` or `vonage`.
    pub provider: String,
    /// The provider's name.
    pub name: String,
    /// Whether there are credentials. The last check says whether they are accepted.
    pub connected: bool,
    /// The account's name at the provider.
    pub account: Option<String>,
    /// When the credentials were first saved; null for LiveKit, which is configured at the server.
    pub connected_since: Option<Timestamp>,
    /// When the provider was last called with these credentials; null before the first call.
    pub last_checked_at: Option<Timestamp>,
    /// Why that call failed, and the remedy; null where it succeeded.
    pub last_check_error: Option<String>,
}

/// `GET /api/v1/integrations/{provider}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NumberIntegrationView {
    /// The provider.
    pub provider: NumberProviderKind,
    /// Whether there are credentials.
    pub connected: bool,
    /// Twilio's account SID, or Vonage's API key.
    pub account: Option<String>,
    /// Twilio: the SID of the API key.
    pub key_sid: Option<String>,
    /// [`domain::MASK`], or null where there is no integration.
    pub secret: Option<String>,
    /// Vonage: the domain of the SIP trunk for outbound calls.
    pub sip_domain: Option<String>,
    /// Vonage: the trunk's digest user.
    pub sip_username: Option<String>,
    /// [`domain::MASK`], or null where there is none.
    pub sip_password: Option<String>,
    /// Where LiveKit sends outbound calls; null until the first number is bought.
    pub trunk_address: Option<String>,
    /// When the provider was last called with these credentials; null before the first call.
    pub last_checked_at: Option<Timestamp>,
    /// Why that call failed, and the remedy; null where it succeeded.
    pub last_check_error: Option<String>,
    /// When the integration was created.
    pub created_at: Option<Timestamp>,
    /// When the settings were changed last.
    pub updated_at: Option<Timestamp>,
    /// Increases with each change of the settings; 0 where there is no integration.
    pub version: i64,
}

impl NumberIntegrationView {
    /// The view of a provider that is not connected.
    pub fn unconnected(provider: NumberProviderKind) -> Self {
        Self {
            provider,
            connected: false,
            account: None,
            key_sid: None,
            secret: None,
            sip_domain: None,
            sip_username: None,
            sip_password: None,
            trunk_address: None,
            last_checked_at: None,
            last_check_error: None,
            created_at: None,
            updated_at: None,
            version: 0,
        }
    }

    /// For the list.
    pub fn summary(&self) -> IntegrationSummary {
        IntegrationSummary {
            provider: self.provider.as_str().to_owned(),
            name: self.provider.name().to_owned(),
            connected: self.connected,
            account: self.account.clone(),
            connected_since: self.created_at,
            last_checked_at: self.last_checked_at,
            last_check_error: self.last_check_error.clone(),
        }
    }
}

/// With masks in place of the secrets.
impl From<&NumberIntegration> for NumberIntegrationView {
    fn from(integration: &NumberIntegration) -> Self {
        let (key_sid, sip_domain, sip) = match &integration.settings {
            NumberProviderSettings::Twilio(settings) => {
                (settings.key_sid.as_ref().map(ToString::to_string), None, None)
            }
            NumberProviderSettings::Vonage(settings) => {
                (None, Some(settings.sip_domain.to_string()), settings.sip_credentials.as_ref())
            }
        };
        let check = integration.check.as_ref();
        Self {
            provider: integration.settings.kind(),
            connected: true,
            account: Some(integration.settings.account().to_owned()),
            key_sid,
            secret: Some(MASK.to_owned()),
            sip_domain,
            sip_username: sip.map(|sip| sip.username.to_string()),
            sip_password: sip.map(|_| MASK.to_owned()),
            trunk_address: integration.trunk.as_ref().map(|trunk| trunk.outbound_address.to_string()),
            last_checked_at: check.map(|check| check.at),
            last_check_error: check.and_then(|check| check.error.clone()),
            created_at: Some(integration.created_at),
            updated_at: Some(integration.updated_at),
            version: integration.version,
        }
    }
}

/// `GET /sip/search-numbers`: what a provider has for sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NumberSearchView {
    /// The provider that was asked.
    pub provider: NumberProviderKind,
    /// The country of the numbers.
    #[schema(value_type = String)]
    pub country_code: Country,
    /// The numbers; empty where the provider has none like these.
    pub numbers: Vec<AvailableNumberView>,
    /// False: the provider has more numbers than are read.
    pub complete: bool,
}

/// A number that is for sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AvailableNumberView {
    /// In E.164 form.
    pub phone_number: String,
    /// For readers, in the international format.
    pub formatted: String,
    /// The type; null for one that the provider does not document.
    #[serde(rename = "type")]
    pub number_type: Option<NumberType>,
    /// The number's country.
    #[schema(value_type = String)]
    pub country_code: Country,
    /// Town and region, where the provider names them.
    pub locality: Option<String>,
    /// The monthly price as a decimal number; null where the provider does not say.
    pub price: Option<String>,
    /// The price's currency (ISO 4217).
    pub currency: Option<String>,
    /// What the number can do.
    pub capabilities: Vec<NumberCapability>,
    /// What the provider demands before it sells the number; empty where it demands nothing.
    pub requirements: Vec<NumberRequirement>,
    /// Whether it is a number of one of this account's carriers already.
    pub owned: bool,
}
