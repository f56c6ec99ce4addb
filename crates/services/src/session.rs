//! Logging in, authenticating, logging out.

use std::{net::IpAddr, sync::Arc, time::Duration};

use api_types::view::{ChangeKind, ChangedNoun, Login, LoginInput, UserView};
use domain::{AuditAction, Email, FieldErrors, FieldFault, Session, SessionId, User, UserState};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::{
    Actor, Error, MasterKey, Principal, Result,
    context::Context,
    password_hash::{self, QueueFull},
    session_uses::SessionUses,
    throttle::{Key, Throttle},
    token::Tokens,
    unit_of_work::{Entry, UnitOfWork},
    user,
};

/// Seven days: operators keep the console open through a working week.
const LIFETIME_MILLIS: i64 = 7 * 24 * 60 * 60 * 1000;
/// When to try again where too many logins are under way.
pub(crate) const BUSY_SECONDS: i64 = 2;
/// How often the times of the last uses are written.
const SAVE_INTERVAL: Duration = Duration::from_secs(5);
/// The longest `User-Agent` that is stored, in characters.
const USER_AGENT_LENGTH: usize = 300;

/// Where a login comes from.
#[derive(Clone, Debug, Default)]
pub struct SessionClient {
    /// None where a proxy does not name it.
    pub address: Option<IpAddr>,
    /// The header `User-Agent`.
    pub user_agent: Option<String>,
}

impl From<Option<IpAddr>> for SessionClient {
    fn from(address: Option<IpAddr>) -> Self {
        Self { address, user_agent: None }
    }
}

/// Use cases of sessions.
#[derive(Clone)]
pub struct Sessions {
    context: Arc<Context>,
    tokens: Arc<Tokens>,
    throttle: Arc<Throttle>,
    uses: Arc<SessionUses>,
}

impl Sessions {
    /// Seconds that a cookie should live.
    pub const LIFETIME_SECONDS: i64 = LIFETIME_MILLIS / 1000;

    pub(crate) fn new(context: Arc<Context>, key: &MasterKey) -> Self {
        Self { context, tokens: Arc::new(Tokens::new(key)), throttle: Arc::default(), uses: Arc::default() }
    }

    /// The throttle of everything that checks a password.
    pub(crate) fn throttle(&self) -> &Arc<Throttle> {
        &self.throttle
    }

