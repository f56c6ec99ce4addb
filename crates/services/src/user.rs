//! Users of the console.

use std::sync::Arc;

use api_types::{
    input::{InvitationInput, UserInput},
    view::{ChangeKind, ChangedNoun, SessionPage, SessionView, UserAccess, UserDetail, UserPage, UserView},
};
use domain::{AccountId, Action, AuditAction, Email, FieldFault, Password, Role, User, UserId, UserState};
use store::{Tx, UserEntry};

use crate::{
    Actor, Error, Principal, Result,
    context::Context,
    password_hash,
    password_link::{self, NewPasswordLink},
    snapshot::{ApiKeySnapshot, UserSnapshot},
    unit_of_work::{Entry, UnitOfWork},
};

/// Use cases of users. Administrators alone have them.
#[derive(Clone)]
pub struct Users {
    context: Arc<Context>,
}

impl Users {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// All of them, by e-mail address.
    pub async fn list(&self, actor: &Actor) -> Result<UserPage> {
        actor.require(Action::ManageUsers)?;
        let users = self.context.store.read().await?.users(&actor.account_id, self.context.clock.now()).await?;
        let items: Vec<UserDetail> = users.into_iter().map(detail).collect();
        Ok(UserPage { total: i64::try_from(items.len()).unwrap_or(i64::MAX), items })
    }

    /// One user.
    pub async fn get(&self, actor: &Actor, id: &UserId) -> Result<UserDetail> {
        actor.require(Action::ManageUsers)?;
        let entry =
            self.context.store.read().await?.user_entry(&actor.account_id, id, self.context.clock.now()).await?;
        entry.map(detail).ok_or(Error::NotFound("user"))
    }

    /// Adds a user without a password. The result alone contains the token of the link with which the user sets one.
    ///
    /// # Errors
    /// [`Error::SessionRequired`] where an API key invites an administrator.
    pub async fn invite(&self, actor: &Actor, input: &InvitationInput) -> Result<NewPasswordLink> {
        actor.require(Action::ManageUsers)?;
        let (email, role) = input.parse()?;
        let user = User {
            id: UserId::new(self.context.clock.ulid()),
            account_id: actor.account_id.clone(),
            email,
            password_hash: String::new(),
            role,
            is_active: true,
            version: 1,
        };
        self.context.transact(Some(actor), user, |uow, user| Box::pin(invite(uow, user))).await
    }

    /// Changes the role, disables or enables. Whoever may do less than before is logged out at once, on every server, and
    /// so are the event streams of the user's API keys.
    ///
    /// # Errors
    /// [`Error::LastAdministrator`] where nobody could administrate any more; [`Error::SessionRequired`] where an API key makes
    /// an administrator.
    pub async fn update(&self, actor: &Actor, id: &UserId, input: &UserInput) -> Result<UserDetail> {
        actor.require(Action::ManageUsers)?;
        let input = (id.clone(), input.clone());
        self.context.transact(Some(actor), input, |uow, (id, input)| Box::pin(update(uow, id, input))).await
    }

    /// Deletes the user with sessions and API keys.
    ///
    /// # Errors
    /// [`Error::LastAdministrator`] where nobody could administrate any more.
    pub async fn delete(&self, actor: &Actor, id: &UserId) -> Result<()> {
        actor.require(Action::ManageUsers)?;
        self.context.transact(Some(actor), id.clone(), |uow, id| Box::pin(delete(uow, id))).await
    }

    /// A new one-time link with which the user sets a password. It replaces an earlier one.
    ///
    /// # Errors
    /// [`Error::UserDisabled`] where the user is disabled; [`Error::SessionRequired`] where an API key creates a link of an
    /// administrator.
    pub async fn create_link(&self, actor: &Actor, id: &UserId) -> Result<NewPasswordLink> {
        actor.require(Action::ManageUsers)?;
        self.context.transact(Some(actor), id.clone(), |uow, id| Box::pin(create_link(uow, id))).await
    }

    /// The user's sessions.
    pub async fn sessions(&self, actor: &Actor, id: &UserId) -> Result<SessionPage> {
        actor.require(Action::ManageUsers)?;
        let current = match &actor.principal {
            Principal::User { session_id, .. } => Some(session_id),
            Principal::ApiKey { .. } => None,
        };
        let mut tx = self.context.store.read().await?;
        let user = load(&mut tx, &actor.account_id, id).await?;
        let sessions = tx.sessions_of(&user.id, self.context.clock.now()).await?;
        let items: Vec<_> = sessions.into_iter().map(|row| SessionView::new(row, current)).collect();
        Ok(SessionPage { total: i64::try_from(items.len()).unwrap_or(i64::MAX), items })
    }

