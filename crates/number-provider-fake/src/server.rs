//! The server around a provider's answers.

use std::{
    collections::VecDeque,
    fmt,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, Uri, header},
    response::Response,
};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{Account, Call, Fault};

/// A running server. Dropping it stops it.
pub struct Server<A> {
    addr: SocketAddr,
    shared: Arc<Mutex<Shared<A>>>,
    served: JoinHandle<()>,
}

struct Shared<A> {
    account: A,
    /// User and password; None: any.
    credentials: Option<(String, String)>,
    faults: Faults,
    calls: Vec<String>,
}

impl<A: Account> Server<A> {
    /// Starts on a free loopback port. Without credentials, all but [`Account::INVALID_SECRET`] are accepted.
    pub async fn start(credentials: Option<(&str, &str)>) -> Self {
        let credentials = credentials.map(|(user, password)| (user.to_owned(), password.to_owned()));
        let shared = Shared { account: A::default(), credentials, faults: Faults::default(), calls: Vec::new() };
        let shared = Arc::new(Mutex::new(shared));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let addr = listener.local_addr().expect("a bound listener");
        let router = Router::new().fallback(serve::<A>).with_state(shared.clone());
        let served = tokio::spawn(async { axum::serve(listener, router).await.expect("the fake serves") });
        Self { addr, shared, served }
    }

    /// Its base URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Applies to the next call.
    pub fn fail(&self, fault: Fault) {
        self.fail_at("", fault);
    }

    /// Applies to the next call that contains this text, as in `POST /path`.
    pub fn fail_at(&self, call: &str, fault: Fault) {
        self.lock().faults.add(call, fault, false);
    }

    /// Applies to every call that contains this text, until [`Self::clear_faults`].
    pub fn fail_always(&self, call: &str, fault: Fault) {
        self.lock().faults.add(call, fault, true);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.lock().faults.0.clear();
    }

    /// Method, path, query and form body of each call, in order.
    pub fn calls(&self) -> Vec<String> {
        self.lock().calls.clone()
    }

    /// Reads or changes the account.
    pub fn with_account<T>(&self, action: impl FnOnce(&mut A) -> T) -> T {
        action(&mut self.lock().account)
    }

    fn lock(&self) -> MutexGuard<'_, Shared<A>> {
        lock(&self.shared)
    }
}

impl<A> fmt::Debug for Server<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("addr", &self.addr).finish_non_exhaustive()
    }
}

impl<A> Drop for Server<A> {
    fn drop(&mut self) {
        self.served.abort();
    }
}

/// The faults of the next calls.
#[derive(Default)]
struct Faults(VecDeque<(String, Fault, bool)>);

impl Faults {
    fn add(&mut self, call: &str, fault: Fault, always: bool) {
        self.0.push_back((call.to_owned(), fault, always));
    }

    /// The fault for a call that is described as `POST /path`.
    fn next(&mut self, call: &str) -> Option<Fault> {
        let at = self.0.iter().position(|(part, ..)| call.contains(part.as_str()))?;
        match &self.0[at] {
            (_, fault, true) => Some(fault.clone()),
            _ => self.0.remove(at).map(|(_, fault, _)| fault),
        }
    }
}

async fn serve<A: Account>(
    State(shared): State<Arc<Mutex<Shared<A>>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form = String::from_utf8_lossy(&body).into_owned();
    let (fault, answer) = {
        let mut shared = lock(&shared);
        let blank = if form.is_empty() { "" } else { " " };
        shared.calls.push(format!("{method} {uri}{blank}{form}"));
        let fault = shared.faults.next(&format!("{method} {}", uri.path()));
        let call = Call {
            method,
            path: uri.path().to_owned(),
            query: serde_urlencoded::from_str(uri.query().unwrap_or_default()).unwrap_or_default(),
            form: serde_urlencoded::from_str(&form).unwrap_or_default(),
        };
        let is_executed = fault.as_ref().is_none_or(Fault::executes);
        let answer = match is_executed {
            true if is_authorized(&shared, &headers) => shared.account.answer(&call),
            true => A::refusal(401),
            false => Response::default(),
        };
        (fault, answer)
    };
    match fault {
        None => answer,
        Some(fault) => fault.apply(answer, A::refusal).await,
    }
}

fn is_authorized<A: Account>(shared: &Shared<A>, headers: &HeaderMap) -> bool {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let given = given.strip_prefix("Basic ").and_then(|text| BASE64.decode(text).ok()).unwrap_or_default();
    let given = String::from_utf8_lossy(&given).into_owned();
    match &shared.credentials {
        Some((user, password)) => given == format!("{user}:{password}"),
        None => given.split_once(':').is_some_and(|(_, password)| password != A::INVALID_SECRET),
    }
}

fn lock<A>(shared: &Mutex<Shared<A>>) -> MutexGuard<'_, Shared<A>> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
