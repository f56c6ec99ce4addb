//! Digest credentials (RFC 3261 §22) of a carrier.

use std::{fmt, str::FromStr};

use crate::{Secret, field::FieldFault, text};

/// The username of digest credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SipUsername(String);

impl SipUsername {
    /// The username as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SipUsername {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for SipUsername {
    type Err = FieldFault;

    fn from_str(text: &str) -> Result<Self, FieldFault> {
        let text = text::plain(text, "the username", 128)?;
        if text.is_empty() {
            return Err(FieldFault::required("Enter the username that belongs to the password."));
        }
        if text.contains(['"', '\\']) || text.contains(char::is_whitespace) {
            return Err(FieldFault::new("bad_username", "A SIP username has no spaces, quotes or backslashes."));
        }
        Ok(Self(text))
    }
}

/// The password of digest credentials, 1 to 256 characters without control characters. It is not trimmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SipPassword(Secret);

impl SipPassword {
    /// Checks a password.
    ///
    /// # Errors
    /// `required`, `unprintable_character` or `too_long`.
    pub fn new(secret: Secret) -> Result<Self, FieldFault> {
        if secret.is_empty() {
            return Err(FieldFault::required(
                "Enter the password that belongs to the username: LiveKit takes a username without one as open to everybody.",
            ));
        }
        if secret.expose().chars().any(char::is_control) {
            return Err(FieldFault::new("unprintable_character", "Remove the line break or control character."));
        }
        if secret.expose().chars().count() > 256 {
            return Err(FieldFault::new("too_long", "Use a password of at most 256 characters."));
        }
        Ok(Self(secret))
    }

    /// The password as text.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// The password as a secret.
    pub fn into_secret(self) -> Secret {
        self.0
    }
}

/// Username and password. LiveKit does not authenticate calls to a trunk with a username alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SipCredentials {
    /// The username.
    pub username: SipUsername,
    /// The password.
    pub password: SipPassword,
}
