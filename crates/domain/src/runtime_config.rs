//! A bot's runtime configuration: what its worker loads when a call begins.

use std::str::FromStr;

use serde_json::{Map, Value, json};

use crate::{ActiveHours, TimeZone, field::FieldFault};

/// A JSON object. The keys below are checked; others are kept as they are.
///
/// | key | value |
/// |---|---|
/// | `system_prompt`, `opening_message`, `voicemail_message`, `pre_transfer_message` | text |
/// | `webhook_url` | text, an address with `https://` or `http://` |
/// | `timezone` | IANA name |
/// | `min_words_interruption` | whole number, 0 to 100 |
/// | `max_call_duration_seconds` | whole number, 1 to 86,400 |
/// | `active_hours` | [`ActiveHours`] |
/// | `tools`, `transfer_targets` | list |
/// | `transfer_numbers` | object |
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuntimeConfig(Map<String, Value>);

/// Keys of the answer to a worker that are not part of the configuration.
const RESERVED: [&str; 3] = ["session_id", "bot_id", "sip_context"];

impl RuntimeConfig {
    /// In bytes.
    pub const MAX: usize = 32 * 1024;

    /// Reads a configuration that was checked when it was saved.
    ///
    /// # Errors
    /// The text is no JSON object.
    pub fn restore(text: &str) -> serde_json::Result<Self> {
        serde_json::from_str(text).map(Self)
    }

    /// The object as it was given.
    pub fn object(&self) -> &Map<String, Value> {
        &self.0
    }

    /// Compact JSON.
    pub fn json(&self) -> String {
        Value::Object(self.0.clone()).to_string()
    }

    /// The object for people, or nothing where it is empty.
    pub fn pretty(object: &Map<String, Value>) -> String {
        if object.is_empty() { String::new() } else { format!("{:#}", Value::Object(object.clone())) }
    }

    /// The object as a worker gets it: keys that are missing have their defaults.
    pub fn with_defaults(&self) -> Map<String, Value> {
        let mut object = self.0.clone();
        for (key, value) in defaults() {
            let set = object.entry(key).or_insert(Value::Null);
            if set.is_null() {
                *set = value;
            }
        }
        object
    }

    /// The time zone of the active hours; UTC without one.
    pub fn time_zone(&self) -> TimeZone {
        self.0.get("timezone").and_then(Value::as_str).and_then(|name| name.parse().ok()).unwrap_or_default()
    }

    /// When the bot answers; None: at any time.
    pub fn active_hours(&self) -> Option<ActiveHours> {
        self.0.get("active_hours").and_then(|hours| ActiveHours::read(hours).ok().flatten())
    }
}

/// The defaults of a worker's configuration.
fn defaults() -> [(String, Value); 11] {
    [
        ("webhook_url", json!("")),
        ("system_prompt", json!("")),
        ("opening_message", json!("")),
        ("voicemail_message", json!("")),
        ("pre_transfer_message", json!("")),
        ("timezone", json!(TimeZone::default().as_str())),
        ("min_words_interruption", json!(3)),
        ("max_call_duration_seconds", json!(600)),
        ("tools", json!([])),
        ("transfer_numbers", json!({})),
        ("transfer_targets", json!([])),
    ]
    .map(|(key, value)| (key.to_owned(), value))
}

impl FromStr for RuntimeConfig {
    type Err = FieldFault;

    fn from_str(text: &str) -> Result<Self, FieldFault> {
        let text = text.trim();
        if text.len() > Self::MAX {
            let message = format!("Shorten the configuration: {} bytes, at most {} fit.", text.len(), Self::MAX);
            return Err(FieldFault::new("too_long", message));
        }
        if text.is_empty() {
            return Ok(Self::default());
        }
        let value: Value = serde_json::from_str(text)
            .map_err(|error| FieldFault::new("bad_json", format!("This is not JSON: {error}.")))?;
        let Value::Object(object) = value else {
            let message = r#"Enter a JSON object in braces, such as {"system_prompt": "You are a concierge."}."#;
            return Err(FieldFault::new("not_an_object", message));
        };
        object.iter().try_for_each(|(key, value)| check(key, value))?;
        Ok(Self(object))
    }
}

