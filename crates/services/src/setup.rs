//! The first administrator.

use std::sync::Arc;

use api_types::view::{Login, SetupInput};
use domain::{Email, FieldErrors, Password, Role, User};

use crate::{
    Error, Result, SessionClient, Sessions, context::Context, one_time_token, one_time_token::digest,
    unit_of_work::UnitOfWork, user,
};

/// Name of the setting with the token's SHA-256, until the first administrator exists.
const SETTING: &str = "setup_token";

/// Use cases of the first start.
#[derive(Clone)]
pub struct Setup {
    context: Arc<Context>,
}

impl Setup {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// A new one-time token for the address that the server prints, or None where there is a user. It replaces the token of
    /// an earlier start.
    pub async fn token(&self) -> Result<Option<String>> {
        let token = one_time_token::generate().expose().to_owned();
        let open = self.context.transact(None, digest(&token), |uow, digest| Box::pin(set_token(uow, digest))).await?;
        Ok(open.then_some(token))
    }

    /// There is no user yet.
    pub async fn is_open(&self) -> Result<bool> {
        Ok(!self.context.store.read().await?.any_user().await?)
    }

    /// Creates the administrator, and logs them in. The token is deleted in the same transaction.
    ///
    /// # Errors
    /// [`Error::SetupClosed`] where the token is not the current one, or a user exists.
    pub async fn create_administrator(
        &self,
        input: &SetupInput,
        sessions: &Sessions,
        client: &SessionClient,
    ) -> Result<Login> {
        let mut errors = FieldErrors::default();
        let email = errors.record("email", input.email.0.parse::<Email>());
        let password = errors.record("password", Password::new(input.password.clone()));
        let offered = digest(input.token.expose());
        // The token is checked first: without it the password rules are not disclosed.
        if self.context.store.read().await?.setting(SETTING).await?.as_deref() != Some(offered.as_str()) {
            return Err(Error::SetupClosed);
        }
        let (Some(email), Some(password)) = (email, password) else { return Err(errors.into()) };

        let administrator = user::new_user(&self.context, &email, &password, Role::Admin).await;
        let input = (administrator.clone(), offered);
        self.context.transact(None, input, |uow, (user, token)| Box::pin(insert_first(uow, user, token))).await?;
        sessions.open(&administrator, client).await
    }

    /// For an unattended start: creates the administrator where there is no user. False where there is one.
    pub async fn ensure_administrator(&self, email: &Email, password: &Password) -> Result<bool> {
        if !self.is_open().await? {
            return Ok(false);
        }
        let administrator = user::new_user(&self.context, email, password, Role::Admin).await;
        self.context.transact(None, administrator, |uow, user| Box::pin(ensure_first(uow, user))).await
    }
}

/// False: there is a user, and so no token.
async fn set_token(uow: &mut UnitOfWork, digest: &str) -> Result<bool> {
    if uow.tx.any_user().await? {
        return Ok(false);
    }
    uow.tx.set_setting(SETTING, digest).await?;
    Ok(true)
}

async fn insert_first(uow: &mut UnitOfWork, administrator: &User, token: &str) -> Result<()> {
    if uow.tx.any_user().await? || !uow.tx.remove_setting(SETTING, token).await? {
        return Err(Error::SetupClosed);
    }
    user::insert(uow, administrator).await
}

/// False: there is a user already.
async fn ensure_first(uow: &mut UnitOfWork, administrator: &User) -> Result<bool> {
    if uow.tx.any_user().await? {
        return Ok(false);
    }
    user::insert(uow, administrator).await?;
    Ok(true)
}
