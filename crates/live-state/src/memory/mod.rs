//! The live state of one server, in its memory.

mod answers;
mod nonces;
mod registrations;

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use domain::{
    AccountId, Timestamp,
    edge::{
        binding::{Binding, RegisterOutcome, Registration},
        cac::{Admission, Admissions, AdmitRequest, Counters, OpenCall},
        dialog::{Dialog, DialogChange, DialogEvent, DialogState},
    },
};
use tokio::sync::broadcast;

use self::{answers::Answers, nonces::Nonces, registrations::Registrations};
use crate::{Engine, FirstAnswer, LiveEvent, LiveState, NonceUse, Result, event::EVENTS_KEPT};

type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The live state of one server, in its memory.
pub struct Memory {
    clock: Clock,
    accounts: Mutex<HashMap<AccountId, Account>>,
    nonces: Mutex<Nonces>,
    events: broadcast::Sender<LiveEvent>,
}

#[derive(Default)]
struct Account {
    rebuilt: bool,
    admissions: Admissions,
    registrations: Registrations,
    dialogs: Dialogs,
    answers: Answers,
}

#[derive(Default)]
struct Dialogs {
    by_call: HashMap<String, Dialog>,
    by_expiry: BTreeSet<(Timestamp, String)>,
}

impl Memory {
    /// An empty state. Leases expire by `clock`.
    pub fn new(clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self {
            clock: Arc::new(clock),
            accounts: Mutex::default(),
            nonces: Mutex::default(),
            events: broadcast::Sender::new(EVENTS_KEPT),
        }
    }

