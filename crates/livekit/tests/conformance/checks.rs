//! What LiveKit checks of one object, and does not.

use serde_json::json;

use super::{trunk, with_name};
use crate::common::Target;

pub async fn inbound_trunk_is_validated(target: &Target) {
    let open = "for security, one of the fields must be set: AuthUsername+AuthPassword, AllowedAddresses or Numbers";
    for (body, msg) in [
        (json!({}), "missing trunk"),
        (json!({ "trunk": { "sip_trunk_id": "ST_x", "numbers": ["1"] } }), "trunk id must not be set"),
        (json!({ "trunk": {} }), open),
        (json!({ "trunk": { "numbers": ["1"], "media": { "codecs": [{ "name": "" }] } } }), "missing codec name"),
        (
            json!({ "trunk": { "numbers": ["1"], "media": { "media_timeout": "601s" } } }),
            "media_timeout must not exceed 10m0s",
        ),
    ] {
        let answer = target.call("CreateSIPInboundTrunk", body).await;
        assert_eq!(answer.refusal(), (400, "invalid_argument", msg));
    }
    for (body, msg) in [
        (json!({}), "trunk id must be set"),
        (json!({ "sip_trunk_id": "ST_x" }), "missing or unsupported update action"),
        (json!({ "sip_trunk_id": "ST_x", "replace": {} }), open),
        (
            json!({ "sip_trunk_id": "ST_x", "replace": { "sip_trunk_id": "ST_y", "numbers": ["1"] } }),
            "trunk id in the info must be empty or match the id in the update",
        ),
        (json!({ "sip_trunk_id": "ST_x", "update": { "numbers": {} } }), "unsupported list update operation"),
        (
            json!({ "sip_trunk_id": "ST_x", "update": { "numbers": { "clear": true, "add": ["1"] } } }),
            "cannot clear and change the list at the same time",
        ),
        (
            json!({ "sip_trunk_id": "ST_x", "update": { "numbers": { "set": ["1"], "add": ["1"] } } }),
            "cannot set and change the list at the same time",
        ),
        (json!({ "sip_trunk_id": "ST_x", "update": { "numbers": { "set": [""] } } }), "empty element in the list"),
    ] {
        let answer = target.call("UpdateSIPInboundTrunk", body).await;
        assert_eq!(answer.refusal(), (400, "invalid_argument", msg));
    }
}

pub async fn outbound_trunk_is_validated(target: &Target) {
    let uri = "trunk address should be a hostname or IP, not SIP URI";
    let transport = "trunk address should not contain transport parameter";
    for (fields, msg) in [
        (json!({ "address": "h" }), "no trunk numbers specified"),
        (json!({ "numbers": ["1"] }), "no outbound address specified"),
        (json!({ "numbers": ["1"], "address": "sip:h" }), uri),
        (json!({ "numbers": ["1"], "address": "sips:h" }), uri),
        (json!({ "numbers": ["1"], "address": "u@h" }), uri),
        (json!({ "numbers": ["1"], "address": "h;x=y" }), uri),
        (json!({ "numbers": ["1"], "address": "h;transport=tcp" }), transport),
        (
            json!({ "numbers": ["1"], "address": "h", "from_host": "a@b" }),
            "from_host should be a hostname or IP, not SIP URI",
        ),
    ] {
        let answer = target.call("CreateSIPOutboundTrunk", json!({ "trunk": fields })).await;
        assert_eq!(answer.refusal(), (400, "invalid_argument", msg));
    }
    // Ports, IPv6 and numbers of any form are fine; so is a country that is none.
    let fields = json!({ "numbers": ["anything"], "address": "[2001:db8::1]:5070", "destination_country": "??" });
    target.made("CreateSIPOutboundTrunk", json!({ "trunk": with_name(target, "any", fields) })).await;
}

pub async fn headers_are_validated(target: &Target) {
    let number = target.number();
    for (field, headers, msg) in [
        ("headers", json!({ "From": "x" }), "invalid header name: header name From not supported".to_owned()),
        ("headers", json!({ "": "x" }), "invalid header name: header name cannot be empty".to_owned()),
        (
            "headers",
            json!({ "X A": "x" }),
            "invalid header name: header name X A contains invalid characters: char 32 not allowed".to_owned(),
        ),
        (
            "headers",
            json!({ "X-A": "x".repeat(1025) }),
            "invalid header value for X-A: header X-A: value too long (max 1024 characters)".to_owned(),
        ),
        (
            "headers",
            json!({ "X-A": "a\r\nb" }),
            "invalid header value for X-A: header X-A: value: char 13 not allowed".to_owned(),
        ),
        (
            "attributes_to_headers",
            json!({ "a": "X:A" }),
            "invalid header name: header name X:A contains invalid characters: char 58 not allowed".to_owned(),
        ),
        (
            "headers_to_attributes",
            json!({ "X:A": "a" }),
            "invalid header name: header name X:A contains invalid characters: char 58 not allowed".to_owned(),
        ),
    ] {
        let answer =
            target.call("CreateSIPInboundTrunk", json!({ "trunk": { "numbers": [number], field: headers } })).await;
        assert_eq!(answer.refusal(), (400, "invalid_argument", msg.as_str()));
    }
    // What may not be set may be mapped.
    let fields = json!({ "numbers": [number], "headers_to_attributes": { "From": "from" }, "headers": { "X-É": "" } });
    let answer = target.call("CreateSIPInboundTrunk", json!({ "trunk": fields })).await;
    assert_eq!(answer.status, 400, "{}", answer.text);
    let fields = json!({ "numbers": [number], "headers_to_attributes": { "From": "from" }, "headers": { "X-E": "é" } });
    trunk(target, "mapped", fields).await;
}

