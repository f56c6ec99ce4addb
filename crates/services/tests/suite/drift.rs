//! What an operator sees of drift, and what becomes of it when they act.

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

    pub async fn apply(&self, seen: &DriftView) -> Result<DriftView> {
        self.services.drift.apply(&self.admin, &seen.carrier_id, &named(&seen.fingerprint)).await
    }
}

pub fn named(fingerprint: &str) -> ApplyInput {
    ApplyInput { fingerprint: fingerprint.into() }
}

fn states(seen: &DriftView) -> Vec<(ObjectKind, DriftState)> {
    seen.objects.iter().map(|object| (object.kind, object.state)).collect()
}

fn differing(seen: &DriftView, kind: ObjectKind) -> Vec<&str> {
    let object = seen.objects.iter().find(|object| object.kind == kind).unwrap();
    object.fields.iter().filter(|field| field.differs).map(|field| field.name.as_str()).collect()
}

/// The state that a refusal shows instead.
fn drifted<T: std::fmt::Debug>(outcome: Result<T>) -> serde_json::Value {
    match outcome {
        Err(Error::Drifted(now)) => serde_json::to_value(now).unwrap(),
        other => panic!("{other:?}"),
    }
}

async fn what_is_in_step_has_no_steps(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    let observed = world.assert_in_sync().await;
    let seen = world.drift(&twilio).await;
    assert!(seen.steps.is_empty() && seen.objects.len() == 3, "{seen:?}");
    assert!(seen.objects.iter().all(|object| object.state == DriftState::InSync));
    assert_eq!(world.apply(&seen).await.unwrap().fingerprint, seen.fingerprint);
    assert_eq!(world.assert_in_sync().await, observed);
}

async fn what_somebody_changed_is_shown_by_field_and_put_right_in_place(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    let observed = world.assert_in_sync().await;
    let client = world.client();
    let mut inbound = observed.inbound[0].clone();
    inbound.object.name = "Somebody was here".to_owned();
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

    let seen = world.drift(&twilio).await;
    let expected = ["name", "numbers", "allowed_addresses", "auth_password"];
    assert_eq!(differing(&seen, ObjectKind::InboundTrunk), expected);
    assert_eq!(differing(&seen, ObjectKind::OutboundTrunk), ["address"]);
    assert_eq!(differing(&seen, ObjectKind::DispatchRule), ["agent_name"]);
    assert!(seen.steps.iter().all(|step| step.action == StepAction::Replace && step.blocked.is_none()));
    let shown = serde_json::to_string(&seen).unwrap();
    assert!(!shown.contains("found-out") && !shown.contains(SIP_PASSWORD), "{shown}");
    assert_eq!(world.get_carrier(&twilio).await.lk_sync_status, SyncStatus::Synced, "a report changes nothing");

    let after = world.apply(&seen).await.unwrap();
    assert!(after.steps.is_empty(), "{after:?}");
    assert_eq!(world.assert_in_sync().await, observed);
    let mut tx = world.services.store().read().await.unwrap();
    let events = tx.audit_of(&world.admin.account_id, twilio.id.as_str()).await.unwrap();
    let last = events.last().unwrap();
    assert_eq!((last.action, last.actor.as_ref()), (AuditAction::Updated, Some(&world.admin.user.id)));
    assert_eq!(last.after.as_ref().unwrap()["livekit"].as_array().unwrap().len(), 3);
}

async fn what_somebody_deleted_is_missing_and_comes_back(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    let observed = world.assert_in_sync().await;
    world.client().delete_rule(&observed.rules[0].id).await.unwrap();
    world.client().delete_trunk(&observed.inbound[0].id).await.unwrap();
    world.client().delete_trunk(&observed.outbound[0].id).await.unwrap();
    let seen = world.drift(&twilio).await;
    assert!(states(&seen).iter().all(|(_, state)| *state == DriftState::Missing), "{seen:?}");
    assert!(seen.steps.iter().all(|step| step.action == StepAction::Create));
    world.apply(&seen).await.unwrap();
    world.assert_in_sync().await;
}

async fn what_somebody_doubled_is_too_much_and_goes(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    let observed = world.assert_in_sync().await;
    world.client().create_outbound(&observed.outbound[0].object).await.unwrap();
    let seen = world.drift(&twilio).await;
    assert_eq!(seen.objects.iter().filter(|object| object.state == DriftState::Extra).count(), 1);
    assert_eq!(seen.steps.len(), 1);
    world.apply(&seen).await.unwrap();
    assert_eq!(world.assert_in_sync().await.outbound.len(), 1);
}