    /// Without the address of `client`, only the account is throttled: a proxy's other clients must not have to wait for
    /// this one. An unknown e-mail address and a wrong password are the same error after the same time.
    ///
    /// # Errors
    /// [`Error::WrongPassword`]; [`Error::UserDisabled`], only with the right password; [`Error::Throttled`].
    pub async fn log_in(&self, input: &LoginInput, client: impl Into<SessionClient>) -> Result<Login> {
        let client = client.into();
        let mut errors = FieldErrors::default();
        let email = errors.record("email", input.email.0.parse::<Email>());
        if input.password.is_empty() {
            errors.add("password", FieldFault::required("Give your password."));
        }
        let Some(email) = email.filter(|_| errors.is_empty()) else { return Err(errors.into()) };

        let keys = Key::of(client.address, &email);
        let attempt = self.throttle.attempt(&keys, self.context.clock.now());
        attempt.map_err(|retry_after_seconds| Error::Throttled { retry_after_seconds })?;
        match self.prove(&email, input).await {
            Ok(Some(user)) => {
                self.throttle.succeed(&keys);
                if user.state() == UserState::Disabled {
                    return Err(Error::UserDisabled);
                }
                self.open(&user, &client).await
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
        let stored = found.as_ref().map(|user| user.password_hash.clone()).filter(|hash| !hash.is_empty());
        // Longer ones cannot be set, and need not be hashed in full.
        let password = input.password.expose().chars().take(domain::Password::MAX + 1).collect();
        let proven = password_hash::verify(password, stored).await;
        let proven = proven.map_err(|QueueFull| Error::Throttled { retry_after_seconds: BUSY_SECONDS })?;
        Ok(found.filter(|_| proven))
    }

    /// A new session.
    pub(crate) async fn open(&self, user: &User, client: &SessionClient) -> Result<Login> {
        let session = self.new_session(user, client);
        let actor = actor(user, session.id.clone());
        let login = self.login(user, &session);
        let input = (user.clone(), session);
        self.context.transact(Some(&actor), input, |uow, (user, session)| Box::pin(open(uow, user, session))).await?;
        Ok(login)
    }

    /// The row of a new session. Its id is never one that the browser sent.
    pub(crate) fn new_session(&self, user: &User, client: &SessionClient) -> Session {
        let now = self.context.clock.now();
        Session {
            id: SessionId::new(self.context.clock.ulid()),
            user_id: user.id.clone(),
            address: client.address.map(|address| address.to_string()),
            user_agent: client.user_agent.as_ref().map(|text| text.chars().take(USER_AGENT_LENGTH).collect()),
            created_at: now,
            last_used_at: now,
            expires_at: now.plus_millis(LIFETIME_MILLIS),
        }
    }

    /// The token is worth nothing until the session is committed.
    pub(crate) fn login(&self, user: &User, session: &Session) -> Login {
        let access_token = self.tokens.sign(&user.id, &session.id, session.created_at, session.expires_at);
        Login { access_token, user: user::view(user) }
    }

    /// The user of a token; None where it is forged, has expired, or was logged out.
    pub async fn authenticate(&self, token: &str) -> Result<Option<Actor>> {
        let Some(session_id) = self.tokens.session(token) else { return Ok(None) };
        let user = self.context.store.read().await?.session_user(&session_id, self.context.clock.now()).await?;
        Ok(user.map(|user| actor(&user, session_id)))
    }

    /// Notes that a request was authenticated with the session; [`Self::save_uses`] writes it.
    pub(crate) fn note_use(&self, id: &SessionId) {
        self.uses.note(id, self.context.clock.now());
    }

    /// Writes the uses since the last call, in one transaction. The requests do not wait for it. No event is published: a page
    /// that it made load again would be another use.
    ///
    /// # Errors
    /// [`Error::Store`] if the database fails; the next call writes them then.
    pub async fn save_uses(&self) -> Result<()> {
        let used = self.uses.take(self.context.clock.now());
        if used.is_empty() {
            return Ok(());
        }
        let saved = self.context.transact(None, used.clone(), |uow, used| Box::pin(save_uses(uow, used))).await;
        if saved.is_err() {
            self.uses.put_back(used);
        }
        saved
    }

    /// Writes the uses every few seconds until `stop` is cancelled. What comes later is written by [`Self::save_uses`].
    pub async fn run(self, stop: CancellationToken) {
        while stop.run_until_cancelled(sleep(SAVE_INTERVAL)).await.is_some() {
            if let Err(error) = self.save_uses().await {
                warn!(%error, "the times at which sessions were used last were not written");
            }
        }
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

pub(crate) fn actor(user: &User, session_id: SessionId) -> Actor {
    Actor { account_id: user.account_id.clone(), principal: Principal::User { user: user::view(user), session_id } }
}

/// Fails where the password was changed since it was proven.
pub(crate) async fn open(uow: &mut UnitOfWork, user: &User, session: &Session) -> Result<()> {
    if !uow.tx.insert_session(session, &user.password_hash).await? {
        return Err(Error::WrongPassword);
    }
    audit(uow, &user::view(user), AuditAction::LoggedIn).await?;
    uow.publish(ChangedNoun::Session, ChangeKind::Created, &user.id);
    uow.publish(ChangedNoun::User, ChangeKind::Updated, &user.id);
    Ok(())
}

async fn close(uow: &mut UnitOfWork, user: &UserView, id: &SessionId) -> Result<()> {
    uow.tx.end_session(id, uow.now()).await?;
    audit(uow, user, AuditAction::LoggedOut).await?;
    uow.publish(ChangedNoun::Session, ChangeKind::Deleted, &user.id);
    uow.publish(ChangedNoun::User, ChangeKind::Updated, &user.id);
    Ok(())
}

async fn save_uses(uow: &mut UnitOfWork, used: &[(SessionId, domain::Timestamp)]) -> Result<()> {
    for (id, at) in used {
        uow.tx.set_session_last_used(id, *at).await?;
    }
    Ok(())
}

pub(crate) async fn audit(uow: &mut UnitOfWork, user: &UserView, action: AuditAction) -> Result<()> {
    let (subject_id, subject_name) = (user.id.as_str(), user.email.as_str());
    uow.audit::<()>(Entry { action, subject_id, subject_name, before: None, after: None }).await
}
