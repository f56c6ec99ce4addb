//! Which SIP headers of a call a bot gets.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::{SipHeaderName, field::FieldFault, normalize_header_key, variable_name_for_header};

/// The headers that every inbound trunk copies into attributes of the caller's participant, besides those that its bot
/// allows: the header, and the attribute.
pub const DEFAULT_INBOUND_HEADERS_TO_ATTRIBUTES: [(&str, &str); 10] = [
    ("X-Call-ID", "sip.h.x-call-id"),
    ("X-Correlation-ID", "sip.h.x-correlation-id"),
    ("X-Request-ID", "sip.h.x-request-id"),
    ("X-Session-ID", "sip.h.x-session-id"),
    ("X-Campaign-ID", "sip.h.x-campaign-id"),
    ("X-Customer-ID", "sip.h.x-customer-id"),
    ("X-Lead-ID", "sip.h.x-lead-id"),
    ("X-Original-Caller", "sip.h.x-original-caller"),
    // RFC 5806, of calls that were forwarded.
    ("Diversion", "sip.h.diversion"),
    // RFC 7433, data from one user agent to the other.
    ("User-to-User", "sip.h.user-to-user"),
];

/// Which SIP headers of an inbound call reach a bot's prompt, and which of them a transfer repeats.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct SipHeaderConfig {
    /// Without it no header reaches the prompt.
    pub enabled: bool,
    /// The headers that become variables.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>, example = json!(["X-Customer-ID"])))]
    pub allowed_headers: SipHeaderNames,
    /// Those of the allowed headers that a transfer repeats.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub transfer_passthrough_headers: SipHeaderNames,
    /// Longer values are cut after so many characters.
    #[cfg_attr(feature = "openapi", schema(value_type = u16, minimum = 1, maximum = 1024))]
    pub max_value_length: HeaderValueLength,
}

impl SipHeaderConfig {
    /// Checks that the headers of a transfer are allowed.
    ///
    /// # Errors
    /// `not_allowed`, which names the header.
    pub fn check_transfer(&self) -> Result<(), FieldFault> {
        let unknown = self.transfer_passthrough_headers.iter().find(|name| !self.allowed_headers.contains(name));
        unknown.map_or(Ok(()), |name| {
            let message = format!("Add {name} to the allowed headers, too: a transfer repeats allowed headers only.");
            Err(FieldFault::new("not_allowed", message))
        })
    }

    /// The `headers_to_attributes` of the bot's inbound trunks: the default headers, and those that the bot allows.
    pub fn headers_to_attributes(&self) -> BTreeMap<String, String> {
        let default = DEFAULT_INBOUND_HEADERS_TO_ATTRIBUTES;
        let is_default = |name: &SipHeaderName| default.iter().any(|(header, _)| name.matches(header));
        let own = self.allowed_headers.iter().filter(|name| self.enabled && !is_default(name));
        let own = own.map(|name| (name.to_string(), name.attribute()));
        default.iter().map(|&(header, attribute)| (header.to_owned(), attribute.to_owned())).chain(own).collect()
    }
}

/// Names of headers, each once and each with a variable of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct SipHeaderNames(Vec<SipHeaderName>);

impl SipHeaderNames {
    /// The most names.
    pub const MAX: usize = 50;

    /// Parses the names. Repetitions are left out.
    ///
    /// # Errors
    /// That of the first name that is refused; `same_variable` where two names become one variable; `too_many`.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, FieldFault> {
        let mut names: Vec<SipHeaderName> = Vec::new();
        for text in texts.into_iter().filter(|text| !text.trim().is_empty()) {
            let name: SipHeaderName = text.parse()?;
            if names.iter().any(|other| other.matches(name.as_str())) {
                continue;
            }
            let normalized = normalize_header_key(name.as_str());
            if let Some(other) = names.iter().find(|other| normalize_header_key(other.as_str()) == normalized) {
                let variable = variable_name_for_header(name.as_str());
                let message = format!("Remove {name} or {other}: both would be the variable {variable}.");
                return Err(FieldFault::new("same_variable", message));
            }
            names.push(name);
            if names.len() > Self::MAX {
                return Err(FieldFault::new("too_many", format!("At most {} headers fit. Remove some.", Self::MAX)));
            }
        }
        Ok(Self(names))
    }

    /// Whether the name is one of them, in any case.
    pub fn contains(&self, name: &SipHeaderName) -> bool {
        self.0.iter().any(|other| other.matches(name.as_str()))
    }

    /// The names in the order in which they were given.
    pub fn iter(&self) -> impl Iterator<Item = &SipHeaderName> {
        self.0.iter()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names as text.
    pub fn texts(&self) -> Vec<String> {
        self.0.iter().map(ToString::to_string).collect()
    }
}

impl<'de> Deserialize<'de> for SipHeaderNames {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        Self::parse(texts.iter().map(String::as_str)).map_err(de::Error::custom)
    }
}

