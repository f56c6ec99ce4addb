//! One-time links with which a user sets a password: the first one after an invitation, or one that was forgotten.

use std::sync::Arc;

use api_types::{
    input::PasswordLinkInput,
    view::{ChangeKind, ChangedNoun, Login, PasswordLinkView, UserDetail},
};
use domain::{AuditAction, Password, Secret, Session, Timestamp, User, UserState};

use crate::{
    Error, Result, SessionClient, Sessions,
    context::Context,
    one_time_token, password_hash, session,
    unit_of_work::{Entry, UnitOfWork},
    user,
};

/// Seven days: an invitation may arrive before a holiday.
const INVITATION_MILLIS: i64 = 7 * 24 * 60 * 60 * 1000;
/// One day: the user asked for the link.
const PASSWORD_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// A new link. Its token is known to nobody else.
#[derive(Clone, Debug)]
pub struct NewPasswordLink {
    /// What the link's address ends in.
    pub token: Secret,
    /// When the link expires.
    pub expires_at: Timestamp,
    /// The user.
    pub user: UserDetail,
}

/// Use cases of whoever has a link. They need no session.
#[derive(Clone)]
pub struct PasswordLinks {
    context: Arc<Context>,
    sessions: Sessions,
}

/// A user who accepts a link.
struct Acceptance {
    user: User,
    token_hash: String,
    password_hash: String,
    session: Session,
}

impl PasswordLinks {
    pub(crate) fn new(context: Arc<Context>, sessions: Sessions) -> Self {
        Self { context, sessions }
    }

    /// What the link is for.
    ///
    /// # Errors
    /// [`Error::LinkInvalid`].
    pub async fn get(&self, token: &Secret) -> Result<PasswordLinkView> {
        let user = self.user(token).await?;
        Ok(PasswordLinkView { email: user.email.to_string(), is_invitation: user.state() == UserState::Invited })
    }

    /// Sets the password, ends the link and the user's sessions, and logs the user in.
    ///
    /// # Errors
    /// [`Error::LinkInvalid`], also where it was used in the meantime.
    pub async fn accept(&self, input: &PasswordLinkInput, client: &SessionClient) -> Result<Login> {
        // The link is checked first: without it the password rules are not disclosed.
        let user = self.user(&input.token).await?;
        let password = Password::new(input.password.clone()).map_err(|fault| Error::field("password", fault))?;
        let password_hash = password_hash::hash(password.expose().to_owned()).await;
        let token_hash = one_time_token::digest(input.token.expose());
        let session = self.sessions.new_session(&user, client);
        let actor = session::actor(&user, session.id.clone());
        let input = Acceptance { user, token_hash, password_hash, session: session.clone() };
        let user = self.context.transact(Some(&actor), input, |uow, input| Box::pin(accept(uow, input))).await?;
        Ok(self.sessions.login(&user, &session))
    }

    async fn user(&self, token: &Secret) -> Result<User> {
        let hash = one_time_token::digest(token.expose());
        let user = self.context.store.read().await?.user_by_password_link(&hash, self.context.clock.now()).await?;
        user.ok_or(Error::LinkInvalid)
    }
}

/// Gives the user a link, which replaces an earlier one.
pub(crate) async fn create(uow: &mut UnitOfWork, user: &User) -> Result<NewPasswordLink> {
    let (token, now) = (one_time_token::generate(), uow.now());
    let lifetime = if user.state() == UserState::Invited { INVITATION_MILLIS } else { PASSWORD_MILLIS };
    let expires_at = now.plus_millis(lifetime);
    uow.tx.set_password_link(&user.id, &one_time_token::digest(token.expose()), now, expires_at).await?;
    Ok(NewPasswordLink { token, expires_at, user: user::load_detail(uow, &user.id).await? })
}

/// The link is read again, since it is valid once. The session belongs to the same unit of work: where it cannot be opened, the
/// link stays valid.
async fn accept(uow: &mut UnitOfWork, input: &Acceptance) -> Result<User> {
    let found = uow.tx.user_by_password_link(&input.token_hash, uow.now()).await?;
    let user = found.filter(|user| user.id == input.user.id).ok_or(Error::LinkInvalid)?;
    uow.tx.set_password(&user.id, &input.password_hash, uow.now()).await?;
    let (subject_id, subject_name) = (user.id.as_str(), user.email.as_str());
    let entry = Entry { action: AuditAction::PasswordChanged, subject_id, subject_name, before: None, after: None };
    uow.audit::<()>(entry).await?;
    uow.publish(ChangedNoun::Session, ChangeKind::Deleted, &user.id);
    let user = User { password_hash: input.password_hash.clone(), ..user };
    session::open(uow, &user, &input.session).await?;
    Ok(user)
}
