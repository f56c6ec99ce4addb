//! People who may use the console.

use std::sync::Arc;

use domain::{AuditAction, Email, FieldFault, Password, Role, UserId, view::UserView};
use store::{StoredUser, Tx};

use crate::{Error, Result, audit::Entry, core::Core, password_hash};

#[derive(Clone)]
pub struct Users {
    core: Arc<Core>,
}

impl Users {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// From the command line, which is the server's own.
    pub async fn add(&self, email: &Email, password: &Password, role: Role) -> Result<UserView> {
        let user = new_user(&self.core, email, password, role).await;
        let mut tx = self.core.store.write().await?;
        insert(&self.core, &mut tx, &user).await?;
        tx.commit().await?;
        Ok(user.view())
    }

    /// Likewise. Ends the person's sessions.
    pub async fn set_password(&self, email: &Email, password: &Password) -> Result<UserView> {
        let hash = password_hash::hash(password.expose().to_owned()).await;
        let mut tx = self.core.store.write().await?;
        let user = tx.user_by_email(email).await?.ok_or(Error::NotFound("user"))?;
        tx.set_password(&user.id, &hash, self.core.clock.now()).await?;
        let entry = Entry {
            action: AuditAction::PasswordChanged,
            subject_id: user.id.as_str(),
            subject_name: user.email.as_str(),
            before: None,
            after: None,
        };
        self.core.audit(&mut tx, None, entry).await?;
        tx.commit().await?;
        Ok(user.view())
    }
}

pub(crate) async fn new_user(core: &Core, email: &Email, password: &Password, role: Role) -> StoredUser {
    StoredUser {
        id: UserId::new(core.clock.ulid()),
        account_id: core.account.clone(),
        email: email.clone(),
        password_hash: password_hash::hash(password.expose().to_owned()).await,
        role,
    }
}

pub(crate) async fn insert(core: &Core, tx: &mut Tx, user: &StoredUser) -> Result<()> {
    if !tx.insert_user(user, core.clock.now()).await? {
        let message = "Somebody has that e-mail address already. Use `trunkline user passwd` to set a new password.";
        return Err(Error::field("email", FieldFault::new("email_taken", message)));
    }
    let entry = Entry {
        action: AuditAction::Created,
        subject_id: user.id.as_str(),
        subject_name: user.email.as_str(),
        before: None,
        after: serde_json::to_value(user.view()).ok(),
    };
    core.audit(tx, None, entry).await
}