async fn dry_run_shows_the_number_that_is_left_out(world: &World) {
    let bot = world.bot("Concierge").await;
    for number in [world.number(1), world.punctuated(1)] {
        let trunk =
            InboundTrunk { name: "Made by hand".to_owned(), numbers: vec![number.clone()], ..Default::default() };
        let hand = world.client().create_inbound(&trunk).await.unwrap();
        let twilio = world.carrier("Twilio").await;
        let did = world.add_did(&twilio, 1, Some(&bot)).await;
        let failure = world.sync_error(&twilio).await;
        assert!(failure.contains(&world.number(1)) && failure.contains("Made by hand"), "{failure}");
        let seen = world.drift(&twilio).await;
        let [blocked] = seen.steps.as_slice() else { panic!("everything else is synced: {:?}", seen.steps) };
        assert!(failure.starts_with(blocked.blocked.as_deref().unwrap()), "{blocked:?}");
        world.client().delete_trunk(&hand).await.unwrap();
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
    let inbound = |numbers: Vec<String>| InboundTrunk { name: "By hand".to_owned(), numbers, ..Default::default() };
    let same = client.create_inbound(&inbound(vec![spelling])).await.unwrap();
    let others = client.create_inbound(&inbound(vec![world.number(2)])).await.unwrap();
    let nobodys = client.create_inbound(&inbound(vec![world.number(9)])).await.unwrap();
    let outbound = OutboundTrunk {
        address: "sip.example.com".to_owned(),
        numbers: vec![world.number(8)],
        ..OutboundTrunk::default()
    };
    let way_out = client.create_outbound(&outbound).await.unwrap();
    let rule = DispatchRule { trunk_ids: vec![same.clone()], room_prefix: "r-".to_owned(), ..DispatchRule::default() };
    let rule = client.create_rule(&rule).await.unwrap();

    let seen = world.drift(&twilio).await;
    let of = |id: &String| seen.unmanaged.iter().find(|object| object.id == *id);
    for (id, note) in [(&same, "Twilio"), (&way_out, "Twilio"), (&rule, "Twilio"), (&nobodys, "No carrier")] {
        let object = of(id).unwrap_or_else(|| panic!("{id} ({note}): {:?}", seen.unmanaged));
        assert!(object.note.contains(note), "{}", object.note);
    }
    assert!(of(&others).is_none(), "it is Telnyx's business");
    assert!(seen.steps.is_empty(), "nobody touches them: {:?}", seen.steps);
    client.delete_rule(&rule).await.unwrap();
    for id in [same, others, nobodys, way_out] {
        client.delete_trunk(&id).await.unwrap();
    }
}

async fn a_dry_run_that_livekit_has_overtaken_is_not_carried_out(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    let observed = world.assert_in_sync().await;
    world.client().delete_rule(&observed.rules[0].id).await.unwrap();
    let seen = world.drift(&twilio).await;
    let renamed = Listed {
        object: InboundTrunk { name: "Somebody else was here".to_owned(), ..observed.inbound[0].object.clone() },
        ..observed.inbound[0].clone()
    };
    world.client().replace_inbound(&renamed.id, &renamed.object).await.unwrap();
    let now = drifted(world.apply(&seen).await);
    assert_eq!(now["steps"].as_array().unwrap().len(), 2);
    assert_ne!(now["fingerprint"], seen.fingerprint.as_str());
    assert!(world.observed().await.rules.is_empty(), "nothing was done");
    assert_eq!(world.get_carrier(&twilio).await.lk_sync_status, SyncStatus::Synced);
    world.apply(&world.drift(&twilio).await).await.unwrap();
    world.assert_in_sync().await;
}

async fn a_dry_run_that_the_carrier_has_overtaken_is_not_carried_out(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    let observed = world.assert_in_sync().await;
    world.client().delete_rule(&observed.rules[0].id).await.unwrap();
    let seen = world.drift(&twilio).await;
    world.update_carrier(&twilio, json!({"name": "Renamed"})).await;
    world.assert_in_sync().await;
    drifted(world.apply(&seen).await);
}

on_both! {
    what_is_in_step_has_no_steps
    what_somebody_changed_is_shown_by_field_and_put_right_in_place
    what_somebody_deleted_is_missing_and_comes_back
    what_somebody_doubled_is_too_much_and_goes
    dry_run_shows_the_number_that_is_left_out
    unmanaged_trunks_match_by_any_spelling_and_address
    a_dry_run_that_livekit_has_overtaken_is_not_carried_out
    a_dry_run_that_the_carrier_has_overtaken_is_not_carried_out
}

#[tokio::test(flavor = "multi_thread")]
async fn a_livekit_that_is_away_is_explained() {
    let world = World::new().await;
    let twilio = world.carrier("Twilio").await;
    world.assert_in_sync().await;
    let faults = world.livekit.faults();
    let error = |code: &str| Fault::Error { code: code.to_owned(), message: "no redis today".to_owned() };
    for (fault, says) in [
        (Fault::Drop, "lost"),
        (Fault::Html502, "502"),
        (error("unavailable"), "no redis today"),
        (error("unauthenticated"), "LIVEKIT_API_KEY"),
    ] {
        faults.add(FaultRule::once(fault).sticky());
        match world.services.drift.report(&world.admin, &twilio.id).await {
            Err(Error::LiveKit(LiveKitError::List(error))) => {
                let why = error.to_string();
                assert!(why.contains(says) && !why.contains("may or may not"), "{says}: {why}");
            }
            other => panic!("{other:?}"),
        }
        assert!(matches!(world.services.drift.orphans(&world.admin).await, Err(Error::LiveKit(LiveKitError::List(_)))));
        faults.clear();
    }
    assert!(world.drift(&twilio).await.steps.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_livekit_that_fails_while_steps_are_taken_says_so_and_nothing_is_lost() {
    let world = World::new().await;
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    let observed = world.assert_in_sync().await;
    world.client().delete_rule(&observed.rules[0].id).await.unwrap();
    let seen = world.drift(&twilio).await;
    world.livekit.faults().add(FaultRule::once(Fault::Html502).on("CreateSIPDispatchRule").sticky());
    match world.apply(&seen).await {
        Err(Error::SyncFailed(carrier)) => assert!(carrier.lk_sync_error.unwrap().contains("502")),
        other => panic!("{other:?}"),
    }
    world.livekit.faults().clear();
    world.assert_in_sync().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_compares_and_changes_nothing() {
    let world = World::new().await;
    let twilio = world.carrier("Twilio").await;
    world.assert_in_sync().await;
    let (viewer, developer) = (world.actor(Role::Viewer).await, world.actor(Role::Developer).await);
    let drift = &world.services.drift;
    let seen = drift.report(&viewer, &twilio.id).await.unwrap();
    drift.orphans(&viewer).await.unwrap();
    let forbidden = |outcome: bool| assert!(outcome);
    let input = named(&seen.fingerprint);
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
