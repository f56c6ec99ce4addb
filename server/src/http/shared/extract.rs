//! Extractors: from requests to the inputs of services. Every rejection is a problem.

use std::str::FromStr;

use api_types::Problem;
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Path, Query, Request, rejection::BytesRejection},
    http::{StatusCode, header, request::Parts},
};
use serde::de::DeserializeOwned;
use services::Actor;

use super::{limits, problem::ApiError};

/// The actor of the request; 401 without a valid session or API key.
pub(crate) struct Caller(pub Actor);

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parts.extensions.get::<Actor>().cloned().map(Self).ok_or_else(|| services::Error::Unauthenticated.into())
    }
}

/// A JSON body. Rejects with 415 (another media type), 413 (too long) or 400 (not JSON, or of the wrong shape).
pub(crate) struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = json_object(request, state).await?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| malformed(&error))
    }
}

/// The body of a request, which claims to be a JSON object.
pub(in crate::http) async fn json_object<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ApiError> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence != "application/json" && !essence.ends_with("+json") {
        let detail = "Send the body as JSON, with Content-Type: application/json.";
        return Err(Problem::new(415, "unsupported_media_type", "Not JSON", detail).into());
    }
    let bytes = Bytes::from_request(request, state).await.map_err(|rejection| unreadable(&rejection, limits::BODY))?;
    // serde accepts an array as a struct's fields in order.
    if !bytes.trim_ascii_start().starts_with(b"{") {
        return Err(malformed(&"an object is expected"));
    }
    Ok(bytes)
}

fn malformed(reason: &dyn std::fmt::Display) -> ApiError {
    let detail = format!("The body is not the JSON that this route accepts: {reason}.");
    Problem::new(400, "malformed", "Malformed body", detail).into()
}

pub(in crate::http) fn unreadable(rejection: &BytesRejection, limit: usize) -> ApiError {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        let detail = format!("The body is longer than {} KiB.", limit / 1024);
        return Problem::new(413, "too_large", "Too large", detail).into();
    }
    Problem::new(400, "malformed", "Malformed body", "The body is incomplete.").into()
}

/// The query string; 400 if a parameter has the wrong shape.
pub(crate) struct Params<T>(pub T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        Query::try_from_uri(&parts.uri).map(|Query(value)| Self(value)).map_err(|rejection| {
            let detail = format!("The query is invalid: {}.", rejection.body_text());
            Problem::new(400, "malformed", "Malformed query", detail).into()
        })
    }
}

/// An id in the path; 404 if it is malformed.
pub(crate) struct Id<T>(pub T);

impl<S: Send + Sync, T: FromStr> FromRequestParts<S> for Id<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Path(text) =
            <Path<String> as FromRequestParts<S>>::from_request_parts(parts, state).await.map_err(|_| missing())?;
        text.parse().map(Self).map_err(|_| missing())
    }
}

/// Two ids in the path, such as a carrier's and its DID's; 404 if one is malformed.
pub(crate) struct Ids<T, U>(pub T, pub U);

impl<S: Send + Sync, T: FromStr, U: FromStr> FromRequestParts<S> for Ids<T, U> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Path((first, second)) = <Path<(String, String)> as FromRequestParts<S>>::from_request_parts(parts, state)
            .await
            .map_err(|_| missing())?;
        match (first.parse(), second.parse()) {
            (Ok(first), Ok(second)) => Ok(Self(first, second)),
            _ => Err(missing()),
        }
    }
}

fn missing() -> ApiError {
    services::Error::NotFound("row").into()
}
