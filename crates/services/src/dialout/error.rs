//! Why no call was placed, or why it is not known.

use api_types::Problem;
use domain::{FieldErrors, FieldFault, PacingLimit};
use thiserror::Error;

use crate::LookupError;

/// When to try again where a channel may become free at any time.
const CHANNEL_RETRY_SECONDS: i64 = 5;

/// An outbound call that was not placed, or whose outcome is unknown.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DialoutError {
    /// The number is one of an emergency service.
    #[error("an emergency number")]
    EmergencyNumber,
    /// There is no secret to authenticate to the fleet with.
    #[error("no core secret is configured")]
    NoCoreSecret,
    /// No carrier can place the call.
    #[error(transparent)]
    NoTrunk(LookupError),
    /// The carrier's pacing refuses the call.
    #[error("the carrier's limit is reached")]
    Paced {
        /// Which limit.
        limit: PacingLimit,
        /// The limit in words: "2 calls per second".
        allowed: String,
        /// When the next call may be accepted.
        retry_after_millis: i64,
    },
    /// The fleet answered that it does not place the call, or that the call failed.
    #[error("the fleet answered {status}: {error}")]
    Refused {
        /// HTTP status of the answer.
        status: u16,
        /// `error` of the answer.
        error: String,
        /// `Retry-After` of the answer.
        retry_after_seconds: Option<i64>,
    },
    /// The fleet may or may not have placed the call.
    #[error("the fleet's answer was lost: {reason}")]
    AnswerLost {
        /// What went wrong.
        reason: String,
    },
}

impl DialoutError {
    /// When the same request may succeed.
    pub(crate) fn retry_after_seconds(&self) -> Option<i64> {
        match self {
            Self::Paced { limit: PacingLimit::Rate, retry_after_millis, .. } => Some((retry_after_millis + 999) / 1000),
            Self::Paced { limit: PacingLimit::Channels, .. } => Some(CHANNEL_RETRY_SECONDS),
            Self::NoTrunk(error) => error.retry_after_seconds(),
            Self::Refused { retry_after_seconds, .. } => *retry_after_seconds,
            _ => None,
        }
    }

    /// The fleet was asked: the same request may not be executed again.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Refused { .. } | Self::AnswerLost { .. })
    }
}

impl From<DialoutError> for Problem {
    fn from(error: DialoutError) -> Self {
        match error {
            DialoutError::EmergencyNumber => {
                let detail = "This is an emergency number, or begins like one. Bots do not call emergency services.";
                Self::new(422, "emergency_number", "Emergency number", detail)
                    .with_errors(FieldErrors::one("to_number", FieldFault::new("emergency_number", detail)))
            }
            DialoutError::NoCoreSecret => Self::new(
                503,
                "no_core_secret",
                "No core secret",
                "The fleet cannot be asked: start the server with the secret that the fleet expects (TRUNKLINE_CORE_SECRET).",
            ),
            // 404 would say that the address is wrong.
            DialoutError::NoTrunk(error) => {
                let status = if error.retry_after_seconds().is_some() { 503 } else { 409 };
                Self { status, ..Self::from(error) }
            }
            DialoutError::Paced { limit: PacingLimit::Rate, allowed, .. } => Self::new(
                429,
                "rate_limited",
                "Calls per second are limited",
                format!("The carrier places at most {allowed}. Wait as long as Retry-After says."),
            ),
            DialoutError::Paced { limit: PacingLimit::Channels, allowed, .. } => Self::new(
                429,
                "channels_busy",
                "All channels are in use",
                format!("The carrier places at most {allowed}. Try again when a call has ended."),
            ),
            DialoutError::Refused { status, error, .. } => {
                Self::new(status, "fleet_refused", "The fleet did not place the call", error)
            }
            DialoutError::AnswerLost { reason } => Self::new(
                502,
                "outcome_unknown",
                "The call may have been placed",
                format!(
                    "The fleet was asked and its answer was lost ({reason}), so the call may have been placed. It is not \
                     dialed again: check the call before you send another request."
                ),
            ),
        }
    }
}
