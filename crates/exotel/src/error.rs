//! Errors of calls to Exotel. Their messages say what an operator can do.

use std::time::Duration;

use thiserror::Error as ThisError;

/// A failed call. No variant contains a key, a token or a whole response. All calls only read, so each may be repeated.
#[derive(Clone, Debug, ThisError, PartialEq, Eq)]
pub enum Error {
    /// Exotel, or another server at its address, refused the call.
    #[error("{}", refused(*status, code.as_deref(), message, *retry_after))]
    Refused {
        /// HTTP status, or the one in the body where that says 200.
        status: u16,
        /// Exotel's code, such as `UNAUTHORIZED` or `1010`.
        code: Option<String>,
        /// First words of Exotel's message.
        message: String,
        /// `Retry-After`, mostly with 429.
        retry_after: Option<Duration>,
    },
    /// A response that is not the API's: a login page or a proxy's.
    #[error(
        "What answered is not Exotel's API ({message}). Check that no proxy or login page stands between this server and \
         Exotel, and where TRUNKLINE_EXOTEL_URL is set, that it is right."
    )]
    Unreadable {
        /// HTTP status.
        status: u16,
        /// First words of the response.
        message: String,
    },
    /// No connection.
    #[error(
        "Exotel cannot be reached ({message}). Check that this server resolves the subdomain's name and may connect to it \
         on port 443."
    )]
    Unreachable {
        /// The network's error.
        message: String,
    },
    /// The TLS handshake failed.
    #[error(
        "No secure connection to Exotel could be made ({message}). Check this server's clock and certificate authorities, and \
         that no proxy puts a certificate of its own in between."
    )]
    Tls {
        /// The handshake's error.
        message: String,
    },
    /// No complete response within the time-out.
    #[error(
        "Exotel did not answer within {} seconds. Try again; if it persists, check status.exotel.com and the firewall.",
        after.as_secs_f32()
    )]
    Timeout {
        /// The time-out.
        after: Duration,
    },
    /// The connection broke before the response was complete.
    #[error("Exotel's response broke off ({message}). Try again.")]
    Lost {
        /// The network's error.
        message: String,
    },
    /// The configuration is invalid; nothing was sent.
    #[error("{message}.")]
    Config {
        /// Names the setting and the remedy.
        message: String,
    },
}

fn refused(status: u16, code: Option<&str>, message: &str, retry_after: Option<Duration>) -> String {
    let reason = match code {
        Some(code) => format!("{status} {code}: {message}"),
        None => format!("{status}: {message}"),
    };
    match status {
        401 if is_about_the_account(code, message) => format!(
            "Exotel says that the account SID does not belong to this key ({reason}). Copy the account SID again from API \
             settings in Exotel's dashboard."
        ),
        401 => format!(
            "Exotel refused the API key or token ({reason}). Copy both again from API settings in Exotel's dashboard, and check \
             the subdomain shown there: one cluster does not know the other's keys."
        ),
        402 => format!(
            "Exotel wants the account topped up or on a larger plan first ({reason}). Do so in Exotel's dashboard."
        ),
        403 => format!(
            "Exotel accepts the key, but does not permit the call ({reason}). Check in Exotel's dashboard that the account's KYC is \
             verified and that the account is not suspended; if both are fine, ask Exotel to allow the key the ExoPhones API."
        ),
        404 => format!(
            "Exotel has no such account at this subdomain ({reason}). Check the account SID, and whether the account lives in \
             Mumbai or in Singapore."
        ),
        429 => {
            let wait = retry_after.map_or("a minute".to_owned(), |wait| format!("{} seconds", wait.as_secs().max(1)));
            format!("Exotel was asked too often ({reason}). Wait {wait}, and try again.")
        }
        300..=399 => format!(
            "The server redirects to another address ({reason}), to which no key is sent. Check the subdomain, and where \
             TRUNKLINE_EXOTEL_URL is set, that it is right."
        ),
        500.. => format!("Exotel has a fault of its own ({reason}). Try again later; status.exotel.com says more."),
        _ => format!("Exotel refused ({reason})."),
    }
}

/// `INVALID_ACCOUNT_SID`, "Account SID is invalid or does not match credentials".
fn is_about_the_account(code: Option<&str>, message: &str) -> bool {
    code.is_some_and(|code| code.contains("ACCOUNT_SID")) || message.to_ascii_lowercase().contains("account sid")
}

impl Error {
    /// Stable code, which the API's problems contain.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused { status: 401, .. } => "exotel_unauthorized",
            Self::Refused { status: 402, .. } => "exotel_payment_required",
            Self::Refused { status: 403, .. } => "exotel_forbidden",
            Self::Refused { status: 404, .. } => "exotel_account_unknown",
            Self::Refused { status: 429, .. } => "exotel_rate_limited",
            Self::Refused { status: 500.., .. } => "exotel_failed",
            Self::Refused { .. } => "exotel_refused",
            Self::Unreadable { .. } => "exotel_unreadable",
            Self::Unreachable { .. } => "exotel_unreachable",
            Self::Tls { .. } => "exotel_tls",
            Self::Timeout { .. } => "exotel_timeout",
            Self::Lost { .. } => "exotel_lost",
            Self::Config { .. } => "exotel_config",
        }
    }

    /// HTTP status, where there was a response.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } | Self::Unreadable { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// How long Exotel asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_says_what_to_do() {
        for (status, code, message, expected, remedy) in [
            (401, None, "Authentication failed", "exotel_unauthorized", "Copy both again"),
            (401, Some("INVALID_ACCOUNT_SID"), "no", "exotel_unauthorized", "Copy the account SID again"),
            (402, None, "no", "exotel_payment_required", "topped up"),
            (403, None, "no", "exotel_forbidden", "KYC"),
            (404, None, "no", "exotel_account_unknown", "Mumbai or in Singapore"),
            (429, None, "no", "exotel_rate_limited", "Wait a minute"),
            (302, None, "no", "exotel_refused", "no key is sent"),
            (503, None, "no", "exotel_failed", "status.exotel.com"),
            (418, None, "no", "exotel_refused", "418"),
        ] {
            let code = code.map(str::to_owned);
            let error = Error::Refused { status, code, message: message.to_owned(), retry_after: None };
            assert_eq!(error.code(), expected);
            assert!(error.to_string().contains(remedy), "{error}");
        }
    }
}
