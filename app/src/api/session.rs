use api_types::{
    Problem,
    view::{Login, LoginInput},
};

use super::http;

/// The response sets the session cookie.
pub async fn login(input: LoginInput) -> Result<Login, Problem> {
    http::send("POST", "/api/v1/auth/login", &input).await
}
