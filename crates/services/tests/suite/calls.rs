//! Calls: webhooks, upkeep, retention.

use api_types::{
    input::{CallQuery, CallSettingsInput},
    view::{CallDetail, CallView},
};
use domain::{CallEventKind, CallOutcome, CallState};
use livekit::{WebhookEvent, WebhookParticipant};

use crate::world::World;

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

fn event(id: &str, kind: &str, participant: &str, attributes: &[(&str, &str)]) -> WebhookEvent {
    let participant = WebhookParticipant {
        id: format!("PA_{participant}"),
        identity: participant.to_owned(),
        kind: if attributes.is_empty() { "AGENT" } else { "SIP" }.to_owned(),
        attributes: attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        disconnect_reason: String::new(),
    };
    WebhookEvent {
        id: id.to_owned(),
        event: kind.to_owned(),
        created_at: None,
        room_name: "call-1".to_owned(),
        participant: Some(participant),
    }
}

async fn receive(world: &World, event: WebhookEvent) {
    world.services.calls.receive_webhook(event, None).await.unwrap().unwrap();
}

async fn list(world: &World) -> Vec<CallView> {
    world.services.calls.list(&world.admin, &CallQuery::default()).await.unwrap().items
}

async fn only(world: &World) -> CallDetail {
    let calls = list(world).await;
    assert_eq!(calls.len(), 1, "{calls:?}");
    world.services.calls.get(&world.admin, &calls[0].id).await.unwrap()
}

fn kinds(call: &CallDetail) -> Vec<CallEventKind> {
    call.events.iter().map(|event| event.kind).collect()
}

const RINGING: [(&str, &str); 3] =
    [("sip.callID", "SCL_1"), ("sip.callStatus", "ringing"), ("sip.phoneNumber", "+14155550123")];

async fn agent_ahead_of_the_caller_answers(world: &World) {
    receive(world, event("EV_1", "participant_joined", "agent-1", &[])).await;
    receive(world, event("EV_2", "participant_joined", "sip_1", &RINGING)).await;
    let call = only(world).await;
    assert_eq!((call.call.state, call.call.outcome), (CallState::Answered, CallOutcome::InProgress));
    use CallEventKind::{AgentJoined, Answered, Joined, Ringing};
    assert_eq!(kinds(&call), [AgentJoined, Joined, Ringing, Answered]);
}

async fn call_without_a_reported_end_is_closed(world: &World) {
    receive(world, event("EV_1", "participant_joined", "sip_1", &RINGING)).await;
    let upkeep = world.services.call_upkeep();
    world.clock.advance(DAY);
    upkeep.pass().await.unwrap();
    assert_eq!(only(world).await.call.outcome, CallOutcome::InProgress);
    world.clock.advance(11 * MINUTE);
    upkeep.pass().await.unwrap();
    let call = only(world).await;
    assert_eq!((call.call.state, call.call.outcome), (CallState::Ended, CallOutcome::Unknown));
    assert_eq!(kinds(&call).last(), Some(&CallEventKind::Closed));
    assert!(call.call.failure.unwrap().contains("24 hours"));
}

async fn old_calls_are_deleted(world: &World) {
    receive(world, event("EV_1", "participant_joined", "sip_1", &RINGING)).await;
    receive(world, event("EV_2", "participant_left", "sip_1", &RINGING)).await;
    let upkeep = world.services.call_upkeep();
    world.clock.advance(30 * DAY);
    upkeep.pass().await.unwrap();
    assert_eq!(list(world).await.len(), 1);
    let input = CallSettingsInput { retention_days: Some("29".into()) };
    world.services.calls.update_settings(&world.admin, &input).await.unwrap();
    upkeep.pass().await.unwrap();
    assert_eq!(list(world).await, []);
}

async fn name_of_a_deleted_carrier_stays(world: &World) {
    let carrier = world.carrier("Twilio").await;
    let id = carrier.id.to_string();
    let attributes = [RINGING.as_slice(), &[("carrier_id", id.as_str())]].concat();
    receive(world, event("EV_1", "participant_joined", "sip_1", &attributes)).await;
    world.delete_carrier(&carrier).await;
    let call = only(world).await;
    assert_eq!(call.call.carrier.map(|named| (named.id, named.name)), Some((carrier.id, carrier.name)));
    assert!(!call.carrier_exists);
}

macro_rules! on_both {
    ($($check:ident)+) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $check() {
                super::$check(&crate::world::World::new().await).await;
            })+
        }

        mod postgresql {
            $(#[tokio::test]
            async fn $check() {
                let Some((database, world)) = crate::world::World::on_postgresql().await else { return };
                super::$check(&world).await;
                database.drop([world]).await;
            })+
        }
    };
}

on_both! {
    agent_ahead_of_the_caller_answers
    call_without_a_reported_end_is_closed
    old_calls_are_deleted
    name_of_a_deleted_carrier_stays
}
