//! When a bot answers.

use serde_json::{Map, Value};

use crate::{LocalTime, field::FieldFault};

const DAYS: [(&str, &str); 7] = [
    ("mon", "monday"),
    ("tue", "tuesday"),
    ("wed", "wednesday"),
    ("thu", "thursday"),
    ("fri", "friday"),
    ("sat", "saturday"),
    ("sun", "sunday"),
];
const MIDNIGHT: u16 = 24 * 60;

/// The days and the time of day at which a bot answers: `active_hours` of its runtime configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActiveHours {
    /// From Monday on.
    days: [bool; 7],
    /// Minutes since midnight.
    start: u16,
    /// Minutes since midnight. Not after `start`: on the next day.
    end: u16,
}

impl ActiveHours {
    /// Reads `{enabled, days, start_time, end_time}`; None where it is not enabled: the bot answers at any time. Without
    /// `days` it answers on all of them.
    ///
    /// # Errors
    /// The first fault, whose message names the key.
    pub fn read(value: &Value) -> Result<Option<Self>, FieldFault> {
        let object = match value {
            Value::Null => return Ok(None),
            Value::Object(object) => object,
            _ => {
                let example = r#"{"enabled": true, "start_time": "09:00", "end_time": "18:00"}"#;
                return Err(bad(&format!("active_hours is an object, such as {example}.")));
            }
        };
        let enabled = match object.get("enabled") {
            None | Some(Value::Null) => false,
            Some(Value::Bool(enabled)) => *enabled,
            Some(_) => return Err(bad("active_hours.enabled is true or false.")),
        };
        let days = days(object.get("days"))?;
        let start = time(object, "start_time")?;
        let end = time(object, "end_time")?;
        match (enabled, start, end) {
            (false, _, _) => Ok(None),
            (true, Some(start), Some(end)) => Ok(Some(Self { days, start: start % MIDNIGHT, end })),
            (true, None, _) => Err(bad("Enter active_hours.start_time, such as 09:00.")),
            (true, _, None) => Err(bad("Enter active_hours.end_time, such as 18:00.")),
        }
    }

    /// Whether the bot answers at this time. Hours over midnight belong to the day on which they start; equal times are the
    /// whole day.
    pub fn contains(&self, local: LocalTime) -> bool {
        let LocalTime { weekday, minute } = local;
        let today = self.days[weekday % 7];
        if self.start < self.end {
            return today && (self.start..self.end).contains(&minute);
        }
        let yesterday = self.days[(weekday + 6) % 7];
        (today && minute >= self.start) || (yesterday && minute < self.end)
    }

    /// Minutes on a clock from this time to the next at which the bot answers.
    pub fn minutes_until_open(&self, local: LocalTime) -> i64 {
        let week = 7 * i64::from(MIDNIGHT);
        let at = |minutes: i64| {
            let minute =
                i64::try_from(local.weekday).unwrap_or(0) * i64::from(MIDNIGHT) + i64::from(local.minute) + minutes;
            let (weekday, minute) = (minute / i64::from(MIDNIGHT) % 7, minute % i64::from(MIDNIGHT));
            LocalTime { weekday: usize::try_from(weekday).unwrap_or(0), minute: u16::try_from(minute).unwrap_or(0) }
        };
        (0..week).find(|minutes| self.contains(at(*minutes))).unwrap_or(week)
    }

    /// The hours for people: `mon, tue 22:00 to 06:00`.
    pub fn describe(&self) -> String {
        let days: Vec<&str> = DAYS.iter().zip(self.days).filter(|(_, on)| *on).map(|((day, _), _)| *day).collect();
        let days = if days.len() == 7 { "every day".to_owned() } else { days.join(", ") };
        format!("{days} {} to {}", clock(self.start), clock(self.end))
    }
}

impl LocalTime {
    /// The time for people: `fri 03:35`.
    pub fn describe(self) -> String {
        format!("{} {}", DAYS[self.weekday % 7].0, clock(self.minute))
    }
}

fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn bad(message: &str) -> FieldFault {
    FieldFault::new("bad_active_hours", message)
}

