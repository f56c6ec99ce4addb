use crate::error_chain;

/// A request without a complete response.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// What went wrong.
    pub kind: FailureKind,
    /// HTTP status, where the head of the response arrived.
    pub status: Option<u16>,
    /// The error and its causes in one line, without the URL.
    pub message: String,
}

/// The kinds of [`Failure`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// No connection: an unknown name, a closed port, or no answer within the time to connect.
    Connect,
    /// The connection was made, the TLS handshake failed.
    Tls,
    /// No complete response within the time-out.
    Timeout,
    /// The connection broke before the response was complete.
    Interrupted,
    /// The body is larger than the caller's limit.
    TooLarge,
}

impl Failure {
    pub(crate) fn new(error: reqwest::Error, status: Option<u16>) -> Self {
        let (connecting, timed_out) = (error.is_connect() || error.is_builder(), error.is_timeout());
        let message = error_chain(&error.without_url());
        let (kind, message) = match (connecting, timed_out) {
            (true, true) => (FailureKind::Connect, "no connection in time".to_owned()),
            (true, false) if is_tls(&message) => (FailureKind::Tls, message),
            (true, false) => (FailureKind::Connect, message),
            (false, true) => (FailureKind::Timeout, "no response in time".to_owned()),
            (false, false) => (FailureKind::Interrupted, message),
        };
        Self { kind, status, message }
    }

    /// False where the request was certainly not sent. Where it is true, and the request was to change something, the
    /// change may have been made.
    pub fn may_have_been_received(&self) -> bool {
        !matches!(self.kind, FailureKind::Connect | FailureKind::Tls)
    }
}

/// reqwest does not expose rustls's error type, only its message.
fn is_tls(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    ["certificate", "tls", "handshake", "corrupt message", "fatal alert"].iter().any(|word| message.contains(word))
}
