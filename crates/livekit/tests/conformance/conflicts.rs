//! Which objects conflict, and what is not checked.

use serde_json::json;

use super::{dispatch, individual, rule_conflict, trunk, with_name};
use crate::common::Target;

pub async fn trunks_conflict_by_called_number_and_caller(target: &Target) {
    let number = target.number();
    let digits = number.trim_start_matches('+').to_owned();
    let spelled = format!("{} ({}) {}", &digits[..1], &digits[1..4], &digits[4..]);
    // Two spellings in one trunk are no conflict.
    let first = trunk(target, "first", json!({ "numbers": [number, digits] })).await;
    let second = json!({ "numbers": [spelled], "auth_username": "u", "allowed_addresses": ["192.0.2.1"] });
    let answer = target.call("CreateSIPInboundTrunk", json!({ "trunk": second })).await;
    let msg = format!(
        "Conflicting inbound SIP Trunks: \"<new>\" and {first:?}, using the same number(s) [{spelled:?}] without \
         AllowedNumbers set"
    );
    assert_eq!(answer.refusal(), (400, "invalid_argument", msg.as_str()));
    // A different caller is no conflict, and "any caller" counts as one.
    let caller = target.number();
    let third = trunk(target, "third", json!({ "numbers": [number], "allowed_numbers": [caller] })).await;
    let plain = caller.trim_start_matches('+').to_owned();
    let fourth = json!({ "numbers": [number], "allowed_numbers": [plain] });
    let answer = target.call("CreateSIPInboundTrunk", json!({ "trunk": fourth })).await;
    // The new one is checked second; the one that is checked later is named first.
    let (late, early, allowed) =
        if third < first { ("<new>", third.as_str(), &plain) } else { (third.as_str(), "<new>", &caller) };
    let msg = format!(
        "Conflicting inbound SIP Trunks: {late:?} and {early:?}, using the same number(s) [{number:?}] and \
         AllowedNumber {allowed:?}"
    );
    assert_eq!(answer.refusal(), (400, "invalid_argument", msg.as_str()));
    // Two trunks without numbers conflict; here for one caller only, so that other trunks on the server do not matter.
    let any = trunk(target, "any", json!({ "auth_username": "u", "allowed_numbers": [caller] })).await;
    let answer = target
        .call("CreateSIPInboundTrunk", json!({ "trunk": { "auth_username": "v", "allowed_numbers": [caller] } }))
        .await;
    let msg = |late: &str, early: &str| {
        format!(
            "Conflicting inbound SIP Trunks: {late:?} and {early:?}, using the same number(s) <any> and \
             AllowedNumber {caller:?}"
        )
    };
    assert_eq!((answer.status, answer.refusal().1), (400, "invalid_argument"));
    assert!([msg("<new>", &any), msg(&any, "<new>")].contains(&answer.refusal().2.to_owned()), "{}", answer.text);
}

pub async fn replace_checks_trunks_that_share_a_number(target: &Target) {
    let (mine, theirs) = (target.number(), target.number());
    let a = trunk(target, "a", json!({ "numbers": [mine] })).await;
    let b = trunk(target, "b", json!({ "numbers": [theirs] })).await;
    let replace = |numbers: &[&String]| {
        let trunk = with_name(target, "a", json!({ "numbers": numbers }));
        json!({ "sip_trunk_id": a, "replace": trunk })
    };
    let answer = target.call("UpdateSIPInboundTrunk", replace(&[&mine, &theirs])).await;
    let (first, second) = if a < b { (&b, &a) } else { (&a, &b) };
    assert_eq!((answer.status, answer.json["code"].as_str()), (400, Some("invalid_argument")), "{}", answer.text);
    let msg = answer.json["msg"].as_str().unwrap();
    assert!(msg.starts_with(&format!("Conflicting inbound SIP Trunks: {first:?} and {second:?}")), "{msg}");
    // A trunk without a number in common with its former state moves to the other's number unchecked.
    target.made("UpdateSIPInboundTrunk", replace(&[&theirs])).await;
    // From then on no trunk without numbers can be made; one with other numbers can.
    let elsewhere = json!({ "auth_username": "u", "allowed_numbers": [target.number()] });
    let answer = target.call("CreateSIPInboundTrunk", json!({ "trunk": elsewhere })).await;
    assert_eq!((answer.status, answer.refusal().1), (400, "invalid_argument"));
    let other = target.number();
    trunk(target, "other", json!({ "numbers": [other] })).await;
}

