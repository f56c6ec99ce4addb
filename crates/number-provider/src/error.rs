//! Errors of providers. Their messages say what an operator can do; none contains a secret.

use std::time::Duration;

use http_client::{Failure, FailureKind};
use thiserror::Error;

/// Why a provider did not do what it was asked.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ProviderError {
    /// The provider refused, and nothing was changed.
    #[error("{message}")]
    Refused {
        /// The provider's code: `21422`, or an HTTP status where it has none.
        code: String,
        /// The reason and the remedy.
        message: String,
        /// The field of the input at fault: `phone_number`, `country_code`, `area_code`, `pattern` or `number_type`.
        field: Option<&'static str>,
    },
    /// The provider does not accept the credentials, or the account may not do this. Nothing was changed.
    #[error("{message}")]
    CredentialsRefused {
        /// The provider's code.
        code: String,
        /// The reason and the remedy.
        message: String,
    },
    /// The provider refused because there were too many requests. Nothing was changed.
    #[error("{message}")]
    RateLimited {
        /// The reason and the remedy.
        message: String,
        /// How long the provider asks to wait.
        retry_after: Option<Duration>,
    },
    /// The request was not sent.
    #[error("{message}")]
    NotSent {
        /// The reason and the remedy.
        message: String,
    },
    /// A request that changes nothing failed; it may be repeated.
    #[error("{message}")]
    Unavailable {
        /// The reason and the remedy.
        message: String,
    },
    /// There was no valid response to a request that changes something: the change may have been made.
    #[error("{message}")]
    OutcomeUnknown {
        /// The reason and the remedy.
        message: String,
    },
}

impl ProviderError {
    /// Stable code, which the API's problems contain.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused { .. } => "provider_refused",
            Self::CredentialsRefused { .. } => "provider_credentials_refused",
            Self::RateLimited { .. } => "provider_rate_limited",
            Self::NotSent { .. } => "provider_unreachable",
            Self::Unavailable { .. } => "provider_unavailable",
            Self::OutcomeUnknown { .. } => "provider_outcome_unknown",
        }
    }

    /// How long the provider asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Whether the provider may have made the change.
    pub fn is_outcome_unknown(&self) -> bool {
        matches!(self, Self::OutcomeUnknown { .. })
    }

    /// A request without a complete response. `provider` is its name; `changes` says whether the request was to change
    /// something.
    pub fn unanswered(provider: &str, failure: &Failure, changes: bool) -> Self {
        let reason = &failure.message;
        match failure.kind {
            FailureKind::Connect => Self::NotSent {
                message: format!(
                    "{provider} cannot be reached ({reason}). Check that this server resolves its name and may connect to it on port 443."
                ),
            },
            FailureKind::Tls => Self::NotSent {
                message: format!(
                    "No secure connection to {provider} could be made ({reason}). Check this server's clock and certificate authorities."
                ),
            },
            FailureKind::Timeout | FailureKind::Interrupted | FailureKind::TooLarge => {
                Self::failed(provider, &format!("the response was incomplete: {reason}"), changes)
            }
        }
    }

    /// The request was sent, and the provider failed or what answered is not its API.
    pub fn failed(provider: &str, reason: &str, changes: bool) -> Self {
        match changes {
            true => Self::OutcomeUnknown {
                message: format!(
                    "{provider} may or may not have made the change ({reason}). Check at {provider} before you repeat it."
                ),
            },
            false => Self::Unavailable {
                message: format!(
                    "{provider} did not answer as it should ({reason}). Try again later; its status page may say more."
                ),
            },
        }
    }
}
