//! National numbering plans: libphonenumber reads, validates and formats.

use std::{collections::BTreeSet, ops::RangeInclusive};

use rlibphonenumber::{
    NumberLengthType, PHONE_NUMBER_UTIL, ParseError, PhoneNumber as Parsed, PhoneNumberFormat, PhoneNumberType, Region,
    ValidationError,
};

use super::{
    PhoneNumber,
    spelling::{Prefix, Spelling},
};
use crate::{Country, field::FieldFault};

/// Digits of the shortest number that can be an international one without its plus. Numbers without area code are shorter.
const SHORTEST_WITHOUT_PLUS: usize = 10;
/// Digits of an E.164 number: at most 15 (ITU-T E.164 §6); below seven there is no subscriber number anywhere.
const LENGTHS: RangeInclusive<usize> = 7..=15;

pub(super) fn read(spelling: Spelling, country: Option<Country>) -> Result<PhoneNumber, FieldFault> {
    match spelling.prefix {
        Prefix::Plus => international(&spelling).map(PhoneNumber::international),
        Prefix::DoubleZero => {
            let dialled = format!("00{}", spelling.digits);
            let own = country.and_then(|country| national(&dialled, country));
            match valid_international(&spelling).or(own) {
                Some(e164) => Ok(PhoneNumber::international(e164)),
                None if spelling.digits.len() < SHORTEST_WITHOUT_PLUS => Ok(PhoneNumber::local(dialled)),
                None => Err(needs_plus(&spelling.digits)),
            }
        }
        Prefix::None => without_plus(spelling.digits, country),
    }
}

/// A typed plus is sufficient: a possible length is accepted in ranges that the library does not know, too.
fn international(spelling: &Spelling) -> Result<String, FieldFault> {
    if let Some(e164) = valid_international(spelling) {
        return Ok(e164);
    }
    let digits = spelling.without_trunk_zero.as_ref().unwrap_or(&spelling.digits);
    let parsed = match parse(&format!("+{digits}"), None) {
        Ok(parsed) => parsed,
        Err(ParseError::InvalidCountryCode) => {
            return Err(FieldFault::new(
                "unknown_country_code",
                format!("No country has the code +{}. Check the digits after the plus.", &digits[..1]),
            ));
        }
        Err(error) => {
            let (code, word) = match error {
                ParseError::TooLongNsn => ("too_long", "long"),
                _ => ("too_short", "short"),
            };
            return Err(FieldFault::new(
                code,
                format!("Too {word}: after the plus come 7 to 15 digits, such as +14155551234."),
            ));
        }
    };
    let e164 = e164(&parsed);
    match parsed.is_possible_with_reason() {
        Ok(NumberLengthType::IsPossible) if has_e164_length(&e164) => Ok(e164),
        Ok(NumberLengthType::IsPossible) | Err(ValidationError::TooLong) => Err(wrong_length(&parsed, "too_long")),
        Err(ValidationError::InvalidLength) if longer_than_usual(&parsed) => Err(wrong_length(&parsed, "too_long")),
        _ => Err(wrong_length(&parsed, "too_short")),
    }
}

/// The E.164 form that the library calls valid: with the trunk prefix in brackets as it stands (Italy keeps its zero), or
/// else without it.
fn valid_international(spelling: &Spelling) -> Option<String> {
    [Some(&spelling.digits), spelling.without_trunk_zero.as_ref()]
        .into_iter()
        .flatten()
        .find_map(|digits| valid(&format!("+{digits}"), None))
        .map(|parsed| e164(&parsed))
}

fn without_plus(digits: String, country: Option<Country>) -> Result<PhoneNumber, FieldFault> {
    let Some(country) = country else { return Ok(PhoneNumber::local(digits)) };
    if let Some(e164) = national(&digits, country) {
        let key = e164[1..].to_owned();
        return Ok(PhoneNumber { number: digits, e164: Some(e164), key });
    }
    let is_foreign = || valid(&format!("+{digits}"), None).is_some() || has_international_prefix(&digits, country);
    if digits.len() >= SHORTEST_WITHOUT_PLUS && is_foreign() {
        return Err(needs_plus(&digits));
    }
    let key = possible_national(&digits, country).unwrap_or_else(|| digits.clone());
    Ok(PhoneNumber { number: digits, e164: None, key })
}

