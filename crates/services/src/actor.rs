//! Who acts.

use api_types::view::UserView;
use domain::{AccountId, Role, SessionId};

use crate::{Error, Result};

/// An authenticated user.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The account whose rows the user may see.
    pub account_id: AccountId,
    /// The user, with the role.
    pub user: UserView,
    /// The session that a logout ends.
    pub session_id: SessionId,
}

impl Actor {
    pub(crate) fn require(&self, role: Role) -> Result<()> {
        if self.user.role >= role { Ok(()) } else { Err(Error::Forbidden { needs: role }) }
    }
}
