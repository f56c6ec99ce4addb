//! The live state of several servers, in Redis or Valkey.
//!
//! What many servers change at once (counters, nonces, answers) is changed by Lua scripts; the bindings of an address of record
//! and dialogs by the rules of `domain`, written only where the value has not changed since it was read. Time is Redis' own.
//! All keys begin with `trunkline:`, those of an account with `trunkline:{acc_…}:`.

mod cac;
mod events;
mod values;

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use domain::{
    AccountId,
    edge::{
        binding::{Binding, RegisterOutcome, Registration},
        cac::{Admission, AdmitRequest, Counters, OpenCall},
        dialog::{Dialog, DialogChange, DialogEvent, DialogState},
    },
};
use redis::{
    Client, FromRedisValue, RedisError, Script, ScriptInvocation,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use tokio::sync::broadcast;

use self::{cac::CacScripts, events::Events};
use crate::{Engine, Error, FirstAnswer, LiveEvent, LiveState, NonceUse, Result, memory::millis};

/// How long Redis may take to respond: a call waits for it.
const RESPONSE_TIMEOUT: Duration = Duration::from_millis(500);
/// How long connecting may take.
const CONNECTION_TIMEOUT: Duration = Duration::from_millis(500);
/// The longest pause between two attempts to connect.
const MAX_RECONNECT_DELAY: Duration = Duration::from_millis(200);
/// After so long without its end, another server may rebuild the state.
const REBUILD_TIME: Duration = Duration::from_secs(60);

/// The live state of several servers, in Redis or Valkey.
pub struct Redis {
    connection: ConnectionManager,
    scripts: Scripts,
    events: Events,
    /// What tests add to Redis' clock, in milliseconds.
    ahead: Arc<AtomicI64>,
}

struct Scripts {
    cac: CacScripts,
    nonce: Script,
    first_answer: Script,
    read: Script,
    write: Script,
    begin_rebuild: Script,
}

impl Redis {
    /// Connects as soon as it is used, and again whenever the connection is lost. To be called within a Tokio runtime.
    ///
    /// # Errors
    /// [`Error::Url`].
    pub fn new(url: &str) -> Result<Self> {
        Self::with_clock_ahead(url, Arc::default())
    }

    /// As [`Self::new`], with a number of milliseconds that is added to Redis' clock: tests advance it.
    ///
    /// # Errors
    /// [`Error::Url`].
    pub fn with_clock_ahead(url: &str, ahead: Arc<AtomicI64>) -> Result<Self> {
        let invalid = |error: RedisError| Error::Url(error.to_string());
        let client = Client::open(url).map_err(invalid)?;
        let config = ConnectionManagerConfig::new()
            .set_response_timeout(Some(RESPONSE_TIMEOUT))
            .set_connection_timeout(Some(CONNECTION_TIMEOUT))
            .set_max_delay(MAX_RECONNECT_DELAY)
            .set_number_of_retries(1);
        let connection = ConnectionManager::new_lazy_with_config(client.clone(), config).map_err(invalid)?;
        let scripts = Scripts {
            cac: CacScripts::new(),
            nonce: Script::new(include_str!("lua/nonce.lua")),
            first_answer: Script::new(include_str!("lua/first_answer.lua")),
            read: Script::new(include_str!("lua/read.lua")),
            write: Script::new(include_str!("lua/write.lua")),
            begin_rebuild: Script::new(include_str!("lua/begin_rebuild.lua")),
        };
        Ok(Self { events: Events::start(client, connection.clone()), connection, scripts, ahead })
    }

    fn ahead(&self) -> i64 {
        self.ahead.load(Ordering::Relaxed)
    }

    async fn run<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Result<T> {
        script.invoke_async(&mut self.connection.clone()).await.map_err(|error| unavailable(&error))
    }

    async fn stored_answer(
        &self,
        account: &AccountId,
        call_id: &str,
        answer: &str,
        lifetime: i64,
    ) -> Result<Option<String>> {
        let mut script = self.scripts.first_answer.prepare_invoke();
        script.key(format!("{}:answer:{call_id}", prefix(account))).arg(self.ahead()).arg(answer).arg(lifetime);
        self.run(&script).await
    }
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL may have a password.
        f.debug_struct("Redis").finish_non_exhaustive()
    }
}

