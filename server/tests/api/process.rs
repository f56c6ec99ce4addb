//! `trunkline serve` as a process of its own, as an operator starts it.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

use api_types::view::{Change, ChangeKind, ChangedNoun};
use futures::{Stream, StreamExt};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::{Instant, sleep, timeout};

use crate::{
    calls::signature,
    harness::{Answer, CORE_SECRET, EMAIL, PASSWORD, answer, browser, id, send},
    postgres::PostgresDatabase,
};

/// Servers of one database need the same key: 32 bytes in base64.
const MASTER_KEY: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";

pub struct Process {
    client: Client,
    /// A client without cookies. Building one takes longer than its requests.
    stranger: Client,
    database_url: String,
    livekit_url: String,
    variables: Vec<(&'static str, String)>,
    /// The server's working directory, with its data folder.
    folder: TempDir,
    running: Option<Running>,
}

struct Running {
    child: Child,
    url: String,
    /// A closed pipe would end the server with its next line.
    _stdout: BufReader<ChildStdout>,
}

impl Process {
    /// Starts a server, and logs in as its administrator.
    pub async fn start(database: &PostgresDatabase, livekit_url: &str) -> Self {
        Self::start_with(&database.url, livekit_url, Vec::new()).await
    }

    /// Starts a server with these variables besides the usual ones.
    pub async fn start_with(database_url: &str, livekit_url: &str, variables: Vec<(&'static str, String)>) -> Self {
        let mut process = Self {
            client: browser(),
            stranger: Client::new(),
            database_url: database_url.to_owned(),
            livekit_url: livekit_url.to_owned(),
            variables,
            folder: tempfile::tempdir().unwrap(),
            running: None,
        };
        process.start_again().await;
        process
    }

    /// On the same data folder, as a supervisor restarts it.
    pub async fn start_again(&mut self) {
        self.spawn().await;
        let login = json!({ "email": EMAIL, "password": PASSWORD });
        self.send(Method::POST, "/api/v1/auth/login", Some(login)).await.expect(200);
    }

    /// As [`Self::start_again`], with the session that there was.
    pub async fn spawn(&mut self) {
        assert!(self.running.is_none(), "the server runs");
        let mut command = command(&self.folder, &self.database_url, &self.livekit_url);
        command.envs(self.variables.iter().cloned());
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let stdout = child.stdout.take().expect("it is piped");
        let running = tokio::task::spawn_blocking(move || {
            let mut stdout = BufReader::new(stdout);
            let mut line = String::new();
            while stdout.read_line(&mut line).unwrap() > 0 {
                if let Some(url) = line.trim().strip_prefix("Console") {
                    return Running { child, url: url.trim().to_owned(), _stdout: stdout };
                }
                line.clear();
            }
            panic!("the server did not start: {:?}", child.wait());
        });
        self.running = Some(running.await.unwrap());
    }

    /// What a server with this LiveKit says that does not start.
    pub async fn refused(database: &PostgresDatabase, livekit_url: &str, variables: &[(&str, &str)]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let mut command = command(&folder, &database.url, livekit_url);
        // So that a server that is not refused ends as well.
        command.env("TRUNKLINE_LISTEN", "nowhere").envs(variables.iter().copied());
        let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    }

    /// SIGKILL: the server gets no chance to release its lease.
    pub fn kill(&mut self) {
        if let Some(mut running) = self.running.take() {
            running.child.kill().unwrap();
            running.child.wait().unwrap();
        }
    }

    /// SIGTERM: the server stops in order, and releases its leases.
    pub async fn stop(&mut self) {
        self.signal("-TERM");
        let mut running = self.running.take().expect("the server runs");
        tokio::task::spawn_blocking(move || running.child.wait().unwrap()).await.unwrap();
    }

    /// SIGSTOP: the process stands still, as on a machine that is suspended, until [`Self::resume`].
    pub fn suspend(&self) {
        self.signal("-STOP");
    }

    pub fn resume(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let id = self.running.as_ref().expect("the server runs").child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    /// The id that its data folder keeps.
    pub fn id(&self) -> String {
        fs::read_to_string(self.folder.path().join("data/server-id")).unwrap().trim().to_owned()
    }

    /// A carrier with one DID, and thus with an outbound trunk.
    pub async fn create_carrier(&self, name: &str, number: &str, bot: Option<&str>) -> String {
        let carrier = json!({ "name": name, "sip_address": "acme.pstn.twilio.com",
                              "auth_username": "acme", "auth_password": "s3cret-pass" });
        let carrier = id(&self.send(Method::POST, "/api/v1/carriers", Some(carrier)).await.expect(201));
        let did = json!({ "number": number, "bot_id": bot });
        self.send(Method::POST, &format!("/api/v1/carriers/{carrier}/dids"), Some(did)).await.expect(201);
        carrier
    }

    /// The answer to a lookup of the called number.
    pub async fn look_up(&self, number: &str) -> Answer {
        let request = self.request(Method::GET, &format!("/api/v1/sip/lookup?number={}", number.replace('+', "%2B")));
        answer(request.header("X-CXB-Core-Secret", CORE_SECRET).send().await.unwrap()).await
    }

    /// Moves the number: removes it from one carrier, and adds it to the other.
    pub async fn move_did(&self, number: &str, bot: &str, from: &str, to: &str) {
        let dids = self.send(Method::GET, &format!("/api/v1/carriers/{from}/dids"), None).await.expect(200);
        let dids = dids["items"].as_array().unwrap();
        let did = id(dids.iter().find(|did| did["number"] == number).expect("it is there"));
        self.send(Method::DELETE, &format!("/api/v1/carriers/{from}/dids/{did}"), None).await.expect(204);
        let did = json!({ "number": number, "bot_id": bot });
        self.send(Method::POST, &format!("/api/v1/carriers/{to}/dids"), Some(did)).await.expect(201);
    }

    pub async fn create_bot(&self) -> String {
        let bot = json!({ "name": "Concierge", "agent_name": "concierge" });
        id(&self.send(Method::POST, "/api/v1/bots", Some(bot)).await.expect(201))
    }

    pub async fn rename_carrier(&self, carrier: &str, name: &str) {
        let path = format!("/api/v1/carriers/{carrier}");
        let version = self.send(Method::GET, &path, None).await.expect(200)["version"].clone();
        self.send(Method::PUT, &path, Some(json!({ "name": name, "version": version }))).await.expect(200);
    }

    pub async fn until_synced(&self, carrier: &str, limit: Duration) -> Value {
        let deadline = Instant::now() + limit;
        loop {
            let now = self.send(Method::GET, &format!("/api/v1/carriers/{carrier}"), None).await.expect(200);
            if now["lk_sync_status"] == "synced" {
                return now;
            }
            assert!(Instant::now() < deadline, "not synced after {limit:?}: {now:#}");
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Creates a key; returns its id and its text.
    pub async fn create_api_key(&self) -> (String, String) {
        let created = self.send(Method::POST, "/api/v1/api-keys", Some(json!({ "name": "CRM" }))).await.expect(201);
        (id(&created), created["key"].as_str().unwrap().to_owned())
    }

    /// A request of a client that has the key alone.
    pub fn with_key(&self, key: &str, path: &str) -> RequestBuilder {
        self.stranger.get(format!("{}{path}", self.url())).header("X-API-Key", key)
    }

    /// LiveKit's signed webhook.
    pub fn webhook(&self, body: &str) -> RequestBuilder {
        let request = self.stranger.post(format!("{}/api/v1/livekit/webhook", self.url()));
        request.header("Authorization", signature(body, "devkey", "secret")).body(body.to_owned())
    }

    /// A request of a client that has the token of a session alone.
    pub fn with_token(&self, method: Method, token: &str, path: &str) -> RequestBuilder {
        self.stranger.request(method, format!("{}{path}", self.url())).bearer_auth(token)
    }

    /// A request without any credential.
    pub async fn stranger_post(&self, path: &str, body: &Value) -> Answer {
        let request = self.stranger.post(format!("{}{path}", self.url())).json(body);
        answer(request.send().await.unwrap()).await
    }

    /// The event stream, from now on.
    pub async fn events(&self) -> Events {
        let response = self.client.get(format!("{}/api/v1/events", self.url())).send().await.unwrap();
        assert!(response.status().is_success());
        let bytes = response.bytes_stream().map(|bytes| bytes.unwrap().to_vec());
        Events { bytes: Box::new(bytes.boxed()), unread: String::new() }
    }

    fn url(&self) -> &str {
        &self.running.as_ref().expect("the server runs").url
    }

    /// A request of the administrator.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url()))
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        send(&self.client, method, &format!("{}{path}", self.url()), body).await
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

pub struct Events {
    bytes: Box<dyn Stream<Item = Vec<u8>> + Send + Unpin>,
    unread: String,
}

impl Events {
    /// The next event of this carrier.
    pub async fn next_of_carrier(&mut self, carrier: &str, limit: Duration) -> ChangeKind {
        let next = async {
            loop {
                let change = self.next().await;
                if change.noun == ChangedNoun::Carrier && change.id == carrier {
                    return change.kind;
                }
            }
        };
        timeout(limit, next).await.unwrap_or_else(|_| panic!("no event of {carrier} within {limit:?}"))
    }

    async fn next(&mut self) -> Change {
        loop {
            while let Some((line, rest)) = self.unread.split_once('\n') {
                // The other event, `revision`, is no JSON object.
                let data = line.strip_prefix("data: ").filter(|data| data.starts_with('{'));
                let change = data.map(|data| serde_json::from_str(data).unwrap());
                self.unread = rest.to_owned();
                if let Some(change) = change {
                    return change;
                }
            }
            let bytes = self.bytes.next().await.expect("the stream goes on");
            self.unread.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }
}

fn command(folder: &TempDir, database_url: &str, livekit_url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trunkline"));
    command.arg("serve").current_dir(folder.path()).env_clear().envs([
        ("DATABASE_URL", database_url),
        ("LIVEKIT_URL", livekit_url),
        ("LIVEKIT_API_KEY", "devkey"),
        ("LIVEKIT_API_SECRET", "secret"),
        ("TRUNKLINE_ADMIN_EMAIL", EMAIL),
        ("TRUNKLINE_ADMIN_PASSWORD", PASSWORD),
        ("TRUNKLINE_CORE_SECRET", CORE_SECRET),
        // A check acquires the lease, too.
        ("TRUNKLINE_DRIFT_INTERVAL", "0"),
        ("TRUNKLINE_LISTEN", "127.0.0.1:0"),
        ("TRUNKLINE_LOG", "error"),
        ("TRUNKLINE_MASTER_KEY", MASTER_KEY),
    ]);
    command
}
