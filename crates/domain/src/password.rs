//! A person's password.

use crate::{Secret, field::FieldFault};

/// 12 to 200 characters, whatever they are (NIST SP 800-63B §3.1.1.2: length, no composition rules).
#[derive(Clone, Debug)]
pub struct Password(Secret);

impl Password {
    pub const MIN: usize = 12;
    /// Bounds what a stranger can make argon2id chew on.
    pub const MAX: usize = 200;

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

    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_is_all_that_counts() {
        let code = |text: &str| Password::new(Secret::new(text)).map(|_| "ok").unwrap_or_else(|fault| fault.code);
        assert_eq!(code("correct horse"), "ok");
        assert_eq!(code("पासवर्ड बहुत लंबा"), "ok");
        assert_eq!(code(""), "required");
        assert_eq!(code("short"), "too_short");
        assert_eq!(code(&"x".repeat(201)), "too_long");
    }
}
