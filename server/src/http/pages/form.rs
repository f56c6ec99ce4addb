//! A form as a browser posts it, and its response.

use std::collections::BTreeMap;

use api_types::Problem;
use app::Submitted;
use axum::{
    RequestExt,
    extract::{FromRequest, Request},
    http::request::Parts,
    response::{IntoResponse, Redirect, Response},
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use services::Actor;

use super::render;
use crate::http::{
    AppState,
    shared::problem::{ApiError, to_problem},
};

/// Fields that may occur several times, each with one entry.
const LISTS: [&str; 3] = ["allowed_addresses", "numbers", "take"];
/// Fields that are never rendered again.
const SECRETS: [&str; 5] = ["password", "auth_password", "token", "api_key", "api_token"];

/// The fields in order, and the head of their request.
pub(super) struct Form {
    pub parts: Parts,
    fields: Vec<(String, String)>,
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let (parts, body) = request.with_limited_body().into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.map_err(|_| {
            Problem::new(413, "too_large", "Too large", "The form is longer than the 64 KiB that this page takes.")
        })?;
        let mut fields: Vec<(String, String)> = serde_urlencoded::from_bytes(&bytes).map_err(|error| {
            Problem::new(400, "malformed", "Malformed form", format!("The form did not arrive whole: {error}."))
        })?;
        // Browsers send every line break as CR LF (HTML, "constructing the entry list").
        for (_, value) in &mut fields {
            *value = value.replace("\r\n", "\n");
        }
        Ok(Self { parts, fields })
    }
}

impl Form {
    /// The input type of the JSON API. The last value of a repeated name counts (a checkbox after its hidden "false");
    /// the entries of a list are joined.
    pub(super) fn input<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let mut object = Map::new();
        for (name, value) in &self.fields {
            let value = match object.get(name).and_then(Value::as_str) {
                Some(earlier) if LISTS.contains(&name.as_str()) => format!("{earlier}\n{value}"),
                _ => value.clone(),
            };
            object.insert(name.clone(), Value::String(value));
        }
        serde_json::from_value(Value::Object(object)).map_err(|error| {
            Problem::new(400, "malformed", "Malformed form", format!("The form is not understood: {error}."))
        })
    }

    pub(super) fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn actor(&self) -> Option<&Actor> {
        self.parts.extensions.get()
    }

    /// Redirects after success; else renders the form at `address` again with its input.
    pub(super) async fn answer(
        self,
        state: &AppState,
        address: &str,
        outcome: Result<String, services::Error>,
    ) -> Response {
        match outcome {
            Ok(next) => Redirect::to(&next).into_response(),
            Err(services::Error::Unauthenticated) => super::to_login(state, address).await,
            Err(error) => self.back(state, address, to_problem(error)).await,
        }
    }

    pub(super) async fn back(self, state: &AppState, address: &str, problem: Problem) -> Response {
        self.again(state, address, Some(problem)).await
    }

    /// Renders the page at `address` with the input, to be confirmed.
    pub(super) async fn preview(self, state: &AppState, address: &str) -> Response {
        self.again(state, address, None).await
    }

    async fn again(self, state: &AppState, address: &str, problem: Option<Problem>) -> Response {
        let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in self.fields {
            if !SECRETS.contains(&name.as_str()) {
                fields.entry(name).or_default().push(value);
            }
        }
        render::page_at(state, &self.parts, address, Submitted { fields, problem }).await
    }
}
