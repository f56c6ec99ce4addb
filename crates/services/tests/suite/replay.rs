//! "Why was this call rejected?": the replay against the sandbox's own matching, and what it explains.

use api_types::{
    input::CallReplayQuery,
    view::{CallReplay, ReplayView},
};
use domain::livekit::{InboundCall, ReplayFix, ReplayResult, ReplayStage, TrunkMatch};
use livekit_sandbox::{self as sandbox, Fault, FaultRule};
use serde_json::json;

use crate::{livekit_server::LiveKitServer, world::World};

async fn replay(world: &World, source: &str, from: &str, to: &str) -> CallReplay {
    let query = CallReplayQuery { source: source.into(), from: from.into(), to: to.into(), trunk: String::new() };
    world.services.calls.replay(&world.admin, &query).await.unwrap()
}

/// The first failed step, with the page that corrects it.
fn failure(view: &ReplayView) -> (ReplayStage, Option<ReplayFix>) {
    let step = view.steps.iter().find(|step| step.result == ReplayResult::Failed);
    let step = step.unwrap_or_else(|| panic!("no step failed: {view:#?}"));
    (step.stage, step.fix.clone())
}

/// Several carriers with every source policy, and calls in every spelling from good and bad sources.
#[tokio::test]
async fn trunk_of_the_replay_is_the_sandboxs() {
    let world = World::new().await;
    let bot = world.bot("Concierge").await;
    let carriers = [
        json!({"name": "Credentials", "auth_username": "acme", "auth_password": "s3cret-pass"}),
        json!({"name": "Addresses", "inbound_auth": "ip", "allowed_addresses": ["203.0.113.0/24", "2001:db8::/64"]}),
        json!({"name": "Any", "accept_any_source": true, "destination_country": "US"}),
    ];
    for (index, settings) in (0..).zip(carriers) {
        let carrier = world.carrier_with(settings).await;
        world.add_did(&carrier, index, Some(&bot)).await;
    }
    assert_eq!(world.sync_attempts_done().await, 0);
    let observed = world.client().list_all().await.unwrap();
    let mut matched = 0;
    for index in 0..4 {
        let number = world.number(index);
        let digits = &number[1..];
        for to in
            [number.clone(), digits.to_owned(), world.punctuated(index), format!("00{digits}"), digits[1..].to_owned()]
        {
            for source in ["203.0.113.7", "198.51.100.1", "2001:db8::7", "2001:db9::7"] {
                for from_host in ["203.0.113.7", "203.0.113.0/24", "carrier.example.com"] {
                    let call = InboundCall {
                        source: source.parse().unwrap(),
                        from_user: "+14155550123".to_owned(),
                        from_host: from_host.to_owned(),
                        to_user: to.clone(),
                    };
                    let LiveKitServer::Sandbox(livekit) = &*world.livekit else {
                        unreachable!("started as the sandbox")
                    };
                    let theirs = livekit.match_inbound_call(&sandbox::InboundCall {
                        source_ip: call.source,
                        from_user: call.from_user.clone(),
                        from_host: call.from_host.clone(),
                        to_user: to.clone(),
                    });
                    let ours = match call.trunk(&observed.inbound) {
                        TrunkMatch::None => Some(None),
                        TrunkMatch::One(trunk) => Some(Some(trunk.id.clone())),
                        TrunkMatch::Several(_) => None,
                    };
                    matched += usize::from(ours.clone().flatten().is_some());
                    assert_eq!(ours, theirs.ok(), "{call:?}");
                }
            }
        }
    }
    assert!(matched > 40, "{matched}");
}

#[tokio::test]
async fn each_reason_has_its_step_and_its_page() {
    let world = World::new().await;
    let bot = world.bot("Concierge").await;
    let addresses = json!({"name": "Addresses", "inbound_auth": "ip", "allowed_addresses": ["203.0.113.0/24"]});
    let carrier = world.carrier_with(addresses).await;
    let answered = world.add_did(&carrier, 0, Some(&bot)).await;
    let unanswered = world.add_did(&carrier, 1, None).await;
    let outbound = json!({"number": world.number(2), "direction": "outbound"});
    let outbound = world.add_did_with(&carrier, outbound).await.unwrap();
    assert_eq!(world.sync_attempts_done().await, 0);
    let did = |did_id| ReplayFix::Did { carrier_id: carrier.id.clone(), did_id };

    let accepted = replay(&world, "203.0.113.7", "+14155550123", &world.number(0)).await;
    for view in [&accepted.desired, accepted.observed.as_ref().unwrap()] {
        assert!(view.accepted, "{view:#?}");
        let agent = view.steps.last().unwrap();
        assert_eq!(
            (agent.stage, agent.fix.clone()),
            (ReplayStage::Agent, Some(ReplayFix::Bot { bot_id: bot.id.clone() }))
        );
        assert!(agent.text.contains("concierge"), "{}", agent.text);
    }

    let foreign = replay(&world, "198.51.100.1", "+14155550123", &world.number(0)).await;
    let expected = (ReplayStage::Source, Some(ReplayFix::Carrier { carrier_id: carrier.id.clone() }));
    assert_eq!(failure(&foreign.desired), expected);
    assert_eq!(failure(foreign.observed.as_ref().unwrap()), expected);
    assert!(foreign.desired.answer.contains("flood"), "{}", foreign.desired.answer);

    let expected = (ReplayStage::Number, Some(did(unanswered.id)));
    assert_eq!(failure(&replay(&world, "203.0.113.7", "", &world.number(1)).await.desired), expected);
    let expected = (ReplayStage::Number, Some(did(outbound.id)));
    assert_eq!(failure(&replay(&world, "203.0.113.7", "", &world.number(2)).await.desired), expected);
    let unknown = replay(&world, "203.0.113.7", "", &world.number(3)).await;
    assert_eq!(failure(&unknown.desired), (ReplayStage::Number, Some(ReplayFix::Carriers)));
    assert_eq!(failure(unknown.observed.as_ref().unwrap()).0, ReplayStage::Trunk);

    // The desired state accepts the call, LiveKit's does not yet.
    let trunk = world.client().list_all().await.unwrap().inbound.remove(0).id;
    world.client().delete_trunk(&trunk).await.unwrap();
    let drifted = replay(&world, "203.0.113.7", "", &world.number(0)).await;
    assert!(drifted.desired.accepted);
    let expected = (ReplayStage::Trunk, Some(ReplayFix::Drift { carrier_id: answered.carrier_id }));
    assert_eq!(failure(drifted.observed.as_ref().unwrap()), expected);
}

#[tokio::test]
async fn unreachable_livekit_leaves_the_desired_state() {
    let mut world = World::new().await;
    let bot = world.bot("Concierge").await;
    let carrier = world.carrier("Twilio").await;
    world.add_did(&carrier, 0, Some(&bot)).await;
    assert_eq!(world.sync_attempts_done().await, 0);
    world.stop_reconciler().await;
    world.livekit.faults().add(FaultRule::once(Fault::Drop).sticky());
    let replay = replay(&world, "203.0.113.7", "", &world.number(0)).await;
    assert!(replay.desired.accepted);
    assert!(replay.observed.is_none() && replay.observed_error.is_some());
    let credentials = replay.desired.steps.iter().find(|step| step.stage == ReplayStage::Credentials).unwrap();
    assert!(credentials.text.contains("407") && credentials.text.contains("acme"), "{}", credentials.text);
}
