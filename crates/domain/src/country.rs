//! Countries by ISO 3166-1 alpha-2 (docs/decisions/0013-country-names.md).

use std::{fmt, str::FromStr};

use country_code_enum::CountryCode;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::field::FieldFault;

/// The states that have changed their English name since the release of `country-code-enum`.
const RENAMED: [(CountryCode, &str); 3] =
    [(CountryCode::MK, "North Macedonia"), (CountryCode::SZ, "Eswatini"), (CountryCode::TR, "Türkiye")];

/// An officially assigned code. LiveKit Cloud routes outbound calls by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Country(CountryCode);

impl Country {
    /// Every country, by English name.
    pub fn all() -> impl Iterator<Item = Self> {
        let mut countries: Vec<Self> = assigned().map(Self).collect();
        // Å and ã are sorted as a.
        countries.sort_by_cached_key(|country| country.name().replace(['Å', 'ã'], "a").to_lowercase());
        countries.into_iter()
    }

    /// Two capital letters: `IN`.
    pub fn as_str(self) -> &'static str {
        self.0.into()
    }

    /// The short English name: `India`.
    pub fn name(self) -> &'static str {
        RENAMED.iter().find(|(code, _)| *code == self.0).map_or(self.0.name(), |(_, name)| name)
    }
}

/// The codes that ISO 3166-1 assigns. `XK` (Kosovo) is user-assigned.
fn assigned() -> impl Iterator<Item = CountryCode> {
    CountryCode::iter().filter(|code| *code != CountryCode::XK)
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Country {
    type Err = FieldFault;

    /// Parses a code in either case. The parser of `CountryCode` upper-cases by Unicode, and so accepts `ın`.
    fn from_str(text: &str) -> Result<Self, FieldFault> {
        let text = text.trim();
        assigned().find(|code| code.as_ref().eq_ignore_ascii_case(text)).map(Self).ok_or_else(|| {
            FieldFault::new("unknown_country", "Choose a country by its two letters (ISO 3166-1), such as US or IN.")
        })
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assigned_codes_are_parsed_in_any_case() {
        assert_eq!(" in ".parse::<Country>().unwrap().name(), "India");
        assert_eq!("GB".parse::<Country>().unwrap().as_str(), "GB");
        for bad in ["", "UK", "XX", "XK", "USA", "I", "ＩＮ", "ıN"] {
            assert!(bad.parse::<Country>().is_err(), "{bad}");
        }
    }

    #[test]
    fn names_are_short_and_current() {
        for (code, name) in [
            ("US", "United States"),
            ("GB", "United Kingdom"),
            ("KR", "South Korea"),
            ("MK", "North Macedonia"),
            ("SZ", "Eswatini"),
            ("TR", "Türkiye"),
        ] {
            assert_eq!(code.parse::<Country>().unwrap().name(), name);
        }
    }

    #[test]
    fn all_lists_each_country_once_by_name() {
        let codes: std::collections::BTreeSet<_> = Country::all().map(Country::as_str).collect();
        assert_eq!((codes.len(), Country::all().count()), (249, 249));
        let names: Vec<_> = Country::all().map(Country::name).collect();
        assert_eq!(names[..3], ["Afghanistan", "Åland Islands", "Albania"]);
        let ascii = names.iter().filter(|name| name.is_ascii()).map(|name| name.to_lowercase());
        assert!(ascii.is_sorted());
    }
}
