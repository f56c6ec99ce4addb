//! National numbering plans, from libphonenumber's tables.
//!
//! Lengths only: whether a range is in service changes faster than any table, and a carrier knows better.

use std::collections::BTreeSet;

use phonenumber::metadata::{DATABASE, Metadata};

use crate::{Country, field::FieldFault};

/// Refuses international digits (without the plus) whose country code does not exist, or whose length no plan of that
/// code has.
pub(super) fn check(digits: &str) -> Result<(), FieldFault> {
    let (code, plans) = plans_of(digits).ok_or_else(|| {
        FieldFault::new(
            "unknown_country_code",
            format!("No country has the code +{}. Check the digits after the plus.", &digits[..1]),
        )
    })?;
    let length = digits.len() - code.len();
    if plans.iter().any(|plan| fits(plan, length)) {
        return Ok(());
    }
    let main = plans.iter().find(|plan| plan.is_main_country_for_code()).or(plans.first()).copied();
    Err(main.map_or_else(
        || FieldFault::new("bad_number", "No number has that length."),
        |plan| wrong_length(code, length, plan),
    ))
}

fn wrong_length(code: &str, length: usize, plan: &Metadata) -> FieldFault {
    let lengths = lengths(plan);
    let short = lengths.first().is_some_and(|&least| length < usize::from(least));
    let expected = lengths.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ");
    let example = plan
        .descriptors()
        .fixed_line()
        .and_then(|descriptor| descriptor.example())
        .map(|example| format!(", such as +{code}{example}"))
        .unwrap_or_default();
    // Named by its largest country: +1 serves twenty-five, all with the same length.
    let country = plan.id().parse::<Country>().map_or_else(|_| String::new(), |country| format!("{} ", country.name()));
    FieldFault::new(
        if short { "too_short" } else { "too_long" },
        format!(
            "Too {} for a {country}number. Expected +{code} and {expected} digits{example}.",
            if short { "short" } else { "long" }
        ),
    )
}

/// The E.164 form of digits in the format of a country: national, with or without trunk prefix, or with the country
/// code but no plus. None where they fit none of these.
pub(super) fn to_e164(digits: &str, country: Option<Country>) -> Option<String> {
    let plan = DATABASE.by_id(country?.as_str())?;
    let code = plan.country_code().to_string();
    let trunk = plan.national_prefix().filter(|prefix| !prefix.is_empty());
    let readings = [
        trunk.and_then(|prefix| digits.strip_prefix(prefix)),
        Some(digits).filter(|digits| trunk.is_none_or(|prefix| !digits.starts_with(prefix))),
        digits.strip_prefix(code.as_str()),
    ];
    // A subscriber's number first: 919812345678 is +91 98123 45678 before it is one of India's rare 12-digit numbers.
    let subscriber = ordinary_lengths(plan);
    let reads_as = |lengths: &BTreeSet<u16>| {
        readings.iter().flatten().find(|national| lengths.iter().any(|&length| usize::from(length) == national.len()))
    };
    let national = reads_as(&subscriber).or_else(|| reads_as(&lengths(plan)))?;
    Some(format!("+{code}{national}"))
}

/// How a carrier of that country writes an international number (without plus) of the same country: with trunk prefix,
/// and without. Nothing for other countries' numbers, which no carrier sends in national form.
pub(super) fn national_spellings(digits: &str, country: Country) -> Vec<String> {
    let Some(plan) = DATABASE.by_id(country.as_str()) else { return Vec::new() };
    let Some(national) = digits.strip_prefix(plan.country_code().to_string().as_str()) else { return Vec::new() };
    if !fits(plan, national.len()) {
        return Vec::new();
    }
    let trunk = plan.national_prefix().filter(|prefix| !prefix.is_empty());
    trunk.map(|prefix| format!("{prefix}{national}")).into_iter().chain([national.to_owned()]).collect()
}

fn fits(plan: &Metadata, length: usize) -> bool {
    lengths(plan).iter().any(|&possible| usize::from(possible) == length)
}

