//! Events for those who watch the edge.

use std::time::Duration;

use domain::Timestamp;
use live_state::{LiveEvent, LiveEventKind};
use serde_json::json;
use tokio::time::timeout;

use crate::{engine::World, on_both};

const SOON: Duration = Duration::from_secs(10);

on_both! {
    subscribers_receive_each_event
}

/// Subscribing to Redis takes a moment, so the first event is published until it arrives.
async fn subscribers_receive_each_event(world: World) {
    let event = |name: &str| LiveEvent {
        account: world.account.clone(),
        kind: LiveEventKind::Call,
        at: Timestamp::from_millis(1),
        call_id: Some(name.to_owned()),
        data: json!({"step": "route"}),
    };
    let mut subscriber = world.live.subscribe();
    let mut first = loop {
        world.live.publish(event("first"));
        if let Ok(event) = timeout(Duration::from_millis(50), subscriber.recv()).await {
            break event.unwrap();
        }
    };
    world.live.publish(event("last"));
    while first.account != world.account || first.call_id.as_deref() == Some("first") {
        first = timeout(SOON, subscriber.recv()).await.unwrap().unwrap();
    }
    assert_eq!(first, event("last"));
}
