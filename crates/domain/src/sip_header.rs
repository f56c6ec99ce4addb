//! SIP headers of inbound calls as variables of a prompt.
//!
//! LiveKit copies headers of the INVITE into attributes of the caller's participant; a worker sends them as they are, by
//! the attribute (`sip.h.x-customer-id`) or by the header (`X-Customer-ID`). A bot's [`SipHeaderConfig`] decides which of
//! them its prompt gets.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{HEADER_ATTRIBUTE_PREFIX, SipHeaderConfig, SipHeaderName, sip_header_name::strip_attribute_prefix};

/// Keys without one of these prefixes are no candidates. They are compared without case, as names of headers are.
const CANDIDATE_PREFIXES: [&str; 3] = [HEADER_ATTRIBUTE_PREFIX, "x-", "x_"];

/// What a bot gets of a call's SIP headers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SipContext {
    /// The allowed headers, by their names as the bot's configuration writes them.
    pub headers: BTreeMap<String, String>,
    /// The same values, by the variables' names: `sip_header_x_customer_id`.
    pub variables: BTreeMap<String, String>,
    /// Those of `headers` that a transfer repeats.
    pub transfer_headers: BTreeMap<String, String>,
}

/// Filters a call's headers by the bot's configuration. Where several keys are the same header, the one with exactly its
/// name is taken, and the first of several such.
///
/// A value has no line break and no other control character: they are replaced by a blank, as a folded header is read
/// (RFC 3261 §7.3.1).
pub fn filter_sip_headers<'a>(
    headers: impl IntoIterator<Item = (&'a str, &'a str)>,
    config: &SipHeaderConfig,
) -> SipContext {
    let mut context = SipContext::default();
    if !config.enabled {
        return context;
    }
    let candidates: Vec<(&str, &str)> = headers.into_iter().filter(|(key, _)| is_candidate(key)).collect();
    for name in config.allowed_headers.iter() {
        let Some(value) = value_of(name, &candidates) else { continue };
        let value: String = single_line(value).chars().take(config.max_value_length.get()).collect();
        if config.transfer_passthrough_headers.contains(name) {
            context.transfer_headers.insert(name.to_string(), value.clone());
        }
        context.variables.insert(variable_name_for_header(name.as_str()), value.clone());
        context.headers.insert(name.to_string(), value);
    }
    context
}

/// As [`filter_sip_headers`], of the headers as they are in an INVITE, one on each line. A trunk forwards a header as an
/// attribute, whatever the header's name begins with. A line that begins with a blank continues the one before it.
pub fn filter_header_lines(lines: &str, config: &SipHeaderConfig) -> SipContext {
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in lines.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = headers.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            let attribute = format!("{HEADER_ATTRIBUTE_PREFIX}{}", strip_attribute_prefix(name.trim()));
            headers.push((attribute, value.trim().to_owned()));
        }
    }
    filter_sip_headers(headers.iter().map(|(key, value)| (key.as_str(), value.as_str())), config)
}

/// The key without the prefix `sip.h.`, in lower case, each run of other characters than letters and digits of ASCII as one
/// underscore: `sip.h.X-Customer-ID` is `x_customer_id`.
pub fn normalize_header_key(key: &str) -> String {
    let mut normalized = String::new();
    for character in strip_attribute_prefix(key).chars() {
        if character.is_ascii_alphanumeric() {
            normalized.push(character.to_ascii_lowercase());
        } else if !normalized.ends_with('_') {
            normalized.push('_');
        }
    }
    normalized
}

/// The name of a header's variable in a prompt: `sip_header_x_customer_id`.
pub fn variable_name_for_header(key: &str) -> String {
    format!("sip_header_{}", normalize_header_key(key))
}

fn is_candidate(key: &str) -> bool {
    CANDIDATE_PREFIXES
        .iter()
        .any(|prefix| key.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)))
}

fn value_of<'a>(name: &SipHeaderName, candidates: &[(&'a str, &'a str)]) -> Option<&'a str> {
    let normalized = normalize_header_key(name.as_str());
    let exact = candidates.iter().find(|(key, _)| name.matches(strip_attribute_prefix(key)));
    let similar = || candidates.iter().find(|(key, _)| normalize_header_key(key) == normalized);
    exact.or_else(similar).map(|(_, value)| *value)
}

