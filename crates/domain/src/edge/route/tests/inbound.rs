use serde_json::{Value, json};
use ulid::Ulid;

use super::plain::{Plain, outcome, request, settings};
use crate::{
    AccountId, BotId, FlowId, QueueId, ScheduleId, SourcePolicy, Timestamp, VoicemailId,
    edge::{
        binding::{Binding, Contact},
        cac::EdgeDirection,
        route::{AnswerContext, Bindings, RouteRequest, Rtjson, answer, limits, reachable},
    },
};

fn plain(target: Option<Value>) -> Plain {
    let mut plain = Plain::default();
    let a = plain.carrier("a");
    plain.did("+14155550123", &a, target);
    plain
}

fn flow() -> Value {
    json!({ "kind": "flow", "id": FlowId::new(Ulid::from(7)) })
}

#[test]
fn did_leads_to_target_then_bot_then_default() {
    let called = |plain: &Plain| outcome(&plain.call(None, "14155550123").step);
    let flow = format!("flow {}", FlowId::new(Ulid::from(7)));
    assert_eq!(called(&plain(Some(json!({ "target": self::flow() })))), flow);
    let mut plain = plain(None);
    assert_eq!(called(&plain), "480");
    plain.settings = settings(json!({ "did_default_target": self::flow() }));
    assert_eq!(called(&plain), flow);
    plain.dids[0].bot = Some(BotId::new(Ulid::from(9)));
    assert_eq!(called(&plain), "bot +14155550123");
    assert_eq!(outcome(&plain.call(None, "+14155550199").step), "404");
}

#[test]
fn business_hours_choose_the_target() {
    let target = |room: &str| json!({ "kind": "conference", "room": room });
    let schedule = ScheduleId::new(Ulid::from(5));
    let mut plain = plain(Some(json!({
        "schedule_id": schedule, "target": target("open"), "closed_target": target("closed"), "holiday_target": target("holiday"),
    })));
    let rules = json!([
        { "kind": "weekly", "dow": 5, "start_time": "22:00", "end_time": "06:00" },
        { "kind": "date", "start_date": "2026-12-25", "is_closed": true },
    ]);
    plain.schedules.push((schedule, settings(json!({ "name": "Night", "timezone": "Europe/Madrid", "rules": rules }))));
    for (now, expected) in [
        ("2026-11-27T20:59:00Z", "closed"),
        ("2026-11-27T21:00:00Z", "open"),
        ("2026-11-28T04:59:00Z", "open"),
        ("2026-11-28T05:00:00Z", "closed"),
        ("2026-12-25T21:30:00Z", "holiday"),
    ] {
        assert_eq!(outcome(&plain.call_at(None, "+14155550123", now).step), format!("conference {expected}"), "{now}");
    }
    plain.schedules.clear();
    assert_eq!(outcome(&plain.call(None, "+14155550123").step), "conference open");
}

#[test]
fn closed_did_without_a_target_is_rejected() {
    let schedule = ScheduleId::new(Ulid::from(5));
    let mut plain = plain(Some(json!({ "schedule_id": schedule, "target": flow() })));
    let rules = json!([{ "kind": "weekly", "dow": 0 }]);
    plain.schedules.push((schedule, settings(json!({ "name": "Sunday", "rules": rules }))));
    assert_eq!(outcome(&plain.call(None, "+14155550123").step), "480");
}

#[test]
fn source_must_be_on_the_carriers_allowlist() {
    let mut plain = plain(Some(json!({ "target": flow() })));
    plain.carriers[0].allowed = vec!["203.0.113.0/24".parse().unwrap()];
    let from = |plain: &Plain, source: &str| {
        let request = RouteRequest { source: Some(source.parse().unwrap()), ..request(None, "+14155550123") };
        outcome(&plain.decide(&request).step)[..3].to_owned()
    };
    plain.carriers[0].source_policy = SourcePolicy::Allowlist;
    assert_eq!((from(&plain, "203.0.113.7"), from(&plain, "198.51.100.1")), ("flo".to_owned(), "403".to_owned()));
    for (policy, expected) in [
        (SourcePolicy::Closed, "403"),
        (SourcePolicy::Any, "flo"),
        (SourcePolicy::Credentials { addresses: false }, "403"),
    ] {
        plain.carriers[0].source_policy = policy;
        assert_eq!(from(&plain, "198.51.100.1"), expected, "{policy:?}");
    }
    plain.dids[0].target = None;
    plain.dids[0].bot = Some(BotId::new(Ulid::from(9)));
    assert_eq!(from(&plain, "198.51.100.1"), "bot", "LiveKit asks for the credentials itself");
}

