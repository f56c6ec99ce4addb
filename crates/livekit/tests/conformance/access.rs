//! Who may call, and in which form.

use domain::Secret;
use serde_json::{Value, json};

use crate::common::{Target, claims, signed};

const LIST: &str = "ListSIPInboundTrunk";

pub async fn tokens_are_verified(target: &Target) {
    let key = target.config.api_key.as_str();
    let admin = || json!({ "admin": true });
    let cases = [
        ("not.a.token".to_owned(), "invalid authorization token"),
        (target.token(&claims("someone", -5, 60, admin())), "invalid API key"),
        (signed(&claims(key, -5, 60, admin()), &Secret::new("other")), "signature is invalid"),
        (target.token(&claims(key, -200, -100, admin())), "token is expired"),
        (target.token(&claims(key, 100, 200, admin())), "token is not valid yet"),
    ];
    for (token, words) in cases {
        let answer = target.send(LIST, Some(&token), "application/json", b"{}".to_vec()).await;
        assert_eq!((answer.status, &answer.json), (401, &Value::Null), "{}", answer.text);
        assert!(answer.text.contains(words), "{words}: {}", answer.text);
    }
    // A minute of leeway is accepted, either way.
    for claims in [claims(key, -100, -30, admin()), claims(key, 30, 60, admin())] {
        let answer = target.send(LIST, Some(&target.token(&claims)), "application/json", b"{}".to_vec()).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
}

pub async fn each_method_requires_its_grant(target: &Target) {
    let key = target.config.api_key.as_str();
    let call = target.token(&claims(key, -5, 60, json!({ "call": true })));
    let none = target.token(&claims(key, -5, 60, json!({})));
    let admin = target.token(&claims(key, -5, 60, json!({ "admin": true })));
    for (method, token) in [
        (LIST, None),
        (LIST, Some(&none)),
        (LIST, Some(&call)),
        ("CreateSIPDispatchRule", Some(&call)),
        ("CreateSIPParticipant", Some(&admin)),
    ] {
        let answer = target.send(method, token.map(String::as_str), "application/json", b"{}".to_vec()).await;
        assert_eq!(answer.refusal(), (401, "unauthenticated", "permissions denied"), "{method}");
    }
}

pub async fn wrong_routes_are_bad_routes(target: &Target) {
    let answer = target.call("Nope", json!({})).await;
    assert_eq!(answer.refusal(), (404, "bad_route", "no handler for path \"/twirp/livekit.SIP/Nope\""));
    assert_eq!(answer.json["meta"]["twirp_invalid_route"], "POST /twirp/livekit.SIP/Nope");
    let answer = target.send(LIST, None, "text/plain", b"{}".to_vec()).await;
    assert_eq!(answer.refusal(), (404, "bad_route", "unexpected Content-Type: \"text/plain\""));
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let get = crate::common::answer(http.get(format!("{}/twirp/livekit.SIP/{LIST}", target.base()))).await;
    assert_eq!(get.refusal(), (404, "bad_route", "unsupported method \"GET\" (only POST is allowed)"));
    let other = crate::common::answer(http.post(format!("{}/twirp/livekit.Nope/{LIST}", target.base()))).await;
    assert_eq!((other.status, other.text.as_str()), (404, "404 page not found\n"));
}

pub async fn undecodable_bodies_are_malformed(target: &Target) {
    for body in ["{bad", "[]", "", r#"{"page":"x"}"#] {
        let answer = target.send(LIST, None, "application/json; charset=utf-8", body.into()).await;
        assert_eq!(answer.refusal(), (400, "malformed", "the json request could not be decoded"), "{body}");
    }
    let answer = target.send(LIST, None, "application/protobuf", vec![0xff, 0xff]).await;
    assert_eq!(answer.refusal(), (400, "malformed", "the protobuf request could not be decoded"));
}

pub async fn json_may_be_snake_or_camel_case(target: &Target) {
    let number = target.number();
    let made = target
        .made(
            "CreateSIPInboundTrunk",
            json!({ "trunk": {
                "name": target.name("json"), "numbers": [number], "allowedAddresses": ["192.0.2.1"],
                "auth_username": "u", "krispEnabled": true, "headersToAttributes": { "X-Some": "someThing" },
                "includeHeaders": "SIP_X_HEADERS", "ringingTimeout": "30s", "nonsense": { "a": 1 },
            }}),
        )
        .await;
    assert_eq!(made["allowed_addresses"], json!(["192.0.2.1"]));
    assert_eq!(made["headers_to_attributes"], json!({ "X-Some": "someThing" }));
    assert_eq!(made["include_headers"], "SIP_X_HEADERS");
    assert_eq!((&made["krisp_enabled"], &made["ringing_timeout"]), (&json!(true), &json!("30s")));
}
