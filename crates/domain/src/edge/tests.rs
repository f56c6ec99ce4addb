//! Tests of all nouns' settings.

use serde_json::{Value, json};

use super::*;

const ULID: &str = "01hf7yat000000000000000000";

fn id(prefix: &str) -> String {
    format!("{prefix}{ULID}")
}

fn parse<S: EdgeNoun>(body: &Value, current: Option<&S>) -> Result<S, FieldErrors> {
    let input: S::Input = serde_json::from_value(body.clone()).unwrap();
    input.parse(current)
}

/// Parses the body, each field of it replaced by a bad value in turn.
fn check<S: EdgeNoun>(body: Value, bad: &[(&str, Value, &str)]) {
    let settings: S = parse(&body, None).unwrap();
    let stored = serde_json::to_value(&settings).unwrap();
    assert_eq!(serde_json::from_value::<S>(stored.clone()).unwrap(), settings, "{stored}");
    assert_eq!(parse(&json!({}), Some(&settings)), Ok(settings.clone()), "absent fields keep their values");
    assert_eq!(parse(&stored, None), Ok(settings), "what is returned is accepted");
    for (field, value, code) in bad {
        let mut body = body.clone();
        body[*field] = value.clone();
        let errors = parse::<S>(&body, None).unwrap_err();
        let codes: Vec<_> = errors.iter().map(|error| (error.field.as_str(), error.code.as_str())).collect();
        assert_eq!(codes, [(*field, *code)], "{} {field} = {value}", S::KIND.noun());
    }
}

#[test]
fn bad_field_of_each_noun_is_named() {
    check::<SipDomainSettings>(
        json!({ "domain": "SIP.Example.com", "is_primary": true }),
        &[
            ("domain", json!(""), "required"),
            ("domain", json!("sip:example.com"), "has_scheme"),
            ("domain", json!("example.com:5060"), "has_port"),
            ("domain", json!(["a"]), "bad_type"),
            ("is_primary", json!("maybe"), "bad_flag"),
        ],
    );
    check::<EdgeUserSettings>(
        json!({ "username": "alice", "display_name": "Alice", "max_simultaneous": "2",
            "fwd_busy": { "kind": "forward", "number": "+14155550123" } }),
        &[
            ("username", json!("a@b"), "bad_username"),
            ("username", json!("a\r\nb"), "unprintable_character"),
            ("display_name", json!("\"x\""), "bad_name"),
            ("max_simultaneous", json!(-1), "out_of_range"),
            ("ring_timeout_sec", json!(0), "out_of_range"),
            ("ring_timeout_sec", json!(1.5), "out_of_range"),
            ("status", json!("asleep"), "unknown_status"),
            ("ring_strategy", json!("loud"), "unknown_ring_strategy"),
            ("fwd_always", json!({ "kind": "user", "id": "x" }), "bad_object"),
            ("trunk_id", json!("did_1"), "bad_id"),
        ],
    );
    check::<DeviceSettings>(
        json!({ "user_id": id("us_"), "auth_username": "alice-desk", "realm": "sip.example.com" }),
        &[
            ("user_id", json!(null), "required"),
            ("user_id", json!(id("usr_")), "bad_id"),
            ("auth_username", json!("a:b"), "bad_username"),
            ("realm", json!("a\"b"), "bad_realm"),
            ("transport", json!("sctp"), "unknown_transport"),
        ],
    );
    check::<ExtensionSettings>(
        json!({ "digits": "1001", "target": { "kind": "hangup" } }),
        &[("digits", json!("1x"), "bad_digits"), ("target", json!(null), "required")],
    );
    check::<DidTargetSettings>(
        json!({ "did_id": id("did_"), "target": { "kind": "flow", "id": id("flow_") }, "schedule_id": id("sch_"),
            "closed_target": "hangup" }),
        &[
            ("did_id", json!("+14155550123"), "bad_id"),
            ("max_channels", json!("many"), "out_of_range"),
            ("target", json!({ "kind": "conference", "room": "" }), "bad_object"),
        ],
    );
    check::<RingGroupSettings>(
        json!({ "name": "Sales", "members": [{ "user_id": id("us_") }, { "device_id": id("dev_"), "delay_sec": 5 }] }),
        &[
            ("name", json!(" "), "required"),
            ("strategy", json!("loud"), "unknown_strategy"),
            ("members", json!([]), "required"),
            ("members", json!([{}]), "bad_object"),
            ("members", json!([{ "user_id": id("us_"), "device_id": id("dev_") }]), "bad_object"),
            ("members", json!([{ "user_id": id("us_") }, { "user_id": id("us_") }]), "repeated_member"),
            ("members", json!(vec![json!({ "user_id": id("us_") }); 201]), "too_many"),
        ],
    );
    check::<ScheduleSettings>(
        json!({ "name": "Office", "timezone": "UTC",
            "rules": [{ "kind": "weekly", "dow": 1, "start_time": "09:00", "end_time": "17:00" }] }),
        &[("timezone", json!("Mars!"), "unknown_time_zone"), ("rules", json!("[{]"), "bad_type")],
    );
    check::<OutboundRouteSettings>(
        json!({ "name": "Spain", "prefix": "+34*", "carrier_ids": [id("car_")], "strip": 1, "prepend": "00" }),
        &[
            ("prefix", json!("3*4"), "bad_prefix"),
            ("prefix", json!(""), "required"),
            ("carrier_ids", json!([]), "required"),
            ("carrier_ids", json!([id("car_"), id("car_")]), "repeated_carrier"),
            ("carrier_ids", json!(["car_1"]), "bad_id"),
            ("prepend", json!("0+"), "bad_digits"),
            ("priority", json!(10_001), "out_of_range"),
        ],
    );
    check::<LimitSettings>(
        json!({ "scope_kind": "user", "scope_id": id("us_"), "period_sec": 60, "max_count": 10 }),
        &[
            ("scope_kind", json!("planet"), "unknown_scope_kind"),
            ("scope_id", json!("12"), "bad_scope_id"),
            ("scope_id", json!(id("did_")), "bad_scope_id"),
            ("direction", json!("up"), "unknown_direction"),
            ("period_sec", json!(0), "out_of_range"),
        ],
    );
    check::<AllowEntrySettings>(
        json!({ "ip": "203.0.113.7", "reason": "Office" }),
        &[("ip", json!("0.0.0.0/0"), "matches_everything"), ("ip", json!(""), "required")],
    );
    check::<EdgeSettings>(
        json!({ "country": "ES", "max_in": 10 }),
        &[
            ("country", json!("ZZ"), "unknown_country"),
            ("default_cid_number", json!("*1"), "bad_number"),
            ("language", json!("en US"), "bad_language"),
        ],
    );
}

