use std::time::Duration;

use reqwest::{
    RequestBuilder, StatusCode,
    header::{self, HeaderMap},
};

use crate::{Failure, FailureKind};

/// Longer waits are ignored as a server's error.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(3600);

/// A complete response of any status.
#[derive(Debug)]
pub struct Reply {
    /// HTTP status.
    pub status: StatusCode,
    /// Header fields.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Vec<u8>,
}

/// Sends a request once and reads the response, of which the body may have `max_body` bytes.
///
/// # Errors
/// Where no complete response arrives; a status that is not 2xx is no error.
pub async fn send(request: RequestBuilder, max_body: usize) -> Result<Reply, Failure> {
    let mut response = request.send().await.map_err(|error| Failure::new(error, None))?;
    let (status, headers) = (response.status(), response.headers().clone());
    let code = Some(status.as_u16());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| Failure::new(error, code))? {
        if body.len() + chunk.len() > max_body {
            let message = format!("a response of more than {} KiB", max_body / 1024);
            return Err(Failure { kind: FailureKind::TooLarge, status: code, message });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Reply { status, headers, body })
}

impl Reply {
    /// The body; bytes that are not UTF-8 are replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Whether `Content-Type` has this media type, with or without parameters.
    pub fn has_content_type(&self, media_type: &str) -> bool {
        let value = self.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        value.is_some_and(|value| value.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(media_type))
    }

    /// `Retry-After` (RFC 9110 §10.2.3) in its form in seconds, from one second to an hour.
    pub fn retry_after(&self) -> Option<Duration> {
        let seconds = self.headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
        Some(Duration::from_secs(seconds)).filter(|wait| !wait.is_zero() && *wait <= LONGEST_RETRY_AFTER)
    }
}
