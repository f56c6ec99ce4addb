//! Phone numbers with the numbering plans.

use proptest::prelude::*;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber as Parsed, PhoneNumberFormat, PhoneNumberType, Region};

use super::*;

fn country(code: &str) -> Option<Country> {
    code.parse().ok()
}

fn parse(text: &str, code: &str) -> PhoneNumber {
    PhoneNumber::parse(text, country(code)).unwrap_or_else(|fault| panic!("{text:?} in {code:?}: {fault}"))
}

/// The E.164 form, `local <key>` without one, or the code of the refusal.
fn read(text: &str, code: &str) -> String {
    match PhoneNumber::parse(text, country(code)) {
        Ok(number) => number.e164().map_or_else(|| format!("local {}", number.key()), str::to_owned),
        Err(fault) => fault.code.to_owned(),
    }
}

#[test]
fn spellings_of_bug_reports_are_read() {
    for (text, code, expected) in [
        ("+91 (0)22 6789 0123", "", "+912267890123"),
        ("+91 (0)22 6789 0123", "US", "+912267890123"),
        ("0091 (0)22 6789 0123", "IN", "+912267890123"),
        ("+91 09812345678", "", "+919812345678"),
        ("+49 (0)30 23125000", "", "+493023125000"),
        ("+44 (0)20 7946 0018", "", "+442079460018"),
        ("+44 ( 0 ) 20 7946 0018", "", "+442079460018"),
        ("+1 (0)415 555 0123", "", "+14155550123"),
        ("+39 (0)2 12345678", "", "+390212345678"),
        ("(+1) 415-555-0123", "", "+14155550123"),
        ("tel:+14155550131", "", "+14155550131"),
        ("tel:+14155550131;ext=7", "", "has_extension"),
        ("919812345678.0", "IN", "+919812345678"),
        ("14155550124.0", "US", "+14155550124"),
        ("493023125001", "DE", "+493023125001"),
        ("+55 0800 123 4567", "", "+558001234567"),
        ("0800 123 4567", "BR", "+558001234567"),
        ("14155550129", "IN", "needs_plus"),
        ("88001234", "IN", "local 9188001234"),
        ("+15550100000", "", "+15550100000"),
        ("+911234567890", "", "+911234567890"),
        ("+7 800 123 45 67", "", "+78001234567"),
        ("8 (800) 123-45-67", "RU", "+78001234567"),
        ("011 15-2345-6789", "AR", "+5491123456789"),
    ] {
        assert_eq!(read(text, code), expected, "{text:?} in {code:?}");
    }
}

#[test]
fn carrier_format_becomes_e164_by_the_carriers_country() {
    for (given, country, e164) in [
        ("09812345678", "IN", "+919812345678"),
        ("9812345678", "IN", "+919812345678"),
        ("919812345678", "IN", "+919812345678"),
        ("9198765432", "IN", "+919198765432"),
        ("09171234567", "PH", "+639171234567"),
        ("4155551234", "US", "+14155551234"),
        ("14155551234", "US", "+14155551234"),
        ("011 44 20 7123 4567", "US", "+442071234567"),
        ("0011 44 20 7123 4567", "AU", "+442071234567"),
        ("020 7123 4567", "GB", "+442071234567"),
        ("06 698 12345", "IT", "+390669812345"),
    ] {
        assert_eq!(parse(given, country).e164(), Some(e164), "{given} in {country}");
    }
}

#[test]
fn numbers_of_no_known_plan_are_local() {
    for (given, country, key) in [
        ("1800", "IN", "1800"),
        ("112", "DE", "112"),
        ("5550124", "US", "5550124"),
        ("88001234", "", "88001234"),
        ("00123456", "IN", "00123456"),
        // Possible, but in no known range: the key is the one that the number has with a plus.
        ("09000000001", "PH", "639000000001"),
    ] {
        assert_eq!(read(given, country), format!("local {key}"), "{given} in {country}");
        assert_eq!(parse(given, country).number(), given);
    }
    assert_eq!(parse("+639000000001", "").key(), "639000000001");
}

