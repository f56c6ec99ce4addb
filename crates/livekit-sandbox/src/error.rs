//! Twirp's errors (<https://twitchtv.github.io/twirp/docs/errors.html>).

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    code: String,
    msg: String,
    /// `METHOD /path`, with `bad_route`.
    route: Option<String>,
}

impl Refusal {
    pub fn new(code: impl Into<String>, msg: impl Into<String>) -> Self {
        Self { code: code.into(), msg: msg.into(), route: None }
    }

    pub fn invalid(msg: impl Into<String>) -> Self {
        Self::new("invalid_argument", msg)
    }

    pub fn bad_route(msg: impl Into<String>, route: String) -> Self {
        Self { route: Some(route), ..Self::new("bad_route", msg) }
    }

    pub fn permission() -> Self {
        Self::new("unauthenticated", "permissions denied")
    }

    pub fn no_trunk() -> Self {
        Self::new("not_found", "requested sip trunk does not exist")
    }

    pub fn no_rule() -> Self {
        Self::new("not_found", "requested sip dispatch rule does not exist")
    }
}

fn status(code: &str) -> StatusCode {
    match code {
        "invalid_argument" | "malformed" | "out_of_range" => StatusCode::BAD_REQUEST,
        "unauthenticated" => StatusCode::UNAUTHORIZED,
        "permission_denied" => StatusCode::FORBIDDEN,
        "not_found" | "bad_route" => StatusCode::NOT_FOUND,
        "canceled" | "deadline_exceeded" => StatusCode::REQUEST_TIMEOUT,
        "already_exists" | "aborted" => StatusCode::CONFLICT,
        "failed_precondition" => StatusCode::PRECONDITION_FAILED,
        "resource_exhausted" => StatusCode::TOO_MANY_REQUESTS,
        "unimplemented" => StatusCode::NOT_IMPLEMENTED,
        "unavailable" => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = status(&self.code);
        let mut body = json!({ "code": self.code, "msg": self.msg });
        if let Some(route) = self.route {
            body["meta"] = json!({ "twirp_invalid_route": route });
        }
        (status, Json(body)).into_response()
    }
}

/// A failed check. LiveKit has two kinds of errors for it, which become different responses.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// Go's `errors.New`.
    Plain(String),
    /// `psrpc.NewErrorf(InvalidArgument, …)`.
    Coded(String),
}

impl Fault {
    pub fn plain(msg: impl Into<String>) -> Self {
        Self::Plain(msg.into())
    }

    /// Of a request: always `invalid_argument`.
    pub fn in_request(self) -> Refusal {
        match self {
            Self::Plain(msg) | Self::Coded(msg) => Refusal::invalid(msg),
        }
    }

    /// Of the result of an `update`: LiveKit returns the bare error, which Twirp wraps.
    pub fn in_result(self) -> Refusal {
        match self {
            Self::Plain(msg) => Refusal::new("unknown", msg),
            Self::Coded(msg) => Refusal::invalid(format!("twirp error unknown: {msg}")),
        }
    }
}
