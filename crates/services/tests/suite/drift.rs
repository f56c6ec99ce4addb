//! Drift reports and their application.

use api_types::{
    input::ApplyInput,
    view::{CarrierView, DriftView},
};
use domain::{
    AuditAction, Role, SyncStatus,
    livekit::{DispatchRule, DriftState, InboundTrunk, Listed, ObjectKind, OutboundTrunk, StepAction},
};
use livekit_sandbox::{Fault, FaultRule};
use serde_json::json;
use services::{Error, LiveKitError, Result};

use crate::{
    livekit_server::on_both,
    world::{SIP_PASSWORD, World},
};

impl World {
    pub async fn drift(&self, carrier: &CarrierView) -> DriftView {
        self.services.drift.report(&self.admin, &carrier.id).await.unwrap()
    }

    pub async fn apply(&self, report: &DriftView) -> Result<DriftView> {
        self.services.drift.apply(&self.admin, &report.carrier_id, &named(&report.fingerprint)).await
    }
}

pub fn named(fingerprint: &str) -> ApplyInput {
    ApplyInput { fingerprint: fingerprint.into() }
}

fn states(report: &DriftView) -> Vec<(ObjectKind, DriftState)> {
    report.objects.iter().map(|object| (object.kind, object.state)).collect()
}

fn differing(report: &DriftView, kind: ObjectKind) -> Vec<&str> {
    let object = report.objects.iter().find(|object| object.kind == kind).unwrap();
    object.fields.iter().filter(|field| field.differs).map(|field| field.name.as_str()).collect()
}

/// The current state in a refusal.
fn drifted<T: std::fmt::Debug>(outcome: Result<T>) -> serde_json::Value {
    match outcome {
        Err(Error::Drifted(now)) => serde_json::to_value(now).unwrap(),
        other => panic!("{other:?}"),
    }
}

async fn synced_carrier_has_no_steps(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    let observed = world.assert_in_sync().await;
    let report = world.drift(&twilio).await;
    assert!(report.steps.is_empty() && report.objects.len() == 3, "{report:?}");
    assert!(report.objects.iter().all(|object| object.state == DriftState::InSync));
    assert_eq!(world.apply(&report).await.unwrap().fingerprint, report.fingerprint);
    assert_eq!(world.assert_in_sync().await, observed);
}

async fn changed_fields_are_shown_and_replaced(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    let observed = world.assert_in_sync().await;
    let client = world.client();
    let mut inbound = observed.inbound[0].clone();
    inbound.object.name = "Changed".to_owned();
    inbound.object.numbers.push(world.number(7));
    inbound.object.allowed_addresses = vec!["192.0.2.1".to_owned()];
    inbound.object.auth_password = domain::Secret::new("found-out");
    client.replace_inbound(&inbound.id, &inbound.object).await.unwrap();
    let mut outbound = observed.outbound[0].clone();
    outbound.object.address = "elsewhere.example.com".to_owned();
    client.replace_outbound(&outbound.id, &outbound.object).await.unwrap();
    let mut rule = observed.rules[0].clone();
    rule.object.agent_name = "other".to_owned();
    client.replace_rule(&rule.id, &rule.object).await.unwrap();

    let report = world.drift(&twilio).await;
    let expected = ["name", "numbers", "allowed_addresses", "auth_password"];
    assert_eq!(differing(&report, ObjectKind::InboundTrunk), expected);
    assert_eq!(differing(&report, ObjectKind::OutboundTrunk), ["address"]);
    assert_eq!(differing(&report, ObjectKind::DispatchRule), ["agent_name"]);
    assert!(report.steps.iter().all(|step| step.action == StepAction::Replace && step.blocked.is_none()));
    let shown = serde_json::to_string(&report).unwrap();
    assert!(!shown.contains("found-out") && !shown.contains(SIP_PASSWORD), "{shown}");
    assert_eq!(world.get_carrier(&twilio).await.lk_sync_status, SyncStatus::Synced, "a report changes nothing");

    let after = world.apply(&report).await.unwrap();
    assert!(after.steps.is_empty(), "{after:?}");
    assert_eq!(world.assert_in_sync().await, observed);
    let mut tx = world.services.store().read().await.unwrap();
    let events = tx.audit_of(&world.admin.account_id, twilio.id.as_str()).await.unwrap();
    let last = events.last().unwrap();
    assert_eq!((last.action, last.actor.as_ref()), (AuditAction::Updated, Some(&world.admin.id())));
    assert_eq!(last.after.as_ref().unwrap()["livekit"].as_array().unwrap().len(), 3);
}