#[test]
fn unknown_range_without_typed_plus_is_refused() {
    assert_eq!(read("0015550100000", ""), "needs_plus");
    assert_eq!(read("011 1 555 010 0000", "US"), "needs_plus");
    assert_eq!(read("+1 555 010 0000", "US"), "+15550100000");
}

#[test]
fn every_spelling_has_the_same_key() {
    for spelling in
        ["09812345678", "98123 45678", "919812345678", "+91 98123 45678", "00919812345678", "+91 (0)98123 45678"]
    {
        assert_eq!(parse(spelling, "IN").key(), "919812345678", "{spelling}");
    }
}

/// LiveKit's rules compare called numbers as text, and trunks only drop the plus.
#[test]
fn spellings_are_all_that_the_carrier_may_send() {
    let spellings = |number: &str, code: &str| parse(number, code).spellings(country(code));
    assert_eq!(
        spellings("+919812345678", "IN"),
        ["+919812345678", "919812345678", "09812345678", "9812345678", "00919812345678"]
    );
    assert_eq!(spellings("+14155551234", "IN"), ["+14155551234", "14155551234", "0014155551234"]);
    assert_eq!(spellings("+14155551234", "US"), ["+14155551234", "14155551234", "4155551234", "01114155551234"]);
    assert_eq!(spellings("+919812345678", "CA"), ["+919812345678", "919812345678", "011919812345678"]);
    assert_eq!(spellings("+919812345678", ""), ["+919812345678", "919812345678", "00919812345678"]);
    assert_eq!(
        spellings("+61291234567", "AU"),
        ["+61291234567", "61291234567", "0291234567", "291234567", "0061291234567", "001161291234567"]
    );
    assert_eq!(spellings("+3612345678", "HU"), ["+3612345678", "3612345678", "0612345678", "12345678", "003612345678"]);
    assert_eq!(
        spellings("+558001234567", "BR"),
        ["+558001234567", "558001234567", "08001234567", "8001234567", "00558001234567"]
    );
    assert_eq!(
        spellings("+551123456789", "BR"),
        ["+551123456789", "551123456789", "1123456789", "01123456789", "00551123456789"]
    );
}

#[test]
fn impossible_length_is_refused_with_the_expected_form() {
    let fault = |text: &str| PhoneNumber::parse(text, None).unwrap_err();
    let short = fault("+1415555");
    assert_eq!(short.code, "too_short");
    assert_eq!(short.message, "Too short for a United States number. Expected +1 and 10 digits, such as +12015550123.");
    assert_eq!(fault("+15550124").code, "too_short");
    assert_eq!(fault("+141555512345").code, "too_long");
    assert_eq!(fault("+1234567890123456").code, "too_long");
    assert_eq!(fault("+2101234567").code, "unknown_country_code");
}

#[test]
fn documentation_numbers_and_new_ranges_are_accepted() {
    for number in ["+15550100000", "+911234567890", "+442071234567", "+31205550142", "+80012345678"] {
        assert!(PhoneNumber::parse(number, None).is_ok(), "{number}");
    }
}

#[test]
fn formatted_number_is_in_international_format() {
    for (number, country, expected) in [
        ("+14155550134", "", "+1 415-555-0134"),
        ("09812345678", "IN", "+91 98123 45678"),
        ("+442079460018", "", "+44 20 7946 0018"),
        ("1800", "IN", "1800"),
    ] {
        assert_eq!(parse(number, country).formatted(), expected);
    }
    // Stored before libphonenumber read typed numbers: its format would show another number.
    let stored = PhoneNumber::restore("+9102267890123".into(), Some("+9102267890123".into()), "9102267890123".into());
    assert_eq!(stored.formatted(), "+9102267890123");
}

