use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{DidQuery, Text, TextList, text::present};
use domain::{BotId, DidAction, DidBulk, DidId, DidScope, Direction, FieldErrors, FieldFault};

/// What `POST /api/v1/carriers/{id}/dids/bulk` takes. Flat, so that a form can post it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct DidBulkInput {
    /// `ids` for the numbers in `ids`, `all` for every number that matches `q`, `filter_direction` and `filter_bot_id`.
    #[schema(value_type = String, required, example = "all")]
    pub scope: Text,
    /// Ids of DIDs, with the scope `ids`.
    #[schema(value_type = Vec<String>, max_items = 200)]
    pub ids: TextList,
    /// As in the query of `GET /api/v1/carriers/{id}/dids`.
    #[schema(value_type = String)]
    pub q: Text,
    /// Its `direction`.
    #[schema(value_type = String)]
    pub filter_direction: Text,
    /// Its `bot_id`.
    #[schema(value_type = String)]
    pub filter_bot_id: Text,
    /// With the scope `all`: how many numbers matched when the operator decided. If it is another count now, nothing is
    /// changed.
    #[schema(value_type = Option<i64>)]
    pub expected: Text,
    /// `assign_bot`, `set_direction` or `remove`.
    #[schema(value_type = String, required, example = "assign_bot")]
    pub action: Text,
    /// With the action `assign_bot`; null or blank for no bot.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub bot_id: Option<Text>,
    /// With the action `set_direction`.
    #[schema(value_type = Option<Direction>)]
    pub direction: Text,
}

impl DidBulkInput {
    /// Ids in one request.
    pub const MAX_IDS: usize = 200;

    /// The change.
    pub fn parse(&self) -> Result<DidBulk, FieldErrors> {
        let mut errors = FieldErrors::default();
        let scope = match self.scope.0.trim() {
            "ids" => errors.record("ids", ids(&self.ids)).map(DidScope::Ids),
            "all" => self.matching(&mut errors),
            _ => errors.record("scope", Err(FieldFault::new("unknown_scope", "Choose one of ids or all."))),
        };
        let action = match self.action.0.trim() {
            "assign_bot" => errors.record("bot_id", self.bot()).map(DidAction::AssignBot),
            "set_direction" => errors.record("direction", self.new_direction()).map(DidAction::SetDirection),
            "remove" => Some(DidAction::Remove),
            _ => {
                let message = "Choose one of assign_bot, set_direction or remove.";
                errors.record("action", Err(FieldFault::new("unknown_action", message)))
            }
        };
        match (scope, action) {
            (Some(scope), Some(action)) if errors.is_empty() => Ok(DidBulk { scope, action }),
            _ => Err(errors),
        }
    }

    fn matching(&self, errors: &mut FieldErrors) -> Option<DidScope> {
        let query = DidQuery {
            q: self.q.0.clone(),
            direction: self.filter_direction.0.clone(),
            bot_id: self.filter_bot_id.0.clone(),
            ..DidQuery::default()
        };
        let filter = query.parse().map_err(|faults| {
            let mut all = std::mem::take(errors).into_vec();
            all.extend(faults.into_vec().into_iter().map(|mut error| {
                if error.field != "q" {
                    error.field.insert_str(0, "filter_");
                }
                error
            }));
            *errors = FieldErrors::from(all);
        });
        let count = self.expected.0.trim().parse().ok().filter(|count| *count >= 0);
        let message = "Give the count of numbers that matched: total of the list.";
        let expected = errors.record("expected", count.ok_or_else(|| FieldFault::new("bad_count", message)));
        Some(DidScope::Matching { filter: filter.ok()?, expected: expected? })
    }

    fn bot(&self) -> Result<Option<BotId>, FieldFault> {
        match &self.bot_id {
            None => Err(FieldFault::required("Choose a bot, or send null for no bot.")),
            Some(text) if text.is_blank() => Ok(None),
            Some(text) => {
                let parsed = text.0.trim().parse();
                parsed.map(Some).map_err(|error| FieldFault::new("unknown_bot", format!("No such bot: {error}.")))
            }
        }
    }

