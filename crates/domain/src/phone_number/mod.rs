//! A phone number, in the operator's spelling and in the one that everything compares.

#[cfg(feature = "numbering-plans")]
mod plan;

use crate::{Country, field::FieldFault, text};

/// Either E.164 (`+14155551234`, ITU-T E.164 §6) or the digits that a carrier uses (`09812345678`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PhoneNumber {
    number: String,
    e164: Option<String>,
}

impl PhoneNumber {
    /// Digits of a number in a carrier's own format.
    const LOCAL_DIGITS: std::ops::RangeInclusive<usize> = 3..=20;
    /// Digits behind the plus; below seven there is no subscriber number anywhere.
    const E164_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

    /// Takes the punctuation that people write (blanks, hyphens, dots, brackets, slashes) and drops it. `country` is the
    /// carrier's: it turns the carrier's format into E.164. Built without `numbering-plans`, as in the browser, only the
    /// form is checked, and a carrier's format stays as it is.
    pub fn parse(text: &str, country: Option<Country>) -> Result<Self, FieldFault> {
        let text = text::plain(text, "the number", 64)?;
        if text.is_empty() {
            return Err(FieldFault::required("Give a phone number, such as +14155551234 or 09812345678."));
        }
        let digits = digits(&text)?;
        match digits.strip_prefix('+') {
            Some(rest) => Self::international(rest),
            None => Self::local(digits, country),
        }
    }

    /// A number that was parsed once and has been kept since.
    pub fn restore(number: String, e164: Option<String>) -> Self {
        Self { number, e164 }
    }

    fn international(digits: &str) -> Result<Self, FieldFault> {
        if digits.starts_with('0') {
            return Err(FieldFault::new(
                "bad_number",
                "After the plus comes the country code, which never starts with 0: +14155551234.",
            ));
        }
        if !Self::E164_DIGITS.contains(&digits.len()) {
            let word = if digits.len() > 15 { "long" } else { "short" };
            return Err(FieldFault::new(
                if digits.len() > 15 { "too_long" } else { "too_short" },
                format!("Too {word}: after the plus come 7 to 15 digits, such as +14155551234."),
            ));
        }
        #[cfg(feature = "numbering-plans")]
        plan::check(digits)?;
        let number = format!("+{digits}");
        Ok(Self { e164: Some(number.clone()), number })
    }

    fn local(digits: String, country: Option<Country>) -> Result<Self, FieldFault> {
        if !Self::LOCAL_DIGITS.contains(&digits.len()) {
            return Err(FieldFault::new(
                if digits.len() < 3 { "too_short" } else { "too_long" },
                "Give the whole number: with country code, as in +14155551234, or as the carrier writes it, as in 09812345678.",
            ));
        }
        #[cfg(feature = "numbering-plans")]
        let e164 = plan::to_e164(&digits, country);
        #[cfg(not(feature = "numbering-plans"))]
        let e164 = country.and(None);
        Ok(Self { number: digits, e164 })
    }

    /// As the operator gave it, without punctuation.
    pub fn number(&self) -> &str {
        &self.number
    }

    /// With `+`; None for a carrier's format whose country is not known.
    pub fn e164(&self) -> Option<&str> {
        self.e164.as_deref()
    }

    /// The number as messages name it and as LiveKit is given it.
    pub fn canonical(&self) -> &str {
        self.e164.as_deref().unwrap_or(&self.number)
    }

    /// What makes two numbers the same one: the canonical form without the plus, which LiveKit does not see either.
    pub fn key(&self) -> &str {
        self.canonical().trim_start_matches('+')
    }

    /// Every way in which a carrier of that country may write the number as the called one, the canonical one first,
    /// none twice. LiveKit only knows the spellings that it is given, save for the plus.
    pub fn spellings(&self, country: Option<Country>) -> Vec<String> {
        let mut spellings = vec![self.canonical().to_owned()];
        let mut add = |spelling: String| {
            if !spellings.contains(&spelling) {
                spellings.push(spelling);
            }
        };
        match &self.e164 {
            Some(e164) => {
                add(e164[1..].to_owned());
                #[cfg(feature = "numbering-plans")]
                if let Some(country) = country {
                    plan::national_spellings(&e164[1..], country).into_iter().for_each(&mut add);
                }
                #[cfg(not(feature = "numbering-plans"))]
                let _ = country;
            }
            // Digits that start with the country code, most likely: some carriers add the plus.
            None if !self.number.starts_with('0') => add(format!("+{}", self.number)),
            None => {}
        }
        add(self.number.clone());
        spellings
    }
}

