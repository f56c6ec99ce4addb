use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Text, text::present, version};
use domain::{BotId, Country, DidSettings, Direction, FieldErrors, FieldFault, PhoneNumber};

/// The body of `POST` and `PUT /api/v1/carriers/{id}/dids`, and the number form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct DidInput {
    /// A phone number in any spelling.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "+14155551234")]
    pub number: Option<Text>,
    /// A remark.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub label: Option<Text>,
    /// Which calls use the number; `both` where blank.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Direction>)]
    pub direction: Option<Text>,
    /// The bot that answers inbound calls.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "bot_01hf7yat000000000000000000")]
    pub bot_id: Option<Text>,
    /// The version that the client has read; absent to save over any version.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub version: Option<Text>,
}

impl DidInput {
    /// A new DID of a carrier in that country.
    ///
    /// # Errors
    /// All faults.
    pub fn parse_new(&self, country: Option<Country>) -> Result<(PhoneNumber, DidSettings), FieldErrors> {
        let mut errors = FieldErrors::default();
        let text = self.number.as_ref().map_or("", |text| &text.0);
        let number = errors.record("number", PhoneNumber::parse(text, country));
        let settings = self.settings(&mut errors, &DidSettings::default());
        number.filter(|_| errors.is_empty()).map(|number| (number, settings)).ok_or(errors)
    }

    /// The new settings of a DID. The number cannot change; a body may contain it, in any spelling.
    ///
    /// # Errors
    /// All faults.
    pub fn parse_update(
        &self,
        number: &PhoneNumber,
        current: &DidSettings,
        country: Option<Country>,
    ) -> Result<DidSettings, FieldErrors> {
        let mut errors = FieldErrors::default();
        if let Some(text) = self.number.as_ref().filter(|text| !text.is_blank()) {
            // A number that an earlier version stored may be parsed differently now.
            let stored = [number.number(), number.canonical()].contains(&text.0.trim());
            let same = stored || PhoneNumber::parse(&text.0, country).is_ok_and(|given| given.key() == number.key());
            if !same {
                let message = "A number cannot be changed: remove this one and add the other.";
                errors.add("number", FieldFault::new("number_fixed", message));
            }
        }
        let settings = self.settings(&mut errors, current);
        if errors.is_empty() { Ok(settings) } else { Err(errors) }
    }

    /// The version that the client has read; None where it sent none.
    pub fn version(&self) -> Result<Option<i64>, FieldErrors> {
        version(self.version.as_ref()).map_err(|fault| FieldErrors::one("version", fault))
    }

    fn settings(&self, errors: &mut FieldErrors, current: &DidSettings) -> DidSettings {
        let label = match &self.label {
            None => current.label.clone(),
            Some(text) if text.is_blank() => None,
            Some(text) => errors.record("label", text.0.parse()),
        };
        let direction = match &self.direction {
            None => current.direction,
            Some(text) if text.is_blank() => Direction::default(),
            Some(text) => errors.record("direction", text.0.trim().parse()).unwrap_or_default(),
        };
        let bot_id = match &self.bot_id {
            None => current.bot_id.clone(),
            Some(text) if text.is_blank() => None,
            Some(text) => errors.record(
                "bot_id",
                text.0
                    .trim()
                    .parse::<BotId>()
                    .map_err(|error| FieldFault::new("unknown_bot", format!("No such bot: {error}."))),
            ),
        };
        // An outbound number has no bot. The form hides the field and may send an earlier value.
        DidSettings { label, direction, bot_id: bot_id.filter(|_| direction.rings()) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn input(body: serde_json::Value) -> DidInput {
        serde_json::from_value(body).unwrap()
    }

    #[test]
    fn bot_of_an_outbound_number_is_dropped() {
        let bot = "bot_01hf7yat000000000000000000";
        let (_, settings) =
            input(json!({"number": "+14155551234", "direction": "outbound", "bot_id": bot})).parse_new(None).unwrap();
        assert_eq!(settings.bot_id, None);
        let (_, settings) = input(json!({"number": "+14155551234", "bot_id": bot})).parse_new(None).unwrap();
        assert_eq!(settings.bot_id.unwrap().as_str(), bot);
    }

    #[test]
    fn changed_number_is_rejected() {
        let (number, settings) = input(json!({"number": "+14155551234", "label": "Support"})).parse_new(None).unwrap();
        let update = |body| input(body).parse_update(&number, &settings, None);
        assert_eq!(update(json!({})).unwrap(), settings);
        assert_eq!(update(json!({"number": "+1 415 555-1234", "label": null})).unwrap().label, None);
        let earlier =
            PhoneNumber::restore("+9102267890123".into(), Some("+9102267890123".into()), "9102267890123".into());
        let unchanged = input(json!({"number": "+9102267890123"})).parse_update(&earlier, &settings, None);
        assert_eq!(unchanged.unwrap(), settings);
        assert_eq!(update(json!({"number": "+14155550000"})).unwrap_err().iter().next().unwrap().code, "number_fixed");
    }
}
