//! API keys: list, create, update, delete, and when each was used last.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use api_types::{
    input::ApiKeyInput,
    view::{ApiKeyActor, ApiKeyCreated, ApiKeyPage, ApiKeyView, ChangeKind, ChangedNoun},
};
use domain::{
    AccountId, Action, ActorId, ApiKey, ApiKeyId, ApiKeyRefusal, ApiKeySettings, AuditAction, Role, Secret, Timestamp,
    UserId,
};
use store::{FoundApiKey, Tx};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::{
    Actor, Error, Principal, Result, api_key_text,
    context::Context,
    snapshot::ApiKeySnapshot,
    unit_of_work::{Entry, UnitOfWork},
};

/// How often the times of the last uses are written.
const SAVE_INTERVAL: Duration = Duration::from_secs(5);

/// Use cases of API keys. Administrators alone have them.
#[derive(Clone)]
pub struct ApiKeys {
    context: Arc<Context>,
    /// The newest use of each key that is not in the database yet.
    used: Arc<Mutex<HashMap<ApiKeyId, Timestamp>>>,
}

/// A key that is to be inserted.
struct NewKey {
    text: Secret,
    settings: ApiKeySettings,
    created_by: ActorId,
    created_by_name: String,
    user_id: Option<UserId>,
}

impl ApiKeys {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context, used: Arc::default() }
    }

    /// All of them, by name.
    pub async fn list(&self, actor: &Actor) -> Result<ApiKeyPage> {
        actor.require(Action::ManageApiKeys)?;
        let keys = self.context.store.read().await?.api_keys(&actor.account_id).await?;
        let items: Vec<ApiKeyView> = keys.iter().map(ApiKeyView::from).collect();
        Ok(ApiKeyPage { total: i64::try_from(items.len()).unwrap_or(i64::MAX), items })
    }

    /// One key.
    pub async fn get(&self, actor: &Actor, id: &ApiKeyId) -> Result<ApiKeyView> {
        actor.require(Action::ManageApiKeys)?;
        let mut tx = self.context.store.read().await?;
        load(&mut tx, &actor.account_id, id).await.map(|key| ApiKeyView::from(&key))
    }

    /// Creates a key, which may do no more than its creator. The result alone contains its text.
    pub async fn create(&self, actor: &Actor, input: &ApiKeyInput) -> Result<ApiKeyCreated> {
        actor.require(Action::ManageApiKeys)?;
        let settings = input.parse(None)?;
        actor.require_role(settings.role)?;
        let text = api_key_text::generate();
        let new = NewKey {
            text: text.clone(),
            settings,
            created_by: actor.id(),
            created_by_name: actor.name(),
            user_id: actor.user_id().cloned(),
        };
        let row = self.context.transact(Some(actor), new, |uow, new| Box::pin(create(uow, new))).await?;
        Ok(ApiKeyCreated { key: text, row })
    }

    /// Absent fields keep their value. A key that is switched off, has expired, or allows fewer addresses is refused from
    /// the next request on, by every server.
    pub async fn update(&self, actor: &Actor, id: &ApiKeyId, input: &ApiKeyInput) -> Result<ApiKeyView> {
        actor.require(Action::ManageApiKeys)?;
        let input = (id.clone(), input.clone());
        self.context.transact(Some(actor), input, |uow, (id, input)| Box::pin(update(uow, id, input))).await
    }

    /// Its requests are refused from now on, by every server.
    pub async fn delete(&self, actor: &Actor, id: &ApiKeyId) -> Result<()> {
        actor.require(Action::ManageApiKeys)?;
        self.context.transact(Some(actor), id.clone(), |uow, id| Box::pin(delete(uow, id))).await
    }

    /// The actor of a request with this key. The database is read each time, so that a change has effect at once.
    ///
    /// # Errors
    /// [`Error::UnknownApiKey`], or [`Error::ApiKeyRefused`].
    pub(crate) async fn verify(&self, text: &Secret, address: Option<IpAddr>) -> Result<Actor> {
        if !api_key_text::is_well_formed(text) {
            return Err(Error::UnknownApiKey);
        }
        let found = self.context.store.read().await?.api_key_by_hash(&api_key_text::hash(text)).await?;
        let FoundApiKey { key, user } = found.ok_or(Error::UnknownApiKey)?;
        key.check(self.context.clock.now(), address)?;
        let role = role(&key, user)?;
        let ApiKey { id, account_id, prefix, settings, user_id, .. } = key;
        let expires_at = settings.expires_at.as_ref().and_then(domain::ApiKeyExpiry::time);
        let key = ApiKeyActor { id, name: settings.name.to_string(), prefix, role };
        Ok(Actor { account_id, principal: Principal::ApiKey { key, expires_at, user_id } })
    }

    /// Notes that a request was authenticated with the key; [`Self::save_uses`] writes it.
    pub(crate) fn note_use(&self, id: &ApiKeyId) {
        let now = self.context.clock.now();
        self.note([(id.clone(), now)]);
    }

    fn note(&self, uses: impl IntoIterator<Item = (ApiKeyId, Timestamp)>) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        for (id, at) in uses {
            used.entry(id).and_modify(|newest| *newest = at.max(*newest)).or_insert(at);
        }
    }

    /// Writes the uses since the last call, in one transaction. The requests do not wait for it.
    ///
    /// # Errors
    /// [`Error::Store`] if the database fails; the next call writes them then.
    pub async fn save_uses(&self) -> Result<()> {
        let used = std::mem::take(&mut *self.used.lock().unwrap_or_else(PoisonError::into_inner));
        if used.is_empty() {
            return Ok(());
        }
        let saved = self.context.transact(None, used.clone(), |uow, used| Box::pin(save_uses(uow, used))).await;
        if saved.is_err() {
            self.note(used);
        }
        saved
    }

    /// Writes the uses every few seconds until `stop` is cancelled. What comes later is written by [`Self::save_uses`].
    pub async fn run(self, stop: CancellationToken) {
        while stop.run_until_cancelled(sleep(SAVE_INTERVAL)).await.is_some() {
            if let Err(error) = self.save_uses().await {
                warn!(%error, "the times at which API keys were used last were not written");
            }
        }
    }
}

