//! Users.

use std::fmt;

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
    /// PHC string (argon2id).
    pub password_hash: String,
    /// What the user may do.
    pub role: Role,
}

/// Without the password hash.
impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, account_id, email, password_hash: _, role } = self;
        f.debug_struct("User")
            .field("id", id)
            .field("account_id", account_id)
            .field("email", email)
            .field("role", role)
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
        };
        let shown = format!("{user:?}");
        assert!(shown.contains("ops@example.com") && !shown.contains("argon2id"), "{shown}");
    }
}
