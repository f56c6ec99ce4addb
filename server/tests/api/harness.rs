//! A server for one test, and a client that is logged in.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use domain::{Password, Role, Secret};
use exotel_fake::Fake;
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use server::{Application, Config, LiveKitTarget, cli::Options};
use services::Services;
use tempfile::TempDir;
use tokio::{sync::oneshot, task::JoinHandle, time::Instant};

pub const EMAIL: &str = "admin@example.com";
pub const PASSWORD: &str = "correct horse battery";
pub const CORE_SECRET: &str = "core-s3cret";

/// How long a test waits for a state.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct TestServer {
    pub url: String,
    pub sandbox_url: String,
    pub client: Client,
    /// The server's own services, for rows that no route creates.
    pub services: Services,
    pub exotel: Fake,
    pub twilio: Arc<twilio_fake::Fake>,
    folder: TempDir,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<()>,
}

/// Status and body of a response, so that a failing assertion shows both.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub body: Value,
}

impl Answer {
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{:#}", self.body);
        self.body
    }

    /// Field and code of each field error.
    #[track_caller]
    pub fn errors(self, status: u16) -> Vec<(String, String)> {
        let body = self.expect(status);
        let text = |error: &Value, name: &str| error[name].as_str().unwrap_or_default().to_owned();
        let errors = body["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().map(|error| (text(error, "field"), text(error, "code"))).collect()
    }
}

/// The simulated providers.
type Fakes = (Fake, Arc<twilio_fake::Fake>);

impl TestServer {
    /// Logs the client in as a viewer.
    pub async fn become_viewer(&mut self) {
        let email = "viewer@example.com";
        let secret = Password::new(Secret::new(PASSWORD)).unwrap();
        self.services.users.add(&email.parse().unwrap(), &secret, Role::Viewer).await.unwrap();
        self.client = browser();
        self.post("/api/v1/auth/login", json!({ "email": email, "password": PASSWORD })).await.expect(200);
    }

    /// With an administrator, as whom the client is logged in.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (client, admin) = (browser(), Some((EMAIL, PASSWORD)));
        let twilio = Arc::new(twilio_fake::Fake::start().await);
        let server = Self::start_in(folder, client, (Fake::start().await, twilio), admin).await;
        let login = json!({ "email": EMAIL, "password": PASSWORD });
        server.post("/api/v1/auth/login", login).await.expect(200);
        server
    }

    /// Without users; also returns the setup address.
    pub async fn start_empty() -> (Self, String) {
        let folder = tempfile::tempdir().unwrap();
        let fakes = (Fake::start().await, Arc::new(twilio_fake::Fake::start().await));
        let config = config(&folder, &fakes, None);
        let application = build(&config).await;
        let setup = application.setup_url().expect("there is no user yet");
        (Self::serve(application, folder, browser(), fakes), setup)
    }

    async fn start_in(folder: TempDir, client: Client, fakes: Fakes, admin: Option<(&str, &str)>) -> Self {
        let config = config(&folder, &fakes, admin);
        Self::serve(build(&config).await, folder, client, fakes)
    }

    fn serve(application: Application, folder: TempDir, client: Client, (exotel, twilio): Fakes) -> Self {
        let url = application.url();
        let services = application.services().clone();
        let sandbox_url = application.sandbox().expect("tests use the sandbox").url();
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(async move {
            application.run_until(async { drop(stopped.await) }).await.unwrap();
        });
        Self { url, sandbox_url, client, services, exotel, twilio, folder, stop: Some(stop), served }
    }

    /// Stops gracefully, and starts again on the same data; sessions stay valid.
    pub async fn restart(self) -> Self {
        let twilio = self.twilio.clone();
        let (folder, client, exotel) = self.stop().await;
        Self::start_in(folder, client, (exotel, twilio), None).await
    }

