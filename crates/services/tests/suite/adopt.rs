//! Adoption of unmanaged trunks.

use std::time::Duration;

use api_types::{
    input::AdoptInput,
    view::{AdoptView, CarrierView},
};
use domain::{
    AuditAction, Direction, MASK, Secret,
    livekit::{DispatchRule, InboundTrunk, OutboundTrunk, OwnerTag, StepAction},
};
use livekit_sandbox::{Fault, FaultRule};
use serde_json::{Value, json};
use services::{Current, Error, LiveKitError, Result, StepError};

use crate::{livekit_server::on_both, observed::ids, world::World};

impl World {
    async fn request_adoption(&self, carrier: &CarrierView, input: Value) -> Result<AdoptView> {
        let input: AdoptInput = serde_json::from_value(input).unwrap();
        self.services.drift.adopt(&self.admin, &carrier.id, &input).await
    }

    /// The dry run, and then its application.
    async fn adopt(&self, carrier: &CarrierView, input: Value) -> Result<AdoptView> {
        let preview = self.request_adoption(carrier, input.clone()).await?;
        assert!(!preview.adopted);
        let confirmed_input = confirmed(input, &preview);
        let done = self.request_adoption(carrier, confirmed_input).await?;
        assert_eq!(AdoptView { adopted: false, ..done.clone() }, preview, "the dry run has shown the result");
        assert!(done.adopted);
        Ok(done)
    }

    /// An unmanaged inbound trunk with a rule of its own.
    async fn unmanaged_trunk(&self, numbers: &[u32]) -> (String, String) {
        let trunk = InboundTrunk {
            name: "Unmanaged".to_owned(),
            numbers: numbers.iter().map(|index| self.number(*index)).collect(),
            allowed_addresses: vec!["192.0.2.7".to_owned()],
            auth_username: "unmanaged".to_owned(),
            auth_password: Secret::new("unmanaged-secret"),
            ..InboundTrunk::default()
        };
        let trunk = self.client().create_inbound(&trunk).await.unwrap();
        let rule = DispatchRule {
            name: "Unmanaged rule".to_owned(),
            trunk_ids: vec![trunk.clone()],
            room_prefix: "unmanaged-".to_owned(),
            agent_name: "old-agent".to_owned(),
            ..DispatchRule::default()
        };
        (trunk, self.client().create_rule(&rule).await.unwrap())
    }
}

/// Field and code of a refusal's only fault.
fn refusal<T: std::fmt::Debug>(outcome: Result<T>) -> (String, String, String) {
    match outcome {
        Err(Error::Invalid(errors)) => {
            let error = errors.iter().next().unwrap().clone();
            (error.field, error.code, error.message)
        }
        other => panic!("{other:?}"),
    }
}

async fn adopted_inbound_trunk_keeps_its_ids(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.assert_in_sync().await;
    let (trunk, rule) = world.unmanaged_trunk(&[1, 2]).await;
    let input = json!({"trunk_id": trunk, "bot_id": bot.id.as_str()});
    let preview = world.request_adoption(&twilio, input.clone()).await.unwrap();
    assert_eq!(preview.numbers.iter().filter(|number| number.added).count(), 2);
    assert!(preview.rules[0].adopted && preview.rules[0].text.contains("old-agent"), "{:?}", preview.rules);
    assert!(preview.steps.iter().all(|step| step.action == StepAction::Replace), "{:?}", preview.steps);
    let shown = serde_json::to_string(&preview).unwrap();
    assert!(!shown.contains("unmanaged-secret") && shown.contains(MASK), "{shown}");
    // The dry run has changed nothing.
    assert!(world.get_carrier(&twilio).await.dids.is_empty());
    let all = world.client().list_all().await.unwrap();
    assert!(all.inbound.iter().all(|listed| listed.id != trunk || OwnerTag::read(&listed.object.metadata).is_none()));

    world.adopt(&twilio, input).await.unwrap();
    let observed = world.assert_in_sync().await;
    assert_eq!(ids(&observed), [trunk.clone(), rule]);
    assert_eq!(observed.inbound[0].object.auth_username, "acme", "the carrier's settings are kept");
    let numbers = world.get_carrier(&twilio).await.dids;
    assert!(numbers.iter().all(|did| did.direction == Direction::Inbound && did.bot_id.as_ref() == Some(&bot.id)));
    let mut tx = world.services.store().read().await.unwrap();
    let events = tx.audit_of(&world.admin.account_id, &trunk).await.unwrap();
    assert_eq!(events.iter().map(|event| event.action).collect::<Vec<_>>(), [AuditAction::Updated]);
    assert_eq!(tx.audit_of(&world.admin.account_id, numbers[0].id.as_str()).await.unwrap().len(), 1);
}

