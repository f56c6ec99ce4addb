//! Emergency numbers, which a bot must not call.
//!
//! The numbers are those of libphonenumber's short-number metadata (`emergency.json`, with its version), and the rules are
//! those of its `connectsToEmergencyNumber`. The library's port that this crate uses for numbering plans has no short numbers.

use std::{
    collections::{BTreeMap, HashSet},
    sync::LazyLock,
};

use rlibphonenumber::PHONE_NUMBER_UTIL;
use serde::Deserialize;

use crate::Country;

/// Regions where further digits make another number (`kRegionsWhereEmergencyNumbersMustBeExact`).
const EXACT: [&str; 3] = ["BR", "CL", "NI"];

#[derive(Deserialize)]
struct Metadata {
    regions: BTreeMap<String, Vec<String>>,
}

static METADATA: LazyLock<Metadata> = LazyLock::new(|| {
    serde_json::from_str(include_str!("emergency.json")).expect("the file is JSON of this shape, which a test reads")
});

/// The numbers, as they are searched.
struct Numbers {
    /// Of all regions.
    bare: HashSet<&'static str>,
    /// Of all regions, each after its country code.
    with_code: HashSet<String>,
}

static NUMBERS: LazyLock<Numbers> = LazyLock::new(|| {
    let (mut bare, mut with_code) = (HashSet::new(), HashSet::new());
    for (region, numbers) in &METADATA.regions {
        let code = region.parse().ok().and_then(|region| PHONE_NUMBER_UTIL.get_country_code_for_region(region));
        bare.extend(numbers.iter().map(String::as_str));
        with_code.extend(code.into_iter().flat_map(|code| numbers.iter().map(move |number| format!("{code}{number}"))));
    }
    Numbers { bare, with_code }
});

/// Whether a call to these digits may reach an emergency service. `countries` are those in which the number may be dialled.
///
/// - The digits alone are an emergency number anywhere: carriers route short numbers differently.
/// - They are the country code and then an emergency number of that country: some carriers remove the country code.
/// - In national form they begin with an emergency number of one of `countries`: networks connect at once, and ignore
///   what follows.
pub fn is_emergency_number(text: &str, countries: &[Country]) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_international = text.trim_start().starts_with('+');
    let bare = if is_international { &digits } else { digits.strip_prefix("00").unwrap_or(&digits) };
    if NUMBERS.bare.contains(digits.as_str()) || NUMBERS.with_code.contains(bare) {
        return true;
    }
    let is_prefix = |country: &Country| {
        let is_exact = EXACT.contains(&country.as_str());
        !is_exact && of_region(*country).iter().any(|number| digits.starts_with(number))
    };
    !is_international && countries.iter().any(is_prefix)
}

/// Whether these digits are an emergency number of the country, without anything before or after it.
pub fn is_emergency_number_of(digits: &str, country: Country) -> bool {
    of_region(country).iter().any(|number| number == digits)
}

fn of_region(country: Country) -> &'static [String] {
    METADATA.regions.get(country.as_str()).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_emergency(text: &str, countries: &[&str]) -> bool {
        let countries: Vec<Country> = countries.iter().map(|country| country.parse().unwrap()).collect();
        is_emergency_number(text, &countries)
    }

    #[test]
    fn metadata_covers_the_regions() {
        assert!(METADATA.regions.len() >= 240, "{}", METADATA.regions.len());
        assert!(METADATA.regions.values().flatten().all(|number| (2..=6).contains(&number.len())));
    }

    #[test]
    fn emergency_number_of_any_region_is_recognised() {
        for text in ["112", "911", "999", "000", " 1-1-2 ", "+112", "+911", "tel:911", "110", "15"] {
            assert!(is_emergency(text, &[]), "{text}");
        }
    }

    #[test]
    fn country_code_before_it_does_not_hide_it() {
        for text in ["+1911", "1911", "+44999", "0044999", "+49 112", "+91112", "+61 000"] {
            assert!(is_emergency(text, &[]), "{text}");
        }
    }

    #[test]
    fn further_digits_are_ignored_where_networks_ignore_them() {
        assert!(is_emergency("9116666666", &["US"]));
        assert!(is_emergency("1121234567", &["DE"]));
        assert!(!is_emergency("9111", &["BR"]), "must be exact there");
        assert!(!is_emergency("1121234567", &["BR"]), "not in that country");
    }

    #[test]
    fn subscriber_number_is_none() {
        for (text, country) in [
            ("+14155550123", "US"),
            ("+911123456789", "IN"),
            ("+91 112 345 6789", "IN"),
            ("+9118001234567", "US"),
            ("09812345678", "IN"),
            ("+44 999 123 4567", "GB"),
            ("+4911212345", "DE"),
        ] {
            assert!(!is_emergency(text, &[country]), "{text}");
        }
    }
}
