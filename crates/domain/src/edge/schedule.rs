//! Schedules: business hours and holidays.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::{Date, Month};

use super::{
    Bounded, EdgeKind, EdgeName, EdgeNoun, UniqueKey,
    field::{Field, Rules, json_texts, object, settings},
    schedule_text,
};
use crate::{FieldErrors, FieldFault, ScheduleId, TimeZone};

/// A day of the Gregorian calendar: `2026-12-24`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalDate(Date);

impl LocalDate {
    /// The day; None where the calendar has no such day.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let month = Month::try_from(month).ok()?;
        (1..=9_999).contains(&year).then(|| Date::from_calendar_date(year, month, day).ok().map(Self))?
    }

    /// Sunday is 0.
    pub fn weekday(self) -> u32 {
        u32::from(self.0.weekday().number_days_from_sunday())
    }

    fn yesterday(self) -> Self {
        Self(self.0.previous_day().unwrap_or(self.0))
    }
}

impl fmt::Display for LocalDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), u8::from(self.0.month()), self.0.day())
    }
}

impl FromStr for LocalDate {
    type Err = FieldFault;

    fn from_str(text: &str) -> Result<Self, FieldFault> {
        let date = || {
            let mut parts = text.trim().split('-');
            let mut part = |digits: usize| {
                let part = parts.next().filter(|part| part.len() == digits)?;
                part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<u16>().ok())?
            };
            let (year, month, day) = (part(4)?, part(2)?, part(2)?);
            let is_complete = parts.next().is_none();
            Self::new(year.into(), month.try_into().ok()?, day.try_into().ok()?).filter(|_| is_complete)
        };
        date().ok_or_else(|| FieldFault::new("bad_date", "Enter a date as YYYY-MM-DD, such as 2026-12-24"))
    }
}

/// The time of day on a clock, to the minute, `24:00` included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// Minutes since midnight, 1440 for `24:00`.
    pub fn minute(self) -> u16 {
        self.0
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl FromStr for TimeOfDay {
    type Err = FieldFault;

    fn from_str(text: &str) -> Result<Self, FieldFault> {
        let number = |text: &str| {
            (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse::<u16>().ok())?
        };
        let minute = text.trim().split_once(':').and_then(|(hour, minute)| {
            let minute = number(minute).filter(|minute| *minute < 60)?;
            Some(number(hour)? * 60 + minute).filter(|minute| *minute <= 24 * 60)
        });
        minute.map(Self).ok_or_else(|| FieldFault::new("bad_time", "Enter a time as HH:MM, such as 09:00"))
    }
}

json_texts! { LocalDate: "2026-12-24", TimeOfDay: "09:00" }

/// A point in time as calendar and clock of a time zone show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalDateTime {
    /// The day.
    pub date: LocalDate,
    /// Minutes since midnight, as a clock on the wall shows them.
    pub minute: u16,
}

/// The days of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RuleDays {
    /// One day of every week.
    Weekly {
        /// The day of the week; Sunday is 0.
        dow: Bounded<0, 6>,
    },
    /// One day.
    Date {
        /// The day.
        start_date: LocalDate,
    },
    /// Several days.
    DateRange {
        /// The first day.
        start_date: LocalDate,
        /// The last day.
        end_date: LocalDate,
    },
}

/// When a schedule is open, or closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScheduleRule {
    /// The days.
    #[serde(flatten)]
    pub days: RuleDays,
    /// When it begins; absent: at midnight.
    #[serde(default)]
    pub start_time: Option<TimeOfDay>,
    /// When it ends; not after `start_time`: on the next day. Absent: at midnight.
    #[serde(default)]
    pub end_time: Option<TimeOfDay>,
    /// Whether it is closed then, against every other rule.
    #[serde(default)]
    pub is_closed: bool,
}

