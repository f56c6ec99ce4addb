use std::str::FromStr;

use api_types::input::TextList;
use domain::{FieldFault, IpRange};

/// The check of a field whose domain type is `T`.
pub fn parsed<T: FromStr<Err = FieldFault>>(text: &str) -> Result<(), FieldFault> {
    text.parse::<T>().map(drop)
}

/// The same for a field that may be blank.
pub fn blank_or_parsed<T: FromStr<Err = FieldFault>>(text: &str) -> Result<(), FieldFault> {
    if text.trim().is_empty() { Ok(()) } else { parsed::<T>(text) }
}

/// The check of a list of addresses and ranges.
pub fn addresses(text: &str) -> Result<(), FieldFault> {
    TextList::split(text).0.iter().try_for_each(|entry| parsed::<IpRange>(entry))
}
