//! The API does not respond.

use std::time::Duration;

use super::{
    edge::{Edge, free_port},
    sipp::{PASSWORD, Sipp},
    stub::{Stub, proxy},
};

#[tokio::test]
async fn unreachable_api_is_503_until_it_responds() {
    let (mut stub, callee) = (Stub::start().await, free_port());
    stub.open_route("1002", proxy(&[format!("sip:1002@{callee}")]));
    let edge = Edge::start(&stub.url, &[]).await;
    stub.stop();
    let call = |scenario: &str| Sipp::caller(scenario, edge.address, "1001").key("target", "1002");
    let register = |scenario: &str| {
        let device = Sipp::caller(scenario, edge.address, "1001").password(PASSWORD).key("expires_in", "60");
        device.key("contact", "sip:1001@127.0.0.1:5999")
    };
    let refused = call("call_unavailable").run().await;
    assert!(refused.contains("Retry-After: "), "{refused}");
    register("register_unavailable").run().await;
    stub.resume();
    // The edge does not ask again within a second of a failure.
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    register("register").run().await;
    let answer = Sipp::callee("answer", callee).start();
    call("carrier_call").run().await;
    answer.finish().await;
}

#[tokio::test]
async fn end_of_a_call_is_reported_after_an_outage() {
    let (mut stub, callee) = (Stub::start().await, free_port());
    stub.open_route("1002", proxy(&[format!("sip:1002@{callee}")]));
    let edge = Edge::start(&stub.url, &[]).await;
    let answer = Sipp::callee("answer", callee).start();
    let call = Sipp::caller("carrier_call", edge.address, "1001").key("target", "1002").arg("-d", "1500").start();
    stub.event("dialog", |event| event["event"] == "confirmed").await;
    stub.stop();
    call.finish().await;
    answer.finish().await;
    stub.resume();
    stub.event("dialog", |event| event["event"] == "end").await;
}