/// All keys of the account; in a Redis cluster the part in braces puts them on one node.
fn prefix(account: &AccountId) -> String {
    format!("trunkline:{{{account}}}")
}

fn unavailable(error: &RedisError) -> Error {
    Error::Unavailable(error.to_string())
}

#[async_trait]
impl LiveState for Redis {
    fn engine(&self) -> Engine {
        Engine::Redis
    }

    async fn ping(&self) -> Result<()> {
        redis::cmd("PING").exec_async(&mut self.connection.clone()).await.map_err(|error| unavailable(&error))
    }

    async fn admit(&self, account: &AccountId, request: &AdmitRequest) -> Result<Admission> {
        let answer: Vec<String> = self.run(&self.scripts.cac.admit(&prefix(account), self.ahead(), request)).await?;
        cac::admission(&answer, request)
    }

    async fn release(&self, account: &AccountId, call_id: &str) -> Result<Option<OpenCall>> {
        let mut script = self.scripts.cac.release.prepare_invoke();
        script.key(prefix(account)).arg(self.ahead()).arg(call_id);
        let released: Option<[String; 3]> = self.run(&script).await?;
        released.map(|call| cac::open_call(&call)).transpose()
    }

    async fn renew(&self, account: &AccountId, call_id: &str, lease: Duration) -> Result<bool> {
        let mut script = self.scripts.cac.renew.prepare_invoke();
        script.key(prefix(account)).arg(self.ahead()).arg(call_id).arg(millis(lease));
        self.run(&script).await
    }

    async fn open_calls(&self, account: &AccountId) -> Result<Vec<OpenCall>> {
        let mut script = self.scripts.cac.open_calls.prepare_invoke();
        let open: Vec<[String; 3]> = self.run(script.key(prefix(account)).arg(self.ahead())).await?;
        let mut calls = open.iter().map(cac::open_call).collect::<Result<Vec<_>>>()?;
        calls.sort_unstable_by(|a, b| (a.admitted_at, &a.call_id).cmp(&(b.admitted_at, &b.call_id)));
        Ok(calls)
    }

    async fn counters(&self, account: &AccountId) -> Result<Counters> {
        let mut script = self.scripts.cac.counters.prepare_invoke();
        let (channels, windows): (Vec<[String; 3]>, Vec<[String; 5]>) =
            self.run(script.key(prefix(account)).arg(self.ahead())).await?;
        cac::counters(&channels, &windows)
    }

    async fn reset(&self, account: &AccountId) -> Result<usize> {
        let mut script = self.scripts.cac.reset.prepare_invoke();
        self.run(script.key(prefix(account)).arg(self.ahead())).await
    }

    async fn expired_calls(&self, account: &AccountId) -> Result<Vec<OpenCall>> {
        let mut script = self.scripts.cac.expired.prepare_invoke();
        let expired: Vec<[String; 3]> = self.run(script.key(prefix(account)).arg(self.ahead())).await?;
        expired.iter().map(cac::open_call).collect()
    }

    async fn restore_call(&self, account: &AccountId, call: &OpenCall) -> Result<bool> {
        self.run(&self.scripts.cac.restore(&prefix(account), self.ahead(), call)).await
    }

    async fn use_nonce(&self, nonce: &str, count: u32, response: &str, lifetime: Duration) -> Result<NonceUse> {
        let mut script = self.scripts.nonce.prepare_invoke();
        script.key(format!("trunkline:nonce:{nonce}")).arg(self.ahead()).arg(count).arg(response).arg(millis(lifetime));
        let used: String = self.run(&script).await?;
        Ok(match used.as_str() {
            "fresh" => NonceUse::Fresh,
            "retransmission" => NonceUse::Retransmission,
            _ => NonceUse::Replay,
        })
    }

