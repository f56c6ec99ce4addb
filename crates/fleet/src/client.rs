//! Requests to any server of the fleet.

use std::time::Duration;

use domain::{FleetReport, FleetUrl, Secret};
use http_client::{Failure, Redactor, Reply, error_chain, is_loopback, send, snippet};
use reqwest::{RequestBuilder, Url};
use serde::Serialize;
use serde_json::Value;

use crate::{Answer, DialoutRequest, DispatchRequest, Error};

/// Bytes of one answer; a report of 100 workers has about 10 KiB.
const MAX_ANSWER: usize = 256 * 1024;
/// The header of the secret that both sides know.
const CORE_SECRET: &str = "X-CXB-Core-Secret";

/// Time-outs, each from the connection to the last byte.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// Of [`Client::health`].
    pub health: Duration,
    /// Of [`Client::dialout`].
    pub dialout: Duration,
    /// Of [`Client::dispatch`].
    pub dispatch: Duration,
}

/// The published time-outs.
impl Default for Config {
    fn default() -> Self {
        Self { health: Duration::from_secs(20), dialout: Duration::from_secs(60), dispatch: Duration::from_secs(10) }
    }
}

/// Calls the servers of any fleet. Cheap to clone: clones share their connections.
#[derive(Clone, Debug)]
pub struct Client {
    /// For servers on this machine, without the environment's proxy.
    local: reqwest::Client,
    remote: reqwest::Client,
    config: Config,
}

impl Client {
    /// A client; nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::Client`] where the machine has no usable certificate authorities.
    pub fn new(config: Config) -> Result<Self, Error> {
        let build = |endpoint: Option<&Url>| {
            let builder = http_client::builder(config.dialout, endpoint);
            builder.build().map_err(|error| Error::Client { message: error_chain(&error) })
        };
        let loopback = Url::parse("http://localhost").ok();
        Ok(Self { local: build(loopback.as_ref())?, remote: build(None)?, config })
    }

    /// Asks for the server's report.
    ///
    /// # Errors
    /// Why the server does not count as healthy: "status 500", "fleet_max is missing".
    pub async fn health(&self, server: &FleetUrl) -> Result<FleetReport, String> {
        let (http, url) = self.endpoint(server, "/health/fleet").map_err(|error| error.to_string())?;
        let reply = send(http.get(url).timeout(self.config.health), MAX_ANSWER).await;
        let reply = reply.map_err(|Failure { message, .. }| message)?;
        if !reply.status.is_success() {
            return Err(format!("status {}", reply.status.as_u16()));
        }
        FleetReport::parse(&reply.text())
    }

    /// Starts an outbound call. Sent once.
    ///
    /// # Errors
    /// Where there is no complete answer.
    pub async fn dialout(&self, server: &FleetUrl, secret: &Secret, body: &DialoutRequest) -> Result<Answer, Error> {
        self.post(server, "/livekit/dialout", secret, body, self.config.dialout).await
    }

    /// Hands an inbound call over to a worker. Sent once.
    ///
    /// # Errors
    /// Where there is no complete answer.
    pub async fn dispatch(&self, server: &FleetUrl, secret: &Secret, body: &DispatchRequest) -> Result<Answer, Error> {
        self.post(server, "/livekit/dispatch", secret, body, self.config.dispatch).await
    }

    async fn post<T: Serialize>(
        &self,
        server: &FleetUrl,
        path: &str,
        secret: &Secret,
        body: &T,
        timeout: Duration,
    ) -> Result<Answer, Error> {
        let (http, url) = self.endpoint(server, path)?;
        let request: RequestBuilder = http.post(url).header(CORE_SECRET, secret.expose()).json(body).timeout(timeout);
        let reply = send(request, MAX_ANSWER).await.map_err(|failure| {
            let message = failure.message.clone();
            if failure.may_have_been_received() { Error::Lost { message } } else { Error::Unreachable { message } }
        })?;
        Ok(answer(&reply, &Redactor::new([secret.expose().to_owned()])))
    }

    fn endpoint(&self, server: &FleetUrl, path: &str) -> Result<(&reqwest::Client, Url), Error> {
        let url = format!("{server}{path}");
        let url: Url = url.parse().map_err(|_| Error::Unreachable { message: "not a URL".to_owned() })?;
        Ok((if is_loopback(&url) { &self.local } else { &self.remote }, url))
    }
}

fn answer(reply: &Reply, redactor: &Redactor) -> Answer {
    let text = redactor.redact(&reply.text());
    let body: Option<Value> = serde_json::from_str(&text).ok();
    let error = body.as_ref().and_then(|body| match body.get("error")? {
        Value::String(error) => Some(snippet(error)),
        Value::Null => None,
        error => Some(snippet(&error.to_string())),
    });
    Answer {
        status: reply.status.as_u16(),
        error: error.unwrap_or_else(|| snippet(&text)),
        body,
        retry_after_seconds: reply.retry_after().map(|wait| wait.as_secs()),
    }
}
