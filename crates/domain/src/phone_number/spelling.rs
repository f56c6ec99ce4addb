//! The form of a typed phone number: digits, and what was typed in front of them. No numbering plan is needed for it.

use crate::field::FieldFault;

/// What was typed in front of the digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prefix {
    Plus,
    /// The prefix for international calls in most countries, `00`; it is not among the digits.
    DoubleZero,
    None,
}

/// A typed number without its punctuation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spelling {
    pub prefix: Prefix,
    pub digits: String,
    /// The digits without a trunk prefix in brackets, as in `+49 (0)30 23125000`. None where there is no such prefix.
    pub without_trunk_zero: Option<String>,
}

impl Spelling {
    /// Digits of a number without country code.
    const NATIONAL_DIGITS: std::ops::RangeInclusive<usize> = 3..=20;
    /// Digits after the plus. E.164 allows 15; a trunk prefix and a long-distance carrier's code may be typed among them.
    const INTERNATIONAL_DIGITS: std::ops::RangeInclusive<usize> = 7..=19;

    pub fn read(text: &str) -> Result<Self, FieldFault> {
        let text = without_scheme(text)?;
        check_extension(&text)?;
        let text = without_decimals(&text)?;
        let (plus, digits) = digits(text)?;
        let without_zero = ["(0)", "( 0 )", "[0]", "（0）"]
            .into_iter()
            .find(|zero| text.contains(zero))
            .map(|zero| text.replacen(zero, "", 1))
            .map(|text| self::digits(&text))
            .transpose()?
            .map(|(_, digits)| digits);
        if plus {
            return Self { prefix: Prefix::Plus, digits, without_trunk_zero: without_zero }.checked();
        }
        let international = |digits: &str| {
            digits.strip_prefix("00").filter(|rest| rest.len() >= 7 && !rest.starts_with('0')).map(str::to_owned)
        };
        match international(&digits) {
            Some(digits) => {
                let without_trunk_zero = without_zero.as_deref().and_then(international);
                Self { prefix: Prefix::DoubleZero, digits, without_trunk_zero }.checked()
            }
            // In national form the trunk prefix is part of what is dialled.
            None => Self { prefix: Prefix::None, digits, without_trunk_zero: None }.checked(),
        }
    }

    fn checked(self) -> Result<Self, FieldFault> {
        if self.prefix == Prefix::None {
            if Self::NATIONAL_DIGITS.contains(&self.digits.len()) {
                return Ok(self);
            }
            return Err(FieldFault::new(
                if self.digits.len() < 3 { "too_short" } else { "too_long" },
                "Enter the whole number: with country code, as in +14155551234, or as the carrier writes it, as in 09812345678.",
            ));
        }
        if self.digits.starts_with('0') {
            return Err(FieldFault::new(
                "bad_number",
                "After the plus comes the country code, which never starts with 0: +14155551234.",
            ));
        }
        if !Self::INTERNATIONAL_DIGITS.contains(&self.digits.len()) {
            let (code, word) = if self.digits.len() < 7 { ("too_short", "short") } else { ("too_long", "long") };
            return Err(FieldFault::new(
                code,
                format!("Too {word}: after the plus come 7 to 15 digits, such as +14155551234."),
            ));
        }
        Ok(self)
    }
}

/// The number of a `tel:` URI (RFC 3966 §3), with the digits of a global `phone-context` in front of a local number.
fn without_scheme(text: &str) -> Result<String, FieldFault> {
    let lower = text.to_ascii_lowercase();
    if let Some(scheme) = ["sips:", "sip:"].into_iter().find(|scheme| lower.starts_with(scheme)) {
        return Err(FieldFault::new("has_scheme", format!("Remove {scheme} and enter the number only.")));
    }
    if !lower.starts_with("tel:") {
        return Ok(text.to_owned());
    }
    let mut parts = text["tel:".len()..].split(';');
    let number = parts.next().unwrap_or_default().trim();
    let mut context = "";
    for (name, value) in parts.map(|parameter| parameter.split_once('=').unwrap_or((parameter, ""))) {
        match name.trim().to_ascii_lowercase().as_str() {
            "ext" => return Err(has_extension(&format!("ext={value}"))),
            "phone-context" if value.starts_with('+') && !number.starts_with('+') => context = value,
            _ => {}
        }
    }
    Ok(format!("{context}{number}"))
}

