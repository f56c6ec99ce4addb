//! The API of the edge with the answers that a test chooses.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Json, Router, extract::State, http::StatusCode, routing::post};
use domain::{
    Secret,
    edge::digest::{DigestCredentials, DigestHash, DigestParameters, DigestVerdict, NonceState, check, ha1},
};
use serde_json::{Value, json};
use tokio::{
    runtime::{Builder, Runtime},
    time::{Instant, sleep},
};

use super::sipp::{DOMAIN, PASSWORD};

const ACCOUNT: &str = "acc_01jf18ah3jeb5w6dfp27sgjsbt";

#[derive(Default)]
struct Shared {
    /// By called user: the document, and whether the caller has to be a device.
    routes: HashMap<String, (Value, bool)>,
    events: Vec<Value>,
    bans: Vec<Value>,
    lift: Vec<String>,
}

type Handle = Arc<Mutex<Shared>>;

pub struct Stub {
    pub url: String,
    address: SocketAddr,
    shared: Handle,
    /// Of its own, so that its end closes all connections.
    runtime: Option<Runtime>,
}

/// The document that sends a call to these URIs, one after another.
pub fn proxy(uris: &[String]) -> Value {
    let routes: Vec<Value> = uris.iter().map(|uri| json!({ "uri": uri })).collect();
    json!({ "action": "proxy", "account_id": ACCOUNT, "version": "1.0", "routing": "serial", "routes": routes })
}

impl Stub {
    pub async fn start() -> Self {
        let shared = Handle::default();
        let (address, runtime) = serve(SocketAddr::from(([127, 0, 0, 1], 0)), shared.clone());
        Self { url: format!("http://{address}"), address, shared, runtime: Some(runtime) }
    }

    /// Closes the port and all connections.
    pub fn stop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }

    pub fn resume(&mut self) {
        self.runtime = Some(serve(self.address, self.shared.clone()).1);
    }

    /// Where calls of devices to this user go.
    pub fn route(&self, to: &str, document: Value) {
        self.shared.lock().unwrap().routes.insert(to.to_owned(), (document, true));
    }

    /// Where calls from outside to this user go.
    pub fn open_route(&self, to: &str, document: Value) {
        self.shared.lock().unwrap().routes.insert(to.to_owned(), (document, false));
    }

    pub fn lift(&self, ip: &str) {
        self.shared.lock().unwrap().lift.push(ip.to_owned());
    }

    pub fn events(&self, kind: &str) -> Vec<Value> {
        self.shared.lock().unwrap().events.iter().filter(|event| event["type"] == kind).cloned().collect()
    }

    /// The event once it is reported.
    pub async fn event(&self, kind: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        eventually(|| self.events(kind).into_iter().find(&is_it)).await
    }

    pub async fn reported_ban(&self, ip: &str) -> Value {
        eventually(|| self.shared.lock().unwrap().bans.iter().find(|ban| ban["ip"] == ip).cloned()).await
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn eventually<T>(find: impl Fn() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        if let Some(found) = find() {
            return found;
        }
        assert!(Instant::now() < deadline, "it was not reported");
        sleep(Duration::from_millis(20)).await;
    }
}

fn serve(address: SocketAddr, shared: Handle) -> (SocketAddr, Runtime) {
    let router = Router::new()
        .route("/auth", post(auth))
        .route("/route", post(route))
        .route("/presence/event", post(event))
        .route("/security/report", post(report))
        .with_state(shared);
    // Rust's listener sets SO_REUSEADDR.
    let listener = std::net::TcpListener::bind(address).unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.spawn(async move {
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        axum::serve(listener, router).await.unwrap();
    });
    (address, runtime)
}

async fn auth(Json(body): Json<Value>) -> (StatusCode, Json<Value>) {
    let challenge = json!({ "realm": DOMAIN, "nonce": "bm9uY2U=", "algorithm": "MD5", "qop": "auth", "stale": false });
    let challenge = (StatusCode::UNAUTHORIZED, Json(json!({ "ok": false, "challenge": challenge })));
    let Some(header) = body["authorization"].as_str() else { return challenge };
    let parameters = DigestParameters::from_header(header).unwrap();
    let user = parameters.username.unwrap_or_default().to_owned();
    let credentials = DigestCredentials::new(parameters).unwrap();
    let ha1 = ha1(DigestHash::Md5, &user, DOMAIN, &Secret::new(PASSWORD));
    let method = body["method"].as_str().unwrap();
    if check(&credentials, method, &ha1, NonceState::Valid) != DigestVerdict::Right {
        return challenge;
    }
    let answer = json!({ "ok": true, "account_id": ACCOUNT, "user_id": "us_1", "device_id": "dev_1",
                         "aor": format!("{user}@{DOMAIN}"), "display_name": null, "caller_id": null });
    (StatusCode::OK, Json(answer))
}

async fn route(State(shared): State<Handle>, Json(body): Json<Value>) -> Json<Value> {
    let routes = &shared.lock().unwrap().routes;
    let document = match routes.get(body["to"].as_str().unwrap_or_default()) {
        Some((document, device)) if !device || body["deviceId"].is_string() => document.clone(),
        _ => json!({ "action": "reject", "code": 404, "reason": "Not Found", "why": "no DID" }),
    };
    Json(json!({ "rtjson": document }))
}

async fn event(State(shared): State<Handle>, Json(body): Json<Value>) -> Json<Value> {
    shared.lock().unwrap().events.push(body);
    Json(json!({ "ok": true }))
}

async fn report(State(shared): State<Handle>, Json(body): Json<Value>) -> Json<Value> {
    let mut shared = shared.lock().unwrap();
    shared.bans = body["bans"].as_array().cloned().unwrap_or_default();
    Json(json!({ "ok": true, "lift": shared.lift, "allow": ["127.0.0.0/8", "::1"] }))
}