/// Null is the default.
fn check(key: &str, value: &Value) -> Result<(), FieldFault> {
    if RESERVED.contains(&key) {
        let message = format!("Remove {key}: it is set for each call.");
        return Err(FieldFault::new("reserved_key", message));
    }
    if value.is_null() {
        return Ok(());
    }
    let expected = |is: bool, what: &str| {
        if is { Ok(()) } else { Err(FieldFault::new("bad_value", format!("{key} is {what}."))) }
    };
    let between = |least: u64, most: u64| value.as_u64().is_some_and(|number| (least..=most).contains(&number));
    match key {
        "system_prompt" | "opening_message" | "voicemail_message" | "pre_transfer_message" => {
            expected(value.is_string(), "a text in quotation marks")
        }
        "webhook_url" => expected(
            value.as_str().is_some_and(is_web_address),
            "a web address with https:// or http://, such as https://crm.example.com/calls",
        ),
        "timezone" => value
            .as_str()
            .unwrap_or_default()
            .parse::<TimeZone>()
            .map(drop)
            .map_err(|fault| FieldFault::new(fault.code, format!("timezone: {}", fault.message))),
        "min_words_interruption" => expected(between(0, 100), "a whole number from 0 to 100"),
        "max_call_duration_seconds" => expected(between(1, 86_400), "a whole number from 1 to 86400"),
        "active_hours" => ActiveHours::read(value).map(drop),
        "tools" | "transfer_targets" => expected(value.is_array(), "a list in square brackets"),
        "transfer_numbers" => expected(value.is_object(), "an object in braces"),
        _ => Ok(()),
    }
}

/// Blank is none.
fn is_web_address(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let unprintable = |c: char| c.is_control() || c.is_whitespace();
    text.is_empty()
        || host.is_some_and(|host| !host.is_empty() && !host.starts_with('/') && !host.contains(unprintable))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> &'static str {
        text.parse::<RuntimeConfig>().unwrap_err().code
    }

    #[test]
    fn unknown_keys_are_kept() {
        let config: RuntimeConfig = r#" {"system_prompt": "Hi", "voice": {"id": 7}, "tools": [1]} "#.parse().unwrap();
        assert_eq!(config.json(), r#"{"system_prompt":"Hi","tools":[1],"voice":{"id":7}}"#);
        assert_eq!(RuntimeConfig::restore(&config.json()).unwrap(), config);
        assert_eq!(RuntimeConfig::pretty(&Map::new()), "");
        assert_eq!(RuntimeConfig::pretty(config.object()).parse::<RuntimeConfig>().unwrap(), config);
        assert_eq!("".parse::<RuntimeConfig>().unwrap(), RuntimeConfig::default());
    }

    #[test]
    fn known_keys_are_checked() {
        for good in [
            r#"{"timezone": "UTC", "webhook_url": "", "active_hours": null}"#,
            r#"{"webhook_url": "https://crm.example/calls", "min_words_interruption": 0}"#,
            r#"{"max_call_duration_seconds": 86400, "transfer_numbers": {"desk": "+14155550100"}}"#,
        ] {
            assert!(good.parse::<RuntimeConfig>().is_ok(), "{good}");
        }
        for (bad, expected) in [
            (r#"{"system_prompt": 7}"#, "bad_value"),
            (r#"{"webhook_url": "crm.example"}"#, "bad_value"),
            (r#"{"webhook_url": "https://crm .example"}"#, "bad_value"),
            (r#"{"timezone": "Nowhere at all"}"#, "unknown_time_zone"),
            (r#"{"timezone": 5}"#, "unknown_time_zone"),
            (r#"{"min_words_interruption": -1}"#, "bad_value"),
            (r#"{"max_call_duration_seconds": 0}"#, "bad_value"),
            (r#"{"max_call_duration_seconds": "600"}"#, "bad_value"),
            (r#"{"tools": {}}"#, "bad_value"),
            (r#"{"transfer_numbers": []}"#, "bad_value"),
            (r#"{"active_hours": {"enabled": true}}"#, "bad_active_hours"),
            (r#"{"session_id": "1"}"#, "reserved_key"),
            ("[1]", "not_an_object"),
            ("{", "bad_json"),
            ("hello", "bad_json"),
        ] {
            assert_eq!(code(bad), expected, "{bad}");
        }
        assert_eq!(code(&format!("{{\"a\": \"{}\"}}", "x".repeat(RuntimeConfig::MAX))), "too_long");
    }

    #[test]
    fn missing_keys_have_their_defaults() {
        let config: RuntimeConfig = r#"{"timezone": null, "min_words_interruption": 5}"#.parse().unwrap();
        let object = config.with_defaults();
        assert_eq!((&object["timezone"], &object["min_words_interruption"]), (&json!("UTC"), &json!(5)));
        assert_eq!(object["max_call_duration_seconds"], json!(600));
        assert_eq!((&object["tools"], &object["transfer_numbers"]), (&json!([]), &json!({})));
    }
}
