//! Users.

use std::fmt;

use serde::{Deserialize, Serialize};
use strum::{EnumIter, IntoStaticStr};

use crate::{AccountId, Email, Role, UserId};

/// A person with a login to the console.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// Id of the row.
    pub id: UserId,
    /// The account of the row.
    pub account_id: AccountId,
    /// Unique in the whole database.
    pub email: Email,
    /// PHC string (argon2id); empty for a user who has not accepted the invitation.
    pub password_hash: String,
    /// What the user may do.
    pub role: Role,
    /// False: the user cannot log in, and the user's API keys are refused.
    pub is_active: bool,
    /// Increases with each change of the role or the state.
    pub version: i64,
}

impl User {
    /// What pages show of the user.
    pub fn state(&self) -> UserState {
        match (self.is_active, self.password_hash.is_empty()) {
            (false, _) => UserState::Disabled,
            (true, true) => UserState::Invited,
            (true, false) => UserState::Active,
        }
    }
}

/// Whether a user can log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, IntoStaticStr)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum UserState {
    /// The user can log in.
    Active,
    /// The user has no password yet.
    Invited,
    /// An administrator has disabled the user.
    Disabled,
}

impl UserState {
    /// The spelling in JSON: `active`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The spelling on pages: `Active`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Invited => "Invited",
            Self::Disabled => "Disabled",
        }
    }
}

/// Without the password hash.
impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, account_id, email, password_hash: _, role, is_active, version } = self;
        f.debug_struct("User")
            .field("id", id)
            .field("account_id", account_id)
            .field("email", email)
            .field("role", role)
            .field("is_active", is_active)
            .field("version", version)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    #[test]
    fn debug_leaves_out_the_password_hash() {
        let ulid = Ulid::from_parts(1, 1);
        let user = User {
            id: UserId::new(ulid),
            account_id: AccountId::new(ulid),
            email: "ops@example.com".parse().unwrap(),
            password_hash: "$argon2id$".to_owned(),
            role: Role::Viewer,
            is_active: true,
            version: 1,
        };
        let shown = format!("{user:?}");
        assert!(shown.contains("ops@example.com") && !shown.contains("argon2id"), "{shown}");
    }
}