/// The valid E.164 form of what is dialled within a country. Where the digits are valid both with the country's own code
/// in front and as a national number, the country code wins: 493023125001 in Germany is +49 30 23125001.
fn national(digits: &str, country: Country) -> Option<String> {
    let region = region(country)?;
    with_own_code(digits, region)
        .filter(|parsed| parsed.is_valid() && has_e164_length(&e164(parsed)))
        .or_else(|| valid(digits, Some(region)))
        .map(|parsed| e164(&parsed))
}

/// The digits of the E.164 form that a number in an unknown range of the country's plan would have. They make its
/// spellings one number; the form itself is too uncertain to be used.
fn possible_national(digits: &str, country: Country) -> Option<String> {
    let region = region(country)?;
    let code = PHONE_NUMBER_UTIL.get_country_code_for_region(region)?;
    let has_usual_length = |parsed: &Parsed| usual_lengths(region).contains(&national_digits(parsed).len());
    with_own_code(digits, region)
        .filter(has_usual_length)
        .or_else(|| parse(digits, Some(region)).ok())
        .filter(|parsed| parsed.country_code == code)
        .filter(|parsed| parsed.is_possible_with_reason() == Ok(NumberLengthType::IsPossible))
        .map(|parsed| e164(&parsed))
        .filter(|e164| has_e164_length(e164))
        .map(|e164| e164[1..].to_owned())
}

/// The digits read as an international number of the country itself.
fn with_own_code(digits: &str, region: Region) -> Option<Parsed> {
    let code = PHONE_NUMBER_UTIL.get_country_code_for_region(region)?;
    digits.strip_prefix(&code.to_string())?;
    parse(&format!("+{digits}"), None).ok()
}

/// Whether the digits are dialled as an international call in the country, such as with 011 in the US.
fn has_international_prefix(digits: &str, country: Country) -> bool {
    let Some(region) = region(country) else { return false };
    let own_code = PHONE_NUMBER_UTIL.get_country_code_for_region(region);
    let international = |prefix: String| digits.strip_prefix(&prefix).map(|rest| format!("+{rest}"));
    parse(digits, Some(region)).is_ok_and(|parsed| Some(parsed.country_code) != own_code)
        || international_prefix(region)
            .and_then(international)
            .and_then(|number| parse(&number, None).ok())
            .is_some_and(|parsed| parsed.is_possible_with_reason().is_ok())
}

/// How a carrier of that country writes an E.164 number as the called one, besides E.164: in national form, and with the
/// country's international prefix. Carriers of no known country are expected to send 00.
pub(super) fn spellings(e164: &str, country: Option<Country>) -> Vec<String> {
    let Ok(parsed) = parse(e164, None) else { return Vec::new() };
    let region = country.and_then(region);
    let mut spellings = Vec::new();
    if let Some(region) = region
        && PHONE_NUMBER_UTIL.get_country_code_for_region(region) == Some(parsed.country_code)
    {
        let national = national_digits(&parsed);
        spellings.push(digits_of(&parsed.format_as(PhoneNumberFormat::National)));
        // Libphonenumber writes no trunk prefix where it is not always dialled (Brazil), but reads it.
        let with_zero = format!("0{national}");
        if parse(&with_zero, Some(region)).is_ok_and(|read| read == parsed) {
            spellings.push(with_zero);
        }
        spellings.push(national);
    }
    spellings.extend(international_prefixes(region).into_iter().map(|prefix| format!("{prefix}{}", &e164[1..])));
    spellings
}

/// What callers in the region dial for the plus: 011 in the North American plan, its own prefix and 00 elsewhere.
fn international_prefixes(region: Option<Region>) -> BTreeSet<String> {
    let own = region.and_then(international_prefix);
    let in_north_america = region.is_some_and(|region| PHONE_NUMBER_UTIL.is_nanpa_country(region));
    own.into_iter().chain((!in_north_america).then(|| "00".to_owned())).collect()
}

