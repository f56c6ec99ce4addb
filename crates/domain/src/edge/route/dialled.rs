//! Called numbers as devices and carriers send them.

use crate::{
    Country, PhoneNumber, emergency_number::is_emergency_number_of, field::FieldFault, is_emergency_number, text,
};

/// Emergency numbers in every country's networks (3GPP TS 22.101 §10.1).
const EVERYWHERE: [&str; 2] = ["112", "911"];
/// The digits of an E.164 number (ITU-T E.164 §6).
const E164_DIGITS: std::ops::RangeInclusive<usize> = 4..=15;

/// A called number: what was dialled, and its E.164 form where it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialled {
    text: String,
    e164: Option<String>,
}

impl Dialled {
    /// The longest number, in characters.
    pub const MAX: usize = 32;

    /// Reads a number, or the user of a `sip:` or `tel:` URI. `+34…` and `0034…` have an E.164 form, and with a country the
    /// numbers that are valid in it.
    ///
    /// # Errors
    /// The text has other characters than digits, `*`, `#` and separators, or is too long.
    pub fn read(given: &str, country: Option<Country>) -> Result<Self, FieldFault> {
        let text = text::plain(user(given), "the number", 64)?;
        let text: String = text.chars().filter(|character| !" -.()".contains(*character)).collect();
        let digits = text.strip_prefix('+').unwrap_or(&text);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'*' || byte == b'#') {
            return Err(FieldFault::new("bad_number", "A number has digits, * and #, and + at the start only."));
        }
        if text.len() > Self::MAX {
            return Err(FieldFault::new("too_long", format!("A number has at most {} characters.", Self::MAX)));
        }
        let e164 = e164(&text, country);
        Ok(Self { text, e164 })
    }

    /// What was dialled, without separators.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// With `+`.
    pub fn e164(&self) -> Option<&str> {
        self.e164.as_deref()
    }

    /// The E.164 form, else what was dialled.
    pub fn canonical(&self) -> &str {
        self.e164().unwrap_or(&self.text)
    }

    /// Whether it is an emergency number of the country, dialled exactly; without a country, 112 or 911.
    pub fn is_local_emergency(&self, country: Option<Country>) -> bool {
        let digits = self.text.strip_prefix('+').unwrap_or(&self.text);
        EVERYWHERE.contains(&digits) || country.is_some_and(|country| is_emergency_number_of(digits, country))
    }

    /// Whether a call to it may reach an emergency service anywhere ([`is_emergency_number`]).
    pub fn is_emergency(&self, country: Option<Country>) -> bool {
        is_emergency_number(&self.text, country.as_slice())
            || self.e164().is_some_and(|e164| is_emergency_number(e164, &[]))
    }
}

/// The user of a URI (RFC 3261 §19.1, RFC 3966), or the text itself.
fn user(text: &str) -> &str {
    let scheme = |name: &str| {
        let (scheme, rest) = text.split_once(':')?;
        scheme.eq_ignore_ascii_case(name).then_some(rest)
    };
    let user = scheme("sip").or_else(|| scheme("sips")).or_else(|| scheme("tel")).unwrap_or(text);
    user.split(['@', ';']).next().unwrap_or_default()
}

fn e164(text: &str, country: Option<Country>) -> Option<String> {
    let international = text.strip_prefix('+').or_else(|| text.strip_prefix("00"));
    if let Some(digits) = international {
        let is_number = E164_DIGITS.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        if is_number && !digits.starts_with('0') {
            return Some(format!("+{digits}"));
        }
    }
    let number = PhoneNumber::parse(text, Some(country?)).ok()?;
    number.e164().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn country(code: &str) -> Option<Country> {
        (!code.is_empty()).then(|| code.parse().unwrap())
    }

    fn read(text: &str, code: &str) -> (String, Option<String>) {
        let dialled = Dialled::read(text, country(code)).unwrap();
        (dialled.text().to_owned(), dialled.e164().map(str::to_owned))
    }

    #[test]
    fn international_forms_have_one_e164_form() {
        for text in [
            "+34911234567",
            "0034911234567",
            "+34 911-23 45.67",
            "tel:+34911234567;phone-context=x",
            "sip:+34911234567@h:5060",
        ] {
            assert_eq!(read(text, "").1.as_deref(), Some("+34911234567"), "{text}");
        }
        assert_eq!(read("01134911234567", "US").1.as_deref(), Some("+34911234567"));
        assert_eq!(read("911234567", "ES").1.as_deref(), Some("+34911234567"));
        assert_eq!(read("4155550123", "US").1.as_deref(), Some("+14155550123"));
    }

    #[test]
    fn other_digits_have_no_e164_form() {
        for (text, code) in
            [("911234567", ""), ("1001", ""), ("*97", "ES"), ("+34*1", ""), ("000123", ""), ("+0123456", "")]
        {
            assert_eq!(read(text, code).1, None, "{text}");
        }
    }

    #[test]
    fn other_text_is_refused() {
        for text in
            ["", "+", "alice", "1+2", "\u{661}\u{662}\u{663}", "1001\r\nX: 1", "1\0", "sip:@h", "tel:", "[::1]", "１２"]
        {
            assert!(Dialled::read(text, None).is_err(), "{text:?}");
        }
        assert!(Dialled::read(&"1".repeat(300), None).is_err());
        assert!(Dialled::read(&"1".repeat(65_536), None).is_err());
        assert!(Dialled::read(&"1".repeat(33), None).is_err());
    }

    #[test]
    fn local_emergency_numbers_are_those_of_the_country() {
        let is_local = |text: &str, code: &str| Dialled::read(text, None).unwrap().is_local_emergency(country(code));
        assert!(is_local("112", "") && is_local("911", "DE") && is_local("110", "DE"));
        assert!(!is_local("110", "") && !is_local("110", "US") && !is_local("1121", "DE"));
        assert!(Dialled::read("110", None).unwrap().is_emergency(None));
        assert!(Dialled::read("001911", None).unwrap().is_emergency(None));
    }
}
