//! What can go wrong between Trunkline and Exotel, told so that an operator knows what to do.

use std::time::Duration;

use thiserror::Error as ThisError;

/// No variant ever holds a key, a token or a whole answer. Nothing is ever changed at Exotel, so whoever fails may just
/// try again.
#[derive(Clone, Debug, ThisError, PartialEq, Eq)]
pub enum Error {
    /// Exotel, or something in its place, answered "no".
    #[error("{}", refused(*status, code.as_deref(), message, *retry_after))]
    Refused {
        status: u16,
        /// Exotel's own, such as `UNAUTHORIZED` or `1010`.
        code: Option<String>,
        message: String,
        /// How long Exotel asks to wait, with 429.
        retry_after: Option<Duration>,
    },
    /// An answer that is not the API's: a page, a portal, a proxy.
    #[error(
        "What answered is not Exotel's API ({message}). Check that no proxy or login page stands between this server and \
         Exotel, and where TRUNKLINE_EXOTEL_URL is set, that it is right."
    )]
    Unreadable { status: u16, message: String },
    #[error(
        "Exotel cannot be reached ({message}). Check that this server resolves the subdomain's name and may connect to it \
         on port 443."
    )]
    Unreachable { message: String },
    #[error(
        "No secure connection to Exotel came about ({message}). Check this server's clock and certificate authorities, and \
         that no proxy puts a certificate of its own in between."
    )]
    Tls { message: String },
    #[error(
        "Exotel did not answer within {} seconds. Try again; if it stays, look at status.exotel.com and at the firewall.",
        after.as_secs_f32()
    )]
    Timeout { after: Duration },
    /// The answer began, or the connection stood, and then it broke.
    #[error("Exotel's answer broke off ({message}). Try again.")]
    Lost { message: String },
    /// The settings cannot be used; no call was made.
    #[error("{message}.")]
    Config { message: String },
}

fn refused(status: u16, code: Option<&str>, message: &str, retry_after: Option<Duration>) -> String {
    let said = match code {
        Some(code) => format!("{status} {code}: {message}"),
        None => format!("{status}: {message}"),
    };
    match status {
        401 if is_about_the_account(code, message) => format!(
            "Exotel says that the account SID does not belong to this key ({said}). Copy the account SID again from API \
             settings in Exotel's dashboard."
        ),
        401 => format!(
            "Exotel refused the API key or token ({said}). Copy both again from API settings in Exotel's dashboard, and check \
             the subdomain shown there: one cluster does not know the other's keys."
        ),
        402 => format!(
            "Exotel wants the account topped up or on a larger plan first ({said}). See to it in Exotel's dashboard."
        ),
        403 => format!(
            "Exotel knows the key, but does not let it in ({said}). Check in Exotel's dashboard that the account's KYC is \
             verified and that the account is not suspended; if both are fine, ask Exotel to allow the key the ExoPhones API."
        ),
        404 => format!(
            "Exotel knows no such account at this subdomain ({said}). Check the account SID, and whether the account lives in \
             Mumbai or in Singapore."
        ),
        429 => {
            let wait = retry_after.map_or("a minute".to_owned(), |wait| format!("{} seconds", wait.as_secs().max(1)));
            format!("Exotel was asked too often ({said}). Wait {wait}, and try again.")
        }
        300..=399 => format!(
            "What answers sends Trunkline to another address ({said}), where no key is sent. Check the subdomain, and where \
             TRUNKLINE_EXOTEL_URL is set, that it is right."
        ),
        500.. => format!("Exotel has a fault of its own ({said}). Try again later; status.exotel.com says more."),
        _ => format!("Exotel refused ({said})."),
    }
}

/// `INVALID_ACCOUNT_SID`, "Account SID is invalid or does not match credentials".
fn is_about_the_account(code: Option<&str>, message: &str) -> bool {
    code.is_some_and(|code| code.contains("ACCOUNT_SID")) || message.to_ascii_lowercase().contains("account sid")
}

impl Error {
    /// For programs; the API's problems have it as their code.
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

    /// HTTP status, where there was an answer.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } | Self::Unreadable { status, .. } => Some(*status),
            _ => None,
        }
    }

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
