//! Providers whose API sells phone numbers, and what can be searched there.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoStaticStr};

use crate::{Country, field::FieldFault, text};

/// A provider whose API sells phone numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, EnumString, IntoStaticStr)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase", ascii_case_insensitive)]
#[strum(parse_err_ty = FieldFault, parse_err_fn = unknown_provider)]
pub enum NumberProviderKind {
    /// Twilio: AvailablePhoneNumbers, IncomingPhoneNumbers and Elastic SIP Trunking.
    Twilio,
    /// Vonage: the Numbers API, and its forwarding of calls to a SIP address.
    Vonage,
}

fn unknown_provider(_: &str) -> FieldFault {
    FieldFault::new("unknown_provider", "Choose twilio or vonage: their APIs sell numbers to Trunkline.")
}

impl NumberProviderKind {
    /// The spelling in JSON and in the database: `twilio`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The spelling on pages: `Twilio`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Twilio => "Twilio",
            Self::Vonage => "Vonage",
        }
    }
}

/// What kind of number it is. Which there are depends on provider and country.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, EnumString, IntoStaticStr)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", ascii_case_insensitive)]
#[strum(parse_err_ty = FieldFault, parse_err_fn = unknown_type)]
pub enum NumberType {
    /// A geographic number; Vonage's `landline`.
    Local,
    /// Free for the caller; Vonage's `landline-toll-free`.
    TollFree,
    /// A mobile number; Vonage's `mobile-lvn`.
    Mobile,
    /// A number of the whole country.
    National,
    /// A number of IP telephony.
    Voip,
    /// Caller and callee share the cost.
    SharedCost,
    /// For devices.
    MachineToMachine,
}

fn unknown_type(_: &str) -> FieldFault {
    FieldFault::new(
        "unknown_type",
        "Choose one of local, toll_free, mobile, national, voip, shared_cost or machine_to_machine.",
    )
}

impl NumberType {
    /// The spelling in JSON: `toll_free`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The spelling on pages: `Toll-Free`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Local => "Local",
            Self::TollFree => "Toll-Free",
            Self::Mobile => "Mobile",
            Self::National => "National",
            Self::Voip => "VoIP",
            Self::SharedCost => "Shared Cost",
            Self::MachineToMachine => "Machine-to-Machine",
        }
    }

    /// Whether the provider has numbers of the type in some country.
    pub fn is_offered_by(self, provider: NumberProviderKind) -> bool {
        match provider {
            NumberProviderKind::Twilio => true,
            NumberProviderKind::Vonage => matches!(self, Self::Local | Self::TollFree | Self::Mobile),
        }
    }
}

/// An area code of the United States or of Canada. Providers filter by area code there alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaCode(String);

impl AreaCode {
    /// Parses an area code of a country.
    ///
    /// # Errors
    /// `area_code_country` outside of US and CA, `bad_area_code` where it has not three digits that start with 2 to 9.
    pub fn parse(text: &str, country: Country) -> Result<Self, FieldFault> {
        if !matches!(country.as_str(), "US" | "CA") {
            return Err(FieldFault::new(
                "area_code_country",
                format!(
                    "Area codes can be searched in US and CA only. For {country} leave it blank, and use the pattern."
                ),
            ));
        }
        let digits = text.trim();
        let is_valid =
            digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.as_bytes()[0] >= b'2';
        if !is_valid {
            let message = "An area code has three digits, of which the first is 2 to 9, such as 650.";
            return Err(FieldFault::new("bad_area_code", message));
        }
        Ok(Self(digits.to_owned()))
    }

    /// Three digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a number contains, in Twilio's syntax: digits and letters, `*` for exactly one character, `%` at the start or the
/// end for any sequence, `+` in front to begin at the start of the E.164 form, `$` behind to end at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberPattern(String);

impl NumberPattern {
    /// Parses a pattern that this provider accepts. Vonage has digits, `+` in front and `$` behind.
    ///
    /// # Errors
    /// `bad_pattern`, with the rule.
    pub fn parse(text: &str, provider: NumberProviderKind) -> Result<Self, FieldFault> {
        let pattern: String =
            text::plain(text, "the pattern", 64)?.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        check_pattern(&pattern, provider).map_err(|message| FieldFault::new("bad_pattern", message))?;
        Ok(Self(pattern))
    }

    /// The pattern as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Digits and letters, without anchors and wildcards at the ends.
    pub fn core(&self) -> &str {
        self.0.trim_matches(['+', '$', '%'])
    }

    /// It begins at the start of the number.
    pub fn is_at_start(&self) -> bool {
        self.0.starts_with('+')
    }