/// Refuses an extension: `ext. 12`, `x12`, `#12`, `,12` or `;ext=12` after the digits.
fn check_extension(text: &str) -> Result<(), FieldFault> {
    const WORDS: [&str; 9] = ["", "x", "ext", "extn", "extension", "int", "anexo", "ramal", "доб"];
    let Some(first_digit) = text.find(|c: char| c.is_ascii_digit()) else { return Ok(()) };
    let marks = |c: char| c.is_alphabetic() || matches!(c, '#' | ',' | ';');
    let Some(start) = text[first_digit..].find(marks).map(|index| first_digit + index) else { return Ok(()) };
    let tail = text[start..].trim_start_matches([',', ';', ' ']);
    let word: String = tail.chars().take_while(|c| c.is_alphabetic()).collect();
    let number = tail[word.len()..].trim_matches([' ', '.', ':', '=', '#', '-']);
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    if digits && WORDS.contains(&word.to_lowercase().as_str()) {
        return Err(has_extension(text[start..].trim()));
    }
    Ok(())
}

fn has_extension(extension: &str) -> FieldFault {
    FieldFault::new(
        "has_extension",
        format!("Remove the extension {extension}: carriers route calls by the number alone."),
    )
}

/// Undoes what a spreadsheet makes of a number: `14155550124.0` is read, `1.41556E+10` has lost its last digits.
fn without_decimals(text: &str) -> Result<&str, FieldFault> {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some((mantissa, exponent)) = text.split_once(['e', 'E']) {
        let exponent = exponent.trim_start_matches('+');
        if is_number(exponent) && is_number(&mantissa.trim_start_matches('+').replace(['.', ','], "")) {
            return Err(FieldFault::new(
                "bad_number",
                format!("A spreadsheet has rounded this number to {text}. Format its cells as text and copy it again."),
            ));
        }
    }
    if let Some((whole, decimals)) = text.split_once('.') {
        let zeros = !decimals.is_empty() && decimals.bytes().all(|byte| byte == b'0');
        let whole_digits = whole.strip_prefix('+').unwrap_or(whole);
        if zeros && whole_digits.len() >= 7 && is_number(whole_digits) {
            return Ok(whole);
        }
    }
    Ok(text)
}

/// Whether a plus is in front, and the ASCII digits.
fn digits(text: &str) -> Result<(bool, String), FieldFault> {
    let mut plus = false;
    let mut digits = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '0'..='9' => digits.push(c),
            '+' | '\u{FF0B}' if digits.is_empty() && !plus => plus = true,
            _ if is_punctuation(c) => {}
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
    Ok((plus, digits))
}