impl Rules for ScheduleRule {
    fn check(&self, errors: &mut FieldErrors) {
        if let RuleDays::DateRange { start_date, end_date } = self.days
            && end_date < start_date
        {
            let message = format!("The range ends on {end_date}, before it begins on {start_date}.");
            errors.add("end_date", FieldFault::new("bad_range", message));
        }
        if self.start_time.is_some_and(|start| start.minute() == 24 * 60) {
            errors.add("start_time", FieldFault::new("bad_time", "Begin at 00:00 of the next day instead of 24:00."));
        }
        if self.start_time.is_some() && self.start_time == self.end_time {
            let message = "Begin and end are the same time. Leave both out for the whole day.";
            errors.add("end_time", FieldFault::new("bad_time", message));
        }
    }
}

impl Field for ScheduleRule {
    fn parse(value: &Value) -> Result<Self, FieldFault> {
        object(value, "the rule")
    }

    fn text(&self) -> String {
        self.to_string()
    }

    fn is_separator(c: char) -> bool {
        matches!(c, '\n' | ',' | ';')
    }

    fn parse_entries(text: &str) -> Result<Vec<Self>, FieldFault> {
        schedule_text::parse(text)
    }
}

impl ScheduleRule {
    fn is_weekly(&self) -> bool {
        matches!(self.days, RuleDays::Weekly { .. })
    }

    /// Whether the rule begins on the day.
    fn begins_on(&self, date: LocalDate) -> bool {
        match self.days {
            RuleDays::Weekly { dow } => dow.get() == date.weekday(),
            RuleDays::Date { start_date } => date == start_date,
            RuleDays::DateRange { start_date, end_date } => (start_date..=end_date).contains(&date),
        }
    }

    /// Begin and end in minutes since the midnight before the rule begins; over midnight the end is after 1440.
    fn minutes(&self) -> (u16, u16) {
        let start = self.start_time.map_or(0, TimeOfDay::minute);
        let end = self.end_time.map_or(24 * 60, TimeOfDay::minute);
        if end > start { (start, end) } else { (start, end + 24 * 60) }
    }

    /// Whether the rule covers the time, begun on this day or, over midnight, on the day before.
    fn covers(&self, local: LocalDateTime) -> bool {
        self.covers_from_today(local) || self.covers_from_yesterday(local)
    }

    fn covers_from_today(&self, local: LocalDateTime) -> bool {
        let (start, end) = self.minutes();
        self.begins_on(local.date) && (start..end).contains(&local.minute)
    }

    fn covers_from_yesterday(&self, local: LocalDateTime) -> bool {
        let (_, end) = self.minutes();
        self.begins_on(local.date.yesterday()) && local.minute + 24 * 60 < end
    }

    fn is_whole_day(&self) -> bool {
        self.minutes() == (0, 24 * 60)
    }
}

/// What a schedule says of a point in time. The names are the handles of a flow's time condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ScheduleState {
    /// Open.
    InHours,
    /// Closed.
    OutOfHours,
    /// Closed by the rule of a date.
    Holiday,
}

impl ScheduleState {
    /// The spelling in JSON: `in_hours`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InHours => "in_hours",
            Self::OutOfHours => "out_of_hours",
            Self::Holiday => "holiday",
        }
    }
}

settings! {
    /// Business hours and holidays.
    ScheduleSettings, ScheduleInput {
        /// Its name.
        name: EdgeName,
        /// The time zone of its times; absent: the account's.
        timezone: Option<TimeZone> = None,
        /// When it is open and when it is closed. Without a rule that opens, it is open whenever no rule closes it.
        rules: Vec<ScheduleRule> = Vec::new(),
    }
}

impl Rules for ScheduleSettings {}