    /// Stops gracefully, like a process at SIGTERM.
    pub async fn stop(mut self) -> (TempDir, Client, Fake) {
        drop(self.stop.take());
        (&mut self.served).await.unwrap();
        let Self { folder, client, exotel, .. } = self;
        (folder, client, exotel)
    }

    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_path_buf()
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        send(&self.client, method, &format!("{}{path}", self.url), body).await
    }

    /// Creates a carrier: the required fields, overridden by those given.
    pub async fn carrier(&self, fields: Value) -> Value {
        let mut body = json!({ "name": "Twilio", "sip_address": "acme.pstn.twilio.com",
                               "auth_username": "acme", "auth_password": "s3cret-pass" });
        for (name, value) in fields.as_object().expect("fields") {
            body[name] = value.clone();
        }
        self.post("/api/v1/carriers", body).await.expect(201)
    }

    pub async fn bot(&self, name: &str) -> String {
        let body = json!({ "name": name, "agent_name": name.to_lowercase() });
        id(&self.post("/api/v1/bots", body).await.expect(201))
    }

    /// The carrier once its last change is synced.
    pub async fn synced(&self, carrier: &str) -> Value {
        self.until(carrier, |carrier| carrier["lk_sync_status"] == "synced").await
    }

    pub async fn until(&self, carrier: &str, reached: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let now = self.get(&format!("/api/v1/carriers/{carrier}")).await.expect(200);
            if reached(&now) {
                return now;
            }
            assert!(Instant::now() < deadline, "still not there: {now:#}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The state of the sandbox LiveKit.
    pub async fn livekit(&self) -> Value {
        let response = self.client.get(format!("{}/sandbox/state", self.sandbox_url)).send().await.unwrap();
        answer(response).await.expect(200)
    }

    pub async fn livekit_until(&self, reached: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let now = self.livekit().await;
            if reached(&now) {
                return now;
            }
            assert!(Instant::now() < deadline, "still not there: {now:#}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub async fn faults(&self, faults: Value) {
        let response =
            self.client.post(format!("{}/sandbox/faults", self.sandbox_url)).json(&faults).send().await.unwrap();
        assert!(response.status().is_success(), "{}", response.text().await.unwrap());
    }

    pub async fn clear_faults(&self) {
        let response = self.client.delete(format!("{}/sandbox/faults", self.sandbox_url)).send().await.unwrap();
        assert!(response.status().is_success());
    }
}

pub fn browser() -> Client {
    Client::builder().cookie_store(true).redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

pub async fn send(client: &Client, method: Method, url: &str, body: Option<Value>) -> Answer {
    let request = client.request(method, url);
    let request = match body {
        Some(body) => request.json(&body),
        None => request,
    };
    answer(request.send().await.unwrap()).await
}

pub async fn answer(response: Response) -> Answer {
    let status = response.status();
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Answer { status, body }
}

pub fn id(row: &Value) -> String {
    row["id"].as_str().expect("an id").to_owned()
}

fn config(folder: &TempDir, (exotel, twilio): &Fakes, admin: Option<(&str, &str)>) -> Config {
    let options = Options {
        database_url: Some(format!("sqlite://{}/trunkline.db", folder.path().display())),
        listen: Some("127.0.0.1:0".to_owned()),
        livekit_sip_host: Some("sip.example.com".to_owned()),
        exotel_url: Some(exotel.url()),
        twilio_url: Some(twilio.url()),
        core_secret: Some(CORE_SECRET.to_owned()),
        admin_email: admin.map(|(email, _)| email.to_owned()),
        admin_password: admin.map(|(_, password)| password.to_owned()),
        log: Some("warn".to_owned()),
        ..Options::default()
    };
    Config::load(options).unwrap()
}

async fn build(config: &Config) -> Application {
    let anywhere: SocketAddr = ([127, 0, 0, 1], 0).into();
    Application::build(config, LiveKitTarget::Sandbox(anywhere)).await.unwrap()
}