async fn deleted_objects_are_missing_and_recreated(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    let observed = world.assert_in_sync().await;
    world.client().delete_rule(&observed.rules[0].id).await.unwrap();
    world.client().delete_trunk(&observed.inbound[0].id).await.unwrap();
    world.client().delete_trunk(&observed.outbound[0].id).await.unwrap();
    let report = world.drift(&twilio).await;
    assert!(states(&report).iter().all(|(_, state)| *state == DriftState::Missing), "{report:?}");
    assert!(report.steps.iter().all(|step| step.action == StepAction::Create));
    world.apply(&report).await.unwrap();
    world.assert_in_sync().await;
}

async fn duplicate_is_extra_and_deleted(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    let observed = world.assert_in_sync().await;
    world.client().create_outbound(&observed.outbound[0].object).await.unwrap();
    let report = world.drift(&twilio).await;
    assert_eq!(report.objects.iter().filter(|object| object.state == DriftState::Extra).count(), 1);
    assert_eq!(report.steps.len(), 1);
    world.apply(&report).await.unwrap();
    assert_eq!(world.assert_in_sync().await.outbound.len(), 1);
}

async fn dry_run_shows_the_number_that_is_left_out(world: &World) {
    let bot = world.bot("Concierge").await;
    for number in [world.number(1), world.punctuated(1)] {
        let trunk =
            InboundTrunk { name: "Made by unmanaged".to_owned(), numbers: vec![number.clone()], ..Default::default() };
        let unmanaged = world.client().create_inbound(&trunk).await.unwrap();
        let twilio = world.carrier("Twilio").await;
        let did = world.add_did(&twilio, 1, Some(&bot)).await;
        let failure = world.sync_error(&twilio).await;
        assert!(failure.contains(&world.number(1)) && failure.contains("Made by unmanaged"), "{failure}");
        let report = world.drift(&twilio).await;
        let [blocked] = report.steps.as_slice() else { panic!("everything else is synced: {:?}", report.steps) };
        assert!(failure.starts_with(blocked.blocked.as_deref().unwrap()), "{blocked:?}");
        world.client().delete_trunk(&unmanaged).await.unwrap();
        world.assert_in_sync().await;
        world.remove_did(&did).await;
    }
}

async fn unmanaged_trunks_match_by_any_spelling_and_address(world: &World) {
    let settings = json!({"name": "Twilio", "destination_country": "US", "auth_username": "a", "auth_password": "b"});
    let twilio = world.carrier_with(settings).await;
    let telnyx = world.carrier("Telnyx").await;
    world.add_did(&twilio, 1, None).await;
    world.add_did(&telnyx, 2, None).await;
    world.assert_in_sync().await;
    let client = world.client();
    let spelling = world.punctuated(1)[1..].to_owned();
    let inbound =
        |numbers: Vec<String>| InboundTrunk { name: "By unmanaged".to_owned(), numbers, ..Default::default() };
    let same = client.create_inbound(&inbound(vec![spelling])).await.unwrap();
    let others = client.create_inbound(&inbound(vec![world.number(2)])).await.unwrap();
    let without_carrier = client.create_inbound(&inbound(vec![world.number(9)])).await.unwrap();
    let outbound = OutboundTrunk {
        address: "sip.example.com".to_owned(),
        numbers: vec![world.number(8)],
        ..OutboundTrunk::default()
    };
    let outbound_id = client.create_outbound(&outbound).await.unwrap();
    let rule = DispatchRule { trunk_ids: vec![same.clone()], room_prefix: "r-".to_owned(), ..DispatchRule::default() };
    let rule = client.create_rule(&rule).await.unwrap();

    let report = world.drift(&twilio).await;
    let of = |id: &String| report.unmanaged.iter().find(|object| object.id == *id);
    for (id, note) in [(&same, "Twilio"), (&outbound_id, "Twilio"), (&rule, "Twilio"), (&without_carrier, "No carrier")]
    {
        let object = of(id).unwrap_or_else(|| panic!("{id} ({note}): {:?}", report.unmanaged));
        assert!(object.note.contains(note), "{}", object.note);
    }
    assert!(of(&others).is_none(), "it concerns Telnyx");
    assert!(report.steps.is_empty(), "they stay unmanaged: {:?}", report.steps);
    client.delete_rule(&rule).await.unwrap();
    for id in [same, others, without_carrier, outbound_id] {
        client.delete_trunk(&id).await.unwrap();
    }
}

