//! E-mail addresses of users.

use std::{fmt, str::FromStr};

use crate::{field::FieldFault, text};

/// An address in lower case. Only the form `local@host` is checked, since only a delivered message proves an address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Email {
    type Err = FieldFault;

    fn from_str(text: &str) -> Result<Self, FieldFault> {
        let text = text::plain(text, "the e-mail address", 254)?.to_lowercase();
        if text.is_empty() {
            return Err(FieldFault::required("Enter an e-mail address."));
        }
        let is_address = text.split_once('@').is_some_and(|(local, host)| {
            !local.is_empty() && !host.is_empty() && !host.contains('@') && !text.contains(char::is_whitespace)
        });
        if is_address {
            Ok(Self(text))
        } else {
            Err(FieldFault::new("bad_email", "Write an e-mail address, such as ops@example.com."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_without_one_at_sign_is_rejected() {
        assert_eq!(" Ops@Example.com ".parse::<Email>().unwrap().as_str(), "ops@example.com");
        for bad in ["", "ops", "@example.com", "ops@", "a b@example.com", "a@b@c", "a@b\0"] {
            assert!(bad.parse::<Email>().is_err(), "{bad:?}");
        }
    }
}
