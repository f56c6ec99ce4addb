//! Bans: set by the edge, reported, and lifted by the API.

use std::net::{IpAddr, UdpSocket};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{edge::Edge, sipp::Sipp, stub::Stub};

/// An address of this machine that is not loopback, which is never banned.
fn own_address() -> IpAddr {
    let socket = UdpSocket::bind("0.0.0.0:0").unwrap();
    // Chooses a route; nothing is sent.
    socket.connect("192.0.2.1:9").expect("this machine has a network interface");
    socket.local_addr().unwrap().ip()
}

#[tokio::test]
async fn spraying_source_is_banned_until_it_is_lifted() {
    let (stub, source) = (Stub::start().await, own_address());
    let edge = Edge::start(&stub.url, &["--ban-users", "3"]).await;
    assert!(edge.answers(source).await);
    for user in ["1001", "1002", "1003"] {
        let device = Sipp::caller("register_refused", edge.address, user).password("wrong").key("expires_in", "60");
        let device = device.key("contact", "sip:x@127.0.0.1:5999").arg("-i", &source.to_string());
        // The last one gets no answer to its credentials, or a last challenge.
        let _ = tokio::time::timeout(Duration::from_secs(2), device.start().finish()).await;
    }
    until(|| edge.answers(source), false).await;
    assert!(edge.answers([127, 0, 0, 1].into()).await, "others are served");
    let ban = stub.reported_ban(&source.to_string()).await;
    assert_eq!(ban["reason"], "credentials of several users", "{ban:#}");
    stub.lift(&source.to_string());
    until(|| edge.answers(source), true).await;
}

async fn until<F: Future<Output = bool>>(condition: impl Fn() -> F, expected: bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while condition().await != expected {
        assert!(Instant::now() < deadline, "never {expected}");
        sleep(Duration::from_millis(100)).await;
    }
}