fn days(value: Option<&Value>) -> Result<[bool; 7], FieldFault> {
    let list = match value {
        None | Some(Value::Null) => return Ok([true; 7]),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(bad(r#"active_hours.days is a list, such as ["mon", "tue"]."#)),
    };
    let mut days = [false; 7];
    for entry in list {
        let day = entry.as_str().unwrap_or_default().to_ascii_lowercase();
        let known = DAYS.iter().position(|(short, long)| day == *short || day == *long);
        let Some(index) = known else {
            return Err(bad("active_hours.days has names of days: mon, tue, wed, thu, fri, sat or sun."));
        };
        days[index] = true;
    }
    if list.is_empty() {
        return Err(bad("Name at least one day in active_hours.days, or leave it out for all seven."));
    }
    Ok(days)
}

/// `HH:MM` in minutes; the end of the day may be 24:00.
fn time(object: &Map<String, Value>, key: &str) -> Result<Option<u16>, FieldFault> {
    let text = match object.get(key) {
        None | Some(Value::Null) => return Ok(None),
        Some(value) => value.as_str().unwrap_or_default(),
    };
    let digits = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    let minutes = text.split_once(':').filter(|(hour, minute)| digits(hour) && digits(minute));
    let minutes = minutes.and_then(|(hour, minute)| Some((hour.parse::<u16>().ok()?, minute.parse::<u16>().ok()?)));
    match minutes {
        Some((hour, minute)) if hour < 24 && minute < 60 => Ok(Some(hour * 60 + minute)),
        Some((24, 0)) if key == "end_time" => Ok(Some(MIDNIGHT)),
        _ => Err(bad(&format!("active_hours.{key} is a time of day from 00:00 to 23:59, such as 09:00."))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn hours(value: Value) -> ActiveHours {
        ActiveHours::read(&value).unwrap().unwrap()
    }

    fn at(weekday: usize, hour: u16, minute: u16) -> LocalTime {
        LocalTime { weekday, minute: hour * 60 + minute }
    }

    #[test]
    fn hours_of_a_day_include_the_start_only() {
        let office =
            hours(json!({"enabled": true, "days": ["Mon", "friday"], "start_time": "09:00", "end_time": "18:00"}));
        assert!(office.contains(at(0, 9, 0)) && office.contains(at(4, 17, 59)));
        assert!(!office.contains(at(0, 8, 59)) && !office.contains(at(0, 18, 0)) && !office.contains(at(1, 12, 0)));
        assert_eq!(office.describe(), "mon, fri 09:00 to 18:00");
    }

    #[test]
    fn overnight_hours_belong_to_the_day_they_start_on() {
        let night = hours(json!({"enabled": true, "days": ["sun"], "start_time": "22:00", "end_time": "06:00"}));
        assert!(night.contains(at(6, 22, 0)) && night.contains(at(6, 23, 59)) && night.contains(at(0, 5, 59)));
        assert!(!night.contains(at(0, 6, 0)) && !night.contains(at(0, 22, 0)) && !night.contains(at(6, 5, 0)));
    }

    #[test]
    fn next_opening_is_found_across_the_week() {
        let monday = hours(json!({"enabled": true, "days": ["mon"], "start_time": "09:00", "end_time": "18:00"}));
        for (local, minutes) in
            [(at(0, 8, 59), 1), (at(0, 9, 0), 0), (at(0, 18, 0), 6 * 24 * 60 + 15 * 60), (at(6, 23, 0), 10 * 60)]
        {
            assert_eq!(monday.minutes_until_open(local), minutes, "{local:?}");
        }
    }

    #[test]
    fn all_days_and_whole_days_are_possible() {
        let daily = hours(json!({"enabled": true, "start_time": "00:00", "end_time": "24:00"}));
        let same = hours(json!({"enabled": true, "start_time": "08:00", "end_time": "08:00"}));
        for weekday in 0..7 {
            for hour in 0..24 {
                assert!(daily.contains(at(weekday, hour, 59)) && same.contains(at(weekday, hour, 0)));
            }
        }
        assert_eq!(daily.describe(), "every day 00:00 to 24:00");
    }

    #[test]
    fn hours_that_are_not_enabled_do_not_restrict() {
        for open in [json!(null), json!({}), json!({"enabled": false, "start_time": "09:00"}), json!({"enabled": null})]
        {
            assert_eq!(ActiveHours::read(&open).unwrap(), None, "{open}");
        }
    }

    #[test]
    fn fault_names_its_key() {
        for (value, key) in [
            (json!([]), "active_hours is an object"),
            (json!({"enabled": "yes"}), "active_hours.enabled"),
            (json!({"enabled": true, "end_time": "18:00"}), "active_hours.start_time"),
            (json!({"enabled": true, "start_time": "09:00"}), "active_hours.end_time"),
            (json!({"days": "mon"}), "active_hours.days is a list"),
            (json!({"days": [1]}), "active_hours.days has names"),
            (json!({"days": ["someday"]}), "active_hours.days has names"),
            (json!({"days": []}), "at least one day"),
            (json!({"start_time": "9:00"}), "active_hours.start_time"),
            (json!({"start_time": "24:00"}), "active_hours.start_time"),
            (json!({"end_time": "٠٩:٠٠"}), "active_hours.end_time"),
            (json!({"end_time": "18:60"}), "active_hours.end_time"),
            (json!({"end_time": 18}), "active_hours.end_time"),
        ] {
            let fault = ActiveHours::read(&value).unwrap_err();
            assert!(fault.code == "bad_active_hours" && fault.message.contains(key), "{value}: {fault}");
        }
    }
}