pub async fn rules_conflict_by_trunk_numbers_and_pin(target: &Target) {
    let (number, caller) = (target.number(), target.number());
    let plain = number.trim_start_matches('+').to_owned();
    let (a, b) = (target.name("ST_a"), target.name("ST_b"));
    let id = dispatch(target, "first", json!({ "trunk_ids": [a], "numbers": [number] })).await;
    let same = individual(target, "same", json!({ "trunk_ids": [b, a], "numbers": [plain] }));
    let answer = target.call("CreateSIPDispatchRule", json!({ "dispatch_rule": same })).await;
    assert_eq!((answer.status, answer.refusal().1), (400, "invalid_argument"));
    let either = [rule_conflict(&id, &target.name("first")), rule_conflict("<new>", &target.name("same"))];
    assert!(either.contains(&answer.refusal().2.to_owned()), "{}", answer.text);
    // Another trunk, any number, a caller, or a PIN each make a rule different.
    dispatch(target, "trunk", json!({ "trunk_ids": [b], "numbers": [plain] })).await;
    dispatch(target, "any", json!({ "trunk_ids": [a] })).await;
    dispatch(target, "caller", json!({ "trunk_ids": [a], "numbers": [number], "inbound_numbers": [caller] })).await;
    let pin = json!({ "dispatch_rule_direct": { "room_name": "r", "pin": "1" } });
    dispatch(target, "pin", json!({ "trunk_ids": [a], "numbers": [number], "rule": pin })).await;
}

pub async fn rule_with_two_spellings_conflicts_with_itself(target: &Target) {
    let number = target.number();
    let plain = number.trim_start_matches('+').to_owned();
    let trunk_id = target.name("ST_a");
    for numbers in [[&number, &plain], [&number, &number]] {
        let rule = individual(target, "self", json!({ "trunk_ids": [trunk_id], "numbers": numbers }));
        let answer = target.call("CreateSIPDispatchRule", json!({ "dispatch_rule": rule })).await;
        assert_eq!(answer.refusal(), (400, "invalid_argument", rule_conflict("<new>", &target.name("self")).as_str()));
    }
    // A national spelling normalises to something else, and may stand beside the international one.
    let national = format!("0{}", &number[3..]);
    dispatch(target, "both", json!({ "trunk_ids": [trunk_id], "numbers": [number, national] })).await;
}

pub async fn replace_checks_rules_that_share_a_trunk(target: &Target) {
    let number = target.number();
    let (a, b) = (target.name("ST_a"), target.name("ST_b"));
    let first = dispatch(target, "first", json!({ "trunk_ids": [a], "numbers": [number] })).await;
    let second = dispatch(target, "second", json!({ "trunk_ids": [b], "numbers": [number] })).await;
    let replace = |trunks: &[&String]| {
        let rule = individual(target, "moved", json!({ "trunk_ids": trunks, "numbers": [number] }));
        json!({ "sip_dispatch_rule_id": second, "replace": rule })
    };
    let answer = target.call("UpdateSIPDispatchRule", replace(&[&a, &b])).await;
    // The first by id is named, even if it is the rule itself.
    let (first_id, name) = if first < second { (&first, "first") } else { (&second, "moved") };
    assert_eq!(answer.refusal(), (400, "invalid_argument", rule_conflict(first_id, &target.name(name)).as_str()));
    target.made("UpdateSIPDispatchRule", replace(&[&a])).await;
    // From then on no rule at all can be made, whatever its trunk.
    let other = individual(target, "other", json!({ "trunk_ids": [target.name("ST_c")] }));
    let answer = target.call("CreateSIPDispatchRule", json!({ "dispatch_rule": other })).await;
    assert_eq!((answer.status, answer.refusal().1), (400, "invalid_argument"));
    assert!(answer.refusal().2.starts_with("Dispatch rule for the same trunk"), "{}", answer.text);
}
