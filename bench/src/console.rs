//! A console with its own database, served in this process.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use reqwest::{Client, Method, RequestBuilder, header};
use serde_json::{Value, json};
use server::{Application, Config, LiveKitTarget, cli::Options};
use services::Services;
use store::Store;
use tempfile::TempDir;
use tokio::{sync::oneshot, task::JoinHandle};

use crate::{Error, seed};

const EMAIL: &str = "bench@example.com";
const PASSWORD: &str = "only for this run";
const CORE_SECRET: &str = "only-for-this-run";

pub struct Console {
    pub url: String,
    pub services: Services,
    /// How long reading the numbers into memory took.
    pub index_build: Duration,
    token: String,
    client: Client,
    stop: oneshot::Sender<()>,
    server: JoinHandle<Result<(), Error>>,
}

pub fn database_url(folder: &TempDir) -> String {
    format!("sqlite://{}/trunkline.db", folder.path().display())
}

impl Console {
    pub async fn start(folder: &TempDir, carriers: usize, numbers_each: usize) -> Result<Self, Error> {
        Self::start_with(folder, async |store| seed::carriers(store, carriers, numbers_each).await).await
    }

    /// Filled by `seed`; lookups are answered from memory.
    pub async fn start_with(
        folder: &TempDir,
        seed: impl AsyncFnOnce(&Store) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let config = Config::load(Options {
            database_url: Some(database_url(folder)),
            listen: Some("127.0.0.1:0".to_owned()),
            admin_email: Some(EMAIL.to_owned()),
            admin_password: Some(PASSWORD.to_owned()),
            core_secret: Some(CORE_SECRET.to_owned()),
            // Where the SIP edge sends calls for bots.
            livekit_sip_host: Some("livekit.example.com".to_owned()),
            log: Some("warn".to_owned()),
            // LiveKit does not have the inserted rows: a drift check would sync all of them.
            drift_interval: Some("0".to_owned()),
            ..Options::default()
        })?;
        let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let application = Application::build(&config, LiveKitTarget::Sandbox(anywhere)).await?;
        let services = application.services().clone();
        seed(services.store()).await?;
        let started = Instant::now();
        services.build_index().await?;
        let index_build = started.elapsed();
        let url = application.url();
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(application.run_until(async { drop(stopped.await) }));
        let client = Client::new();
        let login =
            client.post(format!("{url}/api/v1/auth/login")).json(&json!({ "email": EMAIL, "password": PASSWORD }));
        let login: Value = login.send().await?.error_for_status()?.json().await?;
        let token = login["access_token"].as_str().ok_or("no token")?.to_owned();
        Ok(Self { url, services, index_build, token, client, stop, server })
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        // Pages accept only the cookie, as from a browser.
        self.client.get(format!("{}{path}", self.url)).header(header::COOKIE, format!("access_token={}", self.token))
    }

    /// A request of CXB Core.
    pub fn core(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.url)).header("x-cxb-core-secret", CORE_SECRET)
    }

    /// A request with a JSON body.
    pub fn send(&self, method: Method, path: &str, body: &Value) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url)).bearer_auth(&self.token).json(body)
    }

    /// A call of a server function, as a page sends it.
    pub fn call(&self, function: &str, arguments: &Value) -> RequestBuilder {
        let request = self.client.post(format!("{}/api/fn/{function}", self.url)).json(arguments);
        request.header(header::COOKIE, format!("access_token={}", self.token))
    }

    pub async fn first_carrier(&self) -> Result<String, Error> {
        let page: Value = self.get("/api/v1/carriers?limit=1").send().await?.error_for_status()?.json().await?;
        Ok(page["items"][0]["id"].as_str().ok_or("no carrier")?.to_owned())
    }

    pub async fn stop(self) -> Result<(), Error> {
        let _ = self.stop.send(());
        self.server.await?
    }
}
