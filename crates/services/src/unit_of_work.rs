//! One change: a transaction together with its audit entries, events and jobs.

use std::{panic::resume_unwind, pin::Pin, sync::Arc, time::Duration};

use api_types::view::{Change, ChangeKind, ChangedNoun};
use domain::{
    AccountId, Action, ActorId, AuditAction, AuditEvent, CarrierId, EventId, Requester, Role, Timestamp, UserId,
};
use serde::Serialize;
use store::Tx;
use tokio::time::sleep;
use tracing::{Instrument, debug};

use crate::{Actor, Error, Result, api_key, context::Context};

/// How often a change is attempted where concurrent changes are in its way.
const ATTEMPTS: u32 = 6;
/// The pause before the second attempt, at most; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(10);

/// What a unit of work resolves to.
pub(crate) type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// A transaction with what is published once it is committed. Dropped without [`Self::commit`], it has changed nothing.
pub(crate) struct UnitOfWork {
    pub tx: Tx,
    /// The account whose rows are changed.
    pub account: AccountId,
    context: Arc<Context>,
    /// Who has requested the change; None: the server itself, or its command line.
    requester: Option<Requester>,
    changes: Vec<Change>,
    sync_requested: bool,
}

/// An audit entry. `before` and `after` are the row's snapshots, which contain no secrets; None where the row did not exist,
/// or where the action has none.
pub(crate) struct Entry<'a, S = ()> {
    pub action: AuditAction,
    pub subject_id: &'a str,
    pub subject_name: &'a str,
    pub before: Option<S>,
    pub after: Option<S>,
}

impl Context {
    /// Executes `work` in one transaction, commits it, and publishes its events; all of it in a task of its own, so that a
    /// client that has gone away cannot end it between two steps. Where a concurrent change is in its way, `work` is executed
    /// again: it must have no effect but on its unit of work.
    pub async fn transact<I, T>(
        self: &Arc<Self>,
        actor: Option<&Actor>,
        input: I,
        work: impl for<'a> Fn(&'a mut UnitOfWork, &'a I) -> Work<'a, T> + Send + Sync + 'static,
    ) -> Result<T>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
    {
        let (context, actor) = (self.clone(), actor.cloned());
        run_to_completion(async move {
            let mut attempt = 1;
            loop {
                match attempt_once(&context, actor.as_ref(), &input, &work).await {
                    Err(error) if attempt < ATTEMPTS && error.is_retryable() => {
                        debug!(%error, attempt, "a concurrent change is in the way");
                        sleep(FIRST_PAUSE.mul_f64(f64::from(1 << (attempt - 1)) * rand::random::<f64>())).await;
                        attempt += 1;
                    }
                    outcome => return outcome,
                }
            }
        })
        .await
    }
}

async fn attempt_once<I, T>(
    context: &Arc<Context>,
    actor: Option<&Actor>,
    input: &I,
    work: &impl for<'a> Fn(&'a mut UnitOfWork, &'a I) -> Work<'a, T>,
) -> Result<T> {
    let mut uow = UnitOfWork::begin(context, actor).await?;
    let done = work(&mut uow, input).await?;
    uow.commit().await?;
    Ok(done)
}

/// Runs `work` in a task of its own: dropping the returned future, as when a client disconnects, does not cancel it.
pub(crate) async fn run_to_completion<T: Send + 'static>(
    work: impl Future<Output = Result<T>> + Send + 'static,
) -> Result<T> {
    match tokio::spawn(work.in_current_span()).await {
        Ok(outcome) => outcome,
        // The task is never aborted, so it has panicked.
        Err(error) => resume_unwind(error.into_panic()),
    }
}

impl UnitOfWork {
    /// For work that goes on after its commit, and so runs to completion by itself; anything else uses [`Context::transact`].
    pub async fn begin(context: &Arc<Context>, actor: Option<&Actor>) -> Result<Self> {
        let account = actor.map_or(&context.account, |actor| &actor.account_id);
        Self::open(context, account, actor.map(Actor::requester)).await
    }

    /// For work that somebody has requested earlier.
    pub async fn begin_for(context: &Arc<Context>, account: &AccountId, requester: &Requester) -> Result<Self> {
        Self::open(context, account, Some(requester.clone())).await
    }

    async fn open(context: &Arc<Context>, account: &AccountId, requester: Option<Requester>) -> Result<Self> {
        #[expect(clippy::disallowed_methods, reason = "this is the unit of work")]
        let tx = context.store.write().await?;
        Ok(Self {
            tx,
            account: account.clone(),
            context: context.clone(),
            requester,
            changes: Vec::new(),
            sync_requested: false,
        })
    }

    pub fn now(&self) -> Timestamp {
        self.context.clock.now()
    }

    pub fn ulid(&self) -> ulid::Ulid {
        self.context.clock.ulid()
    }

    /// The user to whom the rows belong that the work creates.
    pub fn user_id(&self) -> Option<UserId> {
        self.requester.as_ref().and_then(|requester| requester.user_id.clone())
    }

