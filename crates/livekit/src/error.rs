//! What can go wrong between Trunkline and LiveKit, told so that an operator knows what to do.

use thiserror::Error as ThisError;

/// Each variant keeps the HTTP status, the Twirp code and the message where there were any; none ever holds a secret or a
/// token.
#[derive(Clone, Debug, ThisError, PartialEq, Eq)]
pub enum Error {
    /// LiveKit, or something in its place, answered "no".
    #[error("{}", refused(*status, code.as_deref(), message))]
    Refused {
        method: &'static str,
        status: u16,
        /// Twirp's code, such as `invalid_argument`; none where the answer did not come from LiveKit.
        code: Option<String>,
        message: String,
    },
    /// 401 or 403: nothing was changed.
    #[error(
        "LiveKit did not let Trunkline in ({status}: {message}). Check LIVEKIT_API_KEY and LIVEKIT_API_SECRET, that the \
         key may manage SIP, and that both clocks are right."
    )]
    Unauthorized { method: &'static str, status: u16, code: Option<String>, message: String },
    /// No connection came about: nothing was changed.
    #[error("LiveKit cannot be reached ({message}). Check LIVEKIT_URL and that LiveKit is running.")]
    Unreachable { method: &'static str, message: String },
    /// The call went out, and no complete answer came back.
    #[error("LiveKit's answer to {method} was lost ({message}); the change may or may not have been made.")]
    Lost {
        method: &'static str,
        /// Of the gateway that answered in LiveKit's place, if one did.
        status: Option<u16>,
        message: String,
    },
    /// The settings cannot be used; no call was made.
    #[error("{message}.")]
    Config { message: String },
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
    /// HTTP status, where there was an answer.
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

    /// LiveKit's own words, or what the network said.
    pub fn message(&self) -> &str {
        match self {
            Self::Refused { message, .. }
            | Self::Unauthorized { message, .. }
            | Self::Unreachable { message, .. }
            | Self::Lost { message, .. }
            | Self::Config { message } => message,
        }
    }

    /// The same call may succeed later without anybody changing anything.
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

    /// The change may have been made all the same: look before trying again. Besides lost answers this is an error inside
    /// LiveKit, which may strike after its store was written.
    pub fn may_have_happened(&self) -> bool {
        match self {
            Self::Lost { .. } => true,
            Self::Refused { code, .. } => code.as_deref().is_some_and(outcome_is_unknown),
            Self::Unauthorized { .. } | Self::Unreachable { .. } | Self::Config { .. } => false,
        }
    }
}

fn outcome_is_unknown(code: &str) -> bool {
    matches!(code, "internal" | "unknown" | "dataloss" | "deadline_exceeded" | "canceled")
}