async fn named_settings_are_adopted(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier_with(json!({"name": "Twilio", "allowed_addresses": ["203.0.113.7"]})).await;
    let (trunk, _) = world.unmanaged_trunk(&[1]).await;
    let input = json!({"trunk_id": trunk, "bot_id": bot.id.as_str(), "take": ["allowed_addresses", "credentials"]});
    let done = world.adopt(&twilio, input).await.unwrap();
    assert!(done.settings.iter().all(|setting| setting.taken) && done.settings.len() == 2, "{:?}", done.settings);
    let observed = world.assert_in_sync().await;
    let trunk = &observed.inbound[0].object;
    assert_eq!(trunk.allowed_addresses, ["192.0.2.7/32", "203.0.113.7/32"]);
    assert_eq!((trunk.auth_username.as_str(), &trunk.auth_password), ("unmanaged", &Secret::new("unmanaged-secret")));
    assert_eq!(world.get_carrier(&twilio).await.auth_username.as_deref(), Some("unmanaged"));
}

async fn krisp_is_adopted_or_replaced(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world
        .carrier_with(json!({"name": "Twilio", "auth_username": "acme", "auth_password": "hunter2",
                                           "krisp_enabled": false}))
        .await;
    for (index, take) in [(1, true), (2, false)] {
        let numbers = vec![world.number(index)];
        let trunk = InboundTrunk { numbers, krisp_enabled: Some(true), ..InboundTrunk::default() };
        let trunk = world.client().create_inbound(&trunk).await.unwrap();
        let take = if take { vec!["krisp_enabled"] } else { Vec::new() };
        let input = json!({"trunk_id": trunk, "bot_id": bot.id.as_str(), "take": take});
        let done = world.adopt(&twilio, input).await.unwrap();
        assert_eq!(done.settings.iter().any(|setting| setting.name == "krisp_enabled" && setting.taken), index == 1);
        let observed = world.assert_in_sync().await;
        assert!(observed.inbound.iter().all(|listed| listed.object.krisp_enabled == Some(true)), "{observed:?}");
        assert_eq!(world.get_carrier(&twilio).await.krisp_enabled, Some(true));
    }
}

async fn closed_carrier_adopts_no_inbound_trunk(world: &World) {
    let bot = world.bot("Concierge").await;
    let closed = world.carrier_with(json!({"name": "Closed"})).await;
    let (trunk, rule) = world.unmanaged_trunk(&[1]).await;
    let input = json!({"trunk_id": trunk, "bot_id": bot.id.as_str()});
    let (field, code, _) = refusal(world.request_adoption(&closed, input.clone()).await);
    assert_eq!((field.as_str(), code.as_str()), ("take", "carrier_closed"));
    let mut input = input;
    input["take"] = json!(["credentials"]);
    world.adopt(&closed, input).await.unwrap();
    assert_eq!(ids(&world.assert_in_sync().await), [trunk, rule]);
}

async fn number_of_another_carrier_is_refused(world: &World) {
    let bot = world.bot("Concierge").await;
    let (twilio, telnyx) = (world.carrier("Twilio").await, world.carrier("Telnyx").await);
    world.add_did(&telnyx, 2, None).await;
    let (trunk, rule) = world.unmanaged_trunk(&[1, 2]).await;
    match world.request_adoption(&twilio, json!({"trunk_id": trunk, "bot_id": bot.id.as_str()})).await {
        Err(Error::NumberTaken { number, carrier_name, .. }) => {
            assert_eq!((number, carrier_name.as_str()), (world.number(2), "Telnyx"));
        }
        other => panic!("{other:?}"),
    }
    assert!(world.get_carrier(&twilio).await.dids.is_empty(), "all or nothing");
    world.client().delete_rule(&rule).await.unwrap();
    world.client().delete_trunk(&trunk).await.unwrap();
}

