//! Errors of calls to LiveKit. Their messages say what an operator can do.

use thiserror::Error as ThisError;

/// A failed call. `method` is the Twirp method (`CreateSIPInboundTrunk`), `status` the HTTP status. No variant contains a
/// secret or a token.
#[derive(Clone, Debug, ThisError, PartialEq, Eq)]
pub enum Error {
    /// LiveKit, or another server at its address, refused the call.
    #[error("{}", refused(*status, code.as_deref(), message))]
    Refused {
        /// Twirp method.
        method: &'static str,
        /// HTTP status.
        status: u16,
        /// Twirp's code, such as `invalid_argument`; None where the response is not LiveKit's.
        code: Option<String>,
        /// LiveKit's message, or the first words of another server's response.
        message: String,
    },
    /// 401 or 403: nothing was changed.
    #[error(
        "LiveKit refused Trunkline's key ({status}: {message}). Check LIVEKIT_API_KEY and LIVEKIT_API_SECRET, that the \
         key may manage SIP, and that both clocks are right."
    )]
    Unauthorized {
        /// Twirp method.
        method: &'static str,
        /// HTTP status.
        status: u16,
        /// Twirp's code; None for a bad token, which is answered in plain text.
        code: Option<String>,
        /// LiveKit's message.
        message: String,
    },
    /// No connection: nothing was changed.
    #[error("LiveKit cannot be reached ({message}). Check LIVEKIT_URL and that LiveKit is running.")]
    Unreachable {
        /// Twirp method.
        method: &'static str,
        /// The network's error.
        message: String,
    },
    /// The request was sent, and no complete response arrived.
    #[error("{}", lost(method, message))]
    Lost {
        /// Twirp method.
        method: &'static str,
        /// HTTP status, where a response began: mostly a gateway's.
        status: Option<u16>,
        /// The network's error, or the first words of the gateway's response.
        message: String,
    },
    /// The configuration is invalid; nothing was sent.
    #[error("{message}.")]
    Config {
        /// Names the setting and the remedy.
        message: String,
    },
}

fn lost(method: &str, message: &str) -> String {
    if is_read(method) {
        format!(
            "LiveKit's answer to {method} was lost ({message}). Check that LiveKit is running and that LIVEKIT_URL is its \
             address."
        )
    } else {
        format!("LiveKit's answer to {method} was lost ({message}); the change may or may not have been made.")
    }
}

fn is_read(method: &str) -> bool {
    method.starts_with("List") || method.starts_with("Get")
}

fn refused(status: u16, code: Option<&str>, message: &str) -> String {
    match code {
        Some("bad_route") => {
            format!("What answers at LIVEKIT_URL has no SIP API of LiveKit's there: {message} ({status} bad_route).")
        }
        Some(code) => format!("LiveKit refused: {message} ({status} {code})."),
        None => format!("What answers at LIVEKIT_URL is not LiveKit ({status}: {message})."),
    }
}

impl Error {
    /// HTTP status, where there was a response.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } | Self::Unauthorized { status, .. } => Some(*status),
            Self::Lost { status, .. } => *status,
            Self::Unreachable { .. } | Self::Config { .. } => None,
        }
    }

    /// Twirp's code (<https://twitchtv.github.io/twirp/docs/errors.html>), where LiveKit gave one.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused { code, .. } | Self::Unauthorized { code, .. } => code.as_deref(),
            Self::Unreachable { .. } | Self::Lost { .. } | Self::Config { .. } => None,
        }
    }

    /// LiveKit's message, or the network's error.
    pub fn message(&self) -> &str {
        match self {
            Self::Refused { message, .. }
            | Self::Unauthorized { message, .. }
            | Self::Unreachable { message, .. }
            | Self::Lost { message, .. }
            | Self::Config { message } => message,
        }
    }

    /// LiveKit did not answer, or only to say that it is not available; so it has refused nothing.
    pub fn is_unreachable(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Lost { .. } => true,
            Self::Refused { status, code, .. } => match code.as_deref() {
                Some(code) => matches!(code, "unavailable" | "deadline_exceeded" | "canceled"),
                None => matches!(status, 408 | 425 | 429),
            },
            Self::Unauthorized { .. } | Self::Config { .. } => false,
        }
    }

    /// The same call may succeed later without any change.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Lost { .. } => true,
            Self::Refused { status, code, .. } => match code.as_deref() {
                Some(code) => {
                    matches!(code, "unavailable" | "resource_exhausted" | "aborted") || outcome_is_unknown(code)
                }
                None => matches!(status, 408 | 425 | 429),
            },
            Self::Unauthorized { .. } | Self::Config { .. } => false,
        }
    }

    /// The change may have been made all the same, so that the caller has to list before it tries again: after a lost
    /// response, and after an internal error of LiveKit, which can follow its write. Reads change nothing.
    pub fn may_have_happened(&self) -> bool {
        match self {
            Self::Lost { method, .. } => !is_read(method),
            Self::Refused { method, code, .. } => !is_read(method) && code.as_deref().is_some_and(outcome_is_unknown),
            Self::Unauthorized { .. } | Self::Unreachable { .. } | Self::Config { .. } => false,
        }
    }
}

fn outcome_is_unknown(code: &str) -> bool {
    matches!(code, "internal" | "unknown" | "dataloss" | "deadline_exceeded" | "canceled")
}
