//! Logging in, authenticating, logging out.

use std::{net::IpAddr, sync::Arc};

use api_types::view::{ChangeKind, ChangedNoun, Login, LoginInput, UserView};
use domain::{AuditAction, Email, FieldErrors, FieldFault, SessionId, Timestamp, User};

use crate::{
    Actor, Error, MasterKey, Principal, Result,
    context::Context,
    password_hash::{self, QueueFull},
    throttle::{Key, Throttle},
    token::Tokens,
    unit_of_work::{Entry, UnitOfWork},
    user,
};

/// Seven days: operators keep the console open through a working week.
const LIFETIME_MILLIS: i64 = 7 * 24 * 60 * 60 * 1000;
/// When to try again where too many logins are under way.
const BUSY_SECONDS: i64 = 2;

/// Use cases of sessions.
#[derive(Clone)]
pub struct Sessions {
    context: Arc<Context>,
    tokens: Arc<Tokens>,
    throttle: Arc<Throttle>,
}

impl Sessions {
    /// Seconds that a cookie should live.
    pub const LIFETIME_SECONDS: i64 = LIFETIME_MILLIS / 1000;

    pub(crate) fn new(context: Arc<Context>, key: &MasterKey) -> Self {
        Self { context, tokens: Arc::new(Tokens::new(key)), throttle: Arc::default() }
    }

    /// `client` is the address that the request comes from; None where a proxy does not name it: the proxy's other clients
    /// must not have to wait for this one. An unknown e-mail address and a wrong password are the same error after the same
    /// time.
    pub async fn log_in(&self, input: &LoginInput, client: Option<IpAddr>) -> Result<Login> {
        let mut errors = FieldErrors::default();
        let email = errors.record("email", input.email.0.parse::<Email>());
        if input.password.is_empty() {
            errors.add("password", FieldFault::required("Give your password."));
        }
        let Some(email) = email.filter(|_| errors.is_empty()) else { return Err(errors.into()) };

        let keys = Key::of(client, &email);
        let attempt = self.throttle.attempt(&keys, self.context.clock.now());
        attempt.map_err(|retry_after_seconds| Error::Throttled { retry_after_seconds })?;
        match self.prove(&email, input).await {
            Ok(Some(user)) => {
                let login = self.open(&user).await?;
                self.throttle.succeed(&keys);
                Ok(login)
            }
            Ok(None) => Err(Error::WrongPassword),
            Err(error) => {
                self.throttle.cancel(&keys);
                Err(error)
            }
        }
    }

    /// The user with that e-mail address, if the password is theirs.
    async fn prove(&self, email: &Email, input: &LoginInput) -> Result<Option<User>> {
        let found = self.context.store.read().await?.user_by_email(email).await?;
        let stored = found.as_ref().map(|user| user.password_hash.clone());
        // Longer ones cannot be set, and need not be hashed in full.
        let password = input.password.expose().chars().take(domain::Password::MAX + 1).collect();
        let proven = password_hash::verify(password, stored).await;
        let proven = proven.map_err(|QueueFull| Error::Throttled { retry_after_seconds: BUSY_SECONDS })?;
        Ok(found.filter(|_| proven))
    }

    /// A new session. Its id is never one that the browser sent.
    pub(crate) async fn open(&self, user: &User) -> Result<Login> {
        let now = self.context.clock.now();
        let expires_at = now.plus_millis(LIFETIME_MILLIS);
        let session_id = SessionId::new(self.context.clock.ulid());
        let actor = actor(user, session_id.clone());
        let input = (user.clone(), session_id.clone(), expires_at);
        self.context
            .transact(Some(&actor), input, |uow, (user, id, expires)| Box::pin(open(uow, user, id, *expires)))
            .await?;
        let access_token = self.tokens.sign(&user.id, &session_id, now, expires_at);
        Ok(Login { access_token, user: user::view(user) })
    }

    /// The user of a token; None where it is forged, has expired, or was logged out.
    pub async fn authenticate(&self, token: &str) -> Result<Option<Actor>> {
        let Some(session_id) = self.tokens.session(token) else { return Ok(None) };
        let user = self.context.store.read().await?.session_user(&session_id, self.context.clock.now()).await?;
        Ok(user.map(|user| actor(&user, session_id)))
    }

    /// Ends the session: its token is refused from now on.
    ///
    /// # Errors
    /// [`Error::NoSession`] where the actor is an API key.
    pub async fn log_out(&self, actor: &Actor) -> Result<()> {
        let Principal::User { user, session_id } = &actor.principal else { return Err(Error::NoSession) };
        let input = (user.clone(), session_id.clone());
        self.context.transact(Some(actor), input, |uow, (user, id)| Box::pin(close(uow, user, id))).await
    }
}

fn actor(user: &User, session_id: SessionId) -> Actor {
    Actor { account_id: user.account_id.clone(), principal: Principal::User { user: user::view(user), session_id } }
}

/// Fails where the password was changed since it was proven.
async fn open(uow: &mut UnitOfWork, user: &User, id: &SessionId, expires_at: Timestamp) -> Result<()> {
    let now = uow.now();
    if !uow.tx.insert_session(id, &user.id, &user.password_hash, now, expires_at).await? {
        return Err(Error::WrongPassword);
    }
    audit(uow, &user::view(user), AuditAction::LoggedIn).await?;
    uow.publish(ChangedNoun::Session, ChangeKind::Created, &user.id);
    Ok(())
}

async fn close(uow: &mut UnitOfWork, user: &UserView, id: &SessionId) -> Result<()> {
    uow.tx.end_session(id, uow.now()).await?;
    audit(uow, user, AuditAction::LoggedOut).await?;
    uow.publish(ChangedNoun::Session, ChangeKind::Deleted, &user.id);
    Ok(())
}

async fn audit(uow: &mut UnitOfWork, user: &UserView, action: AuditAction) -> Result<()> {
    let (subject_id, subject_name) = (user.id.as_str(), user.email.as_str());
    uow.audit::<()>(Entry { action, subject_id, subject_name, before: None, after: None }).await
}
