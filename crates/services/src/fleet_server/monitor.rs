//! What this server process knows about the fleet's health. It is not stored: each process polls for itself.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use api_types::view::{Change, ChangeKind, ChangedNoun, FleetSample, FleetServerStatus, FleetStatus};
use domain::{FleetHealth, FleetPool, FleetReport, FleetServer, FleetUrl, Timestamp};
use fleet::Client;
use tokio::{sync::watch, task::JoinSet, time::timeout};
use tracing::{info, warn};

use crate::{Clock, Events};

/// How old a poll may be for a choice without another one, in milliseconds. Above the time-out of a poll and its interval.
const RECENT_MILLIS: i64 = 30_000;
/// How long a choice waits for the other servers once one of them can accept the call.
const GRACE: Duration = Duration::from_millis(250);
/// The width of a sample of the history in milliseconds, and the samples of one hour.
const SAMPLE_MILLIS: i64 = 30_000;
const SAMPLES: usize = 120;

/// The health of the servers, and the calls given to them.
pub(super) struct Monitor {
    client: Client,
    clock: Clock,
    events: Events,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    pool: FleetPool,
    hosts: HashMap<FleetUrl, Host>,
    history: VecDeque<FleetSample>,
}

#[derive(Default)]
struct Host {
    last: Option<Poll>,
    /// Open while a poll is under way: there is at most one for each server.
    running: Option<watch::Receiver<()>>,
}

/// A poll that ended.
struct Poll {
    outcome: Result<FleetReport, String>,
    at: Timestamp,
    /// By [`Clock::monotonic_millis`].
    ended: i64,
}

impl Monitor {
    pub fn new(client: Client, clock: Clock, events: Events) -> Self {
        Self { client, clock, events, state: Mutex::default() }
    }

    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Polls the servers of which no poll is under way. Does not wait for the answers.
    pub fn poll(self: &Arc<Self>, urls: &[FleetUrl]) {
        urls.iter().for_each(|url| drop(self.start(url)));
    }

    /// Forgets all other servers.
    pub fn retain(&self, urls: &[FleetUrl]) {
        self.with_state(|state| {
            state.pool.retain(urls);
            state.hosts.retain(|url, _| urls.contains(url));
        });
    }

    /// Polls the servers without a recent poll, and waits for all answers.
    pub async fn poll_stale(self: &Arc<Self>, urls: &[FleetUrl]) {
        let mut polls = self.start_stale(urls);
        while polls.join_next().await.is_some() {}
    }

    /// See [`FleetPool::pick`]. Servers without a recent poll, as after the start, are polled first.
    pub async fn pick(self: &Arc<Self>, urls: &[FleetUrl]) -> Option<FleetUrl> {
        self.has_capacity(urls).await;
        self.with_state(|state| state.pool.pick(urls))
    }

    /// Whether a call can be given out. Servers without a recent poll are polled first.
    pub async fn has_capacity(self: &Arc<Self>, urls: &[FleetUrl]) -> bool {
        let mut polls = self.start_stale(urls);
        while polls.join_next().await.is_some() {
            if self.with_state(|state| state.pool.has_capacity(urls)) {
                let _ = timeout(GRACE, async { while polls.join_next().await.is_some() {} }).await;
                break;
            }
        }
        self.with_state(|state| state.pool.has_capacity(urls))
    }

    /// A call that was given out is not placed.
    pub fn give_back(&self, url: &FleetUrl) {
        self.with_state(|state| state.pool.give_back(url));
    }

    /// A request found the server unreachable.
    pub fn fail(&self, url: &FleetUrl, reason: &str) {
        let poll = Poll { outcome: Err(reason.to_owned()), at: self.clock.now(), ended: self.clock.monotonic_millis() };
        self.with_state(|state| {
            state.pool.fail(url);
            if let Some(host) = state.hosts.get_mut(url) {
                host.last = Some(poll);
            }
        });
        self.publish();
    }

    /// Adds the load to the history. True: a new sample has begun.
    pub fn sample(&self, servers: &[FleetServer]) -> bool {
        let status = self.status(servers);
        let now = self.clock.now();
        let at = Timestamp::from_millis(now.millis() - now.millis().rem_euclid(SAMPLE_MILLIS));
        self.with_state(|state| {
            let FleetStatus { active_calls, total_capacity, .. } = status;
            if let Some(last) = state.history.back_mut().filter(|last| last.at == at) {
                *last = FleetSample { at, active_calls: last.active_calls.max(active_calls), total_capacity };
                return false;
            }
            state.history.push_back(FleetSample { at, active_calls, total_capacity });
            while state.history.len() > SAMPLES {
                state.history.pop_front();
            }
            true
        })
    }