async fn adoption_resolves_a_conflict(world: &World) {
    let bot = world.bot("Concierge").await;
    let (trunk, rule) = world.unmanaged_trunk(&[1]).await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    assert!(world.sync_error(&twilio).await.contains("Compare with LiveKit"));
    let done = world.adopt(&twilio, json!({"trunk_id": trunk, "bot_id": bot.id.as_str()})).await.unwrap();
    assert!(!done.numbers[0].added, "it is the carrier's already");
    let observed = world.assert_in_sync().await;
    assert_eq!((observed.inbound[0].id.as_str(), observed.rules[0].id.as_str()), (trunk.as_str(), rule.as_str()));
}

async fn second_trunk_of_a_bot_is_merged(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    world.assert_in_sync().await;
    let (trunk, _) = world.unmanaged_trunk(&[2]).await;
    let done = world.adopt(&twilio, json!({"trunk_id": trunk, "bot_id": bot.id.as_str()})).await.unwrap();
    assert!(done.steps.iter().any(|step| step.action == StepAction::Delete));
    assert!(done.notes.len() == 1 && done.notes[0].contains("become one"), "{:?}", done.notes);
    let observed = world.assert_in_sync().await;
    assert_eq!(observed.inbound.len(), 1);
    let (one, two) = (world.number(1), world.number(2));
    let expected = [one.clone(), two.clone(), format!("00{}", &one[1..]), format!("00{}", &two[1..])];
    assert_eq!(observed.inbound[0].object.numbers, expected);
}

/// LiveKit takes numbers with punctuation, and compares them without.
async fn number_of_another_bot_leaves_the_adopted_trunk(world: &World) {
    let (older, younger) = (world.bot("Concierge").await, world.bot("Night desk").await);
    let (trunk, rule) = world.unmanaged_trunk(&[]).await;
    let numbers = vec![world.punctuated(1), world.punctuated(2)];
    let made = InboundTrunk { numbers, auth_username: "unmanaged".to_owned(), ..InboundTrunk::default() };
    world.client().replace_inbound(&trunk, &made).await.unwrap();
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&older)).await;
    world.sync_attempts_done().await;
    world.adopt(&twilio, json!({"trunk_id": trunk, "bot_id": younger.id.as_str()})).await.unwrap();
    let observed = world.assert_in_sync().await;
    assert_eq!(observed.inbound.len(), 2);
    assert!(ids(&observed).contains(&trunk) && ids(&observed).contains(&rule));
}

async fn shared_rule_is_refused_and_narrower_rule_stays(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    let client = world.client();
    let (trunk, rule) = world.unmanaged_trunk(&[1, 2]).await;
    client.delete_rule(&rule).await.unwrap();
    let (other, other_rule) = world.unmanaged_trunk(&[3]).await;
    client.delete_rule(&other_rule).await.unwrap();
    let rule = |trunk_ids: Vec<String>, numbers: Vec<String>| DispatchRule {
        name: "Unmanaged".to_owned(),
        trunk_ids,
        numbers,
        room_prefix: "unmanaged-".to_owned(),
        ..DispatchRule::default()
    };
    let single = client.create_rule(&rule(vec![trunk.clone()], vec![world.number(1)])).await.unwrap();
    let shared = client.create_rule(&rule(vec![trunk.clone(), other.clone()], Vec::new())).await.unwrap();
    let input = json!({"trunk_id": trunk, "bot_id": bot.id.as_str()});
    let (_, code, message) = refusal(world.request_adoption(&twilio, input.clone()).await);
    assert!(code == "shared_rule" && message.contains(&shared), "{message}");
    client.delete_rule(&shared).await.unwrap();
    let done = world.adopt(&twilio, input).await.unwrap();
    assert!(!done.rules[0].adopted && done.rules[0].text.contains("Stays"), "{:?}", done.rules);
    world.assert_in_sync().await;
    let rules = client.list_all().await.unwrap().rules;
    assert!(rules.iter().any(|listed| listed.id == single), "it is unchanged");
    client.delete_rule(&single).await.unwrap();
    client.delete_trunk(&other).await.unwrap();
}

