//! Routing of the SIP edge, from the configuration in memory.

use api_types::{
    input::{EdgeCaller, EdgeRoutePreviewQuery, EdgeRouteRequest},
    view::EdgeView,
};
use domain::{
    EdgeUserId, Role,
    edge::{EdgeInput, EdgeNoun, EdgeUserSettings, ExtensionSettings, OutboundRouteSettings},
};
use serde_json::{Value, json};
use services::Error;

use crate::world::World;

fn input<S: EdgeNoun>(value: Value) -> S::Input {
    serde_json::from_value(value).unwrap()
}

async fn create<S: EdgeNoun>(world: &World, value: Value) -> EdgeView<S>
where
    S::Input: EdgeInput<Settings = S>,
{
    world.services.edge_objects.create::<S>(&world.admin, &input::<S>(value)).await.unwrap()
}

async fn route(world: &World, call_id: &str, caller: EdgeCaller, to: &str) -> Value {
    let request = EdgeRouteRequest {
        call_id: call_id.to_owned(),
        from: "anybody".to_owned(),
        from_domain: "acme.example".to_owned(),
        to: to.to_owned(),
        source: None,
        caller,
    };
    let body = world.services.edge.routing.route(&request).await.unwrap();
    let mut body: Value = serde_json::from_str(&body).unwrap();
    body["rtjson"].take()
}

fn user(id: &EdgeUserId) -> EdgeCaller {
    EdgeCaller::User(id.clone())
}

/// A world with a carrier for Spain and a user who may have one call at once.
async fn spain() -> (World, EdgeUserId, EdgeView<OutboundRouteSettings>) {
    let world = World::new().await;
    world.services.build_index().await.unwrap();
    let carrier = world.carrier("Madrid").await;
    let settings = json!({ "name": "Spain", "prefix": "+34", "carrier_ids": [carrier.id] });
    let outbound = create::<OutboundRouteSettings>(&world, settings).await;
    let alice = create::<EdgeUserSettings>(&world, json!({ "username": "alice", "max_simultaneous": 1 })).await;
    let alice = alice.id.to_string().parse().unwrap();
    (world, alice, outbound)
}

#[tokio::test]
async fn repeated_invite_has_the_same_answer_and_is_counted_once() {
    let (world, alice, _) = spain().await;
    let first = route(&world, "a", user(&alice), "0034911234567").await;
    assert_eq!((&first["action"], &first["version"]), (&json!("outbound"), &json!("1.0")), "{first}");
    assert!(first["routes"][0]["uri"].as_str().unwrap().starts_with("sip:+34911234567@"), "{first}");
    assert_eq!(route(&world, "a", user(&alice), "0034911234567").await, first);
    // The answer is that of the call, also where the configuration has changed.
    assert_eq!(route(&world, "a", user(&alice), "+4930123456").await, first);
    let second = route(&world, "b", user(&alice), "0034911234567").await;
    assert_eq!((&second["action"], &second["code"]), (&json!("reject"), &json!(486)), "{second}");
    assert_eq!(route(&world, "b", user(&alice), "0034911234567").await, second);
    let emergency = route(&world, "c", user(&alice), "112").await;
    assert_eq!(emergency["action"], "outbound", "no limit applies: {emergency}");
}

#[tokio::test]
async fn concurrent_invites_of_one_call_are_counted_once() {
    let (world, alice, _) = spain().await;
    let calls = (0..20).map(|_| route(&world, "a", user(&alice), "+34911234567"));
    let answers = futures::future::join_all(calls).await;
    assert!(answers.iter().all(|answer| *answer == answers[0] && answer["action"] == "outbound"), "{answers:?}");
}

#[tokio::test]
async fn change_of_a_rule_applies_to_the_next_call() {
    let (world, alice, outbound) = spain().await;
    let objects = &world.services.edge_objects;
    let id = outbound.id.to_string().parse().unwrap();
    let disabled = input::<OutboundRouteSettings>(json!({ "status": "disabled" }));
    objects.update::<OutboundRouteSettings>(&world.admin, &id, &disabled).await.unwrap();
    assert_eq!(route(&world, "a", user(&alice), "+34911234567").await["code"], 404);
    let target = json!({ "kind": "conference", "room": "sales" });
    let extension = create::<ExtensionSettings>(&world, json!({ "digits": "1001", "target": target })).await;
    assert_eq!(route(&world, "b", user(&alice), "1001").await["target_id"], "sales");
    let moved = input::<ExtensionSettings>(json!({ "digits": "1002" }));
    let id = extension.id.to_string().parse().unwrap();
    objects.update::<ExtensionSettings>(&world.admin, &id, &moved).await.unwrap();
    assert_eq!(route(&world, "c", user(&alice), "1001").await["code"], 404);
    objects.delete::<ExtensionSettings>(&world.admin, &id).await.unwrap();
    assert_eq!(route(&world, "d", user(&alice), "1002").await["code"], 404);
}

#[tokio::test]
async fn caller_without_authentication_reaches_dids_alone() {
    let (world, _, _) = spain().await;
    let (bot, carrier) = (world.bot("Concierge").await, world.carrier("Twilio").await);
    let did = world.add_did(&carrier, 1, Some(&bot)).await;
    let number = did.number.clone();
    let answer = route(&world, "a", EdgeCaller::Unknown, &number).await;
    assert_eq!((&answer["action"], &answer["vars"]["direction"]), (&json!("bot"), &json!("inbound")), "{answer}");
    assert!(answer["routes"][0]["uri"].as_str().unwrap().ends_with("@sip.example.com"), "{answer}");
    assert_eq!(route(&world, "b", EdgeCaller::Unknown, "+34911234567").await["code"], 404);
    let stranger = EdgeCaller::Credentials { username: "x".to_owned(), realm: "acme.example".to_owned() };
    assert_eq!(route(&world, "c", stranger, &number).await["code"], 403);
}

#[tokio::test]
async fn preview_says_which_route_decides_and_counts_nothing() {
    let (world, _, outbound) = spain().await;
    let viewer = world.actor(Role::Viewer).await;
    let query = |to: &str| EdgeRoutePreviewQuery { from: "alice".to_owned(), to: to.to_owned() };
    for _ in 0..3 {
        let preview = world.services.edge.routing.preview(&viewer, query("0034911234567")).await.unwrap();
        assert_eq!((preview.action.as_str(), preview.carriers.len()), ("outbound", 1));
        let rule = &preview.considered[0];
        assert_eq!((rule.rule.as_str(), rule.id.clone()), ("outbound_route", Some(outbound.id.to_string())));
        assert!(rule.applies && rule.why.contains("+34"), "{rule:?}");
    }
    let refused = world.services.edge.routing.preview(&viewer, query(" ")).await.unwrap_err();
    assert!(matches!(refused, Error::Invalid(errors) if errors.message("to").is_some()));
}

#[tokio::test]
async fn call_before_the_configuration_was_read_is_refused() {
    let world = World::new().await;
    let request = EdgeRouteRequest {
        call_id: "a".to_owned(),
        from: String::new(),
        from_domain: String::new(),
        to: "1001".to_owned(),
        source: None,
        caller: EdgeCaller::Unknown,
    };
    let refused = world.services.edge.routing.route(&request).await.unwrap_err();
    assert!(matches!(refused, Error::EdgeNotReady) && refused.retry_after_seconds().is_some());
}