    /// It ends at the end of the number.
    pub fn is_at_end(&self) -> bool {
        self.0.ends_with('$')
    }
}

fn check_pattern(pattern: &str, provider: NumberProviderKind) -> Result<(), String> {
    let is_ordinary = |c: char| c.is_ascii_alphanumeric();
    let characters: Vec<char> = pattern.chars().collect();
    if let Some(other) = characters.iter().find(|c| !is_ordinary(**c) && !matches!(c, '*' | '%' | '+' | '$')) {
        return Err(format!("Remove the {other}: a pattern has digits, letters, and * % + $."));
    }
    if !(2..=16).contains(&characters.len()) {
        return Err("A pattern has 2 to 16 characters.".to_owned());
    }
    if characters[1..].contains(&'+') {
        return Err("+ is the first character: the pattern begins where the number begins.".to_owned());
    }
    if characters[..characters.len() - 1].contains(&'$') {
        return Err("$ is the last character: the pattern ends where the number ends.".to_owned());
    }
    if provider == NumberProviderKind::Vonage {
        let inner = pattern.trim_start_matches('+').trim_end_matches('$');
        let whole = pattern.starts_with('+') && pattern.ends_with('$');
        return match inner.bytes().all(|byte| byte.is_ascii_digit()) && !inner.is_empty() && !whole {
            true => Ok(()),
            false => {
                Err("Vonage searches for digits alone, with + in front (starts with) or $ behind (ends with)."
                    .to_owned())
            }
        };
    }
    if characters.windows(2).any(|pair| !is_ordinary(pair[0]) && !is_ordinary(pair[1])) {
        return Err("The characters * % + $ must not stand beside each other.".to_owned());
    }
    if characters[1..characters.len() - 1].contains(&'%') {
        return Err("% stands at the start or at the end; use * for single characters in between.".to_owned());
    }
    let ordinary = characters.iter().filter(|c| is_ordinary(**c)).count();
    if ordinary < characters.len() && ordinary < 2 {
        return Err("With * % + $ a pattern needs two digits or letters at least.".to_owned());
    }
    Ok(())
}

impl fmt::Display for NumberPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a number can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, IntoStaticStr)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum NumberCapability {
    /// Calls.
    Voice,
    /// Text messages.
    Sms,
    /// Messages with media.
    Mms,
    /// Fax.
    Fax,
}

impl NumberCapability {
    /// The spelling on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Voice => "Voice",
            Self::Sms => "SMS",
            Self::Mms => "MMS",
            Self::Fax => "Fax",
        }
    }
}

/// What the provider demands before it sells the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NumberRequirement {
    /// An address anywhere.
    AddressAny,
    /// An address in the number's area or country.
    AddressLocal,
    /// An address outside of the number's country.
    AddressForeign,
}

impl NumberRequirement {
    /// The requirement as a phrase.
    pub fn label(self) -> &'static str {
        match self {
            Self::AddressAny => "Address",
            Self::AddressLocal => "Address in the country",
            Self::AddressForeign => "Address outside of the country",
        }
    }
}

/// A phone number that a provider sells: `+` and 7 to 15 digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct E164(String);

impl E164 {
    /// With `+`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Without `+`, as Vonage writes a number.
    pub fn digits(&self) -> &str {
        &self.0[1..]
    }
}

impl fmt::Display for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for E164 {
    type Err = FieldFault;

    /// `+` and digits, such as a search returns them; blanks, hyphens, dots and brackets are left out.
    fn from_str(text: &str) -> Result<Self, FieldFault> {
        let text = text::plain(text, "the phone number", 64)?;
        if text.is_empty() {
            return Err(FieldFault::required("Enter the phone number with + and country code, such as +16505551234."));
        }
        let bare: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')')).collect();
        let digits = bare.strip_prefix('+').unwrap_or_default();
        let is_valid = (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_valid || digits.starts_with('0') {
            let message = "Write the number with + and country code, 7 to 15 digits, such as +16505551234.";
            return Err(FieldFault::new("bad_number", message));
        }
        Ok(Self(bare))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str, provider: NumberProviderKind) -> Option<String> {
        NumberPattern::parse(text, provider).ok().map(|pattern| pattern.as_str().to_owned())
    }

    #[test]
    fn patterns_follow_twilios_rules() {
        for good in ["65", "510555", "+1510", "555$", "510*55", "51%", "%55", "STORM", "1234567890123456", "510 555-1"]
        {
            assert!(pattern(good, NumberProviderKind::Twilio).is_some(), "{good}");
        }
        for bad in ["", "5", "12345678901234567", "5+5", "5$5", "5%5", "5**5", "+*55", "*5", "5#5", "%5", "5é"] {
            assert!(pattern(bad, NumberProviderKind::Twilio).is_none(), "{bad}");
        }
    }

    #[test]
    fn patterns_of_vonage_are_digits_and_one_anchor() {
        for good in ["44", "+4420", "555$"] {
            assert!(pattern(good, NumberProviderKind::Vonage).is_some(), "{good}");
        }
        for bad in ["STORM", "5*5", "55%", "+44$", "+$"] {
            assert!(pattern(bad, NumberProviderKind::Vonage).is_none(), "{bad}");
        }
    }

    #[test]
    fn area_codes_are_of_us_and_ca() {
        let area = |text: &str, country: &str| AreaCode::parse(text, country.parse().unwrap());
        assert_eq!(area(" 650 ", "US").unwrap().as_str(), "650");
        assert!(area("416", "CA").is_ok());
        assert_eq!(area("020", "GB").unwrap_err().code, "area_code_country");
        for bad in ["", "65", "6500", "150", "65a", "٦٥٠"] {
            assert_eq!(area(bad, "US").unwrap_err().code, "bad_area_code", "{bad}");
        }
    }

    #[test]
    fn e164_needs_plus_and_country_code() {
        let number: E164 = "+1 (650) 555-1234".parse().unwrap();
        assert_eq!((number.as_str(), number.digits()), ("+16505551234", "16505551234"));
        for bad in ["", "6505551234", "+0650555123", "+12345", "+1234567890123456", "+1650555abcd"] {
            assert!(bad.parse::<E164>().is_err(), "{bad}");
        }
    }
}
