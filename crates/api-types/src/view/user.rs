use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::SessionView;
use crate::input::Text;
use domain::{Role, Secret, Timestamp, UserId, UserState, secret};

/// A user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserView {
    /// Id of the row.
    pub id: UserId,
    /// The user's e-mail address.
    pub email: String,
    /// What the user may do.
    pub role: Role,
}

/// The response of `POST /api/v1/auth/login`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Login {
    /// A JWT, for the header `Authorization: Bearer`. The cookie `access_token` has the same one.
    pub access_token: String,
    /// The user who has logged in.
    pub user: UserView,
}

/// The body of `POST /api/v1/auth/login`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct LoginInput {
    /// The user's e-mail address.
    #[serde(default)]
    #[schema(value_type = String, format = Email, required)]
    pub email: Text,
    /// The user's password.
    #[serde(default, serialize_with = "secret::expose")]
    #[schema(value_type = String, format = Password, required)]
    pub password: Secret,
}

/// The form of the first administrator.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct SetupInput {
    /// The token of the URL that the server prints at its first start. It is valid once.
    #[serde(default, serialize_with = "secret::expose")]
    #[schema(value_type = String, required)]
    pub token: Secret,
    /// The administrator's e-mail address.
    #[serde(default)]
    #[schema(value_type = String, format = Email, required)]
    pub email: Text,
    /// The new password.
    #[serde(default, serialize_with = "secret::expose")]
    #[schema(value_type = String, format = Password, required)]
    pub password: Secret,
}

/// A user as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserDetail {
    /// Id of the row.
    pub id: UserId,
    /// The user's e-mail address.
    pub email: String,
    /// What the user may do.
    pub role: Role,
    /// Whether the user can log in.
    pub state: UserState,
    /// When the last request of a session came, some minutes late; null for never.
    pub last_seen_at: Option<Timestamp>,
    /// How many sessions have not ended.
    pub sessions: i64,
    /// How many API keys the user has made, also by other keys. They may do no more than the user.
    pub api_keys: i64,
    /// When the user's one-time link expires; null where there is none.
    pub link_expires_at: Option<Timestamp>,
    /// When the user was added.
    pub created_at: Timestamp,
    /// Increases with each change of role or state.
    pub version: i64,
}

/// `GET /api/v1/users`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserPage {
    /// All users, by e-mail address.
    pub items: Vec<UserDetail>,
    /// How many there are.
    pub total: i64,
}

/// A user with the sessions: the page of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserAccess {
    /// The user.
    pub user: UserDetail,
    /// The sessions that have not ended, the one that was used last first.
    pub sessions: Vec<SessionView>,
}

/// A new one-time link. No other response contains it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserLink {
    /// The address to pass on to the user, who sets a password there.
    #[serde(serialize_with = "secret::expose")]
    #[schema(value_type = String, example = "https://trunkline.example.com/invitation?token=…")]
    pub url: Secret,
    /// When the link expires.
    pub expires_at: Timestamp,
    /// The user.
    pub user: UserDetail,
}

/// What a one-time link is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PasswordLinkView {
    /// Whose password it sets.
    pub email: String,
    /// Whether it is the first password, after an invitation.
    pub is_invitation: bool,
}
