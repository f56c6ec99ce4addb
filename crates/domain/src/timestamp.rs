//! A point in time: Unix milliseconds in the database, RFC 3339 in JSON.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::{Date, Duration, OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description};

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    pub const fn millis(self) -> i64 {
        self.0
    }

    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// RFC 3339 in UTC with milliseconds: `2026-11-20T18:42:41.007Z`.
    pub fn rfc3339(self) -> String {
        let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
        self.date_time().format(format).unwrap_or_default()
    }

    /// For people, in UTC: `2026-11-20 18:42 UTC`.
    pub fn readable(self) -> String {
        let format = format_description!("[year]-[month]-[day] [hour]:[minute] UTC");
        self.date_time().format(format).unwrap_or_default()
    }

    /// RFC 3339, in any offset.
    pub fn parse(text: &str) -> Option<Self> {
        let parsed = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        i64::try_from(parsed.unix_timestamp_nanos() / 1_000_000).map(Self).ok()
    }

    /// The first moment of a day such as `2026-11-20`, in UTC.
    pub fn day_start(text: &str) -> Option<Self> {
        let day = Date::parse(text, format_description!("[year]-[month]-[day]")).ok()?;
        Some(Self(day.midnight().assume_utc().unix_timestamp() * 1000))
    }

    /// The first moment after a day.
    pub fn day_end(text: &str) -> Option<Self> {
        Self::day_start(text).map(|start| start.plus_millis(Duration::DAY.whole_seconds() * 1000))
    }

    /// Outside the years that RFC 3339 can write, the epoch.
    fn date_time(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000).unwrap_or(OffsetDateTime::UNIX_EPOCH)
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
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("expected a time as RFC 3339 writes it"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_the_time_from_its_first_moment_to_the_next_days() {
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
    fn json_is_rfc_3339_in_utc_and_comes_back() {
        let time = Timestamp::from_millis(1_795_200_161_007);
        let json = serde_json::to_string(&time).unwrap();
        assert_eq!(json, "\"2026-11-20T18:42:41.007Z\"");
        assert_eq!(serde_json::from_str::<Timestamp>(&json).unwrap(), time);
        assert_eq!(serde_json::from_str::<Timestamp>("\"2026-11-20T19:42:41.007+01:00\"").unwrap(), time);
    }
}
