//! INVITE: who calls, where it goes, and what the API is told of the call.

use serde_json::{Value, json};

use super::{
    edge::{Edge, free_port},
    sipp::{PASSWORD, Sipp},
    stub::{Stub, proxy},
};

async fn edge(stub: &Stub) -> Edge {
    Edge::start(&stub.url, &[]).await
}

fn device_calls(scenario: &str, edge: &Edge, target: &str) -> Sipp {
    Sipp::caller(scenario, edge.address, "1001").password(PASSWORD).key("target", target)
}

/// The last event of the only call.
async fn end_of_call(stub: &Stub) -> Value {
    let end = stub.event("dialog", |event| event["event"] == "end").await;
    let names: Vec<Value> = stub.events("dialog").iter().map(|event| event["event"].clone()).collect();
    assert_eq!(names.first(), Some(&json!("start")), "{names:?}");
    assert_eq!(names.iter().filter(|name| **name == "end").count(), 1, "{names:?}");
    end
}

#[tokio::test]
async fn device_calls_device() {
    let (stub, callee) = (Stub::start().await, free_port());
    stub.route("1002", proxy(&[format!("sip:1002@{callee}")]));
    let edge = edge(&stub).await;
    let answer = Sipp::callee("answer", callee).start();
    device_calls("call", &edge, "1002").run().await;
    let received = answer.finish().await;
    assert!(!received.contains("Proxy-Authorization"), "credentials reach the callee: {received}");
    end_of_call(&stub).await;
    let names: Vec<Value> = stub.events("dialog").iter().map(|event| event["event"].clone()).collect();
    assert_eq!(names, ["start", "early", "confirmed", "end"]);
}

#[tokio::test]
async fn cancelled_call_ends() {
    let (stub, callee) = (Stub::start().await, free_port());
    stub.route("1002", proxy(&[format!("sip:1002@{callee}")]));
    let edge = edge(&stub).await;
    let ring = Sipp::callee("ring", callee).start();
    device_calls("call_cancelled", &edge, "1002").run().await;
    ring.finish().await;
    assert_eq!(end_of_call(&stub).await["code"], 487);
}

#[tokio::test]
async fn busy_callee_ends_the_call() {
    let (stub, callee) = (Stub::start().await, free_port());
    stub.route("1002", proxy(&[format!("sip:1002@{callee}")]));
    let edge = edge(&stub).await;
    let busy = Sipp::callee("busy", callee).start();
    device_calls("call_busy", &edge, "1002").run().await;
    busy.finish().await;
    assert_eq!(end_of_call(&stub).await["code"], 486);
}

#[tokio::test]
async fn call_of_a_busy_user_is_forwarded() {
    let (stub, callee, other) = (Stub::start().await, free_port(), free_port());
    let mut document = proxy(&[format!("sip:1002@{callee}")]);
    document["on_busy"] = proxy(&[format!("sip:1003@{other}")]);
    stub.route("1002", document);
    let edge = edge(&stub).await;
    let (busy, answer) = (Sipp::callee("busy", callee).start(), Sipp::callee("answer", other).start());
    device_calls("call", &edge, "1002").run().await;
    busy.finish().await;
    let received = answer.finish().await;
    assert!(!received.contains("Proxy-Authorization"), "credentials reach the callee: {received}");
    assert_eq!(end_of_call(&stub).await["code"], 200);
}

#[tokio::test]
async fn call_that_is_not_answered_ends_as_the_document_says() {
    let (stub, callee) = (Stub::start().await, free_port());
    let mut document = proxy(&[format!("sip:1002@{callee}")]);
    document["ring_timeout"] = json!(1000);
    document["on_no_answer"] = json!({ "action": "reject", "code": 486, "reason": "Busy Here" });
    stub.route("1002", document);
    let edge = edge(&stub).await;
    let ring = Sipp::callee("ring", callee).start();
    device_calls("call_busy", &edge, "1002").run().await;
    ring.finish().await;
    end_of_call(&stub).await;
}

#[tokio::test]
async fn carrier_call_reaches_the_bot() {
    let (stub, livekit) = (Stub::start().await, free_port());
    let mut document = proxy(&[format!("sip:14155550123@{livekit}")]);
    document["action"] = json!("bot");
    stub.open_route("14155550123", document);
    let edge = Edge::start(&stub.url, &["--source-key", "0123456789abcdef"]).await;
    let answer = Sipp::callee("answer", livekit).start();
    Sipp::caller("carrier_call", edge.address, "14155550100").key("target", "14155550123").run().await;
    let received = answer.finish().await;
    assert!(received.contains("INVITE sip:14155550123@"), "{received}");
    assert!(received.contains("X-Trunkline-Source: ip=127.0.0.1;time="), "{received}");
    end_of_call(&stub).await;
}

#[tokio::test]
async fn dead_route_fails_over_to_the_next() {
    let (stub, carrier) = (Stub::start().await, free_port());
    let mut document = proxy(&["sip:14155550123@127.0.0.1:9".to_owned(), format!("sip:14155550123@{carrier}")]);
    document["action"] = json!("outbound");
    document["routes"][0]["fr_timer"] = json!(500);
    let from = json!({ "display": "\"Acme, Inc.\"", "uri": "sip:+14155550100@acme.test" });
    document["routes"][1]["headers"] = json!({ "from": from, "extra": "X-Carrier: two\r\n" });
    stub.route("14155550123", document);
    let edge = edge(&stub).await;
    let answer = Sipp::callee("answer", carrier).start();
    let sent = device_calls("call", &edge, "14155550123").run().await;
    let received = answer.finish().await;
    assert!(received.contains("From: \"Acme, Inc.\" <sip:+14155550100@acme.test>"), "{received}");
    assert!(received.contains("X-Carrier: two\r\n"), "{received}");
    assert!(!received.contains("Proxy-Authorization"), "credentials reach the carrier: {received}");
    assert!(!sent.contains("Acme, Inc."), "the caller sees its own From header: {sent}");
}

#[tokio::test]
async fn control_characters_of_an_answer_never_become_headers() {
    let (stub, callee) = (Stub::start().await, free_port());
    for (to, party) in [
        ("1", json!({ "display": "\"x\"\r\nX-Injected: 1" })),
        ("2", json!({ "display": "\"\\\\\"\"\nX-Injected: 1" })),
        ("3", json!({ "uri": "sip:x@acme.test>\r\nX-Injected: 1\r\nX: <sip:y" })),
    ] {
        let mut document = proxy(&[format!("sip:1002@{callee}")]);
        document["routes"][0]["headers"] = json!({ "from": party });
        stub.open_route(to, document);
    }
    stub.open_route("4", json!({ "action": "reject", "code": 486, "reason": "Busy\r\nX-Injected: 1" }));
    let edge = edge(&stub).await;
    let socket = tokio::net::UdpSocket::bind(callee).await.unwrap();
    for to in ["1", "2", "3"] {
        let call = Sipp::caller("carrier_call_refused", edge.address, "1001").key("target", to);
        call.run().await;
    }
    assert!(socket.try_recv(&mut [0; 64]).is_err(), "the callee got a message");
    let rejected = Sipp::caller("carrier_call_busy", edge.address, "1001").key("target", "4").run().await;
    assert!(rejected.contains("SIP/2.0 486 Rejected") && !rejected.contains("X-Injected"), "{rejected}");
}