#[test]
fn anonymous_and_disabled_are_rejected() {
    let plain = plain(Some(json!({ "target": flow(), "allow_anonymous": false })));
    for from in ["", "anonymous", "Anonymous"] {
        let decision = plain.decide(&RouteRequest { from, ..request(None, "+14155550123") });
        assert_eq!(outcome(&decision.step), "433", "{from:?}");
    }
    let plain = self::plain(Some(json!({ "target": flow(), "status": "disabled" })));
    assert_eq!(outcome(&plain.call(None, "+14155550123").step), "480");
}

#[test]
fn inbound_call_counts_account_and_did() {
    let mut plain = plain(Some(json!({ "target": flow(), "max_channels": 3 })));
    plain.settings = settings(json!({ "max_in": 9 }));
    let decision = plain.call(None, "+14155550123");
    let limits = limits(&plain, &decision).unwrap();
    let channels: Vec<(String, Option<u32>)> =
        limits.channels.iter().map(|limit| (limit.dimension.to_string(), limit.max)).collect();
    assert_eq!(channels, [("account_in".to_owned(), Some(9)), (format!("did:{}", plain.dids[0].id), Some(3))]);
    assert!(limits.alternatives.is_empty());
}

fn binding(uri: &str, received: Option<&str>) -> Binding {
    Binding {
        contact: Contact { uri: uri.to_owned(), received: received.map(str::to_owned), ..Contact::default() },
        call_id: "r".to_owned(),
        cseq: 1,
        node: "edge".to_owned(),
        registered_at: Timestamp::from_millis(1),
        expires_at: Timestamp::from_millis(i64::MAX),
    }
}

fn document(plain: &Plain, to: &str, from: &str, bindings: &Bindings) -> Rtjson {
    let mut decision = plain.decide(&RouteRequest { from, ..request(None, to) });
    decision.step = reachable(decision.step, bindings);
    let account = AccountId::new(Ulid::from(1));
    let (livekit, domain) = ("livekit.example:5060".parse().unwrap(), "acme.example".parse().unwrap());
    answer(
        &decision,
        &AnswerContext {
            account: &account,
            livekit: Some(&livekit),
            domain: Some(&domain),
            bindings,
            first_carrier: 0,
        },
    )
}

#[test]
fn every_target_kind_has_its_document() {
    let mut plain = plain(None);
    let bob = plain.phone("bob", json!({}));
    let a = plain.carriers[0].id.clone();
    plain.route("*", 1, &[&a], json!({}));
    plain.extension("1001", json!({ "kind": "user", "id": bob }));
    let extension = plain.extensions[0].0.clone();
    let group = crate::RingGroupId::new(plain.ulid());
    plain.groups.push((group.clone(), settings(json!({ "name": "Sales", "members": [{ "user_id": bob }] }))));
    let bot = BotId::new(Ulid::from(9));
    plain.did("+14155550124", &a, None);
    plain.dids[1].bot = Some(bot.clone());
    let bindings = Bindings::from([(
        "bob@acme.example".to_owned(),
        vec![binding("sip:bob@10.0.0.9:5060", Some("sip:198.51.100.9:40000"))],
    )]);
    let ulid = Ulid::from(7);
    for (target, action, key, value) in [
        (flow(), "flow", "flow_id", FlowId::new(ulid).to_string()),
        (json!({ "kind": "queue", "id": QueueId::new(ulid) }), "flow", "kind", "queue".to_owned()),
        (
            json!({ "kind": "voicemail", "id": VoicemailId::new(ulid) }),
            "flow",
            "target_id",
            VoicemailId::new(ulid).to_string(),
        ),
        (json!({ "kind": "conference", "room": "sales" }), "flow", "target_id", "sales".to_owned()),
        (json!({ "kind": "bot", "id": bot }), "bot", "uri", "sip:+14155550124@livekit.example:5060".to_owned()),
        (json!({ "kind": "user", "id": bob }), "proxy", "uri", "sip:bob@10.0.0.9:5060".to_owned()),
        (json!({ "kind": "extension", "id": extension }), "proxy", "dst_uri", "sip:198.51.100.9:40000".to_owned()),
        (json!({ "kind": "ring_group", "id": group }), "proxy", "uri", "sip:bob@10.0.0.9:5060".to_owned()),
        (
            json!({ "kind": "forward", "number": "+14155550199" }),
            "outbound",
            "uri",
            "sip:+14155550199@a.example".to_owned(),
        ),
        (json!({ "kind": "trunk", "id": a, "number": "5" }), "outbound", "uri", "sip:5@a.example".to_owned()),
        (json!({ "kind": "hangup" }), "reject", "reason", "Decline".to_owned()),
    ] {
        let did = plain.dids[0].id.clone();
        plain.dids[0].target = Some(settings(json!({ "did_id": did, "target": target })));
        let json = serde_json::to_value(document(&plain, "+14155550123", "+14155550100", &bindings)).unwrap();
        assert_eq!(json["action"], action, "{target}");
        let found = if json[key].is_null() { &json["routes"][0][key] } else { &json[key] };
        assert_eq!(*found, json!(value), "{target}: {json}");
        assert_eq!(json.get("version").is_some(), ["proxy", "bot", "outbound"].contains(&action), "{json}");
        assert_eq!(json["vars"]["caller_cid"], "14155550100");
    }
}