/// Valid numbers of every region and kind.
fn any_valid() -> impl Strategy<Value = (Region, Parsed)> {
    use PhoneNumberType::{FixedLine, Mobile, PremiumRate, SharedCost, TollFree, UAN, VoIP};
    let mut regions: Vec<Region> = PHONE_NUMBER_UTIL.get_supported_regions().collect();
    regions.sort_by_key(ToString::to_string);
    let kinds = [FixedLine, Mobile, TollFree, PremiumRate, SharedCost, VoIP, UAN];
    (prop::sample::select(regions), prop::sample::select(kinds.to_vec()), 0u64..1000).prop_filter_map(
        "no such number",
        |(region, kind, last)| {
            let mut number = PHONE_NUMBER_UTIL.get_example_number_for_type_and_region(region, kind).ok()?;
            number.national_number = number.national_number / 1000 * 1000 + last;
            // Shorter ones exist (+98 9626) and are refused: a DID has 7 to 15 digits.
            let is_long_enough = number.format_as(PhoneNumberFormat::E164).len() > "+".len() + 6;
            (is_long_enough && number.is_valid() && country(&region.to_string()).is_some()).then_some((region, number))
        },
    )
}

/// International spellings, which mean the same in any country.
fn international_spellings(number: &Parsed) -> Vec<String> {
    let format = |format| number.format_as(format).into_owned();
    let e164 = format(PhoneNumberFormat::E164);
    let international = format(PhoneNumberFormat::International);
    let code = format!("+{}", number.country_code);
    vec![
        format(PhoneNumberFormat::RFC3966),
        international.replace(['-', ' '], "\u{A0}"),
        international.replace([' ', '-'], "\u{2011}"),
        international.replacen(&code, &format!("({code})"), 1),
        international.replace(' ', "."),
        format!("{e164}.0"),
        format!("00{}", &e164[1..]),
        e164,
        international,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn any_formatting_parses_back((region, number) in any_valid()) {
        let code = region.to_string();
        let e164 = number.format_as(PhoneNumberFormat::E164).into_owned();
        let mut spellings = international_spellings(&number);
        spellings.push(number.format_as(PhoneNumberFormat::National).into_owned());
        spellings.push(number.format_out_of_country_calling_number(Region::FR).into_owned());
        let national = number.format_as(PhoneNumberFormat::National).into_owned();
        if let Some(rest) = national.strip_prefix('0').filter(|_| number.italian_leading_zero.is_none()) {
            spellings.push(format!("+{} (0){rest}", number.country_code));
            spellings.push(format!("+{} {national}", number.country_code));
        }
        for spelling in spellings {
            prop_assert_eq!(read(&spelling, &code), e164.clone(), "{} in {}", spelling, code);
            prop_assert_eq!(parse(&spelling, &code).key().to_owned(), &e164[1..]);
        }
        for spelling in international_spellings(&number) {
            prop_assert_eq!(read(&spelling, ""), e164.clone(), "{} without country", spelling);
        }
    }

    #[test]
    fn stored_number_reads_as_itself(text in "[+0-9 ()./-]{3,18}", code in "IN|US|DE|BR|IT|PH|HU|") {
        if let Ok(number) = PhoneNumber::parse(&text, country(&code)) {
            prop_assert_eq!(&PhoneNumber::parse(number.number(), country(&code)).unwrap(), &number);
            if !text.contains('+') && let Some(e164) = number.e164() {
                prop_assert!(PHONE_NUMBER_UTIL.parse(e164, None).unwrap().is_valid(), "{}", e164);
            }
            if let Some(e164) = number.e164() {
                prop_assert_eq!(parse(e164, "").key().to_owned(), number.key());
            } else if number.key() != number.number() {
                let typed = parse(&format!("+{}", number.key()), "");
                prop_assert_eq!(typed.key().to_owned(), number.key());
            }
        }
    }
}
