//! One Twirp call: protobuf over POST (<https://twitchtv.github.io/twirp/docs/spec_v7.html>).

use domain::Secret;
use http_client::{Failure, FailureKind, Redactor, Reply, error_chain, send, snippet};
use prost::Message;
use reqwest::{StatusCode, Url, header};
use serde::Deserialize;

use crate::{Config, Error, token};

const PROTOBUF: &str = "application/protobuf";
/// Bytes of one response. 1,000 trunks, which is one page, have less than 2 MB; the open-source server ignores pages.
const MAX_RESPONSE: usize = 64 * 1024 * 1024;

/// Twirp's error body; `meta` is not needed for trunks and rules.
#[derive(Deserialize)]
struct TwirpError {
    code: String,
    #[serde(default)]
    msg: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Twirp {
    http: reqwest::Client,
    endpoint: Url,
    api_key: String,
    api_secret: Secret,
}

impl Twirp {
    pub fn new(config: Config) -> Result<Self, Error> {
        let endpoint = config.endpoint()?;
        if config.api_key.is_empty() || config.api_secret.is_empty() {
            return Err(Error::Config {
                message: "LIVEKIT_API_KEY and LIVEKIT_API_SECRET must both be set".to_owned(),
            });
        }
        let http = http_client::builder(config.timeout, [&endpoint]).build().map_err(|error| Error::Config {
            message: format!("The HTTP client cannot start: {}", error_chain(&error)),
        })?;
        Ok(Self { http, endpoint, api_key: config.api_key, api_secret: config.api_secret })
    }

    /// Calls `livekit.SIP/<method>` once.
    ///
    /// # Errors
    /// Each variant of [`Error`], except that [`Error::Config`] can only mean a secret that cannot sign.
    pub async fn call<Answer: Message + Default>(
        &self,
        method: &'static str,
        request: &impl Message,
    ) -> Result<Answer, Error> {
        let url = self.endpoint.join(method).map_err(|_| Error::Config { message: format!("{method} is no path") })?;
        let token = token::sign(&self.api_key, &self.api_secret)?;
        let request = self
            .http
            .post(url)
            .bearer_auth(&token)
            .header(header::CONTENT_TYPE, PROTOBUF)
            .body(request.encode_to_vec());
        let reply = send(request, MAX_RESPONSE).await.map_err(|failure| unanswered(method, failure))?;
        decode(method, &reply, &Redactor::new([token]))
    }
}

fn decode<Answer: Message + Default>(
    method: &'static str,
    reply: &Reply,
    redactor: &Redactor,
) -> Result<Answer, Error> {
    if reply.status != StatusCode::OK {
        return Err(classify(method, reply.status, &redactor.redact(&reply.text())));
    }
    let lost = |message: String| Error::Lost { method, status: Some(reply.status.as_u16()), message };
    if !reply.has_content_type(PROTOBUF) {
        return Err(lost(format!("the response is not LiveKit's: {}", redactor.snippet(&reply.text()))));
    }
    Answer::decode(reply.body.as_slice()).map_err(|error| lost(format!("the response cannot be decoded: {error}")))
}

fn unanswered(method: &'static str, failure: Failure) -> Error {
    let Failure { kind, status, message } = failure;
    match kind {
        FailureKind::Connect | FailureKind::Tls => Error::Unreachable { method, message },
        FailureKind::Timeout | FailureKind::Interrupted | FailureKind::TooLarge => {
            Error::Lost { method, status, message }
        }
    }
}

/// The error of a response that is not 200.
fn classify(method: &'static str, status: StatusCode, body: &str) -> Error {
    let twirp: Option<TwirpError> = serde_json::from_str(body).ok();
    let (code, message) = match twirp {
        Some(TwirpError { code, msg }) => (Some(code), msg),
        None => (None, snippet(body)),
    };
    let number = status.as_u16();
    if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
        return Error::Unauthorized { method, status: number, code, message };
    }
    if code.is_none() && status.is_server_error() {
        // A gateway's page does not say what LiveKit did.
        return Error::Lost { method, status: Some(number), message: format!("{number}: {message}") };
    }
    Error::Refused { method, status: number, code, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    const METHOD: &str = "CreateSIPInboundTrunk";

    fn answer(status: u16, body: &str) -> Error {
        classify(METHOD, StatusCode::from_u16(status).unwrap(), body)
    }

    #[test]
    fn twirp_error_is_refused_with_livekits_message() {
        let error = answer(400, r#"{"code":"invalid_argument","msg":"missing trunk","meta":{"a":"b"}}"#);
        assert_eq!(
            error,
            Error::Refused {
                method: METHOD,
                status: 400,
                code: Some("invalid_argument".to_owned()),
                message: "missing trunk".to_owned()
            }
        );
        assert_eq!(error.to_string(), "LiveKit refused: missing trunk (400 invalid_argument).");
        assert!(!error.is_transient() && !error.may_have_happened());
    }

    #[test]
    fn internal_error_may_have_happened() {
        let error = answer(500, r#"{"code":"internal","msg":"sip not connected (redis required)"}"#);
        assert_eq!((error.status(), error.code()), (Some(500), Some("internal")));
        assert!(error.is_transient() && error.may_have_happened());
        let error = answer(503, r#"{"code":"unavailable","msg":"busy"}"#);
        assert!(error.is_transient() && !error.may_have_happened());
    }

    #[test]
    fn gateway_page_is_lost_with_its_status_and_text() {
        let error = answer(502, "<html><head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body></html>");
        assert_eq!(error.status(), Some(502));
        assert_eq!(error.message(), "502: 502 Bad Gateway nginx");
        assert!(error.is_transient() && error.may_have_happened());
    }

    #[test]
    fn bad_token_and_missing_grant_name_the_settings() {
        for (status, body) in [
            (401, "invalid API key: other"),
            (401, r#"{"code":"unauthenticated","msg":"permissions denied"}"#),
            (403, r#"{"code":"permission_denied","msg":"no"}"#),
        ] {
            let error = answer(status, body);
            assert!(matches!(error, Error::Unauthorized { .. }) && !error.is_transient(), "{error:?}");
            assert!(error.to_string().contains("LIVEKIT_API_KEY"), "{error}");
        }
    }

    #[test]
    fn foreign_response_names_the_url() {
        let error = answer(404, "404 page not found\n");
        assert_eq!(error.to_string(), "What answers at LIVEKIT_URL is not LiveKit (404: 404 page not found).");
        assert!(!error.is_transient());
        assert!(answer(429, "slow down").is_transient());
        assert!(!answer(302, "").is_transient());
    }
}
