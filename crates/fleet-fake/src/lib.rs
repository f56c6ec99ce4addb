//! A fleet server's HTTP API in the same process, for tests: its report, dialouts, dispatches, and faults.
//!
//! Each [`Fault`] applies to one of the next requests of its route, or to all until it is removed. A request that starts a call
//! is recorded before its fault applies: the call was started, and the answer is lost.

#![deny(missing_docs)]

mod answers;

use std::{
    collections::{HashMap, VecDeque},
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::Router;
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

/// A route of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Route {
    /// `GET /health/fleet`
    Health,
    /// `POST /livekit/dialout`
    Dialout,
    /// `POST /livekit/dispatch`
    Dispatch,
}

/// How a request fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// An answer of any kind.
    Answer {
        /// HTTP status.
        status: u16,
        /// Body.
        body: String,
    },
    /// The answer is delayed, also where the client has gone away.
    Delay(Duration),
    /// The connection closes before the answer.
    Drop,
    /// The connection closes in the middle of the answer.
    Truncate,
    /// A redirect to that URL.
    Redirect(String),
    /// A body of 8 MiB.
    Huge,
}

/// A request that was received.
#[derive(Clone, Debug, PartialEq)]
pub struct Received {
    /// Its route.
    pub route: Route,
    /// `X-CXB-Core-Secret`.
    pub secret: Option<String>,
    /// The JSON body; null for a GET.
    pub body: Value,
}

#[derive(Debug, Default)]
struct State {
    report: Value,
    faults: HashMap<Route, VecDeque<(Fault, bool)>>,
    received: Vec<Received>,
    /// Requests whose answer was sent, or dropped because the client had gone away.
    finished: usize,
    calls: usize,
}

/// A running fake. Dropping it stops it.
#[derive(Debug)]
pub struct Fake {
    addr: SocketAddr,
    state: Arc<Mutex<State>>,
    served: JoinHandle<()>,
}

impl Fake {
    /// Starts on a free loopback port, healthy, with ten free places.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        Self::serve(listener)
    }

    /// Starts on this address, such as that of a fake that was stopped.
    pub async fn start_at(addr: SocketAddr) -> Self {
        Self::serve(TcpListener::bind(addr).await.expect("the port is free"))
    }

    fn serve(listener: TcpListener) -> Self {
        let state = Arc::new(Mutex::new(State { report: report(10, 10, 0), ..State::default() }));
        let addr = listener.local_addr().expect("a bound listener");
        let router = Router::new().fallback(answers::serve).with_state(state.clone());
        let served = tokio::spawn(async { axum::serve(listener, router).await.expect("the fake serves") });
        Self { addr, state, served }
    }

    /// Its base URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Its address.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Sets the numbers of its report, true or not.
    pub fn report(&self, max: i64, available: i64, calls: i64) {
        self.lock().report = report(max, available, calls);
    }

    /// Sets its report.
    pub fn report_json(&self, report: Value) {
        self.lock().report = report;
    }

    /// Applies to the next request of the route.
    pub fn fail(&self, route: Route, fault: Fault) {
        self.lock().faults.entry(route).or_default().push_back((fault, false));
    }

    /// Applies to every request of the route until [`Self::clear_faults`].
    pub fn fail_always(&self, route: Route, fault: Fault) {
        self.lock().faults.entry(route).or_default().push_back((fault, true));
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.lock().faults.clear();
    }

    /// The requests of the route, in order.
    pub fn received(&self, route: Route) -> Vec<Received> {
        self.lock().received.iter().filter(|received| received.route == route).cloned().collect()
    }

    /// How many requests were executed to their end, whether or not the client waited for it.
    pub fn finished(&self) -> usize {
        self.lock().finished
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.served.abort();
    }
}

fn report(max: i64, available: i64, calls: i64) -> Value {
    json!({ "status": "ok", "fleet_max": max, "fleet_available": available, "fleet_calls": calls,
            "workers": [{ "id": "worker-1", "calls": calls, "max": max, "pid": 4711 }] })
}
