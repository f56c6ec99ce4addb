//! From columns to domain types.

use std::{fmt::Display, str::FromStr};

use domain::Timestamp;
use sqlx::{Database, Encode, QueryBuilder, Type};

use crate::Error;

/// Most values in the list of one statement; far below what either database binds (32,766 and 65,535).
pub(crate) const LIST_LIMIT: usize = 500;

/// Reads a column that this program wrote; anything else in it is [`Error::Corrupt`].
pub(crate) fn parse<T>(table: &'static str, id: &str, text: &str) -> Result<T, Error>
where
    T: FromStr,
    T::Err: Display,
{
    text.parse().map_err(|error: T::Err| corrupt(table, id, &error))
}

/// The same for a column that may be NULL.
pub(crate) fn parse_optional<T>(table: &'static str, id: &str, text: Option<&str>) -> Result<Option<T>, Error>
where
    T: FromStr,
    T::Err: Display,
{
    text.map(|text| parse(table, id, text)).transpose()
}

pub(crate) fn corrupt(table: &'static str, id: &str, reason: &dyn Display) -> Error {
    Error::Corrupt { table, id: id.to_owned(), reason: reason.to_string() }
}

/// Columns write "never" as 0, since NULL sorts differently in the two databases.
pub(crate) fn zero_as_never(millis: i64) -> Option<Timestamp> {
    (millis != 0).then(|| Timestamp::from_millis(millis))
}

/// Appends `($1, $2, …)`.
pub(crate) fn push_list<DB>(query: &mut QueryBuilder<DB>, values: &[impl AsRef<str>])
where
    DB: Database,
    for<'t> &'t str: Encode<'t, DB> + Type<DB>,
{
    query.push("(");
    let mut list = query.separated(", ");
    for value in values {
        list.push_bind(value.as_ref());
    }
    query.push(")");
}
