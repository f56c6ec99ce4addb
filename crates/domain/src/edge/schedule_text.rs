//! Rules of a schedule as lines of text: `mon-fri 09:00-17:00`, `2026-12-24..2026-12-31 closed`.

use std::fmt;

use super::{Bounded, RuleDays, ScheduleRule, TimeOfDay, field::Rules};
use crate::field::{FieldErrors, FieldFault};

/// Sunday is 0.
const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// The rules that a line stands for: one for each day of the week that it names.
///
/// # Errors
/// `bad_rule`, with what a line looks like.
pub(super) fn parse(line: &str) -> Result<Vec<ScheduleRule>, FieldFault> {
    let mut words = line.split_whitespace();
    let days = days(words.next().unwrap_or_default())?;
    let (mut start_time, mut end_time, mut is_closed) = (None, None, false);
    for word in words {
        match word.split_once('-') {
            None if word.eq_ignore_ascii_case("closed") => is_closed = true,
            None if word.eq_ignore_ascii_case("open") => {}
            Some((start, end)) => (start_time, end_time) = (Some(time(start)?), Some(time(end)?)),
            None => return Err(bad(word)),
        }
    }
    let rules = days.into_iter().map(|days| ScheduleRule { days, start_time, end_time, is_closed });
    rules.map(checked).collect()
}

fn days(word: &str) -> Result<Vec<RuleDays>, FieldFault> {
    if word.eq_ignore_ascii_case("daily") {
        return Ok((0..7).map(weekly).collect());
    }
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        let days = match word.split_once("..") {
            Some((start, end)) => RuleDays::DateRange { start_date: start.parse()?, end_date: end.parse()? },
            None => RuleDays::Date { start_date: word.parse()? },
        };
        return Ok(vec![days]);
    }
    let day = |name: &str| DAYS.iter().position(|day| day.eq_ignore_ascii_case(name)).ok_or_else(|| bad(word));
    match word.split_once('-') {
        Some((first, last)) => {
            let (first, last) = (day(first)?, day(last)?);
            Ok((0..=(last + 7 - first) % 7).map(|offset| weekly((first + offset) % 7)).collect())
        }
        None => Ok(vec![weekly(day(word)?)]),
    }
}

fn weekly(day: usize) -> RuleDays {
    let text = day.to_string();
    RuleDays::Weekly { dow: text.parse().unwrap_or(Bounded::new(0)) }
}

fn time(text: &str) -> Result<TimeOfDay, FieldFault> {
    text.parse()
}

fn checked(rule: ScheduleRule) -> Result<ScheduleRule, FieldFault> {
    let mut errors = FieldErrors::default();
    rule.check(&mut errors);
    match errors.into_vec().into_iter().next() {
        None => Ok(rule),
        Some(error) => Err(FieldFault::new("bad_rule", error.message)),
    }
}

fn bad(word: &str) -> FieldFault {
    let message = format!(
        "{word} is no day and no time. Write lines such as mon-fri 09:00-17:00, daily 08:00-20:00, 2026-12-25 closed or \
         2026-12-24..2026-12-31 closed."
    );
    FieldFault::new("bad_rule", message)
}

impl fmt::Display for ScheduleRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.days {
            RuleDays::Weekly { dow } => f.write_str(DAYS[dow.get() as usize])?,
            RuleDays::Date { start_date } => write!(f, "{start_date}")?,
            RuleDays::DateRange { start_date, end_date } => write!(f, "{start_date}..{end_date}")?,
        }
        if self.start_time.is_some() || self.end_time.is_some() {
            let text = |time: Option<TimeOfDay>, default: &str| {
                time.map_or_else(|| default.to_owned(), |time| time.to_string())
            };
            write!(f, " {}-{}", text(self.start_time, "00:00"), text(self.end_time, "24:00"))?;
        }
        if self.is_closed { f.write_str(" closed") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        parse(text).unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn line_becomes_one_rule_for_each_day() {
        assert_eq!(lines("Mon-Wed 09:00-17:00"), ["mon 09:00-17:00", "tue 09:00-17:00", "wed 09:00-17:00"]);
        assert_eq!(lines("sat-mon closed"), ["sat closed", "sun closed", "mon closed"]);
        assert_eq!(lines("daily").len(), 7);
        assert_eq!(lines("fri 22:00-06:00 open"), ["fri 22:00-06:00"]);
    }

    #[test]
    fn written_rule_is_parsed() {
        for line in ["sun", "2026-12-25 closed", "2026-12-24..2026-12-31 09:00-12:00", "mon 12:00-13:00 closed"] {
            assert_eq!(lines(line), [line]);
        }
    }

    #[test]
    fn other_lines_are_rejected_with_an_example() {
        for line in [
            "",
            "someday 09:00-17:00",
            "mon 9-17",
            "mon 09:00",
            "2026-02-30",
            "2026-12-31..2026-12-24",
            "mon 09:00-09:00",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
        assert!(parse("moon").unwrap_err().message.contains("mon-fri 09:00-17:00"));
    }
}