/// `+` and ASCII digits, or what stands in the way.
fn digits(text: &str) -> Result<String, FieldFault> {
    let lower = text.to_ascii_lowercase();
    if let Some(scheme) = ["tel:", "sip:", "sips:"].into_iter().find(|scheme| lower.starts_with(scheme)) {
        return Err(FieldFault::new("has_scheme", format!("Leave out {scheme} and give the number alone.")));
    }
    let mut kept = String::with_capacity(text.len());
    for (index, c) in text.chars().enumerate() {
        match c {
            '0'..='9' => kept.push(c),
            '+' if index == 0 => kept.push(c),
            ' ' | '-' | '.' | '(' | ')' | '/' | '\u{A0}' | '\u{2010}'..='\u{2013}' => {}
            _ if c.is_numeric() => {
                return Err(FieldFault::new("foreign_digit", format!("Write {c} with the digits 0 to 9.")));
            }
            _ => {
                return Err(FieldFault::new(
                    "bad_number",
                    format!("{c} does not belong in a phone number: digits, and a + in front, as in +14155551234."),
                ));
            }
        }
    }
    // 00 is how most of the world dials the plus; a carrier's own format starts with a single 0.
    if let Some(rest) = kept.strip_prefix("00").filter(|rest| rest.len() >= 9 && !rest.starts_with('0')) {
        return Ok(format!("+{rest}"));
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(text: &str) -> &'static str {
        PhoneNumber::parse(text, None).map(|_| "ok").unwrap_or_else(|fault| fault.code)
    }

    #[test]
    fn both_forms_are_taken_with_the_punctuation_that_people_write() {
        for (given, number) in [
            ("+14155551234", "+14155551234"),
            (" +1 (415) 555-1234 ", "+14155551234"),
            ("0041 44 668 18 00", "+41446681800"),
            ("09812345678", "09812345678"),
            ("098-1234-5678", "09812345678"),
            ("1800", "1800"),
        ] {
            assert_eq!(PhoneNumber::parse(given, None).unwrap().number(), number);
        }
    }

    #[test]
    fn what_is_no_number_is_refused_with_a_reason() {
        for (given, expected) in [
            ("", "required"),
            ("tel:+14155551234", "has_scheme"),
            ("sip:1000@example.com", "has_scheme"),
            ("+1415", "too_short"),
            ("+", "too_short"),
            ("12", "too_short"),
            ("+1234567890123456", "too_long"),
            ("123456789012345678901", "too_long"),
            ("+0155512345", "bad_number"),
            ("1-800-FLOWERS", "bad_number"),
            ("++14155551234", "bad_number"),
            ("1415+5551234", "bad_number"),
            ("٠٩٨١٢٣٤٥٦٧٨", "foreign_digit"),
            ("📞", "bad_number"),
            ("+1415\r\n5551234", "unprintable_character"),
        ] {
            assert_eq!(code(given), expected, "{given:?}");
        }
        assert_eq!(code(&"1".repeat(300)), "too_long");
    }

    #[test]
    fn a_carriers_format_without_a_country_stays_what_it_is() {
        let number = PhoneNumber::parse("09812345678", None).unwrap();
        assert_eq!((number.e164(), number.canonical()), (None, "09812345678"));
        assert_eq!(number.spellings(None), ["09812345678"]);
        let number = PhoneNumber::parse("14155551234", None).unwrap();
        assert_eq!(number.spellings(None), ["14155551234", "+14155551234"]);
    }

    proptest! {
        #[test]
        fn punctuation_changes_nothing(cuts in proptest::collection::vec(0usize..11, 0..5)) {
            let mut text = "14155551234".to_owned();
            for cut in cuts {
                text.insert(cut, '-');
            }
            prop_assert_eq!(PhoneNumber::parse(&format!("+{text}"), None).unwrap().canonical().to_owned(), "+14155551234");
        }

        #[test]
        fn whatever_is_taken_is_plus_and_digits(text in "\\PC{0,30}|[+0-9 ()./-]{0,30}") {
            if let Ok(number) = PhoneNumber::parse(&text, None) {
                let bare = number.number().trim_start_matches('+');
                prop_assert!(bare.bytes().all(|byte| byte.is_ascii_digit()) && bare.len() >= 3);
                let again = PhoneNumber::parse(number.number(), None).unwrap();
                prop_assert_eq!(again, number);
            }
        }
    }
}
