//! Whoever asks.

use api_types::view::UserView;
use domain::{AccountId, Role, SessionId};

use crate::{Error, Result};

/// A person who has proved who they are.
#[derive(Clone, Debug)]
pub struct Actor {
    pub account_id: AccountId,
    pub user: UserView,
    pub session_id: SessionId,
}

impl Actor {
    pub(crate) fn require(&self, role: Role) -> Result<()> {
        if self.user.role >= role { Ok(()) } else { Err(Error::Forbidden { needs: role }) }
    }
}
