//! Replacing, updating and deleting.

use serde_json::json;

use super::{dispatch, individual, trunk, with_name};
use crate::common::{Target, ids, only};

pub async fn replace_sets_the_whole_trunk(target: &Target) {
    let number = target.number();
    let id = trunk(
        target,
        "whole",
        json!({ "numbers": [number], "auth_username": "u", "auth_password": "p", "krisp_enabled": true }),
    )
    .await;
    let replace = json!({ "sip_trunk_id": id, "replace": with_name(target, "w2", json!({ "numbers": [number] })) });
    let made = target.made("UpdateSIPInboundTrunk", replace).await;
    assert_eq!(made["sip_trunk_id"], id);
    let got = target.made("GetSIPInboundTrunk", json!({ "sip_trunk_id": id })).await["trunk"].clone();
    assert_eq!(got["name"], target.name("w2"));
    for cleared in ["auth_username", "auth_password"] {
        assert!(got[cleared].as_str().unwrap_or_default().is_empty(), "{got}");
    }
    assert!(!got["krisp_enabled"].as_bool().unwrap_or_default());
    let answer = target
        .call("UpdateSIPInboundTrunk", json!({ "sip_trunk_id": "ST_nope", "replace": { "numbers": [number] } }))
        .await;
    assert_eq!(answer.refusal(), (404, "not_found", "requested sip trunk does not exist"));
}

pub async fn update_changes_some_fields(target: &Target) {
    let (one, two) = (target.number(), target.number());
    let id = trunk(target, "some", json!({ "numbers": [one], "auth_username": "u", "auth_password": "p" })).await;
    let update = json!({ "numbers": { "add": [two, one] }, "auth_password": "", "media_encryption": 1 });
    let made = target.made("UpdateSIPInboundTrunk", json!({ "sip_trunk_id": id, "update": update })).await;
    assert_eq!((&made["numbers"], &made["auth_username"]), (&json!([one, two]), &json!("u")));
    assert!(made["auth_password"].as_str().unwrap_or_default().is_empty());
    assert_eq!(made["media"]["encryption"], "SIP_MEDIA_ENCRYPT_ALLOW");
    let update = json!({ "numbers": { "remove": [one] } });
    let made = target.made("UpdateSIPInboundTrunk", json!({ "sip_trunk_id": id, "update": update })).await;
    assert_eq!(made["numbers"], json!([two]));

    let rule = dispatch(target, "r", json!({ "trunk_ids": [id], "attributes": { "a": "1", "b": "2" } })).await;
    let update = json!({ "attributes": { "a": "", "c": "3" }, "metadata": "m" });
    let made = target.made("UpdateSIPDispatchRule", json!({ "sip_dispatch_rule_id": rule, "update": update })).await;
    assert_eq!((&made["attributes"], &made["metadata"]), (&json!({ "b": "2", "c": "3" }), &json!("m")));

    let fields = with_name(target, "o", json!({ "numbers": [one], "address": "h" }));
    let made = target.made("CreateSIPOutboundTrunk", json!({ "trunk": fields })).await;
    let update = json!({ "transport": "SIP_TRANSPORT_TCP", "numbers": { "set": [two] } });
    let id = &made["sip_trunk_id"];
    let made = target.made("UpdateSIPOutboundTrunk", json!({ "sip_trunk_id": id, "update": update })).await;
    assert_eq!((&made["transport"], &made["numbers"]), (&json!("SIP_TRANSPORT_TCP"), &json!([two])));
}

pub async fn deleting_a_missing_rule_fails_a_missing_trunk_not(target: &Target) {
    let answer = target.made("DeleteSIPTrunk", json!({ "sip_trunk_id": "ST_nope" })).await;
    assert_eq!(answer["sip_trunk_id"], "ST_nope");
    let answer = target.call("DeleteSIPDispatchRule", json!({ "sip_dispatch_rule_id": "SDR_nope" })).await;
    assert_eq!(answer.refusal(), (404, "not_found", "requested sip dispatch rule does not exist"));
    let answer = target.call("DeleteSIPTrunk", json!({})).await;
    assert_eq!(answer.refusal(), (400, "invalid_argument", "trunk ID is required"));
    let answer = target.call("DeleteSIPDispatchRule", json!({})).await;
    assert_eq!(answer.refusal(), (400, "invalid_argument", "dispatch rule ID is required"));
    let client = target.client();
    assert_eq!(client.delete_trunk("ST_nope").await, Ok(()));
    assert_eq!(client.delete_rule("SDR_nope").await, Ok(()));
}

pub async fn deleted_trunk_stays_in_its_rules(target: &Target) {
    let number = target.number();
    let id = trunk(target, "gone", json!({ "numbers": [number] })).await;
    let rule = dispatch(target, "dangling", json!({ "trunk_ids": [id] })).await;
    target.client().delete_trunk(&id).await.unwrap();
    let listed = target.made("ListSIPDispatchRule", json!({ "trunk_ids": [id] })).await;
    assert_eq!(only(&[&rule], ids(&listed)), [rule.as_str()]);
}

pub async fn defaults_are_filled_in(target: &Target) {
    let number = target.number();
    let made = target
        .made("CreateSIPInboundTrunk", json!({ "trunk": with_name(target, "t", json!({ "numbers": [number] })) }))
        .await;
    let id = made["sip_trunk_id"].as_str().unwrap();
    assert!(id.starts_with("ST_") && id.len() == 15 && id[3..].chars().all(|c| c.is_ascii_alphanumeric()), "{id}");
    assert!(made["created_at"].is_null() && made["updated_at"].is_null() && made["media"].is_null());
    let rule = individual(target, "r", json!({ "trunk_ids": [id] }));
    let made = target.made("CreateSIPDispatchRule", json!({ "dispatch_rule": rule })).await;
    let id = made["sip_dispatch_rule_id"].as_str().unwrap();
    assert!(id.starts_with("SDR_") && id.len() == 16, "{id}");
    assert!(made["created_at"].is_null() && made["media"].is_object(), "{made}");
}