/// A key may do no more than the user behind it may do now. `user` is that user's role, and whether the user is active.
pub(crate) fn role(key: &ApiKey, user: Option<(Role, bool)>) -> Result<Role> {
    match (&key.user_id, user) {
        (None, _) => Err(ApiKeyRefusal::UserUnknown.into()),
        (Some(_), None) => Err(Error::UnknownApiKey),
        (Some(_), Some((_, false))) => Err(ApiKeyRefusal::UserDisabled.into()),
        (Some(_), Some((role, true))) => Ok(role.min(key.settings.role)),
    }
}

async fn create(uow: &mut UnitOfWork, new: &NewKey) -> Result<ApiKeyView> {
    uow.require(Action::ManageApiKeys).await?;
    let now = uow.now();
    let key = ApiKey {
        id: ApiKeyId::new(uow.ulid()),
        account_id: uow.account.clone(),
        prefix: api_key_text::prefix(&new.text),
        settings: new.settings.clone(),
        last_used_at: None,
        created_by: Some(new.created_by.clone()),
        created_by_name: new.created_by_name.clone(),
        user_id: new.user_id.clone(),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    uow.tx.insert_api_key(&key, &api_key_text::hash(&new.text)).await?;
    audit(uow, &key, AuditAction::Created, (None, Some(ApiKeySnapshot::new(&key)))).await?;
    uow.publish(ChangedNoun::ApiKey, ChangeKind::Created, &key.id);
    publish_count(uow, &key);
    Ok(ApiKeyView::from(&key))
}

async fn update(uow: &mut UnitOfWork, id: &ApiKeyId, input: &ApiKeyInput) -> Result<ApiKeyView> {
    uow.require(Action::ManageApiKeys).await?;
    let expected = input.version()?;
    let current = load(&mut uow.tx, &uow.account, id).await?;
    if expected.is_some_and(|expected| expected != current.version) {
        return Err(Error::stale(ApiKeyView::from(&current)));
    }
    let settings = input.parse(Some(&current.settings))?;
    if settings == current.settings {
        return Ok(ApiKeyView::from(&current));
    }
    let updated = ApiKey { settings, updated_at: uow.now(), version: current.version + 1, ..current.clone() };
    if !uow.tx.update_api_key(&updated).await? {
        return Err(Error::ConcurrentChange);
    }
    let change = (Some(ApiKeySnapshot::new(&current)), Some(ApiKeySnapshot::new(&updated)));
    audit(uow, &updated, AuditAction::Updated, change).await?;
    uow.publish(ChangedNoun::ApiKey, ChangeKind::Updated, id);
    Ok(ApiKeyView::from(&updated))
}

async fn delete(uow: &mut UnitOfWork, id: &ApiKeyId) -> Result<()> {
    uow.require(Action::ManageApiKeys).await?;
    let key = load(&mut uow.tx, &uow.account, id).await?;
    if !uow.tx.delete_api_key(&uow.account, id).await? {
        return Err(Error::NotFound("API key"));
    }
    audit(uow, &key, AuditAction::Deleted, (Some(ApiKeySnapshot::new(&key)), None)).await?;
    uow.publish(ChangedNoun::ApiKey, ChangeKind::Deleted, id);
    publish_count(uow, &key);
    Ok(())
}

/// The user's page shows how many keys there are.
fn publish_count(uow: &mut UnitOfWork, key: &ApiKey) {
    if let Some(user) = &key.user_id {
        uow.publish(ChangedNoun::User, ChangeKind::Updated, user);
    }
}

async fn save_uses(uow: &mut UnitOfWork, used: &HashMap<ApiKeyId, Timestamp>) -> Result<()> {
    // In the order of the ids: two servers that lock the same rows do not wait for each other in a circle.
    let mut used: Vec<_> = used.iter().collect();
    used.sort_unstable();
    for (id, at) in used {
        if uow.tx.set_api_key_last_used(id, *at).await? {
            uow.publish(ChangedNoun::ApiKey, ChangeKind::Updated, id);
        }
    }
    Ok(())
}

async fn audit(
    uow: &mut UnitOfWork,
    key: &ApiKey,
    action: AuditAction,
    (before, after): (Option<ApiKeySnapshot>, Option<ApiKeySnapshot>),
) -> Result<()> {
    let (subject_id, subject_name) = (key.id.as_str(), key.settings.name.as_str());
    uow.audit(Entry { action, subject_id, subject_name, before, after }).await
}

async fn load(tx: &mut Tx, account: &AccountId, id: &ApiKeyId) -> Result<ApiKey> {
    tx.api_key(account, id).await?.ok_or(Error::NotFound("API key"))
}
