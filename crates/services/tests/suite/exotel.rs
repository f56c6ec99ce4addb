//! The Exotel integration against the fake.

use std::time::Duration;

use api_types::{
    Problem,
    input::{ExotelImportInput, ExotelInput},
    view::{CarrierView, Change, ChangeKind, ChangedNoun, ExotelImported, ExotelSummary, ImportOutcome},
};
use domain::{AuditAction, Direction, Role, SyncStatus};
use exotel_fake::{Fake, Fault};
use serde_json::{Value, json};
use services::{Current, Error, Result};

use crate::{livekit_server::LiveKitServer, world::World};

fn input(body: Value) -> ExotelInput {
    serde_json::from_value(body).unwrap()
}

fn import_input(body: Value) -> ExotelImportInput {
    serde_json::from_value(body).unwrap()
}

async fn unconnected() -> World {
    World::without_reconciler(LiveKitServer::sandbox().await).await
}

/// Connected, with three numbers at Exotel: one with a name, one without, and one in national form.
async fn connected() -> World {
    let world = unconnected().await;
    world.services.exotel.save(&world.admin, &input(Fake::credentials())).await.unwrap();
    world.exotel.add_number("+911140001000", "Front desk");
    world.exotel.add_number("+911140001001", "01140001001");
    world.exotel.add_number("01140001002", "Support");
    world
}

async fn summary(world: &World) -> ExotelSummary {
    world.services.exotel.summary(&world.admin).await.unwrap()
}

async fn import(world: &World, carrier: &CarrierView, numbers: &[&str], rest: Value) -> Result<ExotelImported> {
    let mut body = json!({ "carrier_id": carrier.id.as_str(), "numbers": numbers });
    for (name, value) in rest.as_object().unwrap() {
        body[name] = value.clone();
    }
    world.services.exotel.import(&world.admin, &import_input(body)).await
}

fn outcomes(imported: &ExotelImported) -> Vec<(&str, ImportOutcome)> {
    imported.items.iter().map(|item| (item.number.as_str(), item.outcome)).collect()
}

fn problem<T: std::fmt::Debug>(outcome: Result<T>) -> Problem {
    outcome.unwrap_err().into()
}

#[tokio::test]
async fn without_credentials_nothing_calls_exotel() {
    let world = unconnected().await;
    let view = world.services.exotel.get(&world.admin).await.unwrap();
    assert!(!view.summary.connected);
    assert_eq!((view.summary.version, view.api_key), (0, None));
    assert_eq!(view.summary.livekit_sip_host.as_deref(), Some("sip.example.com"));
    let carrier = world.carrier("Exotel").await;
    for problem in [
        problem(world.services.exotel.test(&world.admin).await),
        problem(world.services.exotel.numbers(&world.admin).await),
        problem(import(&world, &carrier, &["+911140001000"], json!({})).await),
        problem(world.services.exotel.disconnect(&world.admin).await),
    ] {
        assert_eq!((problem.status, problem.code.as_str()), (409, "not_connected"));
    }
    assert!(world.exotel.calls().is_empty());
}

#[tokio::test]
async fn credentials_are_masked_and_kept_when_absent() {
    let world = connected().await;
    let exotel = &world.services.exotel;
    let view = exotel.get(&world.admin).await.unwrap();
    assert_eq!((view.api_key.as_deref(), view.api_token.as_deref()), (Some("********"), Some("********")));
    assert_eq!(view.summary.account_sid.as_deref(), Some(Fake::ACCOUNT_SID));
    // Saving the response of a read changes nothing.
    let unchanged = serde_json::to_value(&view).unwrap();
    assert_eq!(exotel.save(&world.admin, &input(unchanged)).await.unwrap(), view);
    let moved = exotel.save(&world.admin, &input(json!({"subdomain": "api.exotel.com", "version": 1}))).await.unwrap();
    assert_eq!((moved.summary.version, moved.summary.account_sid.as_deref()), (2, Some(Fake::ACCOUNT_SID)));
    exotel.test(&world.admin).await.unwrap();
    let stale = exotel.save(&world.admin, &input(json!({"account_sid": "acme2", "version": 1}))).await.unwrap_err();
    let Error::Stale(current) = stale else { panic!("{stale:?}") };
    let Current::Exotel(current) = *current else { panic!("{current:?}") };
    assert_eq!((current.summary.version, current.summary.subdomain), (2, Some("api.exotel.com".parse().unwrap())));
    let raw = world.raw_database();
    for secret in [Fake::API_KEY, Fake::API_TOKEN] {
        assert!(!raw.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret}");
    }
}

