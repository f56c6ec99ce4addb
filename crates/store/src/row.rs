//! From columns to domain types.

use std::{fmt::Display, str::FromStr};

use domain::Timestamp;

use crate::Error;

/// Values in one statement's list; far below what either database binds.
pub(crate) const AT_ONCE: usize = 500;

/// Reads a column that this program wrote; anything else in it is [`Error::Corrupt`].
pub(crate) fn parse<T>(table: &'static str, id: &str, text: &str) -> Result<T, Error>
where
    T: FromStr,
    T::Err: Display,
{
    text.parse().map_err(|error: T::Err| corrupt(table, id, &error))
}

pub(crate) fn corrupt(table: &'static str, id: &str, what: &dyn Display) -> Error {
    Error::Corrupt { table, id: id.to_owned(), what: what.to_string() }
}

/// Columns write "never" as 0, since NULL sorts differently in the two databases.
pub(crate) fn never_is_zero(millis: i64) -> Option<Timestamp> {
    (millis != 0).then(|| Timestamp::from_millis(millis))
}