/// Control characters, and the line and paragraph separators of Unicode.
fn breaks_line(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
}

fn single_line(value: &str) -> String {
    if !value.contains(breaks_line) {
        return value.to_owned();
    }
    let parts: Vec<&str> = value.split(breaks_line).map(str::trim).filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::SipHeaderNames;

    fn config(allowed: &[&str], transfer: &[&str]) -> SipHeaderConfig {
        SipHeaderConfig {
            enabled: true,
            allowed_headers: SipHeaderNames::parse(allowed.iter().copied()).unwrap(),
            transfer_passthrough_headers: SipHeaderNames::parse(transfer.iter().copied()).unwrap(),
            ..SipHeaderConfig::default()
        }
    }

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    #[test]
    fn disabled_config_returns_empty_maps() {
        let disabled = SipHeaderConfig { enabled: false, ..config(&["X-A"], &["X-A"]) };
        assert_eq!(filter_sip_headers([("X-A", "1")], &disabled), SipContext::default());
        let json = serde_json::to_value(SipContext::default()).unwrap();
        assert_eq!(json, serde_json::json!({"headers": {}, "variables": {}, "transfer_headers": {}}));
    }

    #[test]
    fn only_candidates_are_considered() {
        let config = config(&["User-to-User", "X-A", "X-B", "Diversion"], &[]);
        let headers = [("User-to-User", "0"), ("sip.h.diversion", "1"), ("x-a", "2"), ("X_B", "3"), ("xa", "4")];
        let context = filter_sip_headers(headers, &config);
        assert_eq!(context.headers, map(&[("Diversion", "1"), ("X-A", "2"), ("X-B", "3")]));
    }

    #[test]
    fn keys_are_normalized() {
        for (key, normalized) in [
            ("sip.h.X-Customer-ID", "x_customer_id"),
            ("SIP.H.x-customer-id", "x_customer_id"),
            ("X-Customer--ID", "x_customer_id"),
            ("x_lead.id", "x_lead_id"),
            ("sip.h.sip.h.x-a", "sip_h_x_a"),
            ("X-Größe", "x_gr_e"),
            ("X-", "x_"),
            ("", ""),
        ] {
            assert_eq!(normalize_header_key(key), normalized, "{key}");
        }
    }

    #[test]
    fn variable_is_named_after_its_header() {
        assert_eq!(variable_name_for_header("sip.h.x-customer-id"), "sip_header_x_customer_id");
        let context = filter_sip_headers([("sip.h.x-customer-id", "C-7")], &config(&["X-Customer-ID"], &[]));
        assert_eq!(context.variables, map(&[("sip_header_x_customer_id", "C-7")]));
        assert_eq!(context.headers, map(&[("X-Customer-ID", "C-7")]));
    }

    #[test]
    fn value_is_cut_between_characters() {
        let value = "é".repeat(300);
        let context = filter_sip_headers([("X-A", value.as_str())], &config(&["X-A"], &[]));
        assert_eq!(context.headers["X-A"], "é".repeat(256));
        let short = SipHeaderConfig { max_value_length: "2".parse().unwrap(), ..config(&["X-A"], &[]) };
        assert_eq!(filter_sip_headers([("X-A", "a😀b")], &short).headers["X-A"], "a😀");
    }

    #[test]
    fn only_allowed_headers_are_emitted() {
        let headers = [("X-A", "1"), ("X-B", "2"), ("sip.h.x-c", "3")];
        let context = filter_sip_headers(headers, &config(&["x-a"], &[]));
        assert_eq!(context.headers, map(&[("x-a", "1")]));
        assert_eq!(context.variables, map(&[("sip_header_x_a", "1")]));
        assert!(context.transfer_headers.is_empty());
    }

    #[test]
    fn transfer_headers_are_a_subset_of_the_allowed() {
        let config = config(&["X-A", "X-B"], &["X-B", "X-C"]);
        let context = filter_sip_headers([("X-A", "1"), ("X-B", "2"), ("X-C", "3")], &config);
        assert_eq!(context.headers, map(&[("X-A", "1"), ("X-B", "2")]));
        assert_eq!(context.transfer_headers, map(&[("X-B", "2")]));
    }

    #[test]
    fn exact_name_takes_precedence_over_a_similar_one() {
        let headers = [("X_A", "similar"), ("sip.h.x-a", "attribute"), ("X-A", "header")];
        assert_eq!(filter_sip_headers(headers, &config(&["X-A"], &[])).headers["X-A"], "attribute");
        assert_eq!(filter_sip_headers([("X_A", "similar")], &config(&["X-A"], &[])).headers["X-A"], "similar");
    }

    #[test]
    fn line_breaks_become_blanks() {
        let values =
            [("a\r\nX-Evil: 1", "a X-Evil: 1"), ("a\r\n \tb", "a b"), ("\u{2028}a\u{85}b\0", "a b"), ("\n", "")];
        for (value, single) in values {
            assert_eq!(
                filter_sip_headers([("X-A", value)], &config(&["X-A"], &[])).headers["X-A"],
                single,
                "{value:?}"
            );
        }
    }

    #[test]
    fn lines_are_headers_of_an_invite() {
        let lines = "INVITE sip:x@y SIP/2.0\r\nUser-to-User: 7\nX-Long:  a\n\tb\nsip.h.x-a: http://c\nX-B: hidden";
        let context = filter_header_lines(lines, &config(&["User-to-User", "X-Long", "X-A"], &[]));
        assert_eq!(context.headers, map(&[("User-to-User", "7"), ("X-Long", "a b"), ("X-A", "http://c")]));
    }

    fn key() -> impl Strategy<Value = String> {
        prop_oneof!["(sip\\.h\\.|SIP\\.H\\.)?[xX][-_][a-c][-_.]?[a-c]?", "\\PC{0,12}", ".{0,8}"]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn output_obeys_the_configuration(
            headers in vec((key(), "\\PC{0,40}|.{0,40}|(a|\r\n|é){0,60}"), 0..12),
            enabled in any::<bool>(),
            allowed in vec("[xX]-[a-c](-[a-c])?", 0..6),
            transfer in vec("[xX]-[a-c](-[a-c])?", 0..6),
            length in prop_oneof![1..=40u16, 1..=1024u16],
        ) {
            let names = |texts: &[String]| SipHeaderNames::parse(texts.iter().map(String::as_str)).unwrap();
            let config = SipHeaderConfig {
                enabled,
                allowed_headers: names(&allowed),
                transfer_passthrough_headers: names(&transfer),
                max_value_length: length.to_string().parse().unwrap(),
            };
            let context = filter_sip_headers(headers.iter().map(|(key, value)| (key.as_str(), value.as_str())), &config);
            prop_assert!(enabled || context == SipContext::default());
            prop_assert_eq!(context.headers.len(), context.variables.len());
            for (name, value) in &context.headers {
                let name: SipHeaderName = name.parse().unwrap();
                prop_assert!(config.allowed_headers.contains(&name));
                prop_assert_eq!(context.variables.get(&variable_name_for_header(name.as_str())), Some(value));
                prop_assert!(value.chars().count() <= usize::from(length) && !value.contains(breaks_line));
                let normalized = normalize_header_key(name.as_str());
                prop_assert!(headers.iter().any(|(key, _)| is_candidate(key) && normalize_header_key(key) == normalized));
                prop_assert_eq!(
                    context.transfer_headers.get(name.as_str()),
                    config.transfer_passthrough_headers.contains(&name).then_some(value)
                );
            }
            prop_assert!(context.transfer_headers.keys().all(|name| context.headers.contains_key(name)));
        }

        #[test]
        fn normalized_key_is_stable(key in ".{0,40}") {
            let normalized = normalize_header_key(&key);
            prop_assert!(normalized.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'));
            prop_assert!(!normalized.contains("__"));
            prop_assert_eq!(normalize_header_key(&normalized), normalized);
        }
    }
}
