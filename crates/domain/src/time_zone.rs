//! Time zones of the IANA database.
//!
//! The database is on the server (feature `time-zones`). The browser checks the form of a name alone.

use std::{fmt, str::FromStr};

use crate::field::FieldFault;

/// The name of a time zone: `Asia/Kolkata`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeZone(String);

/// The day of the week and the time of day in a time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalTime {
    /// Monday is 0.
    pub weekday: usize,
    /// Minutes since midnight, as a clock on the wall shows them.
    pub minute: u16,
}

impl TimeZone {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for TimeZone {
    fn default() -> Self {
        Self("UTC".to_owned())
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for TimeZone {
    type Err = FieldFault;

    fn from_str(text: &str) -> Result<Self, FieldFault> {
        let letter = |c: char| c.is_ascii_alphanumeric() || "/_+-".contains(c);
        if text.is_empty() || text.len() > 64 || !text.chars().all(letter) {
            return Err(unknown());
        }
        #[cfg(feature = "time-zones")]
        database::check(text)?;
        Ok(Self(text.to_owned()))
    }
}

fn unknown() -> FieldFault {
    FieldFault::new("unknown_time_zone", "Enter the IANA name of a time zone, such as Asia/Kolkata or UTC.")
}

#[cfg(feature = "time-zones")]
mod database {
    use std::sync::LazyLock;

    use jiff::tz::TimeZoneDatabase;

    use super::{LocalTime, TimeZone, unknown};
    use crate::{
        FieldFault, Timestamp,
        edge::{LocalDate, LocalDateTime},
    };

    /// The one that is compiled in, so that every server knows the same time zones.
    static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

    /// Workers compare names with case.
    pub(super) fn check(name: &str) -> Result<(), FieldFault> {
        let zone = DATABASE.get(name).map_err(|_| unknown())?;
        match zone.iana_name() {
            Some(known) if known != name => {
                let message = format!("Write {known}: the name of a time zone has capitals.");
                Err(FieldFault::new("unknown_time_zone", message))
            }
            _ => Ok(()),
        }
    }

    impl TimeZone {
        /// The local time at a point in time; None where the database does not know the zone or the time.
        pub fn local_time(&self, at: Timestamp) -> Option<LocalTime> {
            let zone = DATABASE.get(&self.0).ok()?;
            let local = zone.to_datetime(jiff::Timestamp::from_millisecond(at.millis()).ok()?);
            Some(LocalTime {
                weekday: usize::try_from(local.weekday().to_monday_zero_offset()).ok()?,
                minute: u16::try_from(local.hour()).ok()? * 60 + u16::try_from(local.minute()).ok()?,
            })
        }

        /// Date and time of day at a point in time; None where the database does not know the zone or the time.
        pub fn local_date_time(&self, at: Timestamp) -> Option<LocalDateTime> {
            let zone = DATABASE.get(&self.0).ok()?;
            let local = zone.to_datetime(jiff::Timestamp::from_millisecond(at.millis()).ok()?);
            let (month, day) = (u8::try_from(local.month()).ok()?, u8::try_from(local.day()).ok()?);
            let minute = u16::try_from(local.hour()).ok()? * 60 + u16::try_from(local.minute()).ok()?;
            Some(LocalDateTime { date: LocalDate::new(local.year().into(), month, day)?, minute })
        }
    }
}

#[cfg(all(test, feature = "time-zones"))]
mod tests {
    use super::*;
    use crate::Timestamp;

    #[test]
    fn name_is_one_of_the_database() {
        for good in ["UTC", "Asia/Kolkata", "America/Argentina/Buenos_Aires", "Etc/GMT+5"] {
            assert!(good.parse::<TimeZone>().is_ok(), "{good}");
        }
        for bad in ["", "Asia/Nowhere", "IST ", "+05:30", "../etc/passwd", "Ásia/Kolkata", "x\0"] {
            assert_eq!(bad.parse::<TimeZone>().unwrap_err().code, "unknown_time_zone", "{bad}");
        }
        let fault = "asia/kolkata".parse::<TimeZone>().unwrap_err();
        assert!(fault.message.contains("Write Asia/Kolkata"), "{fault}");
    }

    #[test]
    fn local_time_follows_daylight_saving() {
        let local = |zone: &str, at: &str| {
            let LocalTime { weekday, minute } =
                zone.parse::<TimeZone>().unwrap().local_time(Timestamp::parse(at).unwrap()).unwrap();
            (weekday, minute / 60, minute % 60)
        };
        assert_eq!(local("UTC", "2026-11-26T22:05:00Z"), (3, 22, 5));
        assert_eq!(local("Asia/Kolkata", "2026-11-26T22:05:00Z"), (4, 3, 35));
        // Clocks in Berlin go from 02:00 to 03:00 on 29 March 2026, and from 03:00 to 02:00 on 25 October.
        assert_eq!(local("Europe/Berlin", "2026-03-29T00:59:00Z"), (6, 1, 59));
        assert_eq!(local("Europe/Berlin", "2026-03-29T01:00:00Z"), (6, 3, 0));
        assert_eq!(local("Europe/Berlin", "2026-10-25T00:30:00Z"), (6, 2, 30));
        assert_eq!(local("Europe/Berlin", "2026-10-25T01:30:00Z"), (6, 2, 30));
    }
}