#[tokio::test]
async fn second_first_connection_is_stale() {
    let world = unconnected().await;
    let mut body = Fake::credentials();
    body["version"] = json!(0);
    world.services.exotel.save(&world.admin, &input(body.clone())).await.unwrap();
    body["account_sid"] = json!("acme2");
    assert!(matches!(world.services.exotel.save(&world.admin, &input(body)).await, Err(Error::Stale(_))));
}

#[tokio::test]
async fn changes_are_audited_without_secrets() {
    let world = connected().await;
    let exotel = &world.services.exotel;
    exotel.save(&world.admin, &input(json!({"api_token": "another-token"}))).await.unwrap();
    let mut tx = world.services.store().read().await.unwrap();
    let id = tx.exotel(&world.admin.account_id).await.unwrap().unwrap().id;
    drop(tx);
    exotel.disconnect(&world.admin).await.unwrap();
    let mut tx = world.services.store().read().await.unwrap();
    let events = tx.audit_of(&world.admin.account_id, id.as_str()).await.unwrap();
    let actions: Vec<_> = events.iter().map(|event| event.action).collect();
    assert_eq!(actions, [AuditAction::Created, AuditAction::Updated, AuditAction::Deleted]);
    let after = events[1].after.as_ref().unwrap();
    assert_eq!((&after["api_key"], &after["api_token"]), (&json!("********"), &json!("******** (new)")));
    let all = format!("{events:?}");
    for secret in [Fake::API_KEY, Fake::API_TOKEN, "another-token"] {
        assert!(!all.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn check_is_stored_until_the_credentials_change() {
    let world = connected().await;
    let exotel = &world.services.exotel;
    let good = exotel.test(&world.admin).await.unwrap();
    assert!(good.last_checked_at.is_some() && good.last_check_error.is_none());
    for (fault, code, words) in [
        (Fault::Status(401), "exotel_unauthorized", "Copy both again"),
        (Fault::Status(403), "exotel_forbidden", "KYC"),
        (Fault::Status(404), "exotel_account_unknown", "Mumbai or in Singapore"),
        (Fault::Status(429), "exotel_rate_limited", "Wait 30 seconds"),
        (Fault::Status(500), "exotel_failed", "Try again later"),
        (Fault::Html, "exotel_unreadable", "not Exotel's API"),
        (Fault::CutJson, "exotel_lost", "broke off"),
        (Fault::Drop, "exotel_lost", "broke off"),
        (Fault::Delay(Duration::from_secs(30)), "exotel_timeout", "did not answer within 1 seconds"),
    ] {
        world.exotel.fail(fault.clone());
        let problem = problem(exotel.test(&world.admin).await);
        assert_eq!((problem.status, problem.code.as_str()), (502, code), "{fault:?}");
        assert!(problem.detail.contains(words), "{}", problem.detail);
        let now = summary(&world).await;
        assert_eq!(now.last_check_error.as_ref(), Some(&problem.detail));
        assert_eq!(problem.current, Some(serde_json::to_value(&now).unwrap()));
    }
    exotel.save(&world.admin, &input(json!({"account_sid": "acme2"}))).await.unwrap();
    let changed = summary(&world).await;
    assert_eq!((changed.last_checked_at, changed.last_check_error), (None, None));
}

#[tokio::test]
async fn changes_and_checks_publish_events() {
    let world = unconnected().await;
    let mut changes = world.services.events.subscribe();
    world.services.exotel.save(&world.admin, &input(Fake::credentials())).await.unwrap();
    world.services.exotel.test(&world.admin).await.unwrap();
    world.services.exotel.disconnect(&world.admin).await.unwrap();
    for kind in [ChangeKind::Created, ChangeKind::Updated, ChangeKind::Deleted] {
        let Change { noun, kind: published, id } = changes.try_recv().unwrap();
        assert_eq!((noun, published), (ChangedNoun::Integration, kind));
        assert!(id.starts_with("int_"));
    }
}

#[tokio::test]
async fn numbers_name_the_carrier_that_has_them() {
    let world = connected().await;
    world.exotel.add(json!({"phone_number": "+9111", "friendly_name": "Broken", "country": "IN"}));
    world.exotel.add(json!({"phone_number": "+911140001003", "capabilities": {"voice": false}}));
    let carrier = world.carrier("Exotel Mumbai").await;
    world.add_did_with(&carrier, json!({"number": "+911140001000"})).await.unwrap();
    let numbers = world.services.exotel.numbers(&world.admin).await.unwrap();
    assert!(numbers.complete);
    let [desk, unnamed, national, broken, silent] = &numbers.items[..] else { panic!("{numbers:?}") };
    assert_eq!((desk.label.as_deref(), desk.carrier_name.as_deref()), (Some("Front desk"), Some("Exotel Mumbai")));
    assert_eq!((unnamed.label.as_deref(), unnamed.carrier_id.as_ref()), (None, None));
    assert_eq!((national.number.as_str(), national.e164.as_deref()), ("01140001002", Some("+911140001002")));
    assert!(broken.fault.as_ref().is_some_and(|fault| fault.contains("Too short")), "{broken:?}");
    assert_eq!((silent.voice, desk.voice), (Some(false), Some(true)));
    assert!(summary(&world).await.last_checked_at.is_some());
}

#[tokio::test]
async fn dry_run_reports_outcomes_and_changes_nothing() {
    let world = connected().await;
    world.exotel.add(json!({"phone_number": "+9111", "country": "IN"}));
    world.exotel.add_number("+911140001003", "Night desk");
    let (mumbai, other) = (world.carrier("Exotel Mumbai").await, world.carrier("Plivo").await);
    world.add_did_with(&mumbai, json!({"number": "+911140001000"})).await.unwrap();
    world.add_did_with(&other, json!({"number": "+911140001001"})).await.unwrap();
    let all =
        ["+911140001000", "+911140001001", "01140001002", "01140001002", "+9111", "+911140009999", "+911140001003"];
    let preview = import(&world, &mumbai, &all, json!({"dry_run": true})).await.unwrap();
    assert_eq!(
        outcomes(&preview),
        [
            ("+911140001000", ImportOutcome::Exists),
            ("+911140001001", ImportOutcome::Taken),
            ("01140001002", ImportOutcome::Added),
            ("+9111", ImportOutcome::Invalid),
            ("+911140009999", ImportOutcome::Unknown),
            ("+911140001003", ImportOutcome::Added),
        ]
    );
    assert_eq!((preview.dry_run, preview.added), (true, 2));
    assert_eq!(preview.items[1].carrier_name.as_deref(), Some("Plivo"));
    assert!(preview.items[3].fault.is_some());
    assert!(preview.items.iter().filter(|item| item.outcome == ImportOutcome::Added).all(|item| item.did_id.is_none()));
    assert_eq!(world.get_carrier(&mumbai).await.did_count, 1);
    assert_eq!(summary(&world).await.numbers_imported, 0);
}

/// Digits that are a number of another country: Exotel's country decides, or else the row has the remedy.
#[tokio::test]
async fn number_without_its_plus_is_read_in_exotels_country_or_refused() {
    let world = connected().await;
    let settings =
        json!({"name": "Exotel Mumbai", "destination_country": "IN", "auth_username": "a", "auth_password": "b"});
    let carrier = world.carrier_with(settings).await;
    world.exotel.add(json!({"phone_number": "14155550130", "country": "US"}));
    world.exotel.add(json!({"phone_number": "14155550129", "country": "IN"}));
    let chosen = ["14155550130", "14155550129", "+911140001000"];
    for dry_run in [true, false] {
        let imported = import(&world, &carrier, &chosen, json!({ "dry_run": dry_run })).await.unwrap();
        let outcomes = outcomes(&imported);
        assert_eq!(outcomes[0], ("14155550130", ImportOutcome::Added));
        assert_eq!(outcomes[1], ("14155550129", ImportOutcome::Invalid));
        assert_eq!(outcomes[2], ("+911140001000", ImportOutcome::Added));
        assert_eq!(imported.items[0].e164.as_deref(), Some("+14155550130"));
        let fault = imported.items[1].fault.as_deref().unwrap();
        assert!(fault.contains("+14155550129") && fault.contains("add it on the carrier's page"), "{fault}");
    }
    let stored: Vec<_> = world.get_carrier(&carrier).await.dids.into_iter().map(|did| did.number).collect();
    assert_eq!(stored, ["+14155550130", "+911140001000"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn import_is_synced_audited_and_idempotent() {
    let mut world = connected().await;
    world.start_reconciler();
    let bot = world.bot("Concierge").await;
    let carrier = world.carrier("Exotel Mumbai").await;
    world.assert_in_sync().await;
    let chosen = ["+911140001000", "+911140001001", "01140001002"];
    let rest = json!({"direction": "inbound", "bot_id": bot.id.as_str()});
    let imported = import(&world, &carrier, &chosen, rest.clone()).await.unwrap();
    assert_eq!((imported.dry_run, imported.added), (false, 3));
    let observed = world.assert_in_sync().await;
    assert_eq!(observed.inbound.len(), 1);
    let e164 = ["+911140001000", "+911140001001", "+911140001002"];
    // The second spelling begins with the international prefix, as some carriers send it.
    let prefixed = ["00911140001000", "00911140001001", "00911140001002"];
    assert_eq!(observed.inbound[0].object.numbers, [e164, prefixed].concat());
    assert!(observed.outbound.is_empty(), "inbound numbers need no outbound trunk");
    let now = world.get_carrier(&carrier).await;
    assert_eq!(now.lk_sync_status, SyncStatus::Synced);
    let labels: Vec<_> = now.dids.iter().map(|did| (did.number.as_str(), did.label.as_deref())).collect();
    assert_eq!(
        labels,
        [("+911140001000", Some("Front desk")), ("+911140001001", None), ("+911140001002", Some("Support"))]
    );
    assert!(now.dids.iter().all(|did| did.direction == Direction::Inbound && did.bot_id.as_ref() == Some(&bot.id)));
    let mut tx = world.services.store().read().await.unwrap();
    for item in &imported.items {
        let events = tx.audit_of(&world.admin.account_id, item.did_id.as_ref().unwrap().as_str()).await.unwrap();
        assert_eq!(events.iter().map(|event| event.action).collect::<Vec<_>>(), [AuditAction::Created]);
    }
    drop(tx);
    let again = import(&world, &carrier, &chosen, rest).await.unwrap();
    assert_eq!(again.added, 0);
    assert!(again.items.iter().all(|item| item.outcome == ImportOutcome::Exists && item.did_id.is_some()));
    assert_eq!(world.get_carrier(&carrier).await.lk_sync_status, SyncStatus::Synced, "nothing to sync");
    // Disconnecting deletes the credentials, not the numbers.
    world.services.exotel.disconnect(&world.admin).await.unwrap();
    let left = summary(&world).await;
    assert_eq!((left.connected, left.numbers_imported), (false, 3));
    assert_eq!(world.get_carrier(&carrier).await.did_count, 3);
}

#[tokio::test]
async fn failed_import_writes_nothing() {
    let world = connected().await;
    let carrier = world.carrier("Exotel Mumbai").await;
    world.exotel.fail(Fault::Truncate);
    let problem = problem(import(&world, &carrier, &["+911140001000"], json!({})).await);
    assert_eq!((problem.status, problem.code.as_str()), (502, "exotel_lost"));
    assert_eq!(world.get_carrier(&carrier).await.did_count, 0);
}

#[tokio::test]
async fn invalid_import_is_refused_before_exotel_is_called() {
    let world = connected().await;
    let carrier = world.carrier("Exotel Mumbai").await;
    world.delete_carrier(&carrier).await;
    let problem_of = async |body: Value| problem(world.services.exotel.import(&world.admin, &import_input(body)).await);
    let gone = problem_of(json!({"carrier_id": carrier.id.as_str(), "numbers": ["+911140001000"]})).await;
    assert_eq!((gone.status, gone.errors.message("carrier_id").is_some()), (422, true));
    let plivo = world.carrier("Plivo").await;
    let unknown_bot = json!({"carrier_id": plivo.id.as_str(), "numbers": ["+911140001000"],
                        "bot_id": "bot_01hf7yat000000000000000000"});
    assert!(problem_of(unknown_bot).await.errors.message("bot_id").is_some());
    assert!(problem_of(json!({"carrier_id": plivo.id.as_str()})).await.errors.message("numbers").is_some());
    assert!(world.exotel.calls().is_empty());
}

#[tokio::test]
async fn each_use_case_requires_its_role() {
    let world = connected().await;
    let carrier = world.carrier("Exotel Mumbai").await;
    let (viewer, developer) = (world.actor(Role::Viewer).await, world.actor(Role::Developer).await);
    let exotel = &world.services.exotel;
    let requires = |outcome: Result<()>, role: Role| match outcome {
        Err(Error::Forbidden { needs }) => assert_eq!(needs, role),
        other => panic!("{other:?}"),
    };
    let body = || import_input(json!({"carrier_id": carrier.id.as_str(), "numbers": ["+911140001000"]}));
    assert!(exotel.summary(&viewer).await.unwrap().connected);
    assert_eq!(exotel.numbers(&viewer).await.unwrap().items.len(), 3);
    requires(exotel.test(&viewer).await.map(drop), Role::Developer);
    requires(exotel.import(&viewer, &body()).await.map(drop), Role::Developer);
    exotel.test(&developer).await.unwrap();
    assert_eq!(exotel.import(&developer, &body()).await.unwrap().added, 1);
    requires(exotel.save(&developer, &input(json!({"account_sid": "acme2"}))).await.map(drop), Role::Admin);
    requires(exotel.disconnect(&developer).await, Role::Admin);
    exotel.disconnect(&world.admin).await.unwrap();
}

#[tokio::test]
async fn listing_is_reused_for_a_minute() {
    let world = connected().await;
    (0..57).for_each(|index| world.exotel.add_number(&format!("+9111400020{index:02}"), "Sales"));
    let carrier = world.carrier("Exotel Mumbai").await;
    let chosen = ["+911140001000", "+911140002056"];
    assert_eq!(world.services.exotel.numbers(&world.admin).await.unwrap().items.len(), 60);
    assert_eq!(import(&world, &carrier, &chosen, json!({"dry_run": true})).await.unwrap().added, 2);
    assert_eq!(import(&world, &carrier, &chosen, json!({})).await.unwrap().added, 2);
    let numbers = world.services.exotel.numbers(&world.admin).await.unwrap();
    assert_eq!(numbers.items.iter().filter(|number| number.carrier_id.is_some()).count(), 2, "carriers are read again");
    assert_eq!(world.exotel.calls().len(), 2, "two pages, once");
    world.clock.advance(60_000);
    world.services.exotel.numbers(&world.admin).await.unwrap();
    assert_eq!(world.exotel.calls().len(), 4);
}

#[tokio::test]
async fn listing_is_not_reused_for_other_numbers_or_credentials() {
    let world = unconnected().await;
    let exotel = &world.services.exotel;
    exotel.save(&world.admin, &input(Fake::credentials())).await.unwrap();
    assert!(exotel.numbers(&world.admin).await.unwrap().items.is_empty());
    world.exotel.add_number("+911140001000", "Front desk");
    assert_eq!(exotel.numbers(&world.admin).await.unwrap().items.len(), 1, "an empty list is not cached");
    let carrier = world.carrier("Exotel Mumbai").await;
    world.exotel.add_number("+911140001001", "Night desk");
    let bought = import(&world, &carrier, &["+911140001001"], json!({})).await.unwrap();
    assert_eq!(outcomes(&bought), [("+911140001001", ImportOutcome::Added)]);
    // The number is added between the listing and the import.
    world.add_did_with(&carrier, json!({"number": "+911140001000"})).await.unwrap();
    let late = import(&world, &carrier, &["+911140001000"], json!({})).await.unwrap();
    assert_eq!(outcomes(&late), [("+911140001000", ImportOutcome::Exists)]);

    let calls = world.exotel.calls().len();
    exotel.save(&world.admin, &input(json!({"api_token": "another-token"}))).await.unwrap();
    assert_eq!(problem(exotel.numbers(&world.admin).await).code, "exotel_unauthorized");
    exotel.save(&world.admin, &input(Fake::credentials())).await.unwrap();
    exotel.numbers(&world.admin).await.unwrap();
    exotel.disconnect(&world.admin).await.unwrap();
    exotel.save(&world.admin, &input(Fake::credentials())).await.unwrap();
    exotel.numbers(&world.admin).await.unwrap();
    assert_eq!(world.exotel.calls().len(), calls + 3);
}