    /// One user with the sessions.
    pub async fn access(&self, actor: &Actor, id: &UserId) -> Result<UserAccess> {
        let user = self.get(actor, id).await?;
        Ok(UserAccess { user, sessions: self.sessions(actor, id).await?.items })
    }

    /// Ends all sessions of the user.
    pub async fn end_sessions(&self, actor: &Actor, id: &UserId) -> Result<()> {
        actor.require(Action::ManageUsers)?;
        self.context
            .transact(Some(actor), id.clone(), |uow, id| {
                Box::pin(async move {
                    uow.require(Action::ManageUsers).await?;
                    let user = load(&mut uow.tx, &uow.account, id).await?;
                    end_sessions(uow, &user.id, user.email.as_str()).await
                })
            })
            .await
    }

    /// Adds a user, from the command line.
    ///
    /// # Errors
    /// [`Error::Invalid`] where another user has the e-mail address.
    pub async fn add(&self, email: &Email, password: &Password, role: Role) -> Result<UserView> {
        let user = new_user(&self.context, email, password, role).await;
        self.context.transact(None, user.clone(), |uow, user| Box::pin(insert(uow, user))).await?;
        Ok(view(&user))
    }

    /// Sets a password, from the command line. Ends the user's sessions and link. A disabled user stays disabled.
    pub async fn set_password(&self, email: &Email, password: &Password) -> Result<User> {
        let hash = password_hash::hash(password.expose().to_owned()).await;
        let input = (email.clone(), hash);
        self.context.transact(None, input, |uow, (email, hash)| Box::pin(set_password(uow, email, hash))).await
    }
}

async fn invite(uow: &mut UnitOfWork, user: &User) -> Result<NewPasswordLink> {
    uow.require(Action::ManageUsers).await?;
    if user.role == Role::Admin {
        uow.require_session()?;
    }
    insert(uow, user).await?;
    password_link::create(uow, user).await
}

async fn update(uow: &mut UnitOfWork, id: &UserId, input: &UserInput) -> Result<UserDetail> {
    uow.require(Action::ManageUsers).await?;
    let expected = input.version()?;
    let current = load(&mut uow.tx, &uow.account, id).await?;
    if expected.is_some_and(|expected| expected != current.version) {
        return Err(Error::stale(load_detail(uow, id).await?));
    }
    let (role, is_active) = input.parse(&current)?;
    if (role, is_active) == (current.role, current.is_active) {
        return load_detail(uow, id).await;
    }
    if role == Role::Admin && current.role != Role::Admin {
        uow.require_session()?;
    }
    let updated = User { role, is_active, version: current.version + 1, ..current.clone() };
    require_other_administrator(uow, &current, Some(&updated)).await?;
    if !uow.tx.update_user(&updated, uow.now()).await? {
        return Err(Error::ConcurrentChange);
    }
    let loses_power = role < current.role || (current.is_active && !is_active);
    if loses_power {
        uow.tx.end_sessions_of(id).await?;
    }
    if !is_active {
        uow.tx.end_password_link(id).await?;
    }
    let change = (Some(UserSnapshot::new(&current)), Some(UserSnapshot::new(&updated)));
    audit(uow, &updated, AuditAction::Updated, change).await?;
    uow.publish(ChangedNoun::User, ChangeKind::Updated, id);
    // Streams check again what they are authenticated with, on every server.
    uow.publish(ChangedNoun::Session, ChangeKind::Deleted, id);
    for key in uow.tx.api_keys_of(id).await? {
        uow.publish(ChangedNoun::ApiKey, ChangeKind::Updated, &key.id);
    }
    load_detail(uow, id).await
}

async fn delete(uow: &mut UnitOfWork, id: &UserId) -> Result<()> {
    uow.require(Action::ManageUsers).await?;
    let user = load(&mut uow.tx, &uow.account, id).await?;
    require_other_administrator(uow, &user, None).await?;
    let account = uow.account.clone();
    for key in uow.tx.api_keys_of(id).await? {
        uow.tx.delete_api_key(&account, &key.id).await?;
        let (subject_id, subject_name) = (key.id.as_str(), key.settings.name.as_str());
        let before = Some(ApiKeySnapshot::new(&key));
        uow.audit(Entry { action: AuditAction::Deleted, subject_id, subject_name, before, after: None }).await?;
        uow.publish(ChangedNoun::ApiKey, ChangeKind::Deleted, &key.id);
    }
    if !uow.tx.delete_user(&account, id).await? {
        return Err(Error::NotFound("user"));
    }
    audit(uow, &user, AuditAction::Deleted, (Some(UserSnapshot::new(&user)), None)).await?;
    uow.publish(ChangedNoun::User, ChangeKind::Deleted, id);
    uow.publish(ChangedNoun::Session, ChangeKind::Deleted, id);
    Ok(())
}

