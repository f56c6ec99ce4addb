//! Outbound routes: which carriers a dialled number goes to.

use std::{fmt, str::FromStr};

use super::{
    Bounded, CallerNumber, EdgeKind, EdgeName, EdgeNoun, Reference, Status, UniqueKey,
    field::{Rules, json_texts, settings, text_fields, texts},
};
use crate::{CarrierId, FieldErrors, FieldFault, OutboundRouteId, text};

/// The beginning of a dialled number: `+34` matches its E.164 form, `9` what was dialled; empty matches every number. Written
/// with or without a final `*`, and stored without.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DialPrefix(String);

impl DialPrefix {
    /// The longest prefix, in characters.
    pub const MAX: usize = 20;

    /// The prefix, without a final `*`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it matches the E.164 form.
    pub fn is_international(&self) -> bool {
        self.0.starts_with('+')
    }
}

impl fmt::Display for DialPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}*", self.0)
    }
}

impl FromStr for DialPrefix {
    type Err = FieldFault;

    fn from_str(text: &str) -> Result<Self, FieldFault> {
        let text = text::plain(text, "the prefix", Self::MAX)?;
        if text.is_empty() {
            return Err(FieldFault::required("Enter a prefix, such as +34, 9 or * for every number."));
        }
        let prefix = text.strip_suffix('*').unwrap_or(&text);
        let digits = prefix.strip_prefix('+').unwrap_or(prefix);
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(FieldFault::new(
                "bad_prefix",
                "Write digits, with + before a country code and * at the end only.",
            ));
        }
        Ok(Self(prefix.to_owned()))
    }
}

json_texts! { DialPrefix: "+34*" }
text_fields! { DialPrefix }

texts! {
    /// Digits that a route puts before the number, with `+` before a country code.
    PrependDigits: "the digits", max 20, example "+34",
    |text| text.strip_prefix('+').unwrap_or(text).bytes().all(|byte| byte.is_ascii_digit()), "bad_digits",
    "Write digits, and + only at the start.";
}

settings! {
    /// Which carriers the numbers with a prefix go to.
    OutboundRouteSettings, OutboundRouteInput {
        /// Its name.
        name: EdgeName,
        /// The beginning of the numbers. The longest prefix that matches comes first.
        prefix: DialPrefix,
        /// Among routes with the same prefix, the lowest comes first.
        priority: Bounded<0, 10_000> = Bounded::new(1),
        /// The carriers, in the order in which they are tried.
        carrier_ids: Vec<CarrierId>,
        /// How many digits of the dialled number are left out at its beginning, `+` not counted.
        strip: Bounded<0, 20> = Bounded::new(0),
        /// What is put before the number after that.
        prepend: Option<PrependDigits> = None,
        /// The caller ID of its calls; absent: the user's, else the account's.
        cid_number: Option<CallerNumber> = None,
        /// Whether it is used.
        status: Status = Status::Active,
    }
}

impl Rules for OutboundRouteSettings {
    fn check(&self, errors: &mut FieldErrors) {
        let carriers = &self.carrier_ids;
        if carriers.is_empty() {
            errors.add("carrier_ids", FieldFault::required("Choose a carrier."));
        } else if (1..carriers.len()).any(|index| carriers[..index].contains(&carriers[index])) {
            errors.add("carrier_ids", FieldFault::new("repeated_carrier", "A carrier is in the list twice."));
        }
    }
}

impl EdgeNoun for OutboundRouteSettings {
    type Id = OutboundRouteId;
    type Input = OutboundRouteInput;
    const KIND: EdgeKind = EdgeKind::OutboundRoute;

    fn name(&self) -> String {
        self.name.to_string()
    }

    fn unique_keys(&self) -> Vec<UniqueKey> {
        vec![UniqueKey {
            field: "priority",
            key: format!("{}:{}", self.prefix.as_str(), self.priority),
            message: format!("Another route has the prefix {} and this priority. Choose another one.", self.prefix),
        }]
    }

    fn references(&self) -> Vec<Reference> {
        self.carrier_ids.iter().map(|id| Reference { field: "carrier_ids", id: id.to_string() }).collect()
    }
}
