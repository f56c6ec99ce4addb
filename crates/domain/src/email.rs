//! What a person logs in with.

use std::{fmt, str::FromStr};

use crate::{field::FieldFault, text};

/// Lower case; shaped `something@host`, no more: only a delivered letter proves an address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
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
            return Err(FieldFault::required("Give an e-mail address."));
        }
        let shaped = text.split_once('@').is_some_and(|(local, host)| {
            !local.is_empty() && !host.is_empty() && !host.contains('@') && !text.contains(char::is_whitespace)
        });
        if shaped {
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
    fn an_address_has_one_at_sign_and_no_blank() {
        assert_eq!(" Ops@Example.com ".parse::<Email>().unwrap().as_str(), "ops@example.com");
        for bad in ["", "ops", "@example.com", "ops@", "a b@example.com", "a@b@c", "a@b\0"] {
            assert!(bad.parse::<Email>().is_err(), "{bad:?}");
        }
    }
}