async fn adopted_outbound_trunk_keeps_its_id(world: &World) {
    let twilio = world.carrier("Twilio").await;
    world.assert_in_sync().await;
    let trunk = world.client().create_outbound(&outbound_trunk(world, 1)).await.unwrap();
    let done = world.adopt(&twilio, json!({"trunk_id": trunk, "take": ["transport"]})).await.unwrap();
    let taken: Vec<_> = done.settings.iter().map(|setting| (setting.name.as_str(), setting.taken)).collect();
    assert_eq!(taken, [("sip_address", false), ("transport", true)]);
    let observed = world.assert_in_sync().await;
    assert_eq!(
        (observed.outbound[0].id.as_str(), observed.outbound[0].object.address.as_str()),
        (&*trunk, "sip.example.com")
    );
    let carrier = world.get_carrier(&twilio).await;
    assert_eq!((carrier.transport, carrier.dids[0].direction), (domain::Transport::Tls, Direction::Outbound));
    assert_eq!(carrier.lk_outbound_trunk_id.as_deref(), Some(trunk.as_str()));

    let second = world.client().create_outbound(&outbound_trunk(world, 2)).await.unwrap();
    let (_, code, message) = refusal(world.request_adoption(&twilio, json!({"trunk_id": second})).await);
    assert!(code == "has_outbound_trunk" && message.contains(&trunk), "{message}");
    world.client().delete_trunk(&second).await.unwrap();
}

async fn refused_adoption_has_field_and_code(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 9, Some(&bot)).await;
    let observed = world.assert_in_sync().await;
    let bot_id = bot.id.as_str();
    let code = async |input: Value| refusal(world.request_adoption(&twilio, input).await).1;
    assert_eq!(code(json!({"trunk_id": observed.inbound[0].id, "bot_id": bot_id})).await, "already_managed");
    let gone = world.request_adoption(&twilio, json!({"trunk_id": "ST_gone", "bot_id": bot_id})).await;
    assert!(matches!(gone, Err(Error::NotFound(_))));
    let (trunk, rule) = world.unmanaged_trunk(&[1]).await;
    assert_eq!(code(json!({"trunk_id": trunk})).await, "required");
    let unknown = domain::BotId::new(world.clock.ulid());
    assert_eq!(code(json!({"trunk_id": trunk, "bot_id": unknown.as_str()})).await, "unknown_bot");
    world.client().delete_rule(&rule).await.unwrap();
    world.client().delete_trunk(&trunk).await.unwrap();
    let odd = InboundTrunk { numbers: vec!["alice".to_owned()], ..InboundTrunk::default() };
    let odd = world.client().create_inbound(&odd).await.unwrap();
    let (field, _, message) =
        refusal(world.request_adoption(&twilio, json!({"trunk_id": odd, "bot_id": bot_id})).await);
    assert!(field == "trunk_id" && message.contains("alice"), "{message}");
    world.client().delete_trunk(&odd).await.unwrap();
}

/// LiveKit ignores the plus, so that trunks of others are often written without.
async fn bare_number_is_refused_unless_the_carrier_has_it(world: &World) {
    let bot = world.bot("Concierge").await;
    let settings = json!({"name": "Exotel", "destination_country": "IN", "auth_username": "a", "auth_password": "b"});
    let exotel = world.carrier_with(settings).await;
    let (trunk, rule) = world.unmanaged_trunk(&[]).await;
    let bare = world.number(1)[1..].to_owned();
    let changed = InboundTrunk { numbers: vec![bare.clone()], auth_username: "u".to_owned(), ..Default::default() };
    world.client().replace_inbound(&trunk, &changed).await.unwrap();
    let input = json!({"trunk_id": trunk, "bot_id": bot.id.as_str()});
    let (field, code, message) = refusal(world.request_adoption(&exotel, input.clone()).await);
    assert_eq!((field.as_str(), code.as_str()), ("trunk_id", "needs_plus"));
    assert!(message.starts_with(&format!("{bare}: ")) && message.contains("Add it to the carrier"), "{message}");
    assert!(message.contains(&world.number(1)), "{message}");

    world.add_did(&exotel, 1, Some(&bot)).await;
    world.sync_attempts_done().await;
    let done = world.adopt(&exotel, input).await.unwrap();
    assert_eq!((done.numbers[0].number.as_str(), done.numbers[0].added), (world.number(1).as_str(), false));
    let observed = world.assert_in_sync().await;
    assert_eq!((&observed.inbound[0].id, &observed.rules[0].id), (&trunk, &rule));
}

