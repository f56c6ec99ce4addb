use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::input::Text;
use domain::{Role, Secret, UserId, secret};

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
