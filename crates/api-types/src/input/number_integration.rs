use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Text, text::present, version};
use domain::{
    AreaCode, Country, FieldErrors, FieldFault, MASK, NumberPattern, NumberProviderKind, NumberProviderSettings,
    NumberType, ProviderSecret, Secret, SipCredentials, SipPassword, TwilioSettings, TwilioSid, VonageKey,
    VonageSettings, secret,
};

/// The body of `PUT /api/v1/integrations/{provider}`, and the credentials form. What the body leaves out stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct NumberIntegrationInput {
    /// Twilio's account SID (`AC…`), or Vonage's API key.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub account: Option<Text>,
    /// Twilio: the SID of an API key (`SK…`); blank where the secret is the auth token.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub key_sid: Option<Text>,
    /// Twilio's auth token or the API key's secret, or Vonage's API secret. Absent, blank or [`MASK`]: it stays as it is.
    #[serde(serialize_with = "secret::expose_option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Password, default = json!(null))]
    pub secret: Option<Secret>,
    /// Vonage: the domain of the SIP trunk that its dashboard created, for outbound calls.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub sip_domain: Option<Text>,
    /// Vonage: the trunk's digest user; blank where it identifies LiveKit by its address.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub sip_username: Option<Text>,
    /// Its password. Absent, blank or [`MASK`]: it stays as it is.
    #[serde(serialize_with = "secret::expose_option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Password, default = json!(null))]
    pub sip_password: Option<Secret>,
    /// The version that the client has read; 0 where there was no integration.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub version: Option<Text>,
}

impl NumberIntegrationInput {
    /// The new settings. `current` are those before an update, None for a new integration.
    ///
    /// # Errors
    /// All faults.
    pub fn parse(
        &self,
        provider: NumberProviderKind,
        current: Option<&NumberProviderSettings>,
    ) -> Result<NumberProviderSettings, FieldErrors> {
        match (provider, current) {
            (NumberProviderKind::Twilio, Some(NumberProviderSettings::Twilio(now))) => self.twilio(Some(now)),
            (NumberProviderKind::Twilio, _) => self.twilio(None),
            (NumberProviderKind::Vonage, Some(NumberProviderSettings::Vonage(now))) => self.vonage(Some(now)),
            (NumberProviderKind::Vonage, _) => self.vonage(None),
        }
    }

    fn twilio(&self, current: Option<&TwilioSettings>) -> Result<NumberProviderSettings, FieldErrors> {
        let mut errors = FieldErrors::default();
        let account_sid = match (&self.account, current) {
            (None, Some(now)) => Some(now.account_sid.clone()),
            (text, _) => errors.record("account", TwilioSid::parse(raw(text), "AC", "the account SID")),
        };
        let key_sid = match (raw(&self.key_sid).trim(), &self.key_sid, current) {
            (_, None, Some(now)) => Some(now.key_sid.clone()),
            ("", ..) => Some(None),
            (text, ..) => errors.record("key_sid", TwilioSid::parse(text, "SK", "the API key SID").map(Some)),
        };
        let what = "the auth token, or the API key's secret, as Twilio's console shows it";
        let secret = match (typed(&self.secret), current) {
            (None, Some(now)) => Some(now.secret.clone()),
            (given, _) => errors.record("secret", ProviderSecret::new(&given.cloned().unwrap_or_default(), what)),
        };
        match (account_sid, key_sid, secret) {
            (Some(account_sid), Some(key_sid), Some(secret)) => {
                Ok(NumberProviderSettings::Twilio(TwilioSettings { account_sid, key_sid, secret }))
            }
            _ => Err(errors),
        }
    }