async fn outdated_adoption_is_refused(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.assert_in_sync().await;
    let (trunk, rule) = world.unmanaged_trunk(&[1]).await;
    let input = json!({"trunk_id": trunk, "bot_id": bot.id.as_str()});
    let preview = world.request_adoption(&twilio, input.clone()).await.unwrap();
    world.client().delete_rule(&rule).await.unwrap();
    let confirmed_input = confirmed(input, &preview);
    let refused = world.request_adoption(&twilio, confirmed_input).await;
    let Err(Error::Drifted(now)) = refused else { panic!("{refused:?}") };
    let Current::Adoption(now) = *now else { panic!("{now:?}") };
    assert!(now.rules.is_empty());
    assert!(world.get_carrier(&twilio).await.dids.is_empty());
    world.client().delete_trunk(&trunk).await.unwrap();
}

on_both! {
    adopted_inbound_trunk_keeps_its_ids
    named_settings_are_adopted
    krisp_is_adopted_or_replaced
    closed_carrier_adopts_no_inbound_trunk
    number_of_another_carrier_is_refused
    adoption_resolves_a_conflict
    second_trunk_of_a_bot_is_merged
    number_of_another_bot_leaves_the_adopted_trunk
    shared_rule_is_refused_and_narrower_rule_stays
    adopted_outbound_trunk_keeps_its_id
    refused_adoption_has_field_and_code
    bare_number_is_refused_unless_the_carrier_has_it
    outdated_adoption_is_refused
}

/// The input after its dry run, to be applied.
fn confirmed(mut input: Value, preview: &AdoptView) -> Value {
    input["dry_run"] = false.into();
    input["fingerprint"] = preview.fingerprint.as_str().into();
    input
}

fn outbound_trunk(world: &World, number: u32) -> OutboundTrunk {
    OutboundTrunk {
        name: "Outbound".to_owned(),
        address: "edge.example.net:5061".to_owned(),
        transport: domain::Transport::Tls,
        numbers: vec![world.number(number)],
        ..OutboundTrunk::default()
    }
}

/// Any of the calls fails, before or after LiveKit has made the change.
#[tokio::test(flavor = "multi_thread")]
async fn incomplete_adoption_is_completed_by_another() {
    for method in ["UpdateSIPDispatchRule", "UpdateSIPInboundTrunk"] {
        for fault in [FaultRule::once(Fault::Drop), FaultRule::once(Fault::Html502).after_commit()] {
            let world = World::new().await;
            let bot = world.bot("Concierge").await;
            let twilio = world.carrier("Twilio").await;
            world.assert_in_sync().await;
            let (trunk, rule) = world.unmanaged_trunk(&[1]).await;
            let input = json!({"trunk_id": trunk, "bot_id": bot.id.as_str()});
            world.livekit.faults().add(fault.clone().on(method));
            let failed = world.adopt(&twilio, input.clone()).await;
            let Err(Error::LiveKit(LiveKitError::AdoptionIncomplete { trunk_id, cause })) = failed else {
                panic!("{failed:?}")
            };
            assert!(trunk_id == trunk && matches!(cause, StepError::LiveKit { .. }), "{cause:?}");
            assert_eq!(world.get_carrier(&twilio).await.dids.len(), 1, "{method}");
            world.advance_past_backoff();
            world.sync_attempts_done().await;
            match world.adopt(&twilio, input).await {
                // The answer was lost, but the owner tag is there, and the reconciler has continued.
                Err(Error::Invalid(errors)) => assert_eq!(errors.iter().next().unwrap().code, "already_managed"),
                outcome => drop(outcome.unwrap()),
            }
            assert_eq!(ids(&world.assert_in_sync().await), [trunk, rule], "{method} {fault:?}");
        }
    }
}