/// The most characters of a header's value: 1 to 1,024, which is the most that LiveKit sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct HeaderValueLength(u16);

impl HeaderValueLength {
    /// The greatest length.
    pub const MAX: u16 = 1024;

    /// In characters.
    pub fn get(self) -> usize {
        usize::from(self.0)
    }

    fn new(length: u16) -> Option<Self> {
        (1..=Self::MAX).contains(&length).then_some(Self(length))
    }
}

impl Default for HeaderValueLength {
    fn default() -> Self {
        Self(256)
    }
}

impl fmt::Display for HeaderValueLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for HeaderValueLength {
    type Err = FieldFault;

    fn from_str(text: &str) -> Result<Self, FieldFault> {
        let text = text.trim();
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let length = text.parse().ok().filter(|_| digits).and_then(Self::new);
        length.ok_or_else(|| FieldFault::new("out_of_range", "The length is a whole number from 1 to 1024."))
    }
}

impl<'de> Deserialize<'de> for HeaderValueLength {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let length = u16::deserialize(deserializer)?;
        Self::new(length).ok_or_else(|| de::Error::custom("a length is a whole number from 1 to 1024"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(texts: &[&str]) -> SipHeaderNames {
        SipHeaderNames::parse(texts.iter().copied()).unwrap()
    }

    #[test]
    fn default_attributes_are_the_names_in_lower_case() {
        for (header, attribute) in DEFAULT_INBOUND_HEADERS_TO_ATTRIBUTES {
            assert_eq!(header.parse::<SipHeaderName>().unwrap().attribute(), attribute);
        }
    }

    #[test]
    fn trunk_forwards_the_defaults_and_what_the_bot_allows() {
        let allowed_headers = names(&["X-Tier", "x-call-id"]);
        let config = SipHeaderConfig { enabled: true, allowed_headers, ..SipHeaderConfig::default() };
        let forwarded = config.headers_to_attributes();
        assert_eq!(forwarded.len(), DEFAULT_INBOUND_HEADERS_TO_ATTRIBUTES.len() + 1);
        assert_eq!(forwarded["X-Tier"], "sip.h.x-tier");
        assert_eq!(forwarded["X-Call-ID"], "sip.h.x-call-id");
        let disabled = SipHeaderConfig { enabled: false, ..config }.headers_to_attributes();
        assert_eq!(disabled.len(), DEFAULT_INBOUND_HEADERS_TO_ATTRIBUTES.len());
    }

    #[test]
    fn names_are_unique_in_any_case_and_as_variables() {
        assert_eq!(names(&["X-A", " ", "x-a", "sip.h.X-A"]).texts(), ["X-A"]);
        let fault = SipHeaderNames::parse(["X-A-B", "X_A.B"]).unwrap_err();
        assert_eq!(fault.code, "same_variable");
        assert!(fault.message.contains("X_A.B") && fault.message.contains("sip_header_x_a_b"), "{fault}");
        let many: Vec<String> = (0..=SipHeaderNames::MAX).map(|index| format!("X-{index}")).collect();
        assert_eq!(SipHeaderNames::parse(many.iter().map(String::as_str)).unwrap_err().code, "too_many");
    }

    #[test]
    fn transfer_repeats_allowed_headers_only() {
        let mut config = SipHeaderConfig { allowed_headers: names(&["X-A"]), ..SipHeaderConfig::default() };
        config.transfer_passthrough_headers = names(&["x-a"]);
        assert_eq!(config.check_transfer(), Ok(()));
        config.transfer_passthrough_headers = names(&["X-A", "X-B"]);
        assert_eq!(config.check_transfer().unwrap_err().code, "not_allowed");
    }

    #[test]
    fn length_is_within_its_bounds() {
        assert_eq!(HeaderValueLength::default().get(), 256);
        for good in ["1", " 256 ", "1024"] {
            assert!(good.parse::<HeaderValueLength>().is_ok(), "{good}");
        }
        for bad in ["", "0", "1025", "-1", "+5", "1.5", "many", "99999999999"] {
            assert_eq!(bad.parse::<HeaderValueLength>().unwrap_err().code, "out_of_range", "{bad}");
        }
    }

    #[test]
    fn config_is_read_as_it_was_written() {
        let config = SipHeaderConfig {
            enabled: true,
            allowed_headers: names(&["X-A", "User-to-User"]),
            transfer_passthrough_headers: names(&["X-A"]),
            max_value_length: "64".parse().unwrap(),
        };
        let text = serde_json::to_string(&config).unwrap();
        assert_eq!(serde_json::from_str::<SipHeaderConfig>(&text).unwrap(), config);
        assert_eq!(serde_json::from_str::<SipHeaderConfig>("{}").unwrap(), SipHeaderConfig::default());
    }
}