    async fn register(&self, account: &AccountId, aor: &str, registration: &Registration) -> Result<RegisterOutcome> {
        self.change_bindings(account, aor, |bindings, now| bindings.register(registration, now)).await
    }

    async fn bindings(&self, account: &AccountId, aor: &str) -> Result<Vec<Binding>> {
        Ok(self.read_bindings(account, &[aor]).await?.pop().unwrap_or_default())
    }

    async fn bindings_of(&self, account: &AccountId, aors: &[String]) -> Result<Vec<Vec<Binding>>> {
        let aors: Vec<&str> = aors.iter().map(String::as_str).collect();
        self.read_bindings(account, &aors).await
    }

    async fn expired_bindings(&self, account: &AccountId) -> Result<Vec<(String, Binding)>> {
        let mut removed = Vec::new();
        for aor in self.aors_with_expired_bindings(account).await? {
            let expired = self.change_bindings(account, &aor, |bindings, now| bindings.remove_expired(now)).await?;
            removed.extend(expired.into_iter().map(|binding| (aor.clone(), binding)));
        }
        Ok(removed)
    }

    async fn restore_binding(&self, account: &AccountId, aor: &str, binding: &Binding) -> Result<bool> {
        self.change_bindings(account, aor, |bindings, now| bindings.restore(binding, now)).await
    }

    async fn apply_dialog(&self, account: &AccountId, event: &DialogEvent) -> Result<DialogChange> {
        self.change_dialog(account, event).await
    }

    async fn dialog(&self, account: &AccountId, call_id: &str) -> Result<Option<Dialog>> {
        Ok(self.read_dialogs(account, &[call_id.to_owned()]).await?.pop())
    }

    async fn dialogs(&self, account: &AccountId) -> Result<Vec<Dialog>> {
        let open = self.open_dialogs(account).await?;
        let mut dialogs = self.read_dialogs(account, &open).await?;
        dialogs.retain(|dialog| dialog.state != DialogState::Terminated);
        dialogs.sort_unstable_by(|a, b| (a.started_at, &a.call_id).cmp(&(b.started_at, &b.call_id)));
        Ok(dialogs)
    }

    async fn answer(&self, account: &AccountId, call_id: &str) -> Result<Option<String>> {
        self.stored_answer(account, call_id, "", 0).await
    }

    async fn first_answer(
        &self,
        account: &AccountId,
        call_id: &str,
        answer: &str,
        lifetime: Duration,
    ) -> Result<FirstAnswer> {
        let existing = self.stored_answer(account, call_id, answer, millis(lifetime)).await?;
        Ok(existing.map_or(FirstAnswer::Stored, FirstAnswer::Existing))
    }

    async fn begin_rebuild(&self, account: &AccountId) -> Result<bool> {
        let prefix = prefix(account);
        let mut script = self.scripts.begin_rebuild.prepare_invoke();
        script.key(format!("{prefix}:rebuilt")).key(format!("{prefix}:rebuilding")).arg(millis(REBUILD_TIME));
        self.run(&script).await
    }

    async fn finish_rebuild(&self, account: &AccountId) -> Result<()> {
        let key = format!("{}:rebuilt", prefix(account));
        let mut command = redis::cmd("SET");
        command.arg(key).arg(1);
        command.exec_async(&mut self.connection.clone()).await.map_err(|error| unavailable(&error))
    }

    async fn clear(&self, account: &AccountId) -> Result<()> {
        self.delete_keys(&format!("{}:*", prefix(account))).await
    }

    fn publish(&self, event: LiveEvent) {
        self.events.publish(event);
    }

    fn subscribe(&self) -> broadcast::Receiver<LiveEvent> {
        self.events.subscribe()
    }
}
