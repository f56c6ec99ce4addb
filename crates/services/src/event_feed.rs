//! Reads the outbox for this server: what other servers have committed, as soon as the database announces it.

use std::{convert::Infallible, sync::Arc, time::Duration};

use api_types::view::{Change, ChangeKind, ChangedNoun};
use store::Notifications;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::{Result, context::Context, events::BACKLOG};

/// How often the outbox is compared where nothing is announced: a connection may be dead and not show it.
const HEARTBEAT: Duration = Duration::from_millis(100);
/// The pause after a connection was lost; it doubles with each attempt that fails.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How long an event stays in the outbox. A server that was disconnected for longer publishes that anything may have changed.
const RETENTION_MILLIS: i64 = 60 * 60 * 1000;
const PRUNE_INTERVAL: Duration = Duration::from_secs(5 * 60);

/// Publishes the events of all servers on the database to this server's subscribers, and prunes the outbox.
pub struct EventFeed {
    context: Arc<Context>,
}

impl EventFeed {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// Runs until `stop` is cancelled.
    pub async fn run(self, stop: CancellationToken) {
        tokio::select! {
            () = stop.cancelled() => {}
            never = self.follow() => match never {},
            never = self.prune() => match never {},
        }
    }

    async fn follow(&self) -> Infallible {
        if !self.context.store.is_shared() {
            // The only server publishes its own events as it commits them.
            return std::future::pending().await;
        }
        let mut pause = FIRST_PAUSE;
        loop {
            let Err(error) = self.listen(&mut pause).await;
            if self.context.events.is_connected() || pause == FIRST_PAUSE {
                warn!(%error, "the database does not announce the changes of other servers; connecting again");
            }
            self.context.events.set_connected(false);
            self.context.index.disconnected();
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn listen(&self, pause: &mut Duration) -> Result<Infallible> {
        let Some(mut notifications) = self.context.store.notifications().await? else {
            return std::future::pending().await;
        };
        loop {
            // Also right after the connection was established: what was committed before is not announced on it.
            let started = self.context.index.clocks();
            self.catch_up().await?;
            self.context.index.compared(started);
            if !self.context.events.is_connected() {
                self.context.events.set_connected(true);
                *pause = FIRST_PAUSE;
                info!("changes of other servers are announced");
            }
            while !self.announced(&mut notifications).await? {}
        }
    }

    /// Waits for an announcement, up to the next heartbeat. True: the outbox has to be read.
    async fn announced(&self, notifications: &mut Notifications) -> Result<bool> {
        if let Ok(announced) = timeout(HEARTBEAT, notifications.next()).await {
            announced?;
            return Ok(true);
        }
        let started = self.context.index.clocks();
        let is_new = notifications.last_event().await? != self.context.events.position();
        if !is_new {
            self.context.index.compared(started);
        }
        Ok(is_new)
    }

    async fn catch_up(&self) -> Result<()> {
        let events = &self.context.events;
        let position = events.position();
        let limit = u32::try_from(BACKLOG).unwrap_or(u32::MAX);
        let (read, last) = {
            let mut tx = self.context.store.read().await?;
            (tx.events_after(position, limit).await?, tx.last_event().await?)
        };
        // Subscribers could not keep up with more than the limit either.
        let complete = read.first().map_or(position, |(first, _)| first - 1) == position
            && read.last().map_or(position, |(seq, _)| *seq) == last;
        let changed = if complete {
            let new = events.publish_read(read);
            self.context.index.apply(&self.context.store, &new).await;
            let is_changed_carrier =
                |change: &Change| change.noun == ChangedNoun::Carrier && change.kind != ChangeKind::Synced;
            new.iter().any(is_changed_carrier)
        } else {
            events.publish_missed(last);
            self.context.index.invalidate();
            true
        };
        if changed {
            self.context.sync_notify.notify_one();
        }
        Ok(())
    }

    async fn prune(&self) -> Infallible {
        loop {
            sleep(PRUNE_INTERVAL).await;
            let before = self.context.clock.now().plus_millis(-RETENTION_MILLIS);
            let pruned = self
                .context
                .transact(None, before, |uow, before| Box::pin(async move { Ok(uow.tx.prune_events(*before).await?) }));
            if let Err(error) = pruned.await {
                warn!(%error, "the outbox was not pruned");
            }
        }
    }
}