/// Read off a foreign number in the library's format for callers in the region; None where it has no single prefix.
fn international_prefix(region: Region) -> Option<String> {
    let foreign = if region == Region::GB { Region::US } else { Region::GB };
    let example = PHONE_NUMBER_UTIL.get_example_number(foreign).ok()?;
    let dialled = digits_of(&example.format_out_of_country_calling_number(region));
    dialled.strip_suffix(&e164(&example)[1..]).filter(|prefix| !prefix.is_empty()).map(str::to_owned)
}

/// The library's international format; None where it would show other digits.
pub(super) fn formatted(number: &str) -> Option<String> {
    let parsed = parse(number, None).ok()?;
    (e164(&parsed) == number).then(|| parsed.format_as(PhoneNumberFormat::International).into_owned())
}

fn needs_plus(digits: &str) -> FieldFault {
    FieldFault::new("needs_plus", format!("If this is the international number +{digits}, write it with the plus."))
}

fn wrong_length(parsed: &Parsed, code: &'static str) -> FieldFault {
    let region = PHONE_NUMBER_UTIL.get_region_for_country_code(parsed.country_code);
    // Named by its largest country: +1 serves twenty-five, all with the same length.
    let country = region
        .and_then(|region| region.to_string().parse::<Country>().ok())
        .map_or_else(String::new, |country| format!("{} ", country.name()));
    let example = region
        .and_then(|region| PHONE_NUMBER_UTIL.get_example_number(region).ok())
        .map_or_else(String::new, |example| format!(", such as {}", e164(&example)));
    FieldFault::new(
        code,
        format!(
            "Too {} for a {country}number. Expected +{} and {} digits{example}.",
            if code == "too_short" { "short" } else { "long" },
            parsed.country_code,
            ranges(&possible_lengths(parsed.country_code)),
        ),
    )
}

/// `7 or 9 to 11`.
fn ranges(lengths: &[usize]) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for &length in lengths {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == length => *last = length,
            _ => ranges.push((length, length)),
        }
    }
    let text = |(first, last): &(usize, usize)| match last - first {
        0 => first.to_string(),
        1 => format!("{first} or {last}"),
        _ => format!("{first} to {last}"),
    };
    ranges.iter().map(text).collect::<Vec<_>>().join(" or ")
}

/// Digits that a national number of the country code may have.
fn possible_lengths(country_code: i32) -> Vec<usize> {
    let longest = LENGTHS.end() - country_code.to_string().len();
    let is_possible = |&length: &usize| {
        let digits = "1".repeat(length).parse().unwrap_or_default();
        let number = Parsed { country_code, national_number: digits, ..Parsed::default() };
        number.is_possible_with_reason() == Ok(NumberLengthType::IsPossible)
    };
    (2..=longest).filter(is_possible).collect()
}

fn longer_than_usual(parsed: &Parsed) -> bool {
    let usual = PHONE_NUMBER_UTIL.get_region_for_country_code(parsed.country_code).map(usual_lengths);
    usual.and_then(|usual| usual.last().copied()).is_some_and(|longest| national_digits(parsed).len() > longest)
}

/// Digits of a subscriber's national number.
fn usual_lengths(region: Region) -> BTreeSet<usize> {
    [PhoneNumberType::FixedLine, PhoneNumberType::Mobile]
        .into_iter()
        .filter_map(|kind| PHONE_NUMBER_UTIL.get_example_number_for_type_and_region(region, kind).ok())
        .map(|example| national_digits(&example).len())
        .collect()
}

fn valid(text: &str, region: Option<Region>) -> Option<Parsed> {
    parse(text, region).ok().filter(Parsed::is_valid).filter(|parsed| has_e164_length(&e164(parsed)))
}

fn has_e164_length(e164: &str) -> bool {
    LENGTHS.contains(&(e164.len() - 1))
}

fn parse(text: &str, region: Option<Region>) -> Result<Parsed, ParseError> {
    PHONE_NUMBER_UTIL.parse(text, region)
}

fn region(country: Country) -> Option<Region> {
    country.as_str().parse().ok()
}

fn e164(parsed: &Parsed) -> String {
    parsed.format_as(PhoneNumberFormat::E164).into_owned()
}

fn national_digits(parsed: &Parsed) -> String {
    parsed.get_national_significant_number()
}

fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