    /// Checks the requester's role as it is now: while the request waited, the user may have been disabled or demoted, or the
    /// API key switched off. Transactions that write execute one after another, so that the answer is right until the commit.
    ///
    /// # Errors
    /// What the requester's next request gets: [`Error::Unauthenticated`], [`Error::UnknownApiKey`],
    /// [`Error::ApiKeyRefused`] or [`Error::Forbidden`].
    pub async fn require(&mut self, action: Action) -> Result<()> {
        let Some(role) = self.current_role().await? else { return Ok(()) };
        let needs = action.role();
        if role >= needs { Ok(()) } else { Err(Error::Forbidden { needs }) }
    }

    /// None for the server itself and its command line.
    async fn current_role(&mut self) -> Result<Option<Role>> {
        let actor = self.requester.as_ref().and_then(|requester| requester.actor.clone());
        match actor {
            None => Ok(None),
            Some(ActorId::User(id)) => {
                let user = self.tx.user(&self.account, &id).await?.filter(|user| user.is_active);
                user.map(|user| Some(user.role)).ok_or(Error::Unauthenticated)
            }
            Some(ActorId::ApiKey(id)) => {
                let key = self.tx.api_key(&self.account, &id).await?.ok_or(Error::UnknownApiKey)?;
                key.check_status(self.now())?;
                let user = match &key.user_id {
                    Some(id) => self.tx.user(&self.account, id).await?,
                    None => None,
                };
                api_key::role(&key, user.map(|user| (user.role, user.is_active))).map(Some)
            }
        }
    }

    /// Refuses an API key: it may do no more than its settings allow, and a session of an administrator may do everything.
    pub fn require_session(&self) -> Result<()> {
        match self.requester.as_ref().and_then(|requester| requester.actor.as_ref()) {
            Some(ActorId::ApiKey(_)) => Err(Error::SessionRequired),
            Some(ActorId::User(_)) | None => Ok(()),
        }
    }

    /// Writes an audit entry in the actor's name.
    pub async fn audit<S: Serialize>(&mut self, entry: Entry<'_, S>) -> Result<()> {
        let snapshot = |row: Option<S>| {
            row.map(|row| serde_json::to_value(row).expect("a snapshot is a struct of strings, numbers and lists"))
        };
        let event = AuditEvent {
            id: EventId::new(self.ulid()),
            account_id: self.account.clone(),
            actor: self.requester.as_ref().and_then(|requester| requester.actor.clone()),
            actor_name: self
                .requester
                .as_ref()
                .map_or_else(|| "command line".to_owned(), |requester| requester.name.clone()),
            action: entry.action,
            subject_id: entry.subject_id.to_owned(),
            subject_name: entry.subject_name.to_owned(),
            before: snapshot(entry.before),
            after: snapshot(entry.after),
            at: self.now(),
        };
        Ok(self.tx.insert_audit(&event).await?)
    }

    /// Adds an event, which is published after the commit.
    pub fn publish(&mut self, noun: ChangedNoun, kind: ChangeKind, id: impl ToString) {
        self.changes.push(Change { noun, kind, id: id.to_string() });
    }

    /// Adds a job: the reconciler brings the carrier to LiveKit.
    pub async fn request_sync(&mut self, carrier: &CarrierId, name: &str) -> Result<()> {
        self.sync_requested = true;
        Ok(self.tx.request_sync(&self.account, carrier, name, self.context.clock.now()).await?)
    }

    /// As [`Self::request_sync`], and the reconciler lists the whole project: what LiveKit has of the carrier may be other
    /// objects than the last sync left.
    pub async fn request_full_sync(&mut self, carrier: &CarrierId, name: &str) -> Result<()> {
        self.tx.forget_livekit_objects(carrier).await?;
        self.request_sync(carrier, name).await
    }

    /// Adds a job: the reconciler removes what LiveKit has of a carrier that is deleted.
    pub async fn request_removal(&mut self, carrier: &CarrierId, name: &str) -> Result<()> {
        self.sync_requested = true;
        Ok(self.tx.request_removal(&self.account, carrier, name, self.context.clock.now()).await?)
    }

    /// Commits; then publishes the events and notifies the reconciler of its jobs.
    pub async fn commit(self) -> Result<()> {
        let Self { mut tx, account, context, changes, sync_requested, .. } = self;
        let first = match changes.as_slice() {
            [] => 0,
            changes => tx.append_events(&account, changes, context.clock.now()).await?,
        };
        if let Err(error) = tx.commit().await {
            if matches!(error, store::Error::CommitUnknown(_)) {
                context.index.commit_unknown();
            }
            return Err(error.into());
        }
        // Before the answer, so that a lookup after it sees the change.
        context.index.apply(&context.store, &changes).await;
        context.events.publish_committed(first, changes);
        if sync_requested {
            context.sync_notify.notify_one();
        }
        Ok(())
    }
}

impl Error {
    /// The work had no effect because of a concurrent change, and may succeed when it is executed again.
    fn is_retryable(&self) -> bool {
        match self {
            Self::ConcurrentChange => true,
            Self::Store(error) => error.is_retryable(),
            _ => false,
        }
    }
}
