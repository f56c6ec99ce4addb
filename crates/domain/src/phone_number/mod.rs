//! A phone number: the operator's spelling, its E.164 form, and the key that all its spellings share.

#[cfg(feature = "numbering-plans")]
mod plan;
mod spelling;
#[cfg(all(test, feature = "numbering-plans"))]
mod tests;

use crate::{Country, field::FieldFault, text};

#[cfg(not(feature = "numbering-plans"))]
use spelling::Prefix;
use spelling::Spelling;

/// Either E.164 (`+14155551234`, ITU-T E.164 §6) or the digits that a carrier uses (`09812345678`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PhoneNumber {
    number: String,
    e164: Option<String>,
    key: String,
}

impl PhoneNumber {
    /// Reads what people write: with blanks, hyphens, brackets, a trunk prefix in brackets, as a `tel:` URI (RFC 3966).
    /// `country` is the carrier's; libphonenumber reads a national number by its plan.
    ///
    /// - With a plus, a possible length is sufficient, since new ranges are in service before the library knows them.
    /// - Without a plus, only a valid number has an E.164 form. Other digits are kept as the carrier's own format.
    ///
    /// Built without `numbering-plans`, as in the browser, only the form is checked.
    pub fn parse(text: &str, country: Option<Country>) -> Result<Self, FieldFault> {
        let text = text::plain(text, "the number", 64)?;
        if text.is_empty() {
            return Err(FieldFault::required("Enter a phone number, such as +14155551234 or 09812345678."));
        }
        Self::read(Spelling::read(&text)?, country)
    }

    #[cfg(feature = "numbering-plans")]
    fn read(spelling: Spelling, country: Option<Country>) -> Result<Self, FieldFault> {
        plan::read(spelling, country)
    }

    #[cfg(not(feature = "numbering-plans"))]
    fn read(spelling: Spelling, _: Option<Country>) -> Result<Self, FieldFault> {
        Ok(match spelling.prefix {
            Prefix::None => Self::local(spelling.digits),
            Prefix::Plus | Prefix::DoubleZero => {
                Self::international(format!("+{}", spelling.without_trunk_zero.unwrap_or(spelling.digits)))
            }
        })
    }

    /// A number as it was stored: [`Self::number`], [`Self::e164`] and [`Self::key`].
    pub fn restore(number: String, e164: Option<String>, key: String) -> Self {
        Self { number, e164, key }
    }

    fn international(e164: String) -> Self {
        Self { number: e164.clone(), key: e164[1..].to_owned(), e164: Some(e164) }
    }

    fn local(digits: String) -> Self {
        Self { key: digits.clone(), number: digits, e164: None }
    }

    /// As the operator gave it, without punctuation.
    pub fn number(&self) -> &str {
        &self.number
    }

    /// With `+`. None for a carrier's own format that is no valid number of the carrier's country.
    pub fn e164(&self) -> Option<&str> {
        self.e164.as_deref()
    }

    /// The number as messages name it and as LiveKit is given it.
    pub fn canonical(&self) -> &str {
        self.e164.as_deref().unwrap_or(&self.number)
    }

    /// The same for every spelling of a number, and unique in an account: the digits of its E.164 form, or of the one that
    /// it would have in its carrier's country; else the digits themselves. Without plus, as LiveKit compares numbers.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The number as libphonenumber writes it for readers in any country (`+91 98123 45678`). A carrier's own format
    /// stays as it is.
    pub fn formatted(&self) -> String {
        #[cfg(feature = "numbering-plans")]
        if let Some(formatted) = self.e164.as_deref().and_then(plan::formatted) {
            return formatted;
        }
        self.canonical().to_owned()
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
                plan::spellings(e164, country).into_iter().for_each(&mut add);
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
