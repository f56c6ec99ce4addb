//! The account's connections to the APIs of providers that sell numbers.

use std::fmt;

use crate::{
    AccountId, IntegrationId, NumberProviderKind, Secret, SipAddress, SipCredentials, Timestamp, field::FieldFault,
    text,
};

/// The integration with Twilio or Vonage. An account has at most one of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberIntegration {
    /// Id of the row.
    pub id: IntegrationId,
    /// The account of the row.
    pub account_id: AccountId,
    /// The operator's settings.
    pub settings: NumberProviderSettings,
    /// What LiveKit authenticates calls through Twilio's trunk with. They are stored before Twilio is asked to create them.
    pub trunk_credentials: Option<SipCredentials>,
    /// What was prepared at the provider; None until the first purchase.
    pub trunk: Option<ProviderTrunk>,
    /// The result of the last call with these settings; None before the first one.
    pub check: Option<IntegrationCheck>,
    /// When the integration was created.
    pub created_at: Timestamp,
    /// When the settings were changed last.
    pub updated_at: Timestamp,
    /// Increases with each change of the settings.
    pub version: i64,
}

/// The trunk at the provider that connects it with LiveKit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderTrunk {
    /// Twilio's `TK…`, or the SIP address to which Vonage forwards.
    pub reference: String,
    /// Where LiveKit sends outbound calls.
    pub outbound_address: SipAddress,
}

/// The result of one call to a provider's API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntegrationCheck {
    /// When the provider was called.
    pub at: Timestamp,
    /// The error and its remedy, for operators; None where the provider answered.
    pub error: Option<String>,
}

/// The operator's settings of an integration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberProviderSettings {
    /// Twilio's.
    Twilio(TwilioSettings),
    /// Vonage's.
    Vonage(VonageSettings),
}

impl NumberProviderSettings {
    /// Whose they are.
    pub fn kind(&self) -> NumberProviderKind {
        match self {
            Self::Twilio(_) => NumberProviderKind::Twilio,
            Self::Vonage(_) => NumberProviderKind::Vonage,
        }
    }

    /// The account's name at the provider.
    pub fn account(&self) -> &str {
        match self {
            Self::Twilio(settings) => settings.account_sid.as_str(),
            Self::Vonage(settings) => settings.api_key.as_str(),
        }
    }
}

/// Credentials of Twilio's API, as its console shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TwilioSettings {
    /// `AC…`, a part of the addresses.
    pub account_sid: TwilioSid,
    /// `SK…` of an API key; None where the secret is the account's auth token.
    pub key_sid: Option<TwilioSid>,
    /// The auth token, or the API key's secret.
    pub secret: ProviderSecret,
}

impl TwilioSettings {
    /// User name of HTTP's basic authentication.
    pub fn user(&self) -> &str {
        self.key_sid.as_ref().unwrap_or(&self.account_sid).as_str()
    }
}

/// Credentials of Vonage's Numbers API, and the SIP trunk for outbound calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VonageSettings {
    /// User name of HTTP's basic authentication.
    pub api_key: VonageKey,
    /// Its password.
    pub api_secret: ProviderSecret,
    /// The domain of the SIP trunk that was created in Vonage's dashboard.
    pub sip_domain: SipAddress,
    /// Its digest user; None where Vonage identifies LiveKit by its address.
    pub sip_credentials: Option<SipCredentials>,
}

/// An id of Twilio: two letters and 32 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TwilioSid(String);

impl TwilioSid {
    /// Parses an id that starts with `prefix`: `AC` or `SK`. `what` is its name in messages.
    ///
    /// # Errors
    /// `required` or `bad_sid`.
    pub fn parse(text: &str, prefix: &str, what: &str) -> Result<Self, FieldFault> {
        let text = text::plain(text, what, 64)?;
        if text.is_empty() {
            return Err(FieldFault::required(format!("Enter {what}, as Twilio's console shows it: {prefix}…")));
        }
        // It is a segment of a URL path, so that no other character may be in it.
        let hex = text.strip_prefix(prefix).unwrap_or_default();
        if hex.len() != 32 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            let message = format!("This is not {what}: it is {prefix} and 32 digits or letters a to f.");
            return Err(FieldFault::new("bad_sid", message));
        }
        Ok(Self(text))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TwilioSid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Vonage's API key, such as `abcd1234`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VonageKey(String);

impl VonageKey {
    /// Parses a key.
    ///
    /// # Errors
    /// `required`, `too_long` or `bad_key`.
    pub fn parse(text: &str) -> Result<Self, FieldFault> {
        let text = text::plain(text, "the API key", 64)?;
        if text.is_empty() {
            return Err(FieldFault::required("Enter the API key, as Vonage's API settings show it, such as abcd1234."));
        }
        if !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(FieldFault::new("bad_key", "Vonage's API key has letters and digits only, such as abcd1234."));
        }
        Ok(Self(text))
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The password of HTTP's basic authentication (RFC 7617 §2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderSecret(Secret);

impl ProviderSecret {
    /// Trims and checks a secret. `what` is its name in messages.
    ///
    /// # Errors
    /// `required`, `too_long` (more than 256 characters) or `bad_key` (a character other than visible ASCII).
    pub fn new(secret: &Secret, what: &str) -> Result<Self, FieldFault> {
        let text = secret.expose().trim();
        if text.is_empty() {
            return Err(FieldFault::required(format!("Enter {what}.")));
        }
        if text.len() > 256 {
            return Err(FieldFault::new("too_long", "It has at most 256 characters."));
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(FieldFault::new("bad_key", "Remove the space or the accented letter: copy it again."));
        }
        Ok(Self(Secret::new(text)))
    }

    /// The secret as text.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// The secret.
    pub fn secret(&self) -> &Secret {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sid_is_its_prefix_and_32_hex_digits() {
        let hex = "0123456789abcdef0123456789abcdef";
        let parse = |text: &str| TwilioSid::parse(text, "AC", "the account SID");
        assert_eq!(parse(&format!(" AC{hex} ")).unwrap().as_str(), format!("AC{hex}"));
        for bad in [format!("SK{hex}"), format!("AC{hex}0"), "AC../..".to_owned(), hex.to_owned()] {
            assert_eq!(parse(&bad).unwrap_err().code, "bad_sid", "{bad}");
        }
        assert_eq!(parse("").unwrap_err().code, "required");
    }

    #[test]
    fn secrets_are_masked_in_debug() {
        let secret = ProviderSecret::new(&Secret::new(" t0ken "), "the token").unwrap();
        assert_eq!(secret.expose(), "t0ken");
        assert!(!format!("{secret:?}").contains("t0ken"));
        assert_eq!(ProviderSecret::new(&Secret::new("a b"), "the token").unwrap_err().code, "bad_key");
    }
}
