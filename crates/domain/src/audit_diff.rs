//! The changed fields of an audit event, with the labels of the forms.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{AnsweredBy, AuditEvent, AuditKind, Country, Direction, InboundAuth, MASK, Role, Transport};

/// One changed field, before and after, as text for people. A secret is shown as `set` or `changed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditChange {
    /// The field's name in JSON: `sip_address`.
    pub field: String,
    /// The field's label on the forms: `SIP address`.
    pub label: String,
    /// Null: the field was empty.
    pub before: Option<String>,
    /// Null: the field is empty.
    pub after: Option<String>,
}

/// The labels of the forms, in their order. Other fields follow, labelled by their names.
const FIELDS: [(&str, &str); 35] = [
    ("name", "Name"),
    ("email", "E-mail"),
    ("role", "Role"),
    ("prefix", "Key prefix"),
    ("is_active", "Active"),
    ("expires_at", "Expires at"),
    ("number", "Phone number"),
    ("e164", "International form"),
    ("carrier_id", "Carrier"),
    ("label", "Label"),
    ("direction", "Direction"),
    ("bot_id", "Assigned bot"),
    ("answered_by", "Answered by"),
    ("agent_name", "Agent name"),
    ("metadata", "Metadata"),
    ("sip_headers", "SIP headers"),
    ("allowed_headers", "Allowed headers"),
    ("transfer_passthrough_headers", "Headers repeated on transfer"),
    ("max_value_length", "Longest header value"),
    ("runtime_config", "Runtime configuration"),
    ("provider", "Provider"),
    ("sip_address", "SIP address"),
    ("transport", "Transport"),
    ("destination_country", "Destination country"),
    ("auth_username", "Username"),
    ("auth_password", "Password"),
    ("inbound_auth", "Inbound authentication"),
    ("allowed_addresses", "Inbound IP Allowlist"),
    ("accept_any_source", "Accept any source"),
    ("outbound_cps", "Outbound CPS"),
    ("outbound_burst", "Outbound burst"),
    ("outbound_channels", "Outbound channels"),
    ("krisp_enabled", "Krisp noise cancellation"),
    ("dids", "Phone numbers"),
    ("livekit", "LiveKit"),
];

/// Fields that mean nothing to people.
const HIDDEN: [&str; 3] = ["id", "version", "account_id"];

/// Suffixes of the names of secret fields. The audit log has masks as their values, which are not shown either.
const SECRETS: [&str; 6] = ["password", "secret", "token", "api_key", "apikey", "authorization"];

/// The fields that the event changed. `names` are the names of rows by their ids; an id without a name is shown itself.
pub fn audit_changes(event: &AuditEvent, names: &BTreeMap<String, String>) -> Vec<AuditChange> {
    let nothing = Map::new();
    let object = |row: &'_ Option<Value>| row.as_ref().and_then(Value::as_object).cloned();
    let (before, after) = (object(&event.before), object(&event.after));
    let (before, after) = (before.as_ref().unwrap_or(&nothing), after.as_ref().unwrap_or(&nothing));
    let kind = AuditKind::of(&event.subject_id);
    let listed = FIELDS.iter().map(|(name, _)| *name);
    let others = before.keys().chain(after.keys().filter(|name| !before.contains_key(*name))).map(String::as_str);
    let others = others.filter(|name| FIELDS.iter().all(|(listed, _)| listed != name));
    listed
        .chain(others)
        .filter(|name| !HIDDEN.contains(name) && !repeats_number(name, before, after))
        .filter_map(|name| change(name, kind, (before.get(name), after.get(name)), names))
        .collect()
}

/// Whether the field is the E.164 form of a number that is stored in this form.
fn repeats_number(name: &str, before: &Map<String, Value>, after: &Map<String, Value>) -> bool {
    let same = |row: &Map<String, Value>| row.get("e164") == row.get("number") || row.is_empty();
    name == "e164" && same(before) && same(after)
}

fn change(
    name: &str,
    kind: AuditKind,
    (before, after): (Option<&Value>, Option<&Value>),
    names: &BTreeMap<String, String>,
) -> Option<AuditChange> {
    if before == after {
        return None;
    }
    let text = |value: Option<&Value>| value.and_then(|value| readable(name, value, names));
    let (before, after) = if is_secret_field(name) {
        let had = before.is_some_and(|value| !value.is_null());
        let has = after.is_some_and(|value| !value.is_null());
        let now = if had { "changed" } else { "set" };
        (had.then(|| "set".to_owned()), has.then(|| now.to_owned()))
    } else {
        (text(before), text(after))
    };
    (before != after).then(|| AuditChange { field: name.to_owned(), label: label(name, kind), before, after })
}

/// Whether a field of this name is a secret: `auth_password`, `apiToken`.
pub fn is_secret_field(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('-', "_");
    SECRETS.iter().any(|secret| name.ends_with(secret))
}

fn label(name: &str, kind: AuditKind) -> String {
    if (kind, name) == (AuditKind::ApiKey, "allowed_addresses") {
        return "Allowed Addresses".to_owned();
    }
    if let Some((_, label)) = FIELDS.iter().find(|(listed, _)| *listed == name) {
        return (*label).to_owned();
    }
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// The value as text; None for an empty value.
fn readable(name: &str, value: &Value, names: &BTreeMap<String, String>) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Bool(on) => Some(if *on { "On" } else { "Off" }.to_owned()),
        // JSON has 7.0 for a rate of 7.
        Value::Number(number) => Some(number.as_i64().map_or_else(
            || number.as_f64().map_or_else(|| number.to_string(), |rate| rate.to_string()),
            |whole| whole.to_string(),
        )),
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(names.get(text).cloned().unwrap_or_else(|| choice(name, text))),
        Value::Array(list) => {
            let texts: Vec<String> = list.iter().filter_map(|entry| readable(name, entry, names)).collect();
            (!texts.is_empty()).then(|| texts.join(", "))
        }
        Value::Object(_) => Some(value.to_string()),
    }
}