/// There is never a second one, and the id that agents dial by stays.
#[tokio::test(flavor = "multi_thread")]
async fn incomplete_outbound_adoption_is_completed_by_sync() {
    let method = "UpdateSIPOutboundTrunk";
    let refused = Fault::Error { code: "unavailable".to_owned(), message: "busy".to_owned() };
    for fault in [
        FaultRule::once(Fault::Drop),
        FaultRule::once(refused).sticky(),
        FaultRule::once(Fault::Html502).after_commit(),
    ] {
        let world = World::new().await;
        let twilio = world.carrier("Twilio").await;
        world.assert_in_sync().await;
        let trunk = world.client().create_outbound(&outbound_trunk(&world, 1)).await.unwrap();
        world.livekit.faults().add(fault.clone().on(method));
        let failed = world.adopt(&twilio, json!({"trunk_id": trunk})).await;
        assert!(matches!(&failed, Err(Error::SyncFailed(carrier)) if carrier.dids.len() == 1), "{failed:?}");
        world.advance_past_backoff();
        world.sync_attempts_done().await;
        assert_eq!(world.client().list_all().await.unwrap().outbound.len(), 1, "{fault:?}");
        world.livekit.faults().clear();
        assert_eq!(ids(&world.assert_in_sync().await), [trunk], "{fault:?}");
    }
}

/// As after a crash right after the commit: the next server continues.
#[tokio::test(flavor = "multi_thread")]
async fn outbound_adoption_survives_a_killed_server() {
    let mut world = World::with_short_lease().await;
    let twilio = world.carrier("Twilio").await;
    world.assert_in_sync().await;
    let trunk = world.client().create_outbound(&outbound_trunk(&world, 1)).await.unwrap();
    world.livekit.faults().add(FaultRule::once(Fault::Drop).on("UpdateSIPOutboundTrunk").sticky());
    world.adopt(&twilio, json!({"trunk_id": trunk})).await.unwrap_err();
    world.kill_reconciler().await;
    world.livekit.faults().clear();
    let second = world.second_server().await;
    assert_eq!(ids(&second.assert_in_sync().await), [trunk]);
}

#[tokio::test(flavor = "multi_thread")]
async fn abandoned_adoption_is_completed() {
    let world = World::new().await;
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.assert_in_sync().await;
    let (trunk, rule) = world.unmanaged_trunk(&[1]).await;
    let input = json!({"trunk_id": trunk, "bot_id": bot.id.as_str()});
    let preview = world.request_adoption(&twilio, input.clone()).await.unwrap();
    let confirmed_input = confirmed(input, &preview);
    world.livekit.faults().add(FaultRule::once(Fault::Delay { ms: 400 }).on("UpdateSIPDispatchRule"));
    let asked =
        tokio::time::timeout(Duration::from_millis(200), world.request_adoption(&twilio, confirmed_input)).await;
    assert!(asked.is_err(), "it is abandoned between the commit and the owner tag: {asked:?}");
    let tagged = async || {
        let all = world.client().list_all().await.unwrap();
        all.inbound.iter().any(|listed| OwnerTag::read(&listed.object.metadata).is_some()).then_some(())
    };
    world.eventually("the owner tag on the trunk", tagged).await;
    assert_eq!(ids(&world.assert_in_sync().await), [trunk, rule]);
}

#[tokio::test(flavor = "multi_thread")]
async fn adoption_without_lease_reports_what_was_saved() {
    for (method, saved) in [("ListSIPInboundTrunk", 0), ("UpdateSIPDispatchRule", 1)] {
        let world = World::with_short_lease().await;
        let bot = world.bot("Concierge").await;
        let twilio = world.carrier("Twilio").await;
        world.assert_in_sync().await;
        let (trunk, rule) = world.unmanaged_trunk(&[1]).await;
        let input = json!({"trunk_id": trunk, "bot_id": bot.id.as_str()});
        let preview = world.request_adoption(&twilio, input.clone()).await.unwrap();
        let confirmed_input = confirmed(input.clone(), &preview);
        world.livekit.faults().add(FaultRule::once(Fault::Delay { ms: 600 }).on(method));
        let (outcome, ()) = tokio::join!(world.request_adoption(&twilio, confirmed_input), async {
            tokio::time::sleep(Duration::from_millis(250)).await;
            world.lose_lease().await;
        });
        match (saved, outcome) {
            (0, Err(Error::WriterBusy)) => {}
            (1, Err(Error::LiveKit(LiveKitError::AdoptionIncomplete { cause: StepError::LeaseLost, .. }))) => {}
            (_, outcome) => panic!("{method}: {outcome:?}"),
        }
        assert_eq!(world.get_carrier(&twilio).await.dids.len(), saved, "{method}");
        world.advance_past_backoff();
        world.adopt(&twilio, input).await.unwrap();
        assert_eq!(ids(&world.assert_in_sync().await), [trunk, rule], "{method}");
    }
}
