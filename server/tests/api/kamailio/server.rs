//! The edge with the real server.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use tokio::time::sleep;

use super::{
    edge::{Edge, free_port},
    sipp::Sipp,
};
use crate::{harness::id, process::Process};

const TOKEN: &str = "0123456789abcdef";
const DID: &str = "+14155550123";

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
