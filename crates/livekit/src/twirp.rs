//! One Twirp call: protobuf over POST (<https://twitchtv.github.io/twirp/docs/spec_v7.html>).

use std::{error::Error as _, time::Duration};

use domain::Secret;
use prost::Message;
use reqwest::{Response, StatusCode, Url, header, redirect, retry};
use serde::Deserialize;

use crate::{Config, Error, config::is_loopback, token};

const PROTOBUF: &str = "application/protobuf";
/// Characters of a foreign answer that are kept: enough to recognise a gateway's error page.
const SNIPPET: usize = 160;
/// A connection that waits longer is not used again: whoever is in between may have closed it meanwhile, and a call on a
/// closed connection cannot be told from a lost answer.
const IDLE: Duration = Duration::from_secs(5);
/// Connecting gets its own, shorter limit: running into it is surely "nothing happened".
const CONNECT: Duration = Duration::from_secs(5);

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
        let mut http = reqwest::Client::builder()
            .timeout(config.timeout)
            .connect_timeout(CONNECT.min(config.timeout / 2))
            .pool_idle_timeout(IDLE)
            // A POST that is replayed or redirected may make a second trunk.
            .retry(retry::never())
            .redirect(redirect::Policy::none());
        if is_loopback(&endpoint) {
            http = http.no_proxy();
        }
        let http = http
            .build()
            .map_err(|error| Error::Config { message: format!("The HTTP client cannot start: {}", chain(&error)) })?;
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
        let response = self
            .http
            .post(url)
            .bearer_auth(&token)
            .header(header::CONTENT_TYPE, PROTOBUF)
            .body(request.encode_to_vec())
            .send()
            .await
            .map_err(|error| not_sent_or_lost(method, error))?;

        let status = response.status();
        let protobuf = is_protobuf(&response);
        let body = response.bytes().await.map_err(|error| Error::Lost {
            method,
            status: Some(status.as_u16()),
            message: chain(&error.without_url()),
        })?;
        if status != StatusCode::OK {
            return Err(classify(method, status, &String::from_utf8_lossy(&body).replace(&token, "…")));
        }
        if !protobuf {
            return Err(Error::Lost {
                method,
                status: Some(status.as_u16()),
                message: format!("something other than LiveKit answered: {}", snippet(&String::from_utf8_lossy(&body))),
            });
        }
        Answer::decode(body).map_err(|error| Error::Lost {
            method,
            status: Some(status.as_u16()),
            message: format!("the answer cannot be read: {error}"),
        })
    }
}

fn is_protobuf(response: &Response) -> bool {
    response.headers().get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(PROTOBUF.as_bytes()))
}

fn not_sent_or_lost(method: &'static str, error: reqwest::Error) -> Error {
    let connecting = error.is_connect() || error.is_builder();
    let timed_out = error.is_timeout();
    let message = chain(&error.without_url());
    match (connecting, timed_out) {
        (true, _) => Error::Unreachable { method, message },
        (false, true) => Error::Lost { method, status: None, message: "no answer in time".to_owned() },
        (false, false) => Error::Lost { method, status: None, message },
    }
}

/// Reads an answer that is not 200.
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
        // A gateway's page says nothing of what LiveKit did behind it.
        return Error::Lost { method, status: Some(number), message: format!("{number}: {message}") };
    }
    Error::Refused { method, status: number, code, message }
}

/// The first words of an answer, tags left out.
fn snippet(body: &str) -> String {
    let mut inside = false;
    let text: String = body
        .chars()
        .take(SNIPPET * 8)
        .map(|letter| {
            match letter {
                '<' => inside = true,
                '>' if inside => {
                    inside = false;
                    return ' ';
                }
                _ => {}
            }
            if inside || letter.is_control() { ' ' } else { letter }
        })
        .collect();
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(SNIPPET) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None if words.is_empty() => "an empty answer".to_owned(),
        None => words,
    }
}

/// An error and its causes in one line; reqwest's own words alone hide the cause.
fn chain(error: &reqwest::Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let words = error.to_string();
        if !line.contains(&words) {
            line = format!("{line}: {words}");
        }
        cause = error.source();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    const METHOD: &str = "CreateSIPInboundTrunk";

    fn answer(status: u16, body: &str) -> Error {
        classify(METHOD, StatusCode::from_u16(status).unwrap(), body)
    }

    #[test]
    fn a_twirp_error_is_a_refusal_in_livekits_words() {
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
    fn an_error_inside_livekit_leaves_open_what_happened() {
        let error = answer(500, r#"{"code":"internal","msg":"sip not connected (redis required)"}"#);
        assert_eq!((error.status(), error.code()), (Some(500), Some("internal")));
        assert!(error.is_transient() && error.may_have_happened());
        let error = answer(503, r#"{"code":"unavailable","msg":"busy"}"#);
        assert!(error.is_transient() && !error.may_have_happened());
    }

    #[test]
    fn a_gateways_page_is_a_lost_answer_with_its_status_and_words() {
        let error = answer(502, "<html><head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body></html>");
        assert_eq!(error.status(), Some(502));
        assert_eq!(error.message(), "502: 502 Bad Gateway nginx");
        assert!(error.is_transient() && error.may_have_happened());
    }

    #[test]
    fn a_bad_token_and_a_missing_grant_both_name_the_settings_to_check() {
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
    fn a_page_that_is_not_livekits_points_at_the_url() {
        let error = answer(404, "404 page not found\n");
        assert_eq!(error.to_string(), "What answers at LIVEKIT_URL is not LiveKit (404: 404 page not found).");
        assert!(!error.is_transient());
        assert!(answer(429, "slow down").is_transient());
        assert!(!answer(302, "").is_transient());
    }

    #[test]
    fn a_snippet_is_short_and_has_no_tags() {
        assert_eq!(snippet(""), "an empty answer");
        assert_eq!(snippet("<p class=\"x\">a</p>\n\n<p>b"), "a b");
        assert_eq!(snippet(&"é".repeat(400)).chars().count(), SNIPPET + 1);
    }
}
