use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Text, text::present, version};
use domain::{BotId, Country, DidSettings, Direction, FieldErrors, FieldFault, PhoneNumber};

/// What `POST` and `PUT /api/v1/carriers/{id}/dids` take, and the number form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct DidInput {
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "+14155551234")]
    pub number: Option<Text>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub label: Option<Text>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Direction>)]
    pub direction: Option<Text>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "bot_01hf7yat000000000000000000")]
    pub bot_id: Option<Text>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub version: Option<Text>,
}

impl DidInput {
    /// A new number of a carrier in that country.
    pub fn parse_new(&self, country: Option<Country>) -> Result<(PhoneNumber, DidSettings), FieldErrors> {
        let mut errors = FieldErrors::default();
        let text = self.number.as_ref().map_or("", |text| &text.0);
        let number = errors.record("number", PhoneNumber::parse(text, country));
        let settings = self.settings(&mut errors, &DidSettings::default());
        number.filter(|_| errors.is_empty()).map(|number| (number, settings)).ok_or(errors)
    }

    /// A change to a number that is there. The number itself stays; sending it along unchanged, in any spelling, is fine.
    pub fn parse_update(
        &self,
        number: &PhoneNumber,
        current: &DidSettings,
        country: Option<Country>,
    ) -> Result<DidSettings, FieldErrors> {
        let mut errors = FieldErrors::default();
        if let Some(text) = self.number.as_ref().filter(|text| !text.is_blank()) {
            // As it is stored, or in another spelling. A number of an earlier version may be read differently today.
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

    /// The version that the client read; None: it did not say.
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
        // A number that only dials out has nobody to answer it: the form hides the choice, and so it is dropped.
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
    fn an_outbound_number_has_no_bot() {
        let bot = "bot_01hf7yat000000000000000000";
        let (_, settings) =
            input(json!({"number": "+14155551234", "direction": "outbound", "bot_id": bot})).parse_new(None).unwrap();
        assert_eq!(settings.bot_id, None);
        let (_, settings) = input(json!({"number": "+14155551234", "bot_id": bot})).parse_new(None).unwrap();
        assert_eq!(settings.bot_id.unwrap().as_str(), bot);
    }

    #[test]
    fn the_number_itself_cannot_change() {
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
