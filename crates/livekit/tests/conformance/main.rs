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

/// A conflict that one check makes on purpose stands in the way of another's trunks: one at a time on a server that all
/// share.
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
        each_method_asks_for_its_grant,
        wrong_routes_are_bad_routes,
        undecodable_bodies_are_malformed,
        json_may_be_snake_or_camel_case_and_hold_unknown_fields,
    }
    checks {
        an_inbound_trunk_is_checked,
        an_outbound_trunk_is_checked,
        headers_are_checked,
        a_rule_is_checked,
        an_update_with_a_bad_result_is_refused_in_its_own_way,
        dialling_needs_a_trunk_and_a_sip_server,
    }
    conflicts {
        inbound_trunks_conflict_by_called_number_and_caller,
        replace_checks_conflicts_only_among_trunks_that_share_the_new_numbers,
        rules_conflict_by_trunk_numbers_and_pin,
        a_rule_conflicts_with_itself_over_two_spellings,
        replace_checks_rules_only_among_those_that_share_a_trunk,
    }
    changes {
        replace_sets_the_whole_trunk,
        update_changes_some_fields,
        a_missing_trunk_is_deleted_and_a_missing_rule_is_not,
        deleting_a_trunk_leaves_its_rules,
        what_livekit_adds_by_itself,
    }
    lists {
        a_page_starts_after_an_id_and_its_limit_does_not_limit,
        lists_are_filtered_and_sorted,
        trunks_are_got_by_kind,
    }
    client {
        the_client_reads_back_what_it_wrote,
        the_client_replaces_in_place,
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

fn taken(rule: &str, name: &str) -> String {
    format!(
        "Dispatch rule for the same trunk, inbound number, number, and PIN combination already exists in dispatch rule \
         {rule:?} {name:?}"
    )
}
