//! What a text may mean as a phone number.

use domain::{Country, FieldFault, PhoneNumber};

/// One meaning of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// [`PhoneNumber::key`].
    pub key: String,
    /// The carrier's country in which the text means this number. None: in every country.
    pub country: Option<Country>,
}

/// Every meaning of the text: as it stands, and as carriers of these countries write it.
///
/// # Errors
/// The fault of the text as it stands, where it is no phone number in any country.
pub(super) fn readings(text: &str, countries: &[Country]) -> Result<Vec<Reading>, FieldFault> {
    let mut readings: Vec<Reading> = Vec::new();
    let mut fault = None;
    let mut read = |text: &str, country: Option<Country>| match PhoneNumber::parse(text, country) {
        Ok(number) => {
            let key = number.key();
            if !readings.iter().any(|known| known.key == key && (known.country.is_none() || known.country == country)) {
                readings.push(Reading { key: key.to_owned(), country });
            }
        }
        Err(refused) => drop(fault.get_or_insert(refused)),
    };
    read(text, None);
    if let Some(digits) = unencoded_plus(text) {
        read(&format!("+{digits}"), None);
    }
    // With a plus it is the same number everywhere.
    if !text.trim_start().starts_with('+') {
        for country in countries {
            read(text, Some(*country));
        }
    }
    match fault {
        Some(fault) if readings.is_empty() => Err(fault),
        _ => Ok(readings),
    }
}

/// A plus that a client did not encode arrives as a blank.
fn unencoded_plus(text: &str) -> Option<&str> {
    text.strip_prefix(' ').filter(|digits| digits.starts_with(|first: char| first.is_ascii_digit()))
}

/// The key of a number that is written as its key, as most clients do. It needs no numbering plan: no two numbers have the
/// same key. Digits that start with 00 or 011 may be an international prefix.
pub(super) fn plain_key(text: &str) -> Option<&str> {
    let digits = text.strip_prefix(['+', ' ']).unwrap_or(text);
    let is_plain = (3..=20).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    (is_plain && !digits.starts_with("00") && !digits.starts_with("011")).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str, countries: &[&str]) -> Vec<(String, Option<&'static str>)> {
        let countries: Vec<Country> = countries.iter().map(|country| country.parse().unwrap()).collect();
        let readings = readings(text, &countries).unwrap();
        readings.into_iter().map(|reading| (reading.key, reading.country.map(Country::as_str))).collect()
    }

    fn owned(pairs: &[(&str, Option<&'static str>)]) -> Vec<(String, Option<&'static str>)> {
        pairs.iter().map(|(key, country)| ((*key).to_owned(), *country)).collect()
    }

    #[test]
    fn international_number_has_one_meaning() {
        for text in ["+14155550123", "+1 (415) 555-0123", "0014155550123", "tel:+1-415-555-0123"] {
            assert_eq!(keys(text, &[]), owned(&[("14155550123", None)]), "{text}");
        }
        assert_eq!(keys("+1 415 555 0123", &["IN", "DE"]), owned(&[("14155550123", None)]));
    }

    #[test]
    fn national_number_is_read_in_each_country() {
        let read = keys("030 23125000", &["DE", "IN"]);
        assert_eq!(read[..2], owned(&[("03023125000", None), ("493023125000", Some("DE"))]));
        assert_eq!(keys("09812345678", &["IN"])[1], ("919812345678".to_owned(), Some("IN")));
    }

    #[test]
    fn blank_in_front_may_be_an_unencoded_plus() {
        assert_eq!(keys(" 14155550123", &[]), owned(&[("14155550123", None)]));
        assert!(keys(" 919812345678", &[]).contains(&("919812345678".to_owned(), None)));
        assert!(keys(" 09812345678", &["IN"]).contains(&("919812345678".to_owned(), Some("IN"))));
    }

    #[test]
    fn what_is_no_number_is_a_fault() {
        for (text, code) in [
            ("", "required"),
            ("12", "too_short"),
            ("+14155550123\nX-Evil: 1", "unprintable_character"),
            ("\u{661}\u{662}\u{663}\u{664}\u{665}\u{666}\u{667}", "foreign_digit"),
            ("sip:acme@example.com", "has_scheme"),
        ] {
            assert_eq!(readings(text, &["IN".parse().unwrap()]).unwrap_err().code, code, "{text:?}");
        }
        assert_eq!(readings(&"1".repeat(300), &[]).unwrap_err().code, "too_long");
    }

    #[test]
    fn plain_key_is_the_digits() {
        assert_eq!(plain_key("+14155550123"), Some("14155550123"));
        assert_eq!(plain_key(" 14155550123"), Some("14155550123"));
        assert_eq!(plain_key("09812345678"), Some("09812345678"));
        for text in ["+1 4155550123", "0014155550123", "01114155550123", "++14155550123", "12", "", "\u{661}23"] {
            assert_eq!(plain_key(text), None, "{text}");
        }
    }
}