impl ScheduleSettings {
    /// Whether the schedule is open.
    ///
    /// 1. A rule that closes the time comes before all others: a holiday where it is the rule of a date.
    /// 2. On a day with a date's opening rules, those replace the weekly ones.
    /// 3. Hours over midnight belong to the day on which they begin.
    pub fn state_at(&self, local: LocalDateTime) -> ScheduleState {
        let covering = || self.rules.iter().filter(|rule| rule.covers(local));
        if covering().any(|rule| rule.is_closed && !rule.is_weekly()) {
            return ScheduleState::Holiday;
        }
        if covering().any(|rule| rule.is_closed) {
            return ScheduleState::OutOfHours;
        }
        let opens = |rule: &ScheduleRule| match rule.is_weekly() {
            false => rule.covers(local),
            true => {
                (rule.covers_from_today(local) && !self.replaces_weekly(local.date))
                    || (rule.covers_from_yesterday(local) && !self.replaces_weekly(local.date.yesterday()))
            }
        };
        let mut opening = self.rules.iter().filter(|rule| !rule.is_closed).peekable();
        if opening.peek().is_none() || opening.any(opens) { ScheduleState::InHours } else { ScheduleState::OutOfHours }
    }

    /// Whether the weekly rules that begin on the day do not apply: a date's rules open it at other times, or close it.
    fn replaces_weekly(&self, date: LocalDate) -> bool {
        let mut dates = self.rules.iter().filter(|rule| !rule.is_weekly() && rule.begins_on(date));
        dates.any(|rule| !rule.is_closed || rule.is_whole_day())
    }
}

impl EdgeNoun for ScheduleSettings {
    type Id = ScheduleId;
    type Input = ScheduleInput;
    const KIND: EdgeKind = EdgeKind::Schedule;

    fn name(&self) -> String {
        self.name.to_string()
    }

    fn unique_keys(&self) -> Vec<UniqueKey> {
        vec![UniqueKey {
            field: "name",
            key: self.name.as_str().to_lowercase(),
            message: format!("Another schedule is called {}.", self.name),
        }]
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::edge::EdgeInput;

    fn schedule(rules: Value) -> ScheduleSettings {
        let input: ScheduleInput = serde_json::from_value(json!({ "name": "Office", "rules": rules })).unwrap();
        input.parse(None).unwrap()
    }

    fn at(text: &str) -> LocalDateTime {
        let (date, time) = text.split_once(' ').unwrap();
        LocalDateTime { date: date.parse().unwrap(), minute: time.parse::<TimeOfDay>().unwrap().minute() }
    }

    fn state(schedule: &ScheduleSettings, text: &str) -> &'static str {
        schedule.state_at(at(text)).as_str()
    }

    /// Monday to Friday; 2026-11-27 is a Friday.
    fn weekdays(start: &str, end: &str) -> Vec<Value> {
        (1..=5).map(|dow| json!({ "kind": "weekly", "dow": dow, "start_time": start, "end_time": end })).collect()
    }

    #[test]
    fn weekly_hours_end_before_their_end_time() {
        let office = schedule(json!(weekdays("09:00", "17:30")));
        for (time, expected) in [
            ("2026-11-27 08:59", "out_of_hours"),
            ("2026-11-27 09:00", "in_hours"),
            ("2026-11-27 17:29", "in_hours"),
            ("2026-11-27 17:30", "out_of_hours"),
            ("2026-11-28 12:00", "out_of_hours"),
        ] {
            assert_eq!(state(&office, time), expected, "{time}");
        }
    }

    #[test]
    fn hours_over_midnight_belong_to_the_day_they_begin() {
        let night = schedule(json!([{ "kind": "weekly", "dow": 5, "start_time": "22:00", "end_time": "06:00" }]));
        assert_eq!(state(&night, "2026-11-27 23:00"), "in_hours");
        assert_eq!(state(&night, "2026-11-28 05:59"), "in_hours");
        assert_eq!(state(&night, "2026-11-28 06:00"), "out_of_hours");
        assert_eq!(state(&night, "2026-11-27 05:00"), "out_of_hours");
    }

    #[test]
    fn closed_date_is_a_holiday_against_weekly_hours() {
        let mut rules = weekdays("09:00", "17:00");
        rules.push(json!({ "kind": "date", "start_date": "2026-12-25", "is_closed": true }));
        rules.push(
            json!({ "kind": "date_range", "start_date": "2026-12-28", "end_date": "2026-12-31", "is_closed": true }),
        );
        let office = schedule(json!(rules));
        for (time, expected) in [
            ("2026-12-24 10:00", "in_hours"),
            ("2026-12-25 10:00", "holiday"),
            ("2026-12-28 00:00", "holiday"),
            ("2026-12-31 23:59", "holiday"),
            ("2027-01-01 10:00", "in_hours"),
        ] {
            assert_eq!(state(&office, time), expected, "{time}");
        }
    }

