//! Redis is away for a while.

use std::{net::SocketAddr, time::Duration};

use live_state::Error;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::{Instant, sleep},
};

use crate::engine::{World, did, limit, request};

/// Between the engine and Redis; without it the connections break and no new one is accepted.
struct Proxy {
    address: SocketAddr,
    connections: JoinSet<()>,
}

impl Proxy {
    async fn start(address: SocketAddr, server: String) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut connections = JoinSet::new();
        connections.spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((mut client, _)) = listener.accept().await {
                let server = server.clone();
                open.spawn(async move {
                    if let Ok(mut server) = TcpStream::connect(server).await {
                        let _ = copy_bidirectional(&mut client, &mut server).await;
                    }
                });
            }
        });
        Self { address, connections }
    }

    async fn stop(mut self) -> SocketAddr {
        self.connections.shutdown().await;
        self.address
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_redis_is_a_typed_error_and_comes_back() {
    if World::redis().is_none() {
        return;
    }
    let server = std::env::var("TEST_REDIS_URL").unwrap().replace("redis://", "");
    let proxy = Proxy::start("127.0.0.1:0".parse().unwrap(), server.clone()).await;
    let world = World::redis_at(&format!("redis://{}", proxy.address));
    assert!(world.admitted(&request("a", vec![limit(did(1), 2)])).await);

    let address = proxy.stop().await;
    let asked = Instant::now();
    for _ in 0..5 {
        let refused = world.live.admit(&world.account, &request("b", vec![limit(did(1), 2)])).await;
        assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
    }
    assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
    assert!(matches!(world.live.ping().await, Err(Error::Unavailable(_))));

    let _proxy = Proxy::start(address, server).await;
    let deadline = Instant::now() + Duration::from_secs(10);
    while world.live.ping().await.is_err() {
        assert!(Instant::now() < deadline, "the connection did not come back");
        sleep(Duration::from_millis(20)).await;
    }
    assert!(world.admitted(&request("b", vec![limit(did(1), 2)])).await);
    assert_eq!(world.in_use(&did(1)).await, 2);
}

#[tokio::test]
async fn url_that_is_none_is_refused() {
    for url in ["", "localhost", "http://localhost"] {
        assert!(matches!(live_state::Redis::new(url), Err(Error::Url(_))), "{url}");
    }
}
