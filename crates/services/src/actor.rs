//! Who acts.

use api_types::view::{ActorView, ApiKeyActor, Change, ChangedNoun, UserView};
use domain::{AccountId, Action, ActorId, Requester, Role, SessionId, Timestamp, UserId};

use crate::{Error, Result};

/// An authenticated user, or an API key.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The account whose rows the actor may see.
    pub account_id: AccountId,
    /// What was authenticated.
    pub principal: Principal,
}

/// What a request is authenticated as.
#[derive(Clone, Debug)]
pub enum Principal {
    /// A user with a session.
    User {
        /// The user, with the role.
        user: UserView,
        /// The session that a logout ends.
        session_id: SessionId,
    },
    /// An API key.
    ApiKey {
        /// The key, with its role.
        key: ApiKeyActor,
        /// When the key stops working; None for never.
        expires_at: Option<Timestamp>,
        /// The user behind the key, who created it or the key that created it; None where that is not known.
        user_id: Option<UserId>,
    },
}

impl Actor {
    /// What the actor may do.
    pub fn role(&self) -> Role {
        match &self.principal {
            Principal::User { user, .. } => user.role,
            Principal::ApiKey { key, .. } => key.role,
        }
    }

    /// The id, as the audit log has it.
    pub fn id(&self) -> ActorId {
        match &self.principal {
            Principal::User { user, .. } => ActorId::User(user.id.clone()),
            Principal::ApiKey { key, .. } => ActorId::ApiKey(key.id.clone()),
        }
    }

    /// The name, as the audit log has it: an e-mail address, or a key's name and prefix.
    pub fn name(&self) -> String {
        match &self.principal {
            Principal::User { user, .. } => user.email.clone(),
            Principal::ApiKey { key, .. } => format!("{} ({})", key.name, key.prefix),
        }
    }

    /// The user; None for an API key.
    pub fn user(&self) -> Option<&UserView> {
        match &self.principal {
            Principal::User { user, .. } => Some(user),
            Principal::ApiKey { .. } => None,
        }
    }

    /// The user, for an API key the one behind it: to whom the rows belong that the actor creates.
    pub fn user_id(&self) -> Option<&UserId> {
        match &self.principal {
            Principal::User { user, .. } => Some(&user.id),
            Principal::ApiKey { user_id, .. } => user_id.as_ref(),
        }
    }

    /// The actor as rows and audit entries name it, also after the request.
    pub(crate) fn requester(&self) -> Requester {
        Requester { actor: Some(self.id()), name: self.name(), user_id: self.user_id().cloned() }
    }

    /// The actor as the API shows it.
    pub fn view(&self) -> ActorView {
        match &self.principal {
            Principal::User { user, .. } => ActorView::User(user.clone()),
            Principal::ApiKey { key, .. } => ActorView::ApiKey(key.clone()),
        }
    }

    pub(crate) fn require(&self, action: Action) -> Result<()> {
        self.require_role(action.role())
    }

    /// For what depends on another row's role: none may be given that is above the actor's own.
    pub(crate) fn require_role(&self, role: Role) -> Result<()> {
        if self.role() >= role { Ok(()) } else { Err(Error::Forbidden { needs: role }) }
    }

    /// Whether the change may have ended what the actor was authenticated with.
    pub(crate) fn is_concerned_by(&self, change: &Change) -> bool {
        let (noun, id) = match &self.principal {
            Principal::User { user, .. } => (ChangedNoun::Session, user.id.as_str()),
            Principal::ApiKey { key, .. } => (ChangedNoun::ApiKey, key.id.as_str()),
        };
        change.noun == ChangedNoun::All || (change.noun == noun && change.id == id)
    }
}