    fn with<T>(&self, account: &AccountId, act: impl FnOnce(&mut Account, Timestamp) -> T) -> T {
        let now = (self.clock)();
        let mut accounts = lock(&self.accounts);
        if let Some(state) = accounts.get_mut(account) {
            return act(state, now);
        }
        act(accounts.entry(account.clone()).or_default(), now)
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// In milliseconds.
pub(crate) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[async_trait]
impl LiveState for Memory {
    fn engine(&self) -> Engine {
        Engine::Memory
    }

    async fn ping(&self) -> Result<()> {
        Ok(())
    }

    async fn admit(&self, account: &AccountId, request: &AdmitRequest) -> Result<Admission> {
        Ok(self.with(account, |state, now| state.admissions.admit(request, now)))
    }

    async fn release(&self, account: &AccountId, call_id: &str) -> Result<Option<OpenCall>> {
        Ok(self.with(account, |state, now| state.admissions.release(call_id, now)))
    }

    async fn renew(&self, account: &AccountId, call_id: &str, lease: Duration) -> Result<bool> {
        Ok(self.with(account, |state, now| state.admissions.renew(call_id, millis(lease), now)))
    }

    async fn open_calls(&self, account: &AccountId) -> Result<Vec<OpenCall>> {
        Ok(self.with(account, |state, now| state.admissions.open_calls(now)))
    }

    async fn counters(&self, account: &AccountId) -> Result<Counters> {
        Ok(self.with(account, |state, now| state.admissions.counters(now)))
    }

    async fn reset(&self, account: &AccountId) -> Result<usize> {
        Ok(self.with(account, |state, _| state.admissions.reset()))
    }

    async fn expired_calls(&self, account: &AccountId) -> Result<Vec<OpenCall>> {
        Ok(self.with(account, |state, now| state.admissions.drain_expired(now)))
    }

    async fn restore_call(&self, account: &AccountId, call: &OpenCall) -> Result<bool> {
        Ok(self.with(account, |state, now| state.admissions.restore(call, now)))
    }

    async fn use_nonce(&self, nonce: &str, count: u32, response: &str, lifetime: Duration) -> Result<NonceUse> {
        let now = (self.clock)();
        Ok(lock(&self.nonces).record(nonce, count, response, now.plus_millis(millis(lifetime)), now))
    }

    async fn register(&self, account: &AccountId, aor: &str, registration: &Registration) -> Result<RegisterOutcome> {
        Ok(self.with(account, |state, now| {
            state.registrations.change(aor, |bindings| bindings.register(registration, now))
        }))
    }

    async fn bindings(&self, account: &AccountId, aor: &str) -> Result<Vec<Binding>> {
        Ok(self.with(account, |state, now| state.registrations.current(aor, now)))
    }

    async fn bindings_of(&self, account: &AccountId, aors: &[String]) -> Result<Vec<Vec<Binding>>> {
        Ok(self.with(account, |state, now| aors.iter().map(|aor| state.registrations.current(aor, now)).collect()))
    }

    async fn expired_bindings(&self, account: &AccountId) -> Result<Vec<(String, Binding)>> {
        Ok(self.with(account, |state, now| state.registrations.remove_expired(now)))
    }

    async fn restore_binding(&self, account: &AccountId, aor: &str, binding: &Binding) -> Result<bool> {
        Ok(self.with(account, |state, now| state.registrations.change(aor, |bindings| bindings.restore(binding, now))))
    }

    async fn apply_dialog(&self, account: &AccountId, event: &DialogEvent) -> Result<DialogChange> {
        Ok(self.with(account, |state, now| state.dialogs.apply(event, now)))
    }

    async fn dialog(&self, account: &AccountId, call_id: &str) -> Result<Option<Dialog>> {
        Ok(self.with(account, |state, now| {
            state.dialogs.by_call.get(call_id).filter(|dialog| dialog.expires_at > now).cloned()
        }))
    }

    async fn dialogs(&self, account: &AccountId) -> Result<Vec<Dialog>> {
        Ok(self.with(account, |state, now| state.dialogs.open(now)))
    }

    async fn answer(&self, account: &AccountId, call_id: &str) -> Result<Option<String>> {
        Ok(self.with(account, |state, now| state.answers.get(call_id, now)))
    }

    async fn first_answer(
        &self,
        account: &AccountId,
        call_id: &str,
        answer: &str,
        lifetime: Duration,
    ) -> Result<FirstAnswer> {
        Ok(self.with(account, |state, now| {
            state.answers.store_first(call_id, answer, now.plus_millis(millis(lifetime)), now)
        }))
    }

    async fn begin_rebuild(&self, account: &AccountId) -> Result<bool> {
        Ok(self.with(account, |state, _| !state.rebuilt))
    }

    async fn finish_rebuild(&self, account: &AccountId) -> Result<()> {
        self.with(account, |state, _| state.rebuilt = true);
        Ok(())
    }

    async fn clear(&self, account: &AccountId) -> Result<()> {
        lock(&self.accounts).remove(account);
        Ok(())
    }

    fn publish(&self, event: LiveEvent) {
        // An error only says that there is no subscriber.
        let _ = self.events.send(event);
    }

    fn subscribe(&self) -> broadcast::Receiver<LiveEvent> {
        self.events.subscribe()
    }
}

impl Dialogs {
    fn apply(&mut self, event: &DialogEvent, now: Timestamp) -> DialogChange {
        while let Some((expires_at, _)) = self.by_expiry.first() {
            if *expires_at > now {
                break;
            }
            let Some((_, call_id)) = self.by_expiry.pop_first() else { break };
            self.by_call.remove(&call_id);
        }
        let known = self.by_call.get(&event.call_id);
        let change = Dialog::apply(known, event, now);
        if let DialogChange::Changed(dialog) | DialogChange::Renewed(dialog) = &change {
            if let Some(known) = known {
                self.by_expiry.remove(&(known.expires_at, known.call_id.clone()));
            }
            self.by_expiry.insert((dialog.expires_at, dialog.call_id.clone()));
            self.by_call.insert(dialog.call_id.clone(), dialog.clone());
        }
        change
    }

    fn open(&self, now: Timestamp) -> Vec<Dialog> {
        let open = |dialog: &&Dialog| dialog.expires_at > now && dialog.state != DialogState::Terminated;
        let mut dialogs: Vec<_> = self.by_call.values().filter(open).cloned().collect();
        dialogs.sort_unstable_by(|a, b| (a.started_at, &a.call_id).cmp(&(b.started_at, &b.call_id)));
        dialogs
    }
}