    #[test]
    fn opening_date_replaces_the_weekly_hours() {
        let mut rules = weekdays("09:00", "17:00");
        rules.push(json!({ "kind": "date", "start_date": "2026-11-27", "start_time": "10:00", "end_time": "12:00" }));
        let office = schedule(json!(rules));
        assert_eq!(state(&office, "2026-11-27 11:00"), "in_hours");
        assert_eq!(state(&office, "2026-11-27 09:30"), "out_of_hours");
        assert_eq!(state(&office, "2026-11-27 13:00"), "out_of_hours");
        assert_eq!(state(&office, "2026-11-26 13:00"), "in_hours");
    }

    #[test]
    fn closed_hours_leave_the_rest_of_the_day_open() {
        let mut rules = weekdays("09:00", "17:00");
        rules
            .push(json!({ "kind": "weekly", "dow": 5, "start_time": "12:00", "end_time": "13:00", "is_closed": true }));
        rules.push(json!({ "kind": "date", "start_date": "2026-12-24", "start_time": "14:00", "is_closed": true }));
        let office = schedule(json!(rules));
        assert_eq!(state(&office, "2026-11-27 12:30"), "out_of_hours");
        assert_eq!(state(&office, "2026-11-27 13:00"), "in_hours");
        assert_eq!(state(&office, "2026-12-24 13:59"), "in_hours");
        assert_eq!(state(&office, "2026-12-24 14:00"), "holiday");
    }

    #[test]
    fn night_shift_does_not_go_on_after_a_closed_day() {
        let schedule = schedule(json!([
            { "kind": "weekly", "dow": 5, "start_time": "22:00", "end_time": "06:00" },
            { "kind": "date", "start_date": "2026-11-27", "is_closed": true },
        ]));
        assert_eq!(state(&schedule, "2026-11-27 23:00"), "holiday");
        assert_eq!(state(&schedule, "2026-11-28 01:00"), "out_of_hours");
        assert_eq!(state(&schedule, "2026-12-05 01:00"), "in_hours");
    }

    #[test]
    fn without_opening_rules_it_is_open_unless_closed() {
        assert_eq!(state(&schedule(json!([])), "2026-11-27 03:00"), "in_hours");
        let holidays = schedule(json!([{ "kind": "date", "start_date": "2026-12-25", "is_closed": true }]));
        assert_eq!(state(&holidays, "2026-12-24 03:00"), "in_hours");
        assert_eq!(state(&holidays, "2026-12-25 03:00"), "holiday");
    }

    #[test]
    fn bad_rules_are_rejected_with_their_place() {
        for (rule, part) in [
            (json!({}), "kind"),
            (json!({ "kind": "weekly" }), "dow"),
            (json!({ "kind": "weekly", "dow": 7 }), "from 0 to 6"),
            (json!({ "kind": "date", "start_date": "2026-02-29" }), "YYYY-MM-DD"),
            (json!({ "kind": "date", "start_date": "2026-12-24", "start_time": "9:00" }), "HH:MM"),
            (json!({ "kind": "date", "start_date": "2026-12-24", "start_time": "09:00", "end_time": "09:00" }), "same"),
            (json!({ "kind": "date", "start_date": "2026-12-24", "start_time": "24:00" }), "24:00"),
            (json!({ "kind": "date_range", "start_date": "2026-12-24", "end_date": "2026-12-23" }), "before it begins"),
        ] {
            let input: ScheduleInput = serde_json::from_value(json!({ "name": "Office", "rules": [rule] })).unwrap();
            let errors = input.parse(None).unwrap_err();
            let message = errors.message("rules").unwrap();
            assert!(message.starts_with("Entry 1: ") && message.contains(part), "{rule}: {message}");
        }
    }
}