#[test]
fn unreachable_devices_leave_the_call_to_the_next_step() {
    let mut plain = plain(None);
    let bob = plain.phone("bob", json!({ "voicemail_id": VoicemailId::new(Ulid::from(7)) }));
    let did = plain.dids[0].id.clone();
    plain.dids[0].target = Some(settings(json!({ "did_id": did, "target": { "kind": "user", "id": bob } })));
    let json = serde_json::to_value(document(&plain, "+14155550123", "1", &Bindings::default())).unwrap();
    assert_eq!((&json["action"], &json["kind"]), (&json!("flow"), &json!("voicemail")));
}

#[test]
fn several_bindings_ring_at_once_and_broken_ones_are_left_out() {
    let mut plain = plain(None);
    let bob = plain.phone("bob", json!({}));
    let did = plain.dids[0].id.clone();
    plain.dids[0].target = Some(settings(json!({ "did_id": did, "target": { "kind": "user", "id": bob } })));
    let contacts = vec![
        binding("sip:bob@10.0.0.9", None),
        binding("sip:bob@[2001:db8::9]:5060;transport=tcp", None),
        binding("sip:bob@10.0.0.9\r\nX-Evil: 1", None),
        binding("sip:bob@10.0.0.8", Some("not a URI")),
    ];
    let bindings = Bindings::from([("bob@acme.example".to_owned(), contacts)]);
    let json = serde_json::to_value(document(&plain, "+14155550123", "1", &bindings)).unwrap();
    assert_eq!(json["routing"], "parallel");
    assert_eq!(json["routes"].as_array().unwrap().len(), 2);
    assert_eq!(json["on_no_answer"]["code"], 480);
}

#[test]
fn hostile_callers_reach_no_header() {
    let mut plain = plain(Some(json!({ "target": { "kind": "forward", "number": "+14155550199" } })));
    let a = plain.carriers[0].id.clone();
    plain.route("*", 1, &[&a], json!({}));
    for from in ["+1\r\nX-Evil: 1", "\"><sip:x@y>", "a\0b", &"1".repeat(65_536), "sip:x@[::1]", "\u{661}\u{662}"] {
        let document = document(&plain, "+14155550123", from, &Bindings::default());
        let json = serde_json::to_string(&document).unwrap();
        assert!(json.len() < Rtjson::LIMIT, "{}", json.len());
        let value = serde_json::to_value(&document).unwrap();
        let party = value["routes"][0]["headers"]["from"].to_string();
        assert!(!party.contains("\\r") && !party.contains("\\n") && !party.contains("\\u0000"), "{party}");
        assert!(!party.contains('<') && !value["vars"].to_string().contains("\\r"), "{party}");
    }
}

#[test]
fn direction_is_inbound_without_authentication() {
    assert_eq!(plain(None).call(None, "+14155550123").direction, EdgeDirection::Inbound);
}
