//! OPTIONS and REGISTER.

use super::{
    edge::Edge,
    sipp::{PASSWORD, Sipp},
    stub::Stub,
};

#[tokio::test]
async fn options_is_answered_over_udp_and_tcp() {
    let stub = Stub::start().await;
    let edge = Edge::start(&stub.url, &[]).await;
    for transport in ["u1", "t1"] {
        let options = Sipp::caller("options", edge.address, "1001").key("target", "edge").arg("-t", transport);
        let messages = options.run().await;
        assert!(messages.contains("SIP/2.0 200 OK"), "{transport}: {messages}");
    }
}

#[tokio::test]
async fn device_registers_after_a_challenge() {
    let stub = Stub::start().await;
    let edge = Edge::start(&stub.url, &[]).await;
    let register = |password: &str| {
        let device = Sipp::caller("register", edge.address, "1001").password(password).key("expires_in", "60");
        device.key("contact", "sip:1001@127.0.0.1:5999")
    };
    register(PASSWORD).run().await;
    let event = stub.event("register", |_| true).await;
    assert_eq!(
        (&event["aor"], &event["contact"]),
        (&"1001@acme.test".into(), &"<sip:1001@127.0.0.1:5999>".into()),
        "{event:#}"
    );
    for transport in ["t1", "u1"] {
        register(PASSWORD).arg("-t", transport).run().await;
    }
}

#[tokio::test]
async fn wrong_password_is_challenged_again() {
    let stub = Stub::start().await;
    let edge = Edge::start(&stub.url, &[]).await;
    let device = Sipp::caller("register_refused", edge.address, "1001").password("wrong").key("expires_in", "60");
    device.key("contact", "sip:1001@127.0.0.1:5999").run().await;
    assert!(stub.events("register").is_empty());
}
