//! People who may use the console.

use std::sync::Arc;

use api_types::view::UserView;
use domain::{AuditAction, Email, FieldFault, Password, Role, UserId};
use store::{StoredUser, Tx};

use crate::{Error, Result, audit::Entry, context::Context, password_hash};

#[derive(Clone)]
pub struct Users {
    context: Arc<Context>,
}

impl Users {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// From the command line, which is the server's own.
    pub async fn add(&self, email: &Email, password: &Password, role: Role) -> Result<UserView> {
        let user = new_user(&self.context, email, password, role).await;
        let mut tx = self.context.store.write().await?;
        insert(&self.context, &mut tx, &user).await?;
        tx.commit().await?;
        Ok(view(&user))
    }

    /// Likewise. Ends the person's sessions.
    pub async fn set_password(&self, email: &Email, password: &Password) -> Result<UserView> {
        let hash = password_hash::hash(password.expose().to_owned()).await;
        let mut tx = self.context.store.write().await?;
        let user = tx.user_by_email(email).await?.ok_or(Error::NotFound("user"))?;
        tx.set_password(&user.id, &hash, self.context.clock.now()).await?;
        let entry = Entry {
            action: AuditAction::PasswordChanged,
            subject_id: user.id.as_str(),
            subject_name: user.email.as_str(),
            before: None,
            after: None,
        };
        self.context.audit(&mut tx, None, entry).await?;
        tx.commit().await?;
        Ok(view(&user))
    }
}

/// The user without the password hash.
pub(crate) fn view(user: &StoredUser) -> UserView {
    UserView { id: user.id.clone(), email: user.email.to_string(), role: user.role }
}

pub(crate) async fn new_user(context: &Context, email: &Email, password: &Password, role: Role) -> StoredUser {
    StoredUser {
        id: UserId::new(context.clock.ulid()),
        account_id: context.account.clone(),
        email: email.clone(),
        password_hash: password_hash::hash(password.expose().to_owned()).await,
        role,
    }
}

pub(crate) async fn insert(context: &Context, tx: &mut Tx, user: &StoredUser) -> Result<()> {
    if !tx.insert_user(user, context.clock.now()).await? {
        let message = "Somebody has that e-mail address already. Use `trunkline user passwd` to set a new password.";
        return Err(Error::field("email", FieldFault::new("email_taken", message)));
    }
    let entry = Entry {
        action: AuditAction::Created,
        subject_id: user.id.as_str(),
        subject_name: user.email.as_str(),
        before: None,
        after: serde_json::to_value(view(user)).ok(),
    };
    context.audit(tx, None, entry).await
}
