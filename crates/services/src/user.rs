//! Users of the console.

use std::sync::Arc;

use api_types::view::UserView;
use domain::{AuditAction, Email, FieldFault, Password, Role, User, UserId};

use crate::{
    Error, Result,
    context::Context,
    password_hash,
    snapshot::UserSnapshot,
    unit_of_work::{Entry, UnitOfWork},
};

/// Use cases of users.
#[derive(Clone)]
pub struct Users {
    context: Arc<Context>,
}

impl Users {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
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

    /// Sets a password, from the command line. Ends the user's sessions.
    pub async fn set_password(&self, email: &Email, password: &Password) -> Result<UserView> {
        let hash = password_hash::hash(password.expose().to_owned()).await;
        let input = (email.clone(), hash);
        self.context.transact(None, input, |uow, (email, hash)| Box::pin(set_password(uow, email, hash))).await
    }
}

async fn set_password(uow: &mut UnitOfWork, email: &Email, hash: &str) -> Result<UserView> {
    let user = uow.tx.user_by_email(email).await?.ok_or(Error::NotFound("user"))?;
    uow.tx.set_password(&user.id, hash, uow.now()).await?;
    let (subject_id, subject_name) = (user.id.as_str(), user.email.as_str());
    let entry = Entry { action: AuditAction::PasswordChanged, subject_id, subject_name, before: None, after: None };
    uow.audit::<()>(entry).await?;
    Ok(view(&user))
}

/// The user without the password hash.
pub(crate) fn view(user: &User) -> UserView {
    UserView { id: user.id.clone(), email: user.email.to_string(), role: user.role }
}

pub(crate) async fn new_user(context: &Context, email: &Email, password: &Password, role: Role) -> User {
    User {
        id: UserId::new(context.clock.ulid()),
        account_id: context.account.clone(),
        email: email.clone(),
        password_hash: password_hash::hash(password.expose().to_owned()).await,
        role,
    }
}

pub(crate) async fn insert(uow: &mut UnitOfWork, user: &User) -> Result<()> {
    if !uow.tx.insert_user(user, uow.now()).await? {
        let message = "Somebody has that e-mail address already. Use `trunkline user passwd` to set a new password.";
        return Err(Error::field("email", FieldFault::new("email_taken", message)));
    }
    let (subject_id, subject_name) = (user.id.as_str(), user.email.as_str());
    let after = Some(UserSnapshot::new(user));
    uow.audit(Entry { action: AuditAction::Created, subject_id, subject_name, before: None, after }).await
}