    /// The enabled ones of these servers as they were polled last.
    pub fn status(&self, servers: &[FleetServer]) -> FleetStatus {
        self.with_state(|state| {
            let enabled = servers.iter().filter(|server| server.settings.enabled);
            let workers: Vec<FleetServerStatus> = enabled.map(|server| view(server, state)).collect();
            let sum = |number: fn(&FleetServerStatus) -> u64| {
                workers.iter().map(number).fold(0_u64, |sum, number| sum.saturating_add(number))
            };
            let (total_capacity, active_calls) =
                (sum(|worker| worker.total_capacity), sum(|worker| worker.worker_calls));
            let history = state.history.iter().copied().collect();
            let available = total_capacity.saturating_sub(active_calls);
            FleetStatus { total_capacity, active_calls, available, workers, history }
        })
    }

    pub fn publish(&self) {
        self.events.publish(Change { noun: ChangedNoun::Fleet, kind: ChangeKind::Updated, id: String::new() });
    }

    /// Polls for the servers without a recent poll; each task ends with its poll.
    fn start_stale(self: &Arc<Self>, urls: &[FleetUrl]) -> JoinSet<()> {
        let oldest = self.clock.monotonic_millis() - RECENT_MILLIS;
        let is_recent = |state: &State, url: &FleetUrl| {
            state.hosts.get(url).and_then(|host| host.last.as_ref()).is_some_and(|poll| poll.ended >= oldest)
        };
        let stale = self.with_state(|state| urls.iter().filter(|url| !is_recent(state, url)).collect::<Vec<_>>());
        let mut polls = JoinSet::new();
        for mut running in stale.into_iter().map(|url| self.start(url)) {
            // The channel closes when the poll has ended.
            polls.spawn(async move { while running.changed().await.is_ok() {} });
        }
        polls
    }

    /// Starts a poll, unless one is under way, and returns what closes when it ends.
    fn start(self: &Arc<Self>, url: &FleetUrl) -> watch::Receiver<()> {
        let (ended, running) = watch::channel(());
        let start = self.with_state(|state| {
            let start = state.pool.start_poll();
            let host = state.hosts.entry(url.clone()).or_default();
            match &host.running {
                Some(running) => Err(running.clone()),
                None => {
                    host.running = Some(running.clone());
                    Ok(start)
                }
            }
        });
        let start = match start {
            Ok(start) => start,
            Err(running) => return running,
        };
        let (monitor, url) = (self.clone(), url.clone());
        tokio::spawn(async move {
            let outcome = monitor.client.health(&url).await;
            let available = outcome.as_ref().ok().map(|report| report.available);
            let poll = Poll { outcome, at: monitor.clock.now(), ended: monitor.clock.monotonic_millis() };
            let changed = monitor.with_state(|state| {
                // A server that was removed meanwhile is forgotten.
                let Some(host) = state.hosts.get_mut(&url) else { return false };
                let changed = host.last.as_ref().is_none_or(|last| last.outcome != poll.outcome);
                log(&url, host.last.as_ref(), &poll);
                (host.last, host.running) = (Some(poll), None);
                state.pool.end_poll(&url, start, available);
                changed
            });
            if changed {
                monitor.publish();
            }
            drop(ended);
        });
        running
    }

    fn with_state<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Logs when a server becomes healthy or unreachable.
fn log(url: &FleetUrl, before: Option<&Poll>, now: &Poll) {
    let was_healthy = before.map(|poll| poll.outcome.is_ok());
    match &now.outcome {
        Ok(_) if was_healthy == Some(false) => info!(%url, "the fleet server is healthy again"),
        Err(reason) if was_healthy != Some(false) => warn!(%url, reason, "the fleet server is unreachable"),
        _ => {}
    }
}

fn view(server: &FleetServer, state: &State) -> FleetServerStatus {
    let last = state.hosts.get(&server.settings.url).and_then(|host| host.last.as_ref());
    let empty = FleetServerStatus {
        url: server.settings.url.to_string(),
        name: server.settings.name.as_ref().map(ToString::to_string),
        status: FleetHealth::Unreachable,
        reason: None,
        checked_at: last.map(|poll| poll.at),
        total_capacity: 0,
        total_available: 0,
        worker_calls: 0,
        workers: Vec::new(),
    };
    match last.map(|poll| &poll.outcome) {
        None => FleetServerStatus { reason: Some("no answer yet".to_owned()), ..empty },
        Some(Err(reason)) => FleetServerStatus { reason: Some(reason.clone()), ..empty },
        Some(Ok(report)) => FleetServerStatus {
            status: FleetHealth::Healthy,
            total_capacity: report.max,
            total_available: report.available,
            worker_calls: report.calls,
            workers: report.workers.clone(),
            ..empty
        },
    }
}
