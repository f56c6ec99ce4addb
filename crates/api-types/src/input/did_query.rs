use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::search::{given, limit, search};
use domain::{BotFilter, DidFilter, DidSort, FieldErrors, FieldFault};

/// The query of `GET /api/v1/carriers/{id}/dids`, and of the carrier's page, which keeps it in its URL. Blank is as good as
/// absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct DidQuery {
    /// Words that all have to match: part of the label or of the bot's name, any case, or of the number in any spelling.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub q: String,
    /// See [`domain::Direction`].
    #[serde(skip_serializing_if = "String::is_empty")]
    pub direction: String,
    /// A bot's id, or `none` for the numbers without a bot.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub bot_id: String,
    /// `number` where empty, `label`, `direction` or `bot`; `-` in front reverses the order.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sort: String,
    /// 1 to 200; 50 where absent.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub limit: String,
    /// `next_cursor` of the page before, with the same sort.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cursor: String,
}

impl DidQuery {
    /// `bot_id` for the numbers without a bot.
    pub const NO_BOT: &str = "none";

    /// The cursor is left to whoever made it.
    pub fn parse(&self) -> Result<DidFilter, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut filter =
            DidFilter { q: errors.record("q", search(&self.q)).unwrap_or_default(), ..DidFilter::default() };
        filter.direction = given(&self.direction).and_then(|text| errors.record("direction", text.parse()));
        filter.bot = given(&self.bot_id).and_then(|text| errors.record("bot_id", answered_by(text)));
        if let Some((sort, descending)) = errors.record("sort", sort(self.sort.trim())) {
            (filter.sort, filter.descending) = (sort, descending);
        }
        if let Some(text) = given(&self.limit) {
            filter.limit = errors.record("limit", limit(text, DidFilter::MAX_LIMIT)).unwrap_or(filter.limit);
        }
        if errors.is_empty() { Ok(filter) } else { Err(errors) }
    }
}

fn answered_by(text: &str) -> Result<BotFilter, FieldFault> {
    if text == DidQuery::NO_BOT {
        return Ok(BotFilter::NoBot);
    }
    text.parse().map(BotFilter::Bot).map_err(|_| {
        FieldFault::new("unknown_bot", "Enter a bot's id, or none for the numbers without a bot, or leave it out.")
    })
}

fn sort(text: &str) -> Result<(DidSort, bool), FieldFault> {
    DidSort::parse(text).ok_or_else(|| {
        let message = "Sort by one of number, label, direction or bot; put - in front to reverse the order.";
        FieldFault::new("unknown_sort", message)
    })
}

#[cfg(test)]
mod tests {
    use domain::Direction;

    use super::*;

    fn query(pairs: &[(&str, &str)]) -> DidQuery {
        let fields = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
        serde_json::from_value(serde_json::Value::Object(fields)).unwrap()
    }

    #[test]
    fn blank_filters_match_all() {
        let blank = query(&[("q", " "), ("direction", ""), ("bot_id", " "), ("sort", ""), ("limit", "")]).parse();
        assert_eq!(blank.unwrap(), DidFilter::default());
        assert!(DidFilter::default().matches_all());
    }

    #[test]
    fn each_filter_is_read() {
        let bot = "bot_01hf7yat000000000000000000";
        let filter =
            query(&[("q", " Sales "), ("direction", "Inbound"), ("bot_id", bot), ("sort", "-bot"), ("limit", "7")]);
        let expected = DidFilter {
            q: "Sales".to_owned(),
            direction: Some(Direction::Inbound),
            bot: Some(BotFilter::Bot(bot.parse().unwrap())),
            sort: DidSort::Bot,
            descending: true,
            limit: 7,
        };
        assert_eq!(filter.parse().unwrap(), expected);
        assert!(!expected.matches_all());
        assert_eq!(query(&[("bot_id", "none")]).parse().unwrap().bot, Some(BotFilter::NoBot));
    }

    #[test]
    fn invalid_filters_are_refused_by_field() {
        let long = "x".repeat(201);
        for (field, value, code) in [
            ("q", long.as_str(), "too_long"),
            ("direction", "up", "unknown_direction"),
            ("bot_id", "Concierge", "unknown_bot"),
            ("sort", "id", "unknown_sort"),
            ("limit", "0", "out_of_range"),
            ("limit", "201", "out_of_range"),
            ("limit", "ten", "out_of_range"),
        ] {
            let errors = query(&[(field, value)]).parse().unwrap_err().into_vec();
            let found: Vec<_> = errors.iter().map(|error| (error.field.as_str(), error.code.as_str())).collect();
            assert_eq!(found, [(field, code)], "{value}");
        }
    }
}
