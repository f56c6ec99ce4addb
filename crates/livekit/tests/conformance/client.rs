//! The client against each server.

use domain::Secret;
use livekit::Error;
use serde_json::{Value, json};

use crate::common::{Target, inbound, items, outbound, rule};

const LIST: &str = "ListSIPInboundTrunk";

pub async fn client_reads_back_what_it_wrote(target: &Target) {
    let client = target.client();
    client.ping().await.unwrap();
    let number = target.number();
    let incoming = inbound(target.name("in"), &number);
    let outgoing = outbound(target.name("out"), &number);
    let in_id = client.create_inbound(&incoming).await.unwrap();
    let out_id = client.create_outbound(&outgoing).await.unwrap();
    let routing = rule(target.name("rule"), &in_id, &number);
    let rule_id = client.create_rule(&routing).await.unwrap();

    let observed = client.list_all().await.unwrap();
    let listed = observed.inbound.iter().find(|listed| listed.id == in_id).expect("the inbound trunk");
    assert_eq!((&listed.object, listed.unmanaged_settings), (&incoming, false));
    let listed = observed.outbound.iter().find(|listed| listed.id == out_id).expect("the outbound trunk");
    assert_eq!((&listed.object, listed.unmanaged_settings), (&outgoing, false));
    let listed = observed.rules.iter().find(|listed| listed.id == rule_id).expect("the rule");
    assert_eq!((&listed.object, listed.unmanaged_settings), (&routing, false));

    client.delete_rule(&rule_id).await.unwrap();
    client.delete_trunk(&in_id).await.unwrap();
    client.delete_trunk(&out_id).await.unwrap();
    let observed = client.list_all().await.unwrap();
    assert!(observed.inbound.iter().all(|listed| listed.id != in_id));
    assert!(observed.outbound.iter().all(|listed| listed.id != out_id));
    assert!(observed.rules.iter().all(|listed| listed.id != rule_id));
}

pub async fn client_replaces_in_place(target: &Target) {
    let client = target.client();
    let (one, two) = (target.number(), target.number());
    let in_id = client.create_inbound(&inbound(target.name("in"), &one)).await.unwrap();
    let out_id = client.create_outbound(&outbound(target.name("out"), &one)).await.unwrap();
    let rule_id = client.create_rule(&rule(target.name("rule"), &in_id, &one)).await.unwrap();
    let mut incoming = inbound(target.name("in"), &two);
    incoming.auth_password = Secret::default();
    incoming.auth_username = String::new();
    let mut outgoing = outbound(target.name("out"), &two);
    outgoing.destination_country = None;
    let mut routing = rule(target.name("rule"), &in_id, &two);
    routing.agent_name = "night-desk".to_owned();
    client.replace_inbound(&in_id, &incoming).await.unwrap();
    client.replace_outbound(&out_id, &outgoing).await.unwrap();
    client.replace_rule(&rule_id, &routing).await.unwrap();
    let observed = client.list_all().await.unwrap();
    let listed = observed.inbound.iter().find(|listed| listed.id == in_id).expect("the same id");
    assert_eq!((&listed.object, listed.unmanaged_settings), (&incoming, false));
    let listed = observed.outbound.iter().find(|listed| listed.id == out_id).expect("the same id");
    assert_eq!((&listed.object, listed.unmanaged_settings), (&outgoing, false));
    let listed = observed.rules.iter().find(|listed| listed.id == rule_id).expect("the same id");
    assert_eq!((&listed.object, listed.unmanaged_settings), (&routing, false));
    let missing = client.replace_inbound("ST_nope", &incoming).await;
    assert!(matches!(&missing, Err(Error::Refused { status: 404, .. })), "{missing:?}");
    assert_eq!(items(&target.made(LIST, json!({ "trunk_ids": ["ST_nope"] })).await), Vec::<Value>::new());
}