/// The label of an enumeration's value; any other text as it is.
fn choice(name: &str, text: &str) -> String {
    let label = match name {
        "transport" => text.parse().ok().map(Transport::label),
        "direction" => text.parse().ok().map(Direction::label),
        "answered_by" => text.parse().ok().map(AnsweredBy::label),
        "inbound_auth" => text.parse().ok().map(InboundAuth::label),
        "role" => text.parse().ok().map(Role::label),
        "destination_country" => text.parse().ok().map(Country::name),
        _ => None,
    };
    // A mask is the value of a secret whose name has none of the suffixes.
    if text.starts_with(MASK) { "set".to_owned() } else { label.unwrap_or(text).to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use ulid::Ulid;

    use super::*;
    use crate::{AccountId, AuditAction, EventId, Timestamp};

    fn changes(before: Value, after: Value) -> Vec<(String, Option<String>, Option<String>)> {
        let ulid = Ulid::from_parts(1, 1);
        let event = AuditEvent {
            id: EventId::new(ulid),
            account_id: AccountId::new(ulid),
            actor: None,
            actor_name: String::new(),
            action: AuditAction::Updated,
            subject_id: "car_1".to_owned(),
            subject_name: String::new(),
            before: (!before.is_null()).then_some(before),
            after: (!after.is_null()).then_some(after),
            at: Timestamp::default(),
        };
        let names = BTreeMap::from([("bot_1".to_owned(), "Concierge".to_owned())]);
        audit_changes(&event, &names).into_iter().map(|change| (change.label, change.before, change.after)).collect()
    }

    fn row(label: &str, before: Option<&str>, after: Option<&str>) -> (String, Option<String>, Option<String>) {
        (label.to_owned(), before.map(str::to_owned), after.map(str::to_owned))
    }

    #[test]
    fn changed_fields_have_the_order_and_labels_of_the_forms() {
        let before = json!({"outbound_cps": 1.5, "name": "Twilio", "transport": "auto", "accept_any_source": false,
            "allowed_addresses": ["192.0.2.1"], "destination_country": null, "inbound_auth": "credentials", "version": 1});
        let after = json!({"outbound_cps": 2.0, "name": "Twilio", "transport": "tls", "accept_any_source": true,
            "allowed_addresses": ["192.0.2.1", "192.0.2.2"], "destination_country": "IN", "inbound_auth": "ip", "version": 2});
        assert_eq!(
            changes(before, after),
            [
                row("Transport", Some("Auto"), Some("TLS")),
                row("Destination country", None, Some("India")),
                row("Inbound authentication", Some("Credentials"), Some("IP allowlist")),
                row("Inbound IP Allowlist", Some("192.0.2.1"), Some("192.0.2.1, 192.0.2.2")),
                row("Accept any source", Some("Off"), Some("On")),
                row("Outbound CPS", Some("1.5"), Some("2")),
            ]
        );
    }

    #[test]
    fn new_and_deleted_rows_list_all_their_fields() {
        let bot = json!({"id": "bot_1", "name": "Concierge", "agent_name": "concierge", "metadata": ""});
        let created = [row("Name", None, Some("Concierge")), row("Agent name", None, Some("concierge"))];
        let deleted = [row("Name", Some("Concierge"), None), row("Agent name", Some("concierge"), None)];
        assert_eq!(changes(Value::Null, bot.clone()), created);
        assert_eq!(changes(bot, Value::Null), deleted);
        assert_eq!(changes(Value::Null, Value::Null), []);
    }

    #[test]
    fn secrets_are_shown_as_set_or_changed() {
        let with = |password: Value| json!({ "auth_password": password, "name": "T" });
        let secret = |before, after| changes(with(before), with(after));
        assert_eq!(secret(Value::Null, json!(MASK)), [row("Password", None, Some("set"))]);
        assert_eq!(secret(json!(MASK), json!("******** (new)")), [row("Password", Some("set"), Some("changed"))]);
        assert_eq!(secret(json!(MASK), Value::Null), [row("Password", Some("set"), None)]);
        assert_eq!(secret(json!(MASK), json!(MASK)), []);
        let leaked = changes(Value::Null, json!({"api_key": "k-123", "webhook_secret": "s-123"}));
        assert_eq!(leaked, [row("Api key", None, Some("set")), row("Webhook secret", None, Some("set"))]);
    }

    #[test]
    fn ids_are_shown_by_name_and_numbers_once() {
        let did =
            |bot: Value| json!({"number": "+14155550134", "e164": "+14155550134", "direction": "both", "bot_id": bot});
        assert_eq!(changes(did(Value::Null), did(json!("bot_1"))), [row("Assigned bot", None, Some("Concierge"))]);
        assert_eq!(changes(did(json!("bot_2")), did(Value::Null)), [row("Assigned bot", Some("bot_2"), None)]);
        let created = changes(Value::Null, did(Value::Null));
        assert_eq!(created, [row("Phone number", None, Some("+14155550134")), row("Direction", None, Some("Both"))]);
        let local = json!({"number": "09812345678", "e164": "+919812345678"});
        assert_eq!(changes(Value::Null, local)[1], row("International form", None, Some("+919812345678")));
    }
}