    fn new_direction(&self) -> Result<Direction, FieldFault> {
        if self.direction.is_blank() {
            return Err(FieldFault::required("Choose one of both, inbound or outbound."));
        }
        self.direction.0.trim().parse()
    }
}

fn ids(texts: &TextList) -> Result<Vec<DidId>, FieldFault> {
    let most = DidBulkInput::MAX_IDS;
    let mut ids: Vec<DidId> = Vec::new();
    for text in texts.0.iter().map(|text| text.trim()).filter(|text| !text.is_empty()) {
        let id = text.parse().map_err(|error| FieldFault::new("unknown_did", format!("No such number: {error}.")))?;
        if !ids.contains(&id) {
            ids.push(id);
        }
        if ids.len() > most {
            let message = format!("Choose at most {most} numbers, or all that match a filter.");
            return Err(FieldFault::new("too_many", message));
        }
    }
    if ids.is_empty() { Err(FieldFault::required("Choose at least one number.")) } else { Ok(ids) }
}

#[cfg(test)]
mod tests {
    use domain::{BotFilter, DidFilter};
    use serde_json::{Value, json};

    use super::*;

    const DID: &str = "did_01hf7yat000000000000000000";
    const BOT: &str = "bot_01hf7yat000000000000000000";

    fn parse(body: Value) -> Result<DidBulk, FieldErrors> {
        serde_json::from_value::<DidBulkInput>(body).unwrap().parse()
    }

    #[test]
    fn each_scope_and_action_is_read() {
        let ids = DidScope::Ids(vec![DID.parse().unwrap()]);
        let assign =
            |bot: Value| parse(json!({"scope": "ids", "ids": [DID, DID], "action": "assign_bot", "bot_id": bot}));
        let expected = DidBulk { scope: ids, action: DidAction::AssignBot(BOT.parse().ok()) };
        assert_eq!(assign(json!(BOT)).unwrap(), expected);
        for blank in [Value::Null, json!(" ")] {
            assert_eq!(assign(blank).unwrap().action, DidAction::AssignBot(None));
        }
        let all = json!({"scope": "all", "q": "sales", "filter_direction": "inbound", "filter_bot_id": "none",
            "expected": "12", "action": "set_direction", "direction": "outbound"});
        let filter = DidFilter {
            q: "sales".to_owned(),
            direction: Some(Direction::Inbound),
            bot: Some(BotFilter::NoBot),
            ..DidFilter::default()
        };
        let action = DidAction::SetDirection(Direction::Outbound);
        assert_eq!(parse(all).unwrap(), DidBulk { scope: DidScope::Matching { filter, expected: 12 }, action });
        let remove = parse(json!({"scope": "all", "expected": 0, "action": "remove"})).unwrap();
        assert_eq!(remove.action, DidAction::Remove);
    }

    #[test]
    fn invalid_input_is_refused_by_field() {
        let many: Vec<String> = (0..201).map(|index| format!("did_01hf7yat000000000000000{index:03}")).collect();
        for (body, expected) in [
            (json!({}), vec![("scope", "unknown_scope"), ("action", "unknown_action")]),
            (json!({"scope": "ids", "action": "remove"}), vec![("ids", "required")]),
            (json!({"scope": "ids", "ids": [BOT], "action": "remove"}), vec![("ids", "unknown_did")]),
            (json!({"scope": "ids", "ids": many, "action": "remove"}), vec![("ids", "too_many")]),
            (json!({"scope": "all", "action": "remove"}), vec![("expected", "bad_count")]),
            (
                json!({"scope": "all", "expected": -1, "filter_direction": "up", "filter_bot_id": "x", "action": "assign_bot"}),
                vec![
                    ("filter_direction", "unknown_direction"),
                    ("filter_bot_id", "unknown_bot"),
                    ("expected", "bad_count"),
                    ("bot_id", "required"),
                ],
            ),
            (json!({"scope": "ids", "ids": [DID], "action": "set_direction"}), vec![("direction", "required")]),
        ] {
            let errors = parse(body.clone()).unwrap_err().into_vec();
            let found: Vec<_> = errors.iter().map(|error| (error.field.as_str(), error.code.as_str())).collect();
            assert_eq!(found, expected, "{body}");
        }
    }
}
