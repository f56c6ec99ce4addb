//! Bodies of the SIP edge: forms or JSON.

use api_types::Problem;
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::header,
};
use serde::de::DeserializeOwned;

use crate::http::shared::{extract::unreadable, limits, problem::ApiError};

/// A form or a JSON object of at most `LIMIT` bytes, which the route's `DefaultBodyLimit` enforces. Rejects with 415 (another media type), 413 (too long) or
/// 400 (malformed, a field twice, or of the wrong shape).
pub(super) struct EdgeBody<T, const LIMIT: usize = { limits::EDGE_BODY }>(pub T);

impl<S: Send + Sync, T: DeserializeOwned, const LIMIT: usize> FromRequest<S> for EdgeBody<T, LIMIT> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let essence = kind.split(';').next().unwrap_or_default().trim();
        let is_form = essence.eq_ignore_ascii_case("application/x-www-form-urlencoded");
        if !is_form && !essence.eq_ignore_ascii_case("application/json") {
            let detail = "Send the body as application/json or as application/x-www-form-urlencoded.";
            return Err(Problem::new(415, "unsupported_media_type", "Neither form nor JSON", detail).into());
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| unreadable(&rejection, LIMIT))?;
        parse(is_form, &bytes).map(Self)
    }
}

fn parse<T: DeserializeOwned>(is_form: bool, bytes: &[u8]) -> Result<T, ApiError> {
    if is_form {
        return serde_urlencoded::from_bytes(bytes).map_err(|error| malformed(&error));
    }
    // serde accepts an array as a struct's fields in order.
    if !bytes.trim_ascii_start().starts_with(b"{") {
        return Err(malformed(&"an object is expected"));
    }
    serde_json::from_slice(bytes).map_err(|error| malformed(&error))
}

fn malformed(reason: &dyn std::fmt::Display) -> ApiError {
    let detail = format!("The body is not what this path accepts: {reason}.");
    Problem::new(400, "malformed", "Malformed body", detail).into()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq, Eq)]
    #[serde(rename_all = "camelCase")]
    struct Call {
        call_id: String,
        seq: Option<u32>,
    }

    #[test]
    fn form_and_json_are_the_same() {
        let call = Call { call_id: "a b".to_owned(), seq: Some(7) };
        assert_eq!(parse::<Call>(true, b"callId=a+b&seq=7").ok().unwrap(), call);
        assert_eq!(parse::<Call>(false, br#"{"callId":"a b","seq":7}"#).ok().unwrap(), call);
    }

    #[test]
    fn malformed_body_is_rejected() {
        for (is_form, body) in [
            (true, "seq=7"),
            (true, "callId=a&callId=b"),
            (true, "callId=a&seq=x"),
            (false, r#"["a", 7]"#),
            (false, r#"{"callId":"a","callId":"b"}"#),
            (false, r#"{"callId":"#),
        ] {
            assert!(parse::<Call>(is_form, body.as_bytes()).is_err(), "{body}");
        }
        let deep = format!(r#"{{"callId":"a","x":{}"#, "[".repeat(5_000));
        assert!(parse::<Call>(false, deep.as_bytes()).is_err());
    }
}
