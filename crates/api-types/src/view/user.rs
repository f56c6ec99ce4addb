use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::input::Text;
use domain::{Role, Secret, UserId, secret};

/// The person at the console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserView {
    pub id: UserId,
    pub email: String,
    pub role: Role,
}

/// `POST /api/v1/auth/login` answers this; the same token is in the cookie `access_token`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Login {
    pub access_token: String,
    pub user: UserView,
}

/// What `POST /api/v1/auth/login` takes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct LoginInput {
    #[serde(default)]
    #[schema(value_type = String, format = Email, required)]
    pub email: Text,
    #[serde(default, serialize_with = "secret::expose")]
    #[schema(value_type = String, format = Password, required)]
    pub password: Secret,
}

/// The first administrator.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct SetupInput {
    /// From the address that the server prints at its first start; good once.
    #[serde(default, serialize_with = "secret::expose")]
    #[schema(value_type = String, required)]
    pub token: Secret,
    #[serde(default)]
    #[schema(value_type = String, format = Email, required)]
    pub email: Text,
    #[serde(default, serialize_with = "secret::expose")]
    #[schema(value_type = String, format = Password, required)]
    pub password: Secret,
}
