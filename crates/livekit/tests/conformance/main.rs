//! The same checks for the sandbox, always, and for a real LiveKit, where LIVEKIT_TEST_URL, LIVEKIT_TEST_API_KEY and
//! LIVEKIT_TEST_API_SECRET are set. What a check makes carries its tag and is removed afterwards.

mod access;
mod changes;
mod checks;
mod client;
#[path = "../common/mod.rs"]
mod common;
mod conflicts;
mod lists;

use common::{Target, real, sandbox};
use serde_json::{Value, json};

/// One check at a time on a shared server: a conflict that one makes on purpose makes the creates of another fail.
static REAL: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// Runs one check on every target, each check as a test of its own.
macro_rules! conformance {
    ($($group:ident { $($check:ident),+ $(,)? })+) => {$($(
        #[tokio::test]
        async fn $check() {
            for target in std::iter::once(sandbox().await).chain(real()) {
                let target = std::sync::Arc::new(target);
                let _alone = match target.sandbox {
                    Some(_) => None,
                    None => Some(REAL.lock().await),
                };
                let checked = tokio::spawn({
                    let target = target.clone();
                    async move { $group::$check(&target).await }
                })
                .await;
                target.clean_up().await;
                if let Err(failed) = checked {
                    eprintln!("on the {} LiveKit", target.name);
                    std::panic::resume_unwind(failed.into_panic());
                }
            }
        }
    )+)+};
}

conformance! {
    access {
        tokens_are_verified,
        each_method_requires_its_grant,
        wrong_routes_are_bad_routes,
        undecodable_bodies_are_malformed,
        json_may_be_snake_or_camel_case,
    }
    checks {
        inbound_trunk_is_validated,
        outbound_trunk_is_validated,
        headers_are_validated,
        rule_is_validated,
        update_with_an_invalid_result_is_refused,
        dialling_requires_a_trunk_and_livekit_sip,
    }
    conflicts {
        trunks_conflict_by_called_number_and_caller,
        replace_checks_trunks_that_share_a_number,
        rules_conflict_by_trunk_numbers_and_pin,
        rule_with_two_spellings_conflicts_with_itself,
        replace_checks_rules_that_share_a_trunk,
    }
    changes {
        replace_sets_the_whole_trunk,
        update_changes_some_fields,
        deleting_a_missing_rule_fails_a_missing_trunk_not,
        deleted_trunk_stays_in_its_rules,
        defaults_are_filled_in,
    }
    lists {
        page_starts_after_an_id_without_limit,
        lists_are_filtered_and_sorted,
        get_is_by_kind,
    }
    client {
        client_reads_back_what_it_wrote,
        client_replaces_in_place,
    }
}

async fn trunk(target: &Target, name: &str, fields: Value) -> String {
    let made = target.made("CreateSIPInboundTrunk", json!({ "trunk": with_name(target, name, fields) })).await;
    made["sip_trunk_id"].as_str().expect("an id").to_owned()
}

async fn dispatch(target: &Target, name: &str, fields: Value) -> String {
    let made = target.made("CreateSIPDispatchRule", json!({ "dispatch_rule": individual(target, name, fields) })).await;
    made["sip_dispatch_rule_id"].as_str().expect("an id").to_owned()
}

fn with_name(target: &Target, name: &str, mut fields: Value) -> Value {
    fields["name"] = target.name(name).into();
    fields
}

fn individual(target: &Target, name: &str, fields: Value) -> Value {
    let mut rule = with_name(target, name, fields);
    if rule.get("rule").is_none() {
        rule["rule"] = json!({ "dispatch_rule_individual": { "room_prefix": "call-" } });
    }
    rule
}

fn rule_conflict(rule: &str, name: &str) -> String {
    format!(
        "Dispatch rule for the same trunk, inbound number, number, and PIN combination already exists in dispatch rule \
         {rule:?} {name:?}"
    )
}
