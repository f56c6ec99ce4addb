//! A point in time: Unix milliseconds in the database, RFC 3339 in JSON.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, example = "2026-11-20T18:42:41.007Z"))]
pub struct Timestamp(i64);

impl Timestamp {
    /// The time so many milliseconds after 1970-01-01T00:00:00Z.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The time so many milliseconds later.
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// RFC 3339 in UTC with milliseconds: `2026-11-20T18:42:41.007Z`.
    pub fn rfc3339(self) -> String {
        calendar::write(self.0)
    }

    /// For people, in UTC: `2026-11-20 18:42 UTC`.
    pub fn readable(self) -> String {
        let text = self.rfc3339();
        match (text.get(..10), text.get(11..16)) {
            (Some(day), Some(minute)) => format!("{day} {minute} UTC"),
            _ => text,
        }
    }

    /// For people, in UTC, to the second: `2026-11-20 18:42:41 UTC`.
    pub fn readable_seconds(self) -> String {
        let text = self.rfc3339();
        match (text.get(..10), text.get(11..19)) {
            (Some(day), Some(second)) => format!("{day} {second} UTC"),
            _ => text,
        }
    }

    /// Parses RFC 3339 with any offset.
    pub fn parse(text: &str) -> Option<Self> {
        calendar::read(text).map(Self)
    }

    /// As [`Self::parse`], but what has no offset is in UTC, seconds may be absent, and a day is its first moment. This is how
    /// forms and other programs write times: `2026-11-20T18:42`, `2026-11-20 18:42:41`.
    pub fn parse_as_utc(text: &str) -> Option<Self> {
        let text = text.trim();
        let Some((day, time)) = text.split_once(['T', 't', ' ']) else { return Self::day_start(text) };
        let has_offset = time.contains(['Z', 'z', '+', '-']);
        let seconds = if time.len() == "18:42".len() { ":00" } else { "" };
        let offset = if has_offset { "" } else { "Z" };
        Self::parse(&format!("{day}T{time}{seconds}{offset}"))
    }

    /// The first moment of a day such as `2026-11-20`, in UTC.
    pub fn day_start(text: &str) -> Option<Self> {
        if text.len() == 10 { Self::parse(&format!("{text}T00:00:00Z")) } else { None }
    }

    /// The first moment after a day.
    pub fn day_end(text: &str) -> Option<Self> {
        Self::day_start(text).map(|start| start.plus_millis(24 * 60 * 60 * 1000))
    }
}

/// Years that RFC 3339 cannot express are written as the epoch.
#[cfg(not(target_family = "wasm"))]
mod calendar {
    use time::{OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description};

    pub fn write(millis: i64) -> String {
        let moment = OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000);
        let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
        moment.unwrap_or(OffsetDateTime::UNIX_EPOCH).format(format).unwrap_or_default()
    }

    pub fn read(text: &str) -> Option<i64> {
        let moment = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        i64::try_from(moment.unix_timestamp_nanos() / 1_000_000).ok()
    }
}

/// The browser's own calendar (ECMA-262 §21.4), so that the front end needs no other.
#[cfg(target_family = "wasm")]
mod calendar {
    use js_sys::Date;

    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 stay below 2^52")]
    pub fn write(millis: i64) -> String {
        let date = Date::new(&(millis as f64).into());
        let date = if date.get_time().is_nan() { Date::new(&0.into()) } else { date };
        date.to_iso_string().into()
    }

    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
    pub fn read(text: &str) -> Option<i64> {
        let millis = Date::parse(text);
        (!millis.is_nan()).then_some(millis as i64)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.rfc3339())
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("a time is written as in RFC 3339"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_ends_at_the_start_of_the_next_day() {
        let (start, end) = (Timestamp::day_start("2024-02-29").unwrap(), Timestamp::day_end("2024-02-29").unwrap());
        assert_eq!(
            (start.rfc3339().as_str(), end.rfc3339().as_str()),
            ("2024-02-29T00:00:00.000Z", "2024-03-01T00:00:00.000Z")
        );
        for none in ["2023-02-29", "2026-1-1", "20261120", "", "2026-11-20T00:00:00Z"] {
            assert_eq!(Timestamp::day_start(none), None, "{none}");
        }
    }

    #[test]
    fn time_without_offset_is_in_utc() {
        let expected = Timestamp::parse("2026-11-20T18:42:00Z");
        for text in ["2026-11-20T18:42", "2026-11-20 18:42:00", "2026-11-20t18:42:00z", "2026-11-20T20:12:00+01:30"] {
            assert_eq!(Timestamp::parse_as_utc(text), expected, "{text}");
        }
        assert_eq!(Timestamp::parse_as_utc("2026-11-20"), Timestamp::day_start("2026-11-20"));
        for none in ["", "T", "2026-11-20T", "2026-11-20T18", "18:42", "2026-11-20T25:00"] {
            assert_eq!(Timestamp::parse_as_utc(none), None, "{none}");
        }
    }

    #[test]
    fn json_is_rfc_3339_in_utc() {
        let time = Timestamp::from_millis(1_795_200_161_007);
        let json = serde_json::to_string(&time).unwrap();
        assert_eq!(json, "\"2026-11-20T18:42:41.007Z\"");
        assert_eq!(time.readable(), "2026-11-20 18:42 UTC");
        assert_eq!(time.readable_seconds(), "2026-11-20 18:42:41 UTC");
        assert_eq!(serde_json::from_str::<Timestamp>(&json).unwrap(), time);
        assert_eq!(serde_json::from_str::<Timestamp>("\"2026-11-20T19:42:41.007+01:00\"").unwrap(), time);
    }
}
