use domain::{BotId, Country, FieldErrors, FieldFault, Label, NumberProviderKind, PhoneNumber};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Text, number::not_international, text::present};

/// The body of `POST /sip/purchase-number` and of `POST /api/v1/number-purchases`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct NumberPurchaseInput {
    /// The number to buy, in its E.164 form.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "+16505551234")]
    pub phone_number: Option<Text>,
    /// The provider that sells it: `twilio` or `vonage`.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<NumberProviderKind>)]
    pub provider: Option<Text>,
    /// The number's country, ISO 3166-1 alpha-2.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "US")]
    pub country_code: Option<Text>,
    /// The bot that answers; it may be set later.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "bot_01hf7yat000000000000000000")]
    pub agent_id: Option<Text>,
    /// A remark.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub label: Option<Text>,
}

/// A number to buy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberOrder {
    /// The number, with its E.164 form.
    pub number: PhoneNumber,
    /// Who sells it.
    pub provider: NumberProviderKind,
    /// The number's country.
    pub country: Country,
    /// The bot that answers.
    pub bot_id: Option<BotId>,
    /// A remark.
    pub label: Option<Label>,
}

impl NumberPurchaseInput {
    /// The order.
    ///
    /// # Errors
    /// All faults.
    pub fn parse(&self) -> Result<NumberOrder, FieldErrors> {
        let mut errors = FieldErrors::default();
        let text = |text: &Option<Text>| text.as_ref().map_or(String::new(), |text| text.0.trim().to_owned());
        let number = PhoneNumber::parse(&text(&self.phone_number), None)
            .and_then(|number| if number.e164().is_some() { Ok(number) } else { Err(not_international()) });
        let number = errors.record("phone_number", number);
        let provider = errors.record("provider", seller(&text(&self.provider)));
        let country = match text(&self.country_code) {
            text if text.is_empty() => Err(FieldFault::required("Enter the number's country, such as US.")),
            text => text.parse::<Country>(),
        };
        let country = errors.record("country_code", country);
        let bot_id = match text(&self.agent_id) {
            text if text.is_empty() => Some(None),
            text => {
                let fault = |error| FieldFault::new("unknown_bot", format!("No such bot: {error}."));
                errors.record("agent_id", text.parse().map(Some).map_err(fault))
            }
        };
        let label = match text(&self.label) {
            text if text.is_empty() => Some(None),
            text => errors.record("label", text.parse().map(Some)),
        };
        match (number, provider, country, bot_id, label) {
            (Some(number), Some(provider), Some(country), Some(bot_id), Some(label)) => {
                Ok(NumberOrder { number, provider, country, bot_id, label })
            }
            _ => Err(errors),
        }
    }
}

fn seller(text: &str) -> Result<NumberProviderKind, FieldFault> {
    if text.is_empty() {
        return Err(FieldFault::required("Choose the provider that sells the number: twilio or vonage."));
    }
    text.parse()
}

/// The query of `GET /api/v1/number-purchases`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct NumberPurchaseQuery {
    /// 1 to 200; 50 where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(body: serde_json::Value) -> Result<NumberOrder, Vec<(String, String)>> {
        let pairs =
            |errors: FieldErrors| errors.into_vec().into_iter().map(|error| (error.field, error.code)).collect();
        serde_json::from_value::<NumberPurchaseInput>(body).unwrap().parse().map_err(pairs)
    }

    #[test]
    fn example_of_the_specification_is_accepted() {
        let order =
            parse(json!({ "phone_number": "+16505551234", "provider": "twilio", "country_code": "US" })).unwrap();
        assert_eq!(order.number.e164(), Some("+16505551234"));
        assert_eq!((order.provider, order.country.as_str()), (NumberProviderKind::Twilio, "US"));
    }

    #[test]
    fn all_faults_are_reported() {
        let faults = parse(json!({ "phone_number": "6505551234", "provider": "plivo", "country_code": "ZZ",
                                   "agent_id": "x", "label": "x".repeat(101) }));
        let fields: Vec<String> = faults.unwrap_err().into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["phone_number", "provider", "country_code", "agent_id", "label"]);
        assert_eq!(parse(json!({})).unwrap_err().len(), 3);
    }
}