async fn create_link(uow: &mut UnitOfWork, id: &UserId) -> Result<NewPasswordLink> {
    uow.require(Action::ManageUsers).await?;
    let user = load(&mut uow.tx, &uow.account, id).await?;
    if user.role == Role::Admin {
        uow.require_session()?;
    }
    if user.state() == UserState::Disabled {
        return Err(Error::UserDisabled);
    }
    let link = password_link::create(uow, &user).await?;
    audit(uow, &user, AuditAction::LinkCreated, (None, None)).await?;
    uow.publish(ChangedNoun::User, ChangeKind::Updated, id);
    Ok(link)
}

/// Ends all sessions of the user.
pub(crate) async fn end_sessions(uow: &mut UnitOfWork, id: &UserId, email: &str) -> Result<()> {
    uow.tx.end_sessions_of(id).await?;
    let (subject_id, subject_name) = (id.as_str(), email);
    let entry = Entry { action: AuditAction::SessionsEnded, subject_id, subject_name, before: None, after: None };
    uow.audit::<()>(entry).await?;
    uow.publish(ChangedNoun::Session, ChangeKind::Deleted, id);
    uow.publish(ChangedNoun::User, ChangeKind::Updated, id);
    Ok(())
}

/// Refuses a change that leaves no administrator who can log in. `after` is None where the user is deleted.
async fn require_other_administrator(uow: &mut UnitOfWork, before: &User, after: Option<&User>) -> Result<()> {
    let is_administrator = |user: &User| user.role == Role::Admin && user.state() == UserState::Active;
    if !is_administrator(before) || after.is_some_and(is_administrator) {
        return Ok(());
    }
    let others = uow.tx.other_administrators(&before.account_id, &before.id).await?;
    if others == 0 { Err(Error::LastAdministrator) } else { Ok(()) }
}

async fn set_password(uow: &mut UnitOfWork, email: &Email, hash: &str) -> Result<User> {
    let user = uow.tx.user_by_email(email).await?.ok_or(Error::NotFound("user"))?;
    uow.tx.set_password(&user.id, hash, uow.now()).await?;
    audit(uow, &user, AuditAction::PasswordChanged, (None, None)).await?;
    uow.publish(ChangedNoun::User, ChangeKind::Updated, &user.id);
    uow.publish(ChangedNoun::Session, ChangeKind::Deleted, &user.id);
    Ok(user)
}

/// The user without the password hash.
pub(crate) fn view(user: &User) -> UserView {
    UserView { id: user.id.clone(), email: user.email.to_string(), role: user.role }
}

fn detail(entry: UserEntry) -> UserDetail {
    let UserEntry { user, created_at, last_seen_at, sessions, api_keys, link_expires_at } = entry;
    UserDetail {
        email: user.email.to_string(),
        role: user.role,
        state: user.state(),
        version: user.version,
        id: user.id,
        last_seen_at,
        sessions,
        api_keys,
        link_expires_at,
        created_at,
    }
}

pub(crate) async fn load_detail(uow: &mut UnitOfWork, id: &UserId) -> Result<UserDetail> {
    let entry = uow.tx.user_entry(&uow.account, id, uow.now()).await?;
    entry.map(detail).ok_or(Error::NotFound("user"))
}

async fn load(tx: &mut Tx, account: &AccountId, id: &UserId) -> Result<User> {
    tx.user(account, id).await?.ok_or(Error::NotFound("user"))
}

pub(crate) async fn new_user(context: &Context, email: &Email, password: &Password, role: Role) -> User {
    User {
        id: UserId::new(context.clock.ulid()),
        account_id: context.account.clone(),
        email: email.clone(),
        password_hash: password_hash::hash(password.expose().to_owned()).await,
        role,
        is_active: true,
        version: 1,
    }
}

pub(crate) async fn insert(uow: &mut UnitOfWork, user: &User) -> Result<()> {
    if !uow.tx.insert_user(user, uow.now()).await? {
        let message = "A user with this e-mail address exists. Create a password link for that user, or set a password with \
                       `trunkline user passwd`.";
        return Err(Error::field("email", FieldFault::new("email_taken", message)));
    }
    audit(uow, user, AuditAction::Created, (None, Some(UserSnapshot::new(user)))).await?;
    uow.publish(ChangedNoun::User, ChangeKind::Created, &user.id);
    Ok(())
}

async fn audit(
    uow: &mut UnitOfWork,
    user: &User,
    action: AuditAction,
    (before, after): (Option<UserSnapshot>, Option<UserSnapshot>),
) -> Result<()> {
    let (subject_id, subject_name) = (user.id.as_str(), user.email.as_str());
    uow.audit(Entry { action, subject_id, subject_name, before, after }).await
}
