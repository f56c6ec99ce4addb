//! Passwords of users.

use crate::{Secret, field::FieldFault};

/// 12 to 200 characters of any kind (NIST SP 800-63B §3.1.1.2: length, no composition rules).
#[derive(Clone, Debug)]
pub struct Password(Secret);

impl Password {
    /// The fewest characters.
    pub const MIN: usize = 12;
    /// The most characters. Limits the work of argon2id for a request without a session.
    pub const MAX: usize = 200;

    /// Checks the length.
    ///
    /// # Errors
    /// `required`, `too_short` or `too_long`.
    pub fn new(secret: Secret) -> Result<Self, FieldFault> {
        let length = secret.expose().chars().count();
        if length == 0 {
            return Err(FieldFault::required("Choose a password of at least 12 characters."));
        }
        if length < Self::MIN {
            return Err(FieldFault::new(
                "too_short",
                format!("Use at least {} characters; this has {length}.", Self::MIN),
            ));
        }
        if length > Self::MAX {
            return Err(FieldFault::new(
                "too_long",
                format!("Use at most {} characters; this has {length}.", Self::MAX),
            ));
        }
        Ok(Self(secret))
    }

    /// The password as text.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_length_is_checked() {
        let code = |text: &str| Password::new(Secret::new(text)).map(|_| "ok").unwrap_or_else(|fault| fault.code);
        assert_eq!(code("correct horse"), "ok");
        assert_eq!(code("पासवर्ड बहुत लंबा"), "ok");
        assert_eq!(code(""), "required");
        assert_eq!(code("short"), "too_short");
        assert_eq!(code(&"x".repeat(201)), "too_long");
    }
}
