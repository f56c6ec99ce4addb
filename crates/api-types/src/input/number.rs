use std::str::FromStr;

use domain::{
    BotId, CarrierSettings, DidId, DidSettings, FieldError, FieldErrors, FieldFault, PhoneNumber, Secret, secret,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{CarrierInput, DidInput, Text, text::present};

/// The body of `POST /sip/register`, and the form for a trunk that exists at a provider.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct NumberRegisterInput {
    /// `host[:port]` to which outbound calls are sent.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "custom-sip.provider.com")]
    pub sip_address: Option<Text>,
    /// The number, in international form.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "+442071234567")]
    pub phone_number: Option<Text>,
    /// The company that the calls go through; by the domain of `sip_address` where absent.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<domain::CarrierProvider>)]
    pub sip_provider: Option<Text>,
    /// Username of the trunk's digest credentials.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "my_sip_user")]
    pub auth_username: Option<Text>,
    /// Password of the trunk's digest credentials; never shown again.
    #[serde(serialize_with = "secret::expose_option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Password, default = json!(null))]
    pub auth_password: Option<Secret>,
    /// Whether LiveKit Cloud cancels noise in inbound calls; where absent, as LiveKit has it.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<bool>)]
    pub krisp_enabled: Option<Text>,
    /// A remark.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "UK Office Line")]
    pub label: Option<Text>,
    /// The bot that answers; it may be set later by `PATCH /sip/{sip_id}/map-agent`.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "bot_01hf7yat000000000000000000")]
    pub agent_id: Option<Text>,
}

/// The body of `PUT /sip/{sip_id}`. Absent fields stay.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct NumberUpdateInput {
    /// `host[:port]` to which outbound calls are sent.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "new-sip.provider.com")]
    pub sip_address: Option<Text>,
    /// May be sent, and cannot be changed.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "+442071234567")]
    pub phone_number: Option<Text>,
    /// The company that the calls go through; it follows the domain of a new `sip_address`.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<domain::CarrierProvider>)]
    pub sip_provider: Option<Text>,
    /// Username of the trunk's digest credentials; null removes them.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "my_sip_user")]
    pub auth_username: Option<Text>,
    /// Absent, blank or `********`: the password stays as it is.
    #[serde(serialize_with = "secret::expose_option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Password, default = json!(null))]
    pub auth_password: Option<Secret>,
    /// Whether LiveKit Cloud cancels noise in inbound calls; null: as LiveKit has it.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<bool>)]
    pub krisp_enabled: Option<Text>,
    /// A remark; null removes it.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "UK Office Line")]
    pub label: Option<Text>,
}

/// The body of `PATCH /sip/{sip_id}/map-agent`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct MapAgentInput {
    /// Id of the bot that answers; null unmaps the number.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, required = true, example = "bot_01hf7yat000000000000000000")]
    pub agent_id: Option<Text>,
}

/// The query of `GET /sip`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct NumberQuery {
    /// 1 to 1000; 1000 where absent.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1000)]
    pub limit: String,
    /// `sip_id` of the last number of the page before.
    #[param(value_type = Option<String>)]
    pub cursor: String,
}

/// The query of `DELETE /sip/{sip_id}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct NumberDeleteQuery {
    /// `true` also releases a bought number at its provider, where it is then lost; `false` where absent.
    #[param(value_type = Option<bool>)]
    pub release: String,
}

/// A number to register, parsed.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberRegistration {
    /// The settings of the carrier, with a name of its own.
    pub carrier: CarrierSettings,
    /// The number.
    pub number: PhoneNumber,
    /// Its settings.
    pub settings: DidSettings,
}

impl NumberRegisterInput {
    /// The registration. `name` is the carrier's, where it has to be made.
    ///
    /// # Errors
    /// All faults.
    pub fn parse(&self) -> Result<NumberRegistration, FieldErrors> {
        let did = DidInput {
            number: Some(self.phone_number.clone().unwrap_or_default()),
            label: self.label.clone(),
            bot_id: self.agent_id.clone(),
            ..DidInput::default()
        };
        let carrier = self.carrier().parse(None);
        let did = did.parse_new(None).and_then(|(number, settings)| match number.e164() {
            Some(_) => Ok((number, settings)),
            None => Err(FieldErrors::one("number", not_international())),
        });
        match (carrier, did) {
            (Ok(carrier), Ok((number, settings))) => Ok(NumberRegistration { carrier, number, settings }),
            (carrier, did) => Err(as_numbers_api(carrier.err(), did.err())),
        }
    }

    fn carrier(&self) -> CarrierInput {
        let address = self.sip_address.as_ref().map_or("", |text| text.0.trim());
        // Too long for a name, too long for an address: that one has the fault.
        let name: String = address.chars().take(domain::CarrierName::MAX).collect();
        CarrierInput {
            name: Some(Text(if name.is_empty() { "-".to_owned() } else { name })),
            sip_address: Some(Text(address.to_owned())),
            provider: self.sip_provider.clone(),
            auth_username: self.auth_username.clone(),
            auth_password: self.auth_password.clone(),
            krisp_enabled: self.krisp_enabled.clone(),
            ..CarrierInput::default()
        }
    }
}

impl NumberUpdateInput {
    /// The settings of the carrier that this number alone would have.
    ///
    /// # Errors
    /// All faults, also those of the number's own settings.
    pub fn parse(
        &self,
        current: &CarrierSettings,
        number: &PhoneNumber,
        settings: &DidSettings,
    ) -> Result<(CarrierSettings, DidSettings), FieldErrors> {
        let carrier = CarrierInput {
            sip_address: self.sip_address.clone(),
            provider: self.sip_provider.clone(),
            auth_username: self.auth_username.clone(),
            auth_password: self.auth_password.clone(),
            krisp_enabled: self.krisp_enabled.clone(),
            ..CarrierInput::default()
        };
        let did = DidInput { number: self.phone_number.clone(), label: self.label.clone(), ..DidInput::default() };
        let did = did.parse_update(number, settings, current.destination_country);
        match (carrier.parse(Some(current)), did) {
            (Ok(carrier), Ok(did)) => Ok((carrier, did)),
            (carrier, did) => Err(as_numbers_api(carrier.err(), did.err())),
        }
    }
}

