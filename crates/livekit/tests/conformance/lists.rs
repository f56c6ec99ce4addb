//! Listing, paging and getting.

use serde_json::json;

use super::{dispatch, trunk, with_name};
use crate::common::{Target, ids, only};

const LIST: &str = "ListSIPInboundTrunk";

pub async fn page_starts_after_an_id_without_limit(target: &Target) {
    let mut own = Vec::new();
    let mut numbers = Vec::new();
    for name in ["a", "b", "c"] {
        let number = target.number();
        own.push(trunk(target, name, json!({ "numbers": [number] })).await);
        numbers.push(number);
    }
    let numbered: std::collections::BTreeMap<_, _> = own.iter().cloned().zip(numbers).collect();
    own.sort();
    let own: Vec<&str> = own.iter().map(String::as_str).collect();
    let page = |after: &str, limit: i32| json!({ "page": { "after_id": after, "limit": limit } });
    for (request, expected) in [
        (page("", 1), &own[..]),
        (page(own[0], 1), &own[1..]),
        (page(own[1], 1000), &own[2..]),
        (page(own[2], 1), &own[3..]),
    ] {
        let listed = target.made(LIST, request.clone()).await;
        assert_eq!(only(&own, ids(&listed)), expected, "{request}");
    }
    // A filter ends the listing at the first batch that it empties.
    let mut request = page("", 1);
    request["numbers"] = json!([numbered[own[2]]]);
    let filtered = only(&own, ids(&target.made(LIST, request).await));
    let reached = ids(&target.made(LIST, json!({})).await).first().is_some_and(|first| first == own[2]);
    assert_eq!(filtered.is_empty(), !reached);
}

pub async fn lists_are_filtered_and_sorted(target: &Target) {
    let (one, two, elsewhere) = (target.number(), target.number(), target.number());
    let a = trunk(target, "a", json!({ "numbers": [one] })).await;
    let b = trunk(target, "b", json!({ "numbers": [two] })).await;
    let any = trunk(target, "any", json!({ "auth_username": "u", "allowed_numbers": [elsewhere] })).await;
    let own = [a.as_str(), b.as_str(), any.as_str()];
    let mut sorted = own.map(str::to_owned).to_vec();
    sorted.sort();
    assert_eq!(only(&own, ids(&target.made(LIST, json!({})).await)), sorted);
    let by_id = target.made(LIST, json!({ "trunk_ids": [b, "ST_nope"] })).await;
    assert_eq!(ids(&by_id), [b.as_str()]);
    let plain = one.trim_start_matches('+');
    let by_number = only(&own, ids(&target.made(LIST, json!({ "numbers": [plain] })).await));
    let mut expected = vec![a.clone(), any.clone()];
    expected.sort();
    assert_eq!(by_number, expected);

    let fields = with_name(target, "o", json!({ "numbers": [one], "address": "h" }));
    let o = target.made("CreateSIPOutboundTrunk", json!({ "trunk": fields })).await["sip_trunk_id"].clone();
    let o = o.as_str().unwrap();
    for (number, found) in [(one.as_str(), vec![o.to_owned()]), (plain, vec![])] {
        let listed = target.made("ListSIPOutboundTrunk", json!({ "numbers": [number] })).await;
        assert_eq!(only(&[o], ids(&listed)), found, "outbound numbers are compared as text");
    }
    let rule = dispatch(target, "r", json!({ "trunk_ids": [a] })).await;
    for (filter, found) in [
        (json!({ "trunk_ids": [a] }), true),
        (json!({ "trunk_ids": [b] }), false),
        (json!({ "dispatch_rule_ids": [rule] }), true),
        (json!({ "dispatch_rule_ids": ["SDR_nope"] }), false),
    ] {
        let listed = target.made("ListSIPDispatchRule", filter.clone()).await;
        assert_eq!(!only(&[&rule], ids(&listed)).is_empty(), found, "{filter}");
    }
}

pub async fn get_is_by_kind(target: &Target) {
    let number = target.number();
    let id = trunk(target, "in", json!({ "numbers": [number] })).await;
    let got = target.made("GetSIPInboundTrunk", json!({ "sip_trunk_id": id })).await;
    assert_eq!(got["trunk"]["numbers"], json!([number]));
    let answer = target.call("GetSIPOutboundTrunk", json!({ "sip_trunk_id": id })).await;
    assert_eq!(answer.refusal(), (404, "not_found", "requested sip trunk does not exist"));
    let answer = target.call("GetSIPInboundTrunk", json!({})).await;
    assert_eq!(answer.refusal(), (400, "invalid_argument", "trunk ID is required"));
}