/// Blanks, hyphens, dots, brackets and slashes in the spellings that Unicode has for them.
fn is_punctuation(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '.' | '(' | ')' | '[' | ']' | '/' | '~'
                | '\u{AD}' | '\u{2010}'..='\u{2015}' | '\u{2053}' | '\u{2212}' | '\u{223C}' | '\u{30FC}'
                | '\u{FF08}' | '\u{FF09}' | '\u{FF0D}'..='\u{FF0F}' | '\u{FF3B}' | '\u{FF3D}' | '\u{FF5E}'
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::PhoneNumber;

    fn code(text: &str) -> &'static str {
        PhoneNumber::parse(text, None).map(|_| "ok").unwrap_or_else(|fault| fault.code)
    }

    #[test]
    fn punctuation_is_removed() {
        for (given, number) in [
            ("+14155551234", "+14155551234"),
            (" +1 (415) 555-1234 ", "+14155551234"),
            ("(+1) 415-555-0123", "+14155550123"),
            ("+1\u{A0}415\u{2011}555\u{2013}1234", "+14155551234"),
            ("\u{FF0B}1 [415] 555.1234", "+14155551234"),
            ("0041 44 668 18 00", "+41446681800"),
            ("+49 (0)30 23125000", "+493023125000"),
            ("0049 (0)30 23125000", "+493023125000"),
            ("09812345678", "09812345678"),
            ("098-1234-5678", "09812345678"),
            ("(030) 23125000", "03023125000"),
            ("1800", "1800"),
        ] {
            assert_eq!(PhoneNumber::parse(given, None).unwrap().number(), number, "{given}");
        }
    }

    #[test]
    fn tel_uris_are_read() {
        for (given, number) in [
            ("tel:+14155550131", "+14155550131"),
            ("TEL:+1-415-555-0131", "+14155550131"),
            ("tel:415-555-0131;phone-context=+1", "+14155550131"),
            ("tel:7042;phone-context=example.com", "7042"),
        ] {
            assert_eq!(PhoneNumber::parse(given, None).unwrap().number(), number, "{given}");
        }
    }

    #[test]
    fn extensions_are_refused() {
        for given in [
            "tel:+14155550131;ext=12",
            "+1 415 555 0131 ext. 12",
            "+1 415 555 0131 x12",
            "+1 415 555 0131 #12",
            "+14155550131,12",
            "(415) 555-0131 extension 12",
        ] {
            let fault = PhoneNumber::parse(given, None).unwrap_err();
            assert_eq!(fault.code, "has_extension", "{given}");
            assert!(fault.message.starts_with("Remove the extension") && fault.message.contains("12"), "{fault}");
        }
    }

    #[test]
    fn spreadsheet_decimals_are_removed() {
        for (given, number) in [("14155550124.0", "14155550124"), ("+14155550124.00", "+14155550124")] {
            assert_eq!(PhoneNumber::parse(given, None).unwrap().number(), number);
        }
        let fault = PhoneNumber::parse("1.41556E+10", None).unwrap_err();
        assert!(fault.message.starts_with("A spreadsheet has rounded this number"), "{fault}");
    }

    #[test]
    fn other_texts_are_refused_with_a_reason() {
        for (given, expected) in [
            ("", "required"),
            ("sip:1000@example.com", "has_scheme"),
            ("+1415", "too_short"),
            ("+", "too_short"),
            ("12", "too_short"),
            ("+12345678901234567890", "too_long"),
            ("123456789012345678901", "too_long"),
            ("+0155512345", "bad_number"),
            ("1-800-FLOWERS", "bad_number"),
            ("++14155551234", "bad_number"),
            ("1415+5551234", "bad_number"),
            ("\u{660}\u{669}\u{668}\u{661}\u{662}\u{663}\u{664}", "foreign_digit"),
            ("\u{1F4DE}", "bad_number"),
            ("+1415\r\n5551234", "unprintable_character"),
        ] {
            assert_eq!(code(given), expected, "{given:?}");
        }
        assert_eq!(code(&"1".repeat(300)), "too_long");
    }

    #[test]
    fn carrier_format_without_country_is_kept() {
        let number = PhoneNumber::parse("09812345678", None).unwrap();
        assert_eq!((number.e164(), number.canonical()), (None, "09812345678"));
        assert_eq!(number.spellings(None), ["09812345678"]);
        let number = PhoneNumber::parse("14155551234", None).unwrap();
        assert_eq!(number.spellings(None), ["14155551234", "+14155551234"]);
    }

    proptest! {
        #[test]
        fn hyphens_change_nothing(cuts in proptest::collection::vec(0usize..11, 0..5)) {
            let mut text = "14155551234".to_owned();
            for cut in cuts {
                text.insert(cut, '-');
            }
            prop_assert_eq!(PhoneNumber::parse(&format!("+{text}"), None).unwrap().canonical().to_owned(), "+14155551234");
        }

        #[test]
        fn accepted_text_becomes_plus_and_digits(text in "\\PC{0,30}|[+0-9 ()./-]{0,30}") {
            if let Ok(number) = PhoneNumber::parse(&text, None) {
                let bare = number.number().trim_start_matches('+');
                prop_assert!(bare.bytes().all(|byte| byte.is_ascii_digit()) && bare.len() >= 3);
                let again = PhoneNumber::parse(number.number(), None).unwrap();
                prop_assert_eq!(again, number);
            }
        }
    }
}