    fn vonage(&self, current: Option<&VonageSettings>) -> Result<NumberProviderSettings, FieldErrors> {
        let mut errors = FieldErrors::default();
        let api_key = match (&self.account, current) {
            (None, Some(now)) => Some(now.api_key.clone()),
            (text, _) => errors.record("account", VonageKey::parse(raw(text))),
        };
        let api_secret = match (typed(&self.secret), current) {
            (None, Some(now)) => Some(now.api_secret.clone()),
            (given, _) => {
                let what = "the API secret, as Vonage's API settings show it";
                errors.record("secret", ProviderSecret::new(&given.cloned().unwrap_or_default(), what))
            }
        };
        let sip_domain = match (&self.sip_domain, current) {
            (None, Some(now)) => Some(now.sip_domain.clone()),
            (text, _) if raw(text).trim().is_empty() => {
                let message = "Enter the domain of your SIP trunk, as Vonage's dashboard shows it, such as acme.sip-us.vonage.com.";
                errors.record("sip_domain", Err(FieldFault::required(message)))
            }
            (text, _) => errors.record("sip_domain", raw(text).parse()),
        };
        let now = current.and_then(|now| now.sip_credentials.as_ref());
        let sip_credentials = match (raw(&self.sip_username).trim(), &self.sip_username, now) {
            (_, None, now) => Some(now.cloned()),
            ("", ..) => Some(None),
            (username, _, now) => {
                let username = errors.record("sip_username", username.parse());
                let password = match (typed(&self.sip_password), now) {
                    (None, Some(now)) => Some(now.password.clone()),
                    (given, _) => errors.record("sip_password", SipPassword::new(given.cloned().unwrap_or_default())),
                };
                username.zip(password).map(|(username, password)| Some(SipCredentials { username, password }))
            }
        };
        match (api_key, api_secret, sip_domain, sip_credentials) {
            (Some(api_key), Some(api_secret), Some(sip_domain), Some(sip_credentials)) => {
                let settings = VonageSettings { api_key, api_secret, sip_domain, sip_credentials };
                Ok(NumberProviderSettings::Vonage(settings))
            }
            _ => Err(errors),
        }
    }

    /// The version that the client has read; None where it sent none.
    pub fn version(&self) -> Result<Option<i64>, FieldErrors> {
        version(self.version.as_ref()).map_err(|fault| FieldErrors::one("version", fault))
    }
}

fn raw(text: &Option<Text>) -> &str {
    text.as_ref().map_or("", |text| text.0.as_str())
}

fn typed(secret: &Option<Secret>) -> Option<&Secret> {
    secret.as_ref().filter(|typed| !typed.expose().trim().is_empty() && typed.expose() != MASK)
}

/// The query of `GET /sip/search-numbers`, and the search form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct NumberSearchQuery {
    /// Two letters (ISO 3166-1 alpha-2).
    #[param(value_type = String, required, example = "US")]
    pub country_code: Text,
    /// Three digits, US and CA only.
    #[param(value_type = String, required = false, example = "650")]
    pub area_code: Text,
    /// `twilio` or `vonage`.
    #[param(value_type = NumberProviderKind, required, example = "twilio")]
    pub provider: Text,
    /// What the number contains: digits, `+` in front (starts with), `$` behind (ends with); Twilio has letters and the
    /// wildcards `*` and `%`, too.
    #[param(value_type = String, required = false)]
    pub pattern: Text,
    /// All types of the country where absent.
    #[param(value_type = NumberType, required = false)]
    pub number_type: Text,
}

/// A parsed [`NumberSearchQuery`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsedNumberSearch {
    /// Where to search.
    pub provider: NumberProviderKind,
    /// The country of the numbers.
    pub country: Country,
    /// The area code, in US and CA.
    pub area_code: Option<AreaCode>,
    /// What the number contains.
    pub pattern: Option<NumberPattern>,
    /// None: all types.
    pub number_type: Option<NumberType>,
}

impl NumberSearchQuery {
    /// Whether nothing was entered: the form's page without a search.
    pub fn is_blank(&self) -> bool {
        self.provider.is_blank() && self.country_code.is_blank()
    }