/// Digits of a subscriber's national number.
fn ordinary_lengths(plan: &Metadata) -> BTreeSet<u16> {
    let kinds = plan.descriptors();
    [kinds.fixed_line(), kinds.mobile()]
        .into_iter()
        .flatten()
        .flat_map(|kind| kind.possible_length().iter().copied())
        .collect()
}

/// Digits of a national number of any kind.
fn lengths(plan: &Metadata) -> BTreeSet<u16> {
    let kinds = plan.descriptors();
    [
        kinds.fixed_line(),
        kinds.mobile(),
        kinds.toll_free(),
        kinds.premium_rate(),
        kinds.shared_cost(),
        kinds.personal_number(),
        kinds.voip(),
        kinds.pager(),
        kinds.uan(),
        kinds.voicemail(),
    ]
    .into_iter()
    .flatten()
    .flat_map(|kind| kind.possible_length().iter().copied())
    .collect()
}

/// The country code (one to three digits, none a prefix of another) and the plans that share it.
fn plans_of(digits: &str) -> Option<(&str, Vec<&'static Metadata>)> {
    (1..=3).find_map(|length| {
        let code = digits.get(..length)?;
        DATABASE.by_code(&code.parse::<u16>().ok()?).map(|plans| (code, plans))
    })
}

#[cfg(test)]
mod tests {
    use crate::PhoneNumber;

    fn parse(text: &str, country: &str) -> PhoneNumber {
        PhoneNumber::parse(text, country.parse().ok()).unwrap()
    }

    #[test]
    fn a_carriers_format_becomes_e164_by_the_carriers_country() {
        for (given, country, e164) in [
            ("09812345678", "IN", "+919812345678"),
            ("9812345678", "IN", "+919812345678"),
            ("919812345678", "IN", "+919812345678"),
            ("09171234567", "PH", "+639171234567"),
            ("4155551234", "US", "+14155551234"),
            ("14155551234", "US", "+14155551234"),
            ("020 7123 4567", "GB", "+442071234567"),
            ("06 698 12345", "IT", "+390669812345"),
        ] {
            assert_eq!(parse(given, country).e164(), Some(e164), "{given} in {country}");
        }
        assert_eq!(parse("1800", "IN").e164(), None);
    }

    #[test]
    fn the_same_number_in_any_spelling_is_one_number() {
        let canonical = |text: &str| parse(text, "IN").canonical().to_owned();
        for spelling in ["09812345678", "98123 45678", "919812345678", "+91 98123 45678", "00919812345678"] {
            assert_eq!(canonical(spelling), "+919812345678", "{spelling}");
        }
    }

    /// Trap 3 of LiveKit: trunks normalise called numbers, rules compare them letter by letter.
    #[test]
    fn trap_3_every_spelling_that_the_carrier_may_send_is_there() {
        let india = "IN".parse().ok();
        assert_eq!(
            parse("+919812345678", "IN").spellings(india),
            ["+919812345678", "919812345678", "09812345678", "9812345678"]
        );
        assert_eq!(parse("+14155551234", "IN").spellings(india), ["+14155551234", "14155551234"]);
        assert_eq!(
            parse("+14155551234", "US").spellings("US".parse().ok()),
            ["+14155551234", "14155551234", "4155551234"]
        );
    }

    #[test]
    fn a_length_that_no_plan_has_is_refused_with_the_expected_form() {
        let fault = PhoneNumber::parse("+1415555", None).unwrap_err();
        assert_eq!(fault.code, "too_short");
        assert!(
            fault.message.starts_with("Too short for a United States number. Expected +1 and 10 digits"),
            "{fault}"
        );
        assert_eq!(PhoneNumber::parse("+141555512345", None).unwrap_err().code, "too_long");
        assert_eq!(PhoneNumber::parse("+2101234567", None).unwrap_err().code, "unknown_country_code");
    }

    #[test]
    fn numbers_of_documentation_and_of_new_ranges_are_taken() {
        for number in ["+15550100000", "+911234567890", "+442071234567", "+31205550142", "+80012345678"] {
            assert!(PhoneNumber::parse(number, None).is_ok(), "{number}");
        }
    }
}
