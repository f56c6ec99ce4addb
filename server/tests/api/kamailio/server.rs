//! The edge with the real server.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use tokio::time::{Instant, sleep};

use super::{
    account::{DID, create, create_carrier, register, with_phones},
    edge::{Edge, free_port},
    sipp::{PASSWORD, Sipp},
};
use crate::{
    harness::{TestServer, id},
    process::Process,
};

const TOKEN: &str = "0123456789abcdef";

/// The events of the end have arrived.
async fn until_no_call_is_open(server: &TestServer) {
    let account = server.get("/api/v1/auth/me").await.expect(200)["account_id"].as_str().unwrap().to_owned();
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let cac = server.get(&format!("/cac?accountId={account}")).await.expect(200);
        if cac["calls"].as_array().expect("the open calls").is_empty() {
            return;
        }
        assert!(Instant::now() < deadline, "a call stays open: {cac:#}");
        sleep(Duration::from_millis(50)).await;
    }
}

fn device_calls(scenario: &str, edge: &Edge, target: &str) -> Sipp {
    Sipp::caller(scenario, edge.address, "1001").password(PASSWORD).key("target", target)
}

#[tokio::test]
async fn phones_register_and_call_each_other() {
    let (server, phone) = (with_phones().await, free_port());
    let edge = Edge::start(&server.url, &[]).await;
    register(edge.address, "1002", phone).await;
    for (caller, callee) in [("call", "answer"), ("call_busy", "busy"), ("call_cancelled", "ring")] {
        let callee = Sipp::callee(callee, phone).start();
        device_calls(caller, &edge, "1002").run().await;
        let received = callee.finish().await;
        assert!(received.contains("From: \"Phone 1001\" <sip:1001@acme.test>"), "{received}");
        until_no_call_is_open(&server).await;
    }
    let refused = Sipp::caller("register_refused", edge.address, "1001").password("wrong").key("expires_in", "60");
    refused.key("contact", "sip:1001@127.0.0.1:5999").run().await;
}

#[tokio::test]
async fn call_to_a_dead_carrier_goes_to_the_next() {
    let (server, carrier) = (with_phones().await, free_port());
    let dead = create_carrier(&server, "Dead", "127.0.0.1:9").await;
    let second = create_carrier(&server, "Second", &carrier.to_string()).await;
    let route = json!({ "name": "All", "prefix": "+1*", "carrier_ids": [dead, second] });
    create(&server, "outbound-routes", route).await;
    let edge = Edge::start(&server.url, &[]).await;
    let answer = Sipp::callee("answer", carrier).start();
    device_calls("call", &edge, DID).run().await;
    let received = answer.finish().await;
    assert!(!received.contains("Proxy-Authorization"), "{received}");
}

#[tokio::test]
async fn bot_is_reached_before_and_after_a_restart() {
    let (api, livekit) = (free_port(), free_port());
    let variables = vec![
        ("TRUNKLINE_LISTEN", api.to_string()),
        ("TRUNKLINE_EDGE_TOKEN", TOKEN.to_owned()),
        ("LIVEKIT_SIP_HOST", livekit.to_string()),
    ];
    let mut server = Process::start_with("sqlite://trunkline.db", "http://127.0.0.1:9", variables).await;
    let carrier = json!({ "name": "Acme", "sip_address": "carrier.example", "accept_any_source": true });
    let carrier = id(&server.send(Method::POST, "/api/v1/carriers", Some(carrier)).await.expect(201));
    let did = json!({ "number": DID, "bot_id": server.create_bot().await });
    server.send(Method::POST, &format!("/api/v1/carriers/{carrier}/dids"), Some(did)).await.expect(201);
    let edge = Edge::start(&format!("http://{api}"), &["--token", TOKEN]).await;
    let call = |scenario: &str| Sipp::caller(scenario, edge.address, "14155550100").key("target", DID);
    let answer = Sipp::callee("answer", livekit).start();
    call("carrier_call").run().await;
    assert!(answer.finish().await.contains(&format!("INVITE sip:{DID}@")));
    server.kill();
    call("call_unavailable").run().await;
    server.start_again().await;
    sleep(Duration::from_millis(2_100)).await;
    let answer = Sipp::callee("answer", livekit).start();
    call("carrier_call").run().await;
    answer.finish().await;
}