pub async fn rule_is_validated(target: &Target) {
    for (body, msg) in [
        (json!({}), "missing rule"),
        (json!({ "dispatch_rule": {} }), "missing rule"),
        (
            json!({ "dispatch_rule": { "rule": {}, "trunk_ids": [target.name("ST")] } }),
            "twirp error unknown: unsupported SIP Dispatch Rule: <nil>",
        ),
        (json!({ "dispatch_rule": { "sip_dispatch_rule_id": "SDR_x" } }), "rule id must not be set"),
    ] {
        let answer = target.call("CreateSIPDispatchRule", body).await;
        assert_eq!(answer.refusal(), (400, "invalid_argument", msg));
    }
    let rule = json!({ "rule": { "dispatch_rule_individual": {} } });
    for (body, code, msg) in [
        (json!({}), "invalid_argument", "rule id must be set"),
        (json!({ "sip_dispatch_rule_id": "SDR_x" }), "invalid_argument", "missing or unsupported update action"),
        (
            json!({ "sip_dispatch_rule_id": "SDR_x", "replace": rule }),
            "not_found",
            "requested sip dispatch rule does not exist",
        ),
    ] {
        let answer = target.call("UpdateSIPDispatchRule", body).await;
        assert_eq!((answer.refusal().1, answer.refusal().2), (code, msg));
    }
}

pub async fn update_with_an_invalid_result_is_refused(target: &Target) {
    let number = target.number();
    let id = trunk(target, "in", json!({ "numbers": [number] })).await;
    let clear = json!({ "numbers": { "clear": true } });
    let answer = target.call("UpdateSIPInboundTrunk", json!({ "sip_trunk_id": id, "update": clear })).await;
    let msg = "twirp error unknown: for security, one of the fields must be set: AuthUsername+AuthPassword, \
               AllowedAddresses or Numbers";
    assert_eq!(answer.refusal(), (400, "invalid_argument", msg));
    let fields = with_name(target, "out", json!({ "numbers": [number], "address": "h" }));
    let made = target.made("CreateSIPOutboundTrunk", json!({ "trunk": fields })).await;
    let update = json!({ "sip_trunk_id": made["sip_trunk_id"], "update": clear });
    let answer = target.call("UpdateSIPOutboundTrunk", update).await;
    assert_eq!(answer.refusal(), (500, "unknown", "no trunk numbers specified"));
}

pub async fn dialling_requires_a_trunk_and_livekit_sip(target: &Target) {
    let number = target.number();
    let fields = with_name(target, "o", json!({ "numbers": [number], "address": "h" }));
    let made = target.made("CreateSIPOutboundTrunk", json!({ "trunk": fields })).await;
    let id = made["sip_trunk_id"].as_str().unwrap();
    for (body, refusal) in [
        (json!({}), (400, "invalid_argument", "missing sip trunk id and sip number")),
        (json!({ "sip_trunk_id": id }), (400, "invalid_argument", "missing sip callee number")),
        (
            json!({ "sip_trunk_id": id, "sip_call_to": "a@b" }),
            (400, "invalid_argument", "SipCallTo should be a phone number or SIP user, not a full SIP URI"),
        ),
        (json!({ "sip_trunk_id": id, "sip_call_to": "+1" }), (400, "invalid_argument", "missing room name")),
        (
            json!({ "sip_trunk_id": "ST_nope", "sip_call_to": "+1", "room_name": "r" }),
            (404, "not_found", "requested sip trunk does not exist"),
        ),
        (
            json!({ "sip_trunk_id": id, "sip_call_to": "+1", "room_name": "r" }),
            (503, "unavailable", "twirp error unknown: no response from servers"),
        ),
    ] {
        let answer = target.call("CreateSIPParticipant", body).await;
        assert_eq!(answer.refusal(), refusal);
    }
}