async fn change_in_livekit_outdates_the_dry_run(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    let observed = world.assert_in_sync().await;
    world.client().delete_rule(&observed.rules[0].id).await.unwrap();
    let report = world.drift(&twilio).await;
    let renamed = Listed {
        object: InboundTrunk { name: "Changed again".to_owned(), ..observed.inbound[0].object.clone() },
        ..observed.inbound[0].clone()
    };
    world.client().replace_inbound(&renamed.id, &renamed.object).await.unwrap();
    let now = drifted(world.apply(&report).await);
    assert_eq!(now["steps"].as_array().unwrap().len(), 2);
    assert_ne!(now["fingerprint"], report.fingerprint.as_str());
    assert!(world.observed().await.rules.is_empty(), "nothing was changed");
    assert_eq!(world.get_carrier(&twilio).await.lk_sync_status, SyncStatus::Synced);
    world.apply(&world.drift(&twilio).await).await.unwrap();
    world.assert_in_sync().await;
}

async fn change_of_the_carrier_outdates_the_dry_run(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    let observed = world.assert_in_sync().await;
    world.client().delete_rule(&observed.rules[0].id).await.unwrap();
    let report = world.drift(&twilio).await;
    world.update_carrier(&twilio, json!({"name": "Renamed"})).await;
    world.assert_in_sync().await;
    drifted(world.apply(&report).await);
}

on_both! {
    synced_carrier_has_no_steps
    changed_fields_are_shown_and_replaced
    deleted_objects_are_missing_and_recreated
    duplicate_is_extra_and_deleted
    dry_run_shows_the_number_that_is_left_out
    unmanaged_trunks_match_by_any_spelling_and_address
    change_in_livekit_outdates_the_dry_run
    change_of_the_carrier_outdates_the_dry_run
}

#[tokio::test(flavor = "multi_thread")]
async fn unreachable_livekit_is_explained() {
    let world = World::new().await;
    let twilio = world.carrier("Twilio").await;
    world.assert_in_sync().await;
    let faults = world.livekit.faults();
    let error = |code: &str| Fault::Error { code: code.to_owned(), message: "no redis today".to_owned() };
    for (fault, expected) in [
        (Fault::Drop, "lost"),
        (Fault::Html502, "502"),
        (error("unavailable"), "no redis today"),
        (error("unauthenticated"), "LIVEKIT_API_KEY"),
    ] {
        faults.add(FaultRule::once(fault).sticky());
        match world.services.drift.report(&world.admin, &twilio.id).await {
            Err(Error::LiveKit(LiveKitError::List(error))) => {
                let why = error.to_string();
                assert!(why.contains(expected) && !why.contains("may or may not"), "{expected}: {why}");
            }
            other => panic!("{other:?}"),
        }
        assert!(matches!(world.services.drift.orphans(&world.admin).await, Err(Error::LiveKit(LiveKitError::List(_)))));
        faults.clear();
    }
    assert!(world.drift(&twilio).await.steps.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn failed_step_is_reported_and_retried() {
    let world = World::new().await;
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    let observed = world.assert_in_sync().await;
    world.client().delete_rule(&observed.rules[0].id).await.unwrap();
    let report = world.drift(&twilio).await;
    world.livekit.faults().add(FaultRule::once(Fault::Html502).on("CreateSIPDispatchRule").sticky());
    match world.apply(&report).await {
        Err(Error::SyncFailed(carrier)) => assert!(carrier.lk_sync_error.unwrap().contains("502")),
        other => panic!("{other:?}"),
    }
    world.livekit.faults().clear();
    world.assert_in_sync().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn viewer_compares_and_may_not_change() {
    let world = World::new().await;
    let twilio = world.carrier("Twilio").await;
    world.assert_in_sync().await;
    let (viewer, developer) = (world.actor(Role::Viewer).await, world.actor(Role::Developer).await);
    let drift = &world.services.drift;
    let report = drift.report(&viewer, &twilio.id).await.unwrap();
    drift.orphans(&viewer).await.unwrap();
    let forbidden = |outcome: bool| assert!(outcome);
    let input = named(&report.fingerprint);
    forbidden(matches!(
        drift.apply(&viewer, &twilio.id, &input).await,
        Err(Error::Forbidden { needs: Role::Developer })
    ));
    let adopt = api_types::input::AdoptInput { trunk_id: "ST_x".into(), ..Default::default() };
    forbidden(matches!(
        drift.adopt(&viewer, &twilio.id, &adopt).await,
        Err(Error::Forbidden { needs: Role::Developer })
    ));
    forbidden(matches!(drift.remove_orphans(&developer, &input).await, Err(Error::Forbidden { needs: Role::Admin })));
    assert!(drift.apply(&developer, &twilio.id, &input).await.is_ok());
}