#[test]
fn all_faults_are_named_at_once() {
    let errors = parse::<DeviceSettings>(&json!({ "realm": "a b" }), None).unwrap_err();
    let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["user_id", "auth_username", "realm"]);
}

#[test]
fn null_clears_what_is_optional_and_absent_keeps_it() {
    let user: EdgeUserSettings =
        parse(&json!({ "username": "alice", "dnd": true, "display_name": "Alice" }), None).unwrap();
    let changed: EdgeUserSettings = parse(&json!({ "display_name": null }), Some(&user)).unwrap();
    assert_eq!((changed.display_name, changed.dnd), (None, true));
}

#[test]
fn target_out_of_hours_needs_a_schedule() {
    let errors = parse::<DidTargetSettings>(&json!({ "did_id": id("did_"), "closed_target": "hangup" }), None);
    assert_eq!(errors.unwrap_err().iter().next().unwrap().code, "no_schedule");
}

#[test]
fn unique_keys_ignore_the_case_of_names() {
    let group = |name: &str| -> RingGroupSettings {
        parse(&json!({ "name": name, "members": [{ "user_id": id("us_") }] }), None).unwrap()
    };
    assert_eq!(group("Sales").unique_keys()[0].key, group("SALES").unique_keys()[0].key);
}

#[test]
fn version_is_a_whole_number() {
    let version =
        |value: Value| serde_json::from_value::<EdgeUserInput>(json!({ "version": value })).unwrap().version();
    assert_eq!(version(json!(3)), Ok(Some(3)));
    assert_eq!(version(json!("3")), Ok(Some(3)));
    assert_eq!(version(json!(null)), Ok(None));
    assert!(version(json!("three")).is_err());
}

#[test]
fn password_of_a_device_has_eight_characters() {
    use crate::Secret;
    for (password, code) in [("", "required"), ("short", "too_short"), ("12345678\n", "unprintable_character")] {
        assert_eq!(check_device_password(&Secret::new(password)).unwrap_err().code, code);
    }
    assert_eq!(check_device_password(&Secret::new("correct horse")), Ok(()));
}

#[test]
fn default_of_each_field_passes_its_parser() {
    for kind in EdgeKind::iter() {
        let fields = kind.fields();
        assert!(!fields.is_empty());
        for field in fields.iter().filter(|field| field.optional || !field.default.is_empty()) {
            assert_eq!((field.check)(&field.default), Ok(()), "{kind:?} {}", field.name);
            assert!(field.hint.ends_with('.'), "{kind:?} {}: {}", field.name, field.hint);
        }
    }
}

#[test]
fn texts_of_an_object_are_parsed_to_the_same_object() {
    let settings = EdgeSettings::default();
    let object = settings.texts().into_iter().map(|(name, text)| (name.to_owned(), text.into())).collect();
    let input: EdgeSettingsInput = serde_json::from_value(serde_json::Value::Object(object)).unwrap();
    assert_eq!(input.parse(None).unwrap(), settings);
}

#[test]
fn kind_is_known_by_its_path_and_its_ids() {
    for kind in EdgeKind::iter() {
        assert_eq!(EdgeKind::of_path(kind.path()), Some(kind));
        assert_eq!(EdgeKind::of_id(&id(kind.id_prefix())), Some(kind));
    }
    assert_eq!(EdgeKind::of_id(&id("usr_")), None, "a user of the console is none of the edge");
}
