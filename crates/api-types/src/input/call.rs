use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Text,
    search::{given, limit, search, time},
    text::present,
};
use domain::{BotId, CallDirection, CallFilter, CallOutcome, CarrierId, FieldErrors, FieldFault, Timestamp};

/// The query of `GET /api/v1/calls` and of the page of calls. A blank value is the same as an absent one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct CallQuery {
    /// The calling or the called number, in any spelling.
    pub number: String,
    /// A carrier's id; it may be deleted since.
    pub carrier: String,
    /// A bot's id; it may be deleted since.
    pub bot: String,
    /// See [`CallDirection`].
    pub direction: String,
    /// See [`CallOutcome`].
    pub outcome: String,
    /// Inclusive: RFC 3339, or the start of a day (`2026-11-20`) in UTC.
    pub from: String,
    /// Exclusive: RFC 3339, or the end of a day in UTC.
    pub to: String,
    /// 1 to 200; 50 where absent.
    pub limit: String,
    /// `next_cursor` of the page before.
    pub cursor: String,
}

impl CallQuery {
    /// Parses all fields but the cursor, which the store reads.
    ///
    /// # Errors
    /// All faults.
    pub fn parse(&self) -> Result<CallFilter, FieldErrors> {
        let mut errors = FieldErrors::default();
        let number = errors.record("number", search(&self.number)).unwrap_or_default();
        let mut filter = CallFilter { number, ..CallFilter::default() };
        filter.carrier = given(&self.carrier).and_then(|text| {
            let example = format!("{}…", CarrierId::PREFIX);
            errors.record("carrier", text.parse().map_err(|_| bad_id("a carrier", &example)))
        });
        filter.bot = given(&self.bot).and_then(|text| {
            let example = format!("{}…", BotId::PREFIX);
            errors.record("bot", text.parse().map_err(|_| bad_id("a bot", &example)))
        });
        filter.direction =
            given(&self.direction).and_then(|text| errors.record::<CallDirection>("direction", text.parse()));
        filter.outcome = given(&self.outcome).and_then(|text| errors.record::<CallOutcome>("outcome", text.parse()));
        filter.from = given(&self.from).and_then(|text| errors.record("from", time(text, Timestamp::day_start)));
        filter.before = given(&self.to).and_then(|text| errors.record("to", time(text, Timestamp::day_end)));
        if let (Some(from), Some(before)) = (filter.from, filter.before)
            && from >= before
        {
            errors.add("to", FieldFault::new("before_from", "The end has to be after the beginning."));
        }
        if let Some(text) = given(&self.limit) {
            filter.limit = errors.record("limit", limit(text, CallFilter::MAX_LIMIT)).unwrap_or(filter.limit);
        }
        if errors.is_empty() { Ok(filter) } else { Err(errors) }
    }
}

fn bad_id(what: &str, example: &str) -> FieldFault {
    FieldFault::new("bad_id", format!("Give the id of {what}: {example} with 26 letters and digits after the prefix."))
}

/// The body of `PUT /api/v1/settings/calls`, and the form for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct CallSettingsInput {
    /// How many days a call is kept, 1 to 3,650.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>, example = 90)]
    pub retention_days: Option<Text>,
}

impl CallSettingsInput {
    /// The longest retention, in days.
    pub const MAX_DAYS: u32 = 3_650;

    /// The retention in days; None where it stays as it is.
    ///
    /// # Errors
    /// The fault of the field.
    pub fn parse(&self) -> Result<Option<u32>, FieldErrors> {
        let Some(Text(text)) = &self.retention_days else { return Ok(None) };
        let days = text.trim().parse().ok().filter(|days| (1..=Self::MAX_DAYS).contains(days));
        days.map(Some).ok_or_else(|| {
            let message = "Enter a whole number of days from 1 to 3650, such as 90.";
            FieldErrors::one("retention_days", FieldFault::new("out_of_range", message))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(pairs: &[(&str, &str)]) -> CallQuery {
        let fields = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
        serde_json::from_value(serde_json::Value::Object(fields)).unwrap()
    }

    #[test]
    fn blank_values_are_no_filter() {
        let blank = query(&[("number", " "), ("carrier", ""), ("outcome", " "), ("from", ""), ("limit", "")]);
        assert_eq!(blank.parse().unwrap(), CallFilter::default());
    }

    #[test]
    fn each_filter_is_parsed() {
        let filter = query(&[
            ("number", " +1 415 "),
            ("carrier", "car_01hf7yat000000000000000000"),
            ("bot", "bot_01hf7yat000000000000000000"),
            ("direction", "outbound"),
            ("outcome", "no_answer"),
            ("from", "2026-11-20"),
            ("to", "2026-11-20"),
            ("limit", "7"),
        ])
        .parse()
        .unwrap();
        assert_eq!((filter.number.as_str(), filter.limit), ("+1 415", 7));
        assert!(filter.carrier.is_some() && filter.bot.is_some());
        assert_eq!((filter.direction, filter.outcome), (Some(CallDirection::Outbound), Some(CallOutcome::NoAnswer)));
        assert_eq!(filter.before.unwrap().millis() - filter.from.unwrap().millis(), 24 * 60 * 60 * 1000);
    }

    #[test]
    fn invalid_values_are_rejected_by_field() {
        let long = "1".repeat(300);
        for (field, value, code) in [
            ("number", long.as_str(), "too_long"),
            ("number", "1\r\n2", "unprintable_character"),
            ("carrier", "Twilio", "bad_id"),
            ("bot", "car_01hf7yat000000000000000000", "bad_id"),
            ("direction", "both", "unknown_direction"),
            ("outcome", "busy", "unknown_outcome"),
            ("from", "yesterday", "bad_time"),
            ("limit", "0", "out_of_range"),
        ] {
            let errors = query(&[(field, value)]).parse().unwrap_err().into_vec();
            let reported: Vec<_> = errors.iter().map(|error| (error.field.as_str(), error.code.as_str())).collect();
            assert_eq!(reported, [(field, code)], "{value}");
        }
    }

    #[test]
    fn retention_is_a_number_of_days() {
        let parse = |days: &str| CallSettingsInput { retention_days: Some(days.into()) }.parse();
        assert_eq!(parse(" 30 ").unwrap(), Some(30));
        assert_eq!(CallSettingsInput::default().parse().unwrap(), None);
        for days in ["", "0", "3651", "-1", "1.5", "many", "٣٠"] {
            assert_eq!(parse(days).unwrap_err().iter().next().unwrap().code, "out_of_range", "{days}");
        }
    }
}
