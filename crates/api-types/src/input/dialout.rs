use domain::{FieldErrors, FieldFault};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{Text, text::present};

/// The body of `POST /api/v1/sip/dialout`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct DialoutInput {
    /// The bot that talks.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "bot_01hf7yat000000000000000000")]
    pub bot_id: Option<Text>,
    /// The number to call.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "+14155550123")]
    pub to_number: Option<Text>,
    /// The caller ID: a phone number of a carrier, for outbound calls. Without it, the least loaded carrier's is used.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "+14155550100")]
    pub from_number: Option<Text>,
    /// What the bot knows about the call.
    #[schema(value_type = Option<Object>)]
    pub connected_event: Option<Value>,
    /// Another name of `connected_event`; only one of the two may be sent.
    #[schema(value_type = Option<Object>)]
    pub variables: Option<Value>,
}

/// A request for an outbound call, before its numbers are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialout {
    /// The bot's id as it was sent.
    pub bot_id: String,
    /// The number to call as it was sent.
    pub to_number: String,
    /// The caller ID as it was sent.
    pub from_number: Option<String>,
    /// `connected_event` or `variables`.
    pub connected_event: Option<Map<String, Value>>,
}

impl DialoutInput {
    /// The longest number that is read, in characters.
    const LONGEST: usize = 64;

    /// The request. An empty `from_number` counts as none.
    ///
    /// # Errors
    /// `connected_event_and_variables` alone where both are sent; otherwise all faults.
    pub fn parse(&self) -> Result<Dialout, FieldErrors> {
        let (event, variables) = (sent(&self.connected_event), sent(&self.variables));
        if event.is_some() && variables.is_some() {
            let message = "Send variables or connected_event, not both: they are two names of one field.";
            return Err(FieldErrors::one("variables", FieldFault::new("connected_event_and_variables", message)));
        }
        let mut errors = FieldErrors::default();
        let bot_id = errors.record("bot_id", required(self.bot_id.as_ref(), "Enter the id of the bot, such as bot_…"));
        let to_number = required(self.to_number.as_ref(), "Enter the number to call, such as +14155550123.");
        let to_number = errors.record("to_number", to_number);
        let from_number = self.from_number.as_ref().map(|text| text.0.trim()).filter(|text| !text.is_empty());
        let from_number = errors.record("from_number", from_number.map(not_too_long).transpose());
        let event = [("connected_event", event), ("variables", variables)].into_iter().find_map(|(name, value)| {
            let value = value?;
            Some(errors.record(name, object(value)))
        });
        match (bot_id, to_number, from_number) {
            (Some(bot_id), Some(to_number), Some(from_number)) if errors.is_empty() => {
                Ok(Dialout { bot_id, to_number, from_number, connected_event: event.flatten() })
            }
            _ => Err(errors),
        }
    }
}

/// Null counts as absent.
fn sent(value: &Option<Value>) -> Option<&Value> {
    value.as_ref().filter(|value| !value.is_null())
}

fn required(text: Option<&Text>, message: &str) -> Result<String, FieldFault> {
    match text.map(|text| text.0.trim()).filter(|text| !text.is_empty()) {
        Some(text) => not_too_long(text),
        None => Err(FieldFault::required(message)),
    }
}

fn not_too_long(text: &str) -> Result<String, FieldFault> {
    let length = text.chars().count();
    if length > DialoutInput::LONGEST {
        let message = format!("Shorten this: it has {length} characters, at most {} fit.", DialoutInput::LONGEST);
        return Err(FieldFault::new("too_long", message));
    }
    Ok(text.to_owned())
}

fn object(value: &Value) -> Result<Map<String, Value>, FieldFault> {
    value
        .as_object()
        .cloned()
        .ok_or_else(|| FieldFault::new("not_an_object", "Send a JSON object, such as {\"customer_name\": \"Ada\"}."))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(body: Value) -> Result<Dialout, Vec<(String, String)>> {
        let input: DialoutInput = serde_json::from_value(body).unwrap();
        let pairs =
            |errors: FieldErrors| errors.into_vec().into_iter().map(|error| (error.field, error.code)).collect();
        input.parse().map_err(pairs)
    }

    fn fault(field: &str, code: &str) -> Vec<(String, String)> {
        vec![(field.to_owned(), code.to_owned())]
    }

    #[test]
    fn variables_are_another_name_of_connected_event() {
        let event = json!({ "name": "Ada" });
        for name in ["connected_event", "variables"] {
            let body = json!({ "bot_id": " bot_1 ", "to_number": "+14155550123", "from_number": "", name: event });
            let dialout = parse(body).unwrap();
            assert_eq!(dialout.connected_event.map(Value::Object), Some(event.clone()));
            assert_eq!((dialout.bot_id.as_str(), dialout.from_number), ("bot_1", None));
        }
        let body = json!({ "bot_id": "b", "to_number": "1", "variables": {}, "connected_event": null });
        assert!(parse(body).is_ok(), "null is absent");
    }

    #[test]
    fn both_names_are_refused_before_other_faults() {
        let body = json!({ "variables": {}, "connected_event": {} });
        assert_eq!(parse(body), Err(fault("variables", "connected_event_and_variables")));
    }

    #[test]
    fn faults_are_collected() {
        let body = json!({ "to_number": "1".repeat(300), "variables": [1] });
        let fields = ["bot_id", "to_number", "variables"];
        let codes = ["required", "too_long", "not_an_object"];
        let expected: Vec<_> = fields.iter().zip(codes).flat_map(|(field, code)| fault(field, code)).collect();
        assert_eq!(parse(body), Err(expected));
    }
}
