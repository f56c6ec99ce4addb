//! What a user does with the own account: the password, and the sessions.

use std::sync::Arc;

use api_types::{
    input::PasswordInput,
    view::{ChangeKind, ChangedNoun, SessionPage, SessionView, UserView},
};
use domain::{Action, AuditAction, FieldFault, Password, SessionId, User};

use crate::{
    Actor, Error, Principal, Result, SessionClient,
    context::Context,
    password_hash::{self, QueueFull},
    session,
    throttle::{Key, Throttle},
    unit_of_work::{Entry, UnitOfWork},
    user,
};

/// Use cases of one's own account. They need a session: an API key has no password.
#[derive(Clone)]
pub struct OwnAccount {
    context: Arc<Context>,
    throttle: Arc<Throttle>,
}

struct NewPassword {
    user: User,
    session_id: SessionId,
    password_hash: String,
}

impl OwnAccount {
    pub(crate) fn new(context: Arc<Context>, throttle: Arc<Throttle>) -> Self {
        Self { context, throttle }
    }

    /// Replaces the password, and ends the user's other sessions. Guesses count like those of a login.
    ///
    /// # Errors
    /// [`Error::Invalid`] where the current password is wrong, [`Error::Throttled`] after several of them.
    pub async fn change_password(&self, actor: &Actor, input: &PasswordInput, client: &SessionClient) -> Result<()> {
        let (user, session_id) = session_of(actor)?;
        let password = input.parse()?;
        let user = self.context.store.read().await?.user(&actor.account_id, &user.id).await?;
        let user = user.ok_or(Error::Unauthenticated)?;
        let keys = Key::of(client.address, &user.email);
        let attempt = self.throttle.attempt(&keys, self.context.clock.now());
        attempt.map_err(|retry_after_seconds| Error::Throttled { retry_after_seconds })?;
        match prove(&user, input).await {
            Ok(true) => self.throttle.succeed(&keys),
            Ok(false) => return Err(wrong_password()),
            Err(error) => {
                self.throttle.cancel(&keys);
                return Err(error);
            }
        }
        let password_hash = password_hash::hash(password.expose().to_owned()).await;
        let input = NewPassword { user, session_id: session_id.clone(), password_hash };
        self.context.transact(Some(actor), input, |uow, input| Box::pin(change_password(uow, input))).await
    }

    /// The user's sessions.
    pub async fn sessions(&self, actor: &Actor) -> Result<SessionPage> {
        let (user, session_id) = session_of(actor)?;
        let now = self.context.clock.now();
        let sessions = self.context.store.read().await?.sessions_of(&user.id, now).await?;
        let items: Vec<_> = sessions.into_iter().map(|row| SessionView::new(row, Some(session_id))).collect();
        Ok(SessionPage { total: i64::try_from(items.len()).unwrap_or(i64::MAX), items })
    }

    /// Ends one of the user's sessions.
    pub async fn end_session(&self, actor: &Actor, id: &SessionId) -> Result<()> {
        let (user, _) = session_of(actor)?;
        let input = (user.clone(), id.clone());
        self.context.transact(Some(actor), input, |uow, (user, id)| Box::pin(end_session(uow, user, id))).await
    }

    /// Ends all sessions of the user, also that of the request.
    pub async fn end_sessions(&self, actor: &Actor) -> Result<()> {
        let (user, _) = session_of(actor)?;
        let input = (user.id.clone(), user.email.clone());
        self.context.transact(Some(actor), input, |uow, (id, email)| Box::pin(user::end_sessions(uow, id, email))).await
    }
}

fn session_of(actor: &Actor) -> Result<(&UserView, &SessionId)> {
    actor.require(Action::ManageOwnAccount)?;
    match &actor.principal {
        Principal::User { user, session_id } => Ok((user, session_id)),
        Principal::ApiKey { .. } => Err(Error::NoSession),
    }
}

async fn prove(user: &User, input: &PasswordInput) -> Result<bool> {
    // Longer ones cannot be set, and need not be hashed in full.
    let current = input.current_password.expose().chars().take(Password::MAX + 1).collect();
    let proven = password_hash::verify(current, Some(user.password_hash.clone())).await;
    proven.map_err(|QueueFull| Error::Throttled { retry_after_seconds: session::BUSY_SECONDS })
}

fn wrong_password() -> Error {
    Error::field("current_password", FieldFault::new("wrong_password", "This is not your current password."))
}

/// Fails where the password was changed since it was proven.
async fn change_password(uow: &mut UnitOfWork, input: &NewPassword) -> Result<()> {
    let NewPassword { user, session_id, password_hash } = input;
    let now = uow.now();
    if !uow.tx.change_password(&user.id, &user.password_hash, password_hash, session_id, now).await? {
        return Err(wrong_password());
    }
    let (subject_id, subject_name) = (user.id.as_str(), user.email.as_str());
    let entry = Entry { action: AuditAction::PasswordChanged, subject_id, subject_name, before: None, after: None };
    uow.audit::<()>(entry).await?;
    uow.publish(ChangedNoun::Session, ChangeKind::Deleted, &user.id);
    uow.publish(ChangedNoun::User, ChangeKind::Updated, &user.id);
    Ok(())
}

async fn end_session(uow: &mut UnitOfWork, user: &UserView, id: &SessionId) -> Result<()> {
    if !uow.tx.end_session_of(&user.id, id).await? {
        return Err(Error::NotFound("session"));
    }
    session::audit(uow, user, AuditAction::LoggedOut).await?;
    uow.publish(ChangedNoun::Session, ChangeKind::Deleted, &user.id);
    uow.publish(ChangedNoun::User, ChangeKind::Updated, &user.id);
    Ok(())
}