    /// Parses all fields by the rules of the provider.
    ///
    /// # Errors
    /// All faults.
    pub fn parse(&self) -> Result<ParsedNumberSearch, FieldErrors> {
        let mut errors = FieldErrors::default();
        let provider = match self.provider.is_blank() {
            true => Err(FieldFault::required("Choose the provider: twilio or vonage.")),
            false => self.provider.0.trim().parse(),
        };
        let provider: Option<NumberProviderKind> = errors.record("provider", provider);
        let country = match self.country_code.is_blank() {
            true => Err(FieldFault::required("Choose the country of the number by its two letters, such as US.")),
            false => self.country_code.0.parse(),
        };
        let country: Option<Country> = errors.record("country_code", country);
        let area_code = match (self.area_code.is_blank(), country) {
            (false, Some(country)) => errors.record("area_code", AreaCode::parse(&self.area_code.0, country)),
            _ => None,
        };
        let pattern = match (self.pattern.is_blank(), provider) {
            (false, Some(provider)) => errors.record("pattern", NumberPattern::parse(&self.pattern.0, provider)),
            _ => None,
        };
        if provider == Some(NumberProviderKind::Vonage) && area_code.is_some() && pattern.is_some() {
            let message = "Vonage searches by area code or by pattern: leave one of them blank.";
            errors.add("pattern", FieldFault::new("area_code_and_pattern", message));
        }
        let number_type = match self.number_type.is_blank() {
            true => None,
            false => errors.record("number_type", self.number_type.0.trim().parse::<NumberType>()),
        };
        if let (Some(provider), Some(number_type)) = (provider, number_type)
            && !number_type.is_offered_by(provider)
        {
            let message =
                format!("{} has no numbers of this type: choose local, mobile or toll_free.", provider.name());
            errors.add("number_type", FieldFault::new("unknown_type", message));
        }
        match (provider, country) {
            (Some(provider), Some(country)) if errors.is_empty() => {
                Ok(ParsedNumberSearch { provider, country, area_code, pattern, number_type })
            }
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const HEX: &str = "0123456789abcdef0123456789abcdef";

    fn input(body: Value) -> NumberIntegrationInput {
        serde_json::from_value(body).unwrap()
    }

    fn fields(errors: &FieldErrors) -> Vec<&str> {
        errors.iter().map(|error| error.field.as_str()).collect()
    }

    #[test]
    fn blank_and_masked_secrets_stay_as_they_are() {
        let twilio = NumberProviderKind::Twilio;
        let now = input(json!({"account": format!("AC{HEX}"), "secret": "t0ken"})).parse(twilio, None).unwrap();
        for secret in [json!(null), json!(" "), json!("********")] {
            assert_eq!(input(json!({ "secret": secret })).parse(twilio, Some(&now)).unwrap(), now);
        }
        let changed = input(json!({"key_sid": format!("SK{HEX}"), "secret": "new"})).parse(twilio, Some(&now)).unwrap();
        let NumberProviderSettings::Twilio(settings) = changed else { panic!("of Twilio") };
        assert_eq!((settings.user(), settings.secret.expose()), (format!("SK{HEX}").as_str(), "new"));
    }

    #[test]
    fn new_integrations_require_their_fields() {
        let refused = input(json!({"key_sid": "x"})).parse(NumberProviderKind::Twilio, None).unwrap_err();
        assert_eq!(fields(&refused), ["account", "key_sid", "secret"]);
        let refused = input(json!({"sip_username": "u"})).parse(NumberProviderKind::Vonage, None).unwrap_err();
        assert_eq!(fields(&refused), ["account", "secret", "sip_domain", "sip_password"]);
    }

    #[test]
    fn search_follows_the_providers_rules() {
        let parse = |query: Value| serde_json::from_value::<NumberSearchQuery>(query).unwrap().parse();
        assert!(parse(json!({"country_code": "us", "area_code": 650, "provider": "twilio"})).is_ok());
        for (query, field) in [
            (json!({"country_code": "US"}), "provider"),
            (json!({"provider": "exotel", "country_code": "US"}), "provider"),
            (json!({"provider": "twilio"}), "country_code"),
            (json!({"provider": "twilio", "country_code": "GB", "area_code": "20"}), "area_code"),
            (json!({"provider": "twilio", "country_code": "US", "pattern": "5**5"}), "pattern"),
            (json!({"provider": "vonage", "country_code": "US", "pattern": "5*5"}), "pattern"),
            (json!({"provider": "vonage", "country_code": "US", "area_code": "212", "pattern": "55"}), "pattern"),
            (json!({"provider": "vonage", "country_code": "US", "number_type": "voip"}), "number_type"),
            (json!({"provider": "twilio", "country_code": "US", "number_type": "x"}), "number_type"),
        ] {
            assert_eq!(fields(&parse(query.clone()).unwrap_err()), [field], "{query}");
        }
    }
}