impl MapAgentInput {
    /// The bot; None to unmap the number.
    ///
    /// # Errors
    /// `required` where `agent_id` is absent, `unknown_bot` where it is no bot's id.
    pub fn parse(&self) -> Result<Option<BotId>, FieldErrors> {
        let fault = |fault| FieldErrors::one("agent_id", fault);
        let Some(text) = &self.agent_id else {
            return Err(fault(FieldFault::required(
                "Send the id of the bot, such as bot_…, or null to unmap the number.",
            )));
        };
        if text.is_blank() {
            return Ok(None);
        }
        let id = BotId::from_str(text.0.trim());
        id.map(Some).map_err(|error| fault(FieldFault::new("unknown_bot", format!("No such bot: {error}."))))
    }
}

impl NumberQuery {
    const MAX: u32 = 1000;

    /// The rows of a page, and the last number before it.
    ///
    /// # Errors
    /// All faults.
    pub fn parse(&self) -> Result<(u32, Option<DidId>), FieldErrors> {
        let mut errors = FieldErrors::default();
        let limit = match self.limit.trim() {
            "" => Some(Self::MAX),
            text => errors.record(
                "limit",
                text.parse()
                    .ok()
                    .filter(|limit| (1..=Self::MAX).contains(limit))
                    .ok_or_else(|| FieldFault::new("out_of_range", "The limit is a whole number from 1 to 1000.")),
            ),
        };
        let cursor = match self.cursor.trim() {
            "" => Some(None),
            text => errors.record(
                "cursor",
                text.parse().map(Some).map_err(|_| {
                    FieldFault::new("bad_cursor", "Send the sip_id of the last number of the page before, or nothing.")
                }),
            ),
        };
        limit.zip(cursor).ok_or(errors)
    }
}

impl NumberDeleteQuery {
    /// Whether the number is released at its provider.
    ///
    /// # Errors
    /// `bad_flag`.
    pub fn parse(&self) -> Result<bool, FieldErrors> {
        super::text::flag(&Text(self.release.clone())).map_err(|fault| FieldErrors::one("release", fault))
    }
}

/// The fault of a number without an E.164 form.
pub(super) fn not_international() -> FieldFault {
    FieldFault::new("not_e164", "Write the number with plus and country code, such as +442071234567.")
}

/// The faults under the field names of the numbers API.
fn as_numbers_api(carrier: Option<FieldErrors>, did: Option<FieldErrors>) -> FieldErrors {
    let errors = [carrier, did].into_iter().flatten().flat_map(FieldErrors::into_vec);
    let renamed = |error: FieldError| {
        let field = match error.field.as_str() {
            "provider" => "sip_provider",
            "number" => "phone_number",
            "bot_id" => "agent_id",
            _ => return error,
        };
        FieldError { field: field.to_owned(), ..error }
    };
    errors.map(renamed).collect::<Vec<_>>().into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn register(body: serde_json::Value) -> Result<NumberRegistration, Vec<(String, String)>> {
        let pairs =
            |errors: FieldErrors| errors.into_vec().into_iter().map(|error| (error.field, error.code)).collect();
        serde_json::from_value::<NumberRegisterInput>(body).unwrap().parse().map_err(pairs)
    }

    #[test]
    fn example_of_the_specification_is_accepted() {
        let registration = register(json!({
            "sip_address": "custom-sip.provider.com", "phone_number": "+442071234567", "sip_provider": "custom",
            "auth_username": "my_sip_user", "auth_password": "my_sip_pass", "krisp_enabled": true, "label": "UK Office Line"
        }))
        .unwrap();
        assert_eq!(registration.number.e164(), Some("+442071234567"));
        assert_eq!(registration.carrier.name.as_str(), "custom-sip.provider.com");
        assert_eq!(registration.carrier.krisp_enabled, Some(true));
        assert_eq!(registration.settings.label.unwrap().as_str(), "UK Office Line");
    }

    #[test]
    fn faults_have_the_names_of_the_numbers_api() {
        let faults = register(json!({ "sip_provider": "acme", "phone_number": "020 7123 4567", "agent_id": "ag_1" }));
        let fields: Vec<String> = faults.unwrap_err().into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["sip_address", "sip_provider", "agent_id"]);
        let faults = register(json!({ "sip_address": "a.example", "phone_number": "02071234567" }));
        assert_eq!(faults.unwrap_err(), [("phone_number".to_owned(), "not_e164".to_owned())]);
    }

    #[test]
    fn null_unmaps_and_absence_is_refused() {
        let parse = |body| serde_json::from_value::<MapAgentInput>(body).unwrap().parse();
        assert_eq!(parse(json!({ "agent_id": null })), Ok(None));
        assert_eq!(parse(json!({})).unwrap_err().iter().next().unwrap().code, "required");
        assert_eq!(parse(json!({ "agent_id": "ag_550e8400" })).unwrap_err().iter().next().unwrap().code, "unknown_bot");
    }

    #[test]
    fn limit_out_of_range_is_refused() {
        for (limit, accepted) in [("", true), ("1", true), ("1000", true), ("0", false), ("1001", false), ("x", false)]
        {
            let query = NumberQuery { limit: limit.to_owned(), cursor: String::new() };
            assert_eq!(query.parse().is_ok(), accepted, "{limit:?}");
        }
    }
}
