//! Events by Redis' PUBLISH, from all servers to all servers.

use std::time::Duration;

use futures::StreamExt;
use redis::{Client, RedisResult, aio::ConnectionManager};
use tokio::{
    sync::{broadcast, mpsc},
    task::JoinSet,
    time::sleep,
};
use tracing::{debug, warn};

use crate::{LiveEvent, event::EVENTS_KEPT};

const CHANNEL: &str = "trunkline:events";
/// The pause before the next attempt to subscribe.
const RETRY: Duration = Duration::from_secs(1);
/// How many events are published in one request.
const BATCH: usize = 100;

pub struct Events {
    to_publish: mpsc::Sender<LiveEvent>,
    received: broadcast::Sender<LiveEvent>,
    /// Ends the tasks with the engine.
    _tasks: JoinSet<()>,
}

impl Events {
    pub fn start(client: Client, connection: ConnectionManager) -> Self {
        let (to_publish, queue) = mpsc::channel(EVENTS_KEPT);
        let received = broadcast::Sender::new(EVENTS_KEPT);
        let mut tasks = JoinSet::new();
        tasks.spawn(publish_all(queue, connection));
        tasks.spawn(receive_all(client, received.clone()));
        Self { to_publish, received, _tasks: tasks }
    }

    pub fn publish(&self, event: LiveEvent) {
        // A full queue drops events: a call must not wait for those who watch it.
        if self.to_publish.try_send(event).is_err() {
            debug!("an event for those who watch the edge was dropped");
        }
    }

    pub fn subscribe(&self) -> broadcast::Receiver<LiveEvent> {
        self.received.subscribe()
    }
}

async fn publish_all(mut queue: mpsc::Receiver<LiveEvent>, mut connection: ConnectionManager) {
    let mut batch = Vec::with_capacity(BATCH);
    while queue.recv_many(&mut batch, BATCH).await > 0 {
        let mut commands = redis::pipe();
        for event in batch.drain(..) {
            if let Ok(text) = serde_json::to_string(&event) {
                commands.cmd("PUBLISH").arg(CHANNEL).arg(text).ignore();
            }
        }
        let published: RedisResult<()> = commands.query_async(&mut connection).await;
        if let Err(error) = published {
            debug!(%error, "events for those who watch the edge were not published");
        }
    }
}

async fn receive_all(client: Client, received: broadcast::Sender<LiveEvent>) {
    loop {
        if let Err(error) = receive(&client, &received).await {
            warn!(%error, "cannot subscribe to events in Redis; trying again");
        }
        sleep(RETRY).await;
    }
}

/// Returns when the connection is lost.
async fn receive(client: &Client, received: &broadcast::Sender<LiveEvent>) -> RedisResult<()> {
    let mut subscription = client.get_async_pubsub().await?;
    subscription.subscribe(CHANNEL).await?;
    let mut messages = subscription.on_message();
    while let Some(message) = messages.next().await {
        let text: String = message.get_payload()?;
        match serde_json::from_str(&text) {
            // An error only says that there is no subscriber.
            Ok(event) => drop(received.send(event)),
            Err(error) => debug!(%error, "an event in Redis is not readable"),
        }
    }
    Ok(())
}
