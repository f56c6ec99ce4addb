use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Text, TextList, text::present, version};
use domain::{BotId, CarrierId, Direction, ExotelKey, ExotelSettings, FieldErrors, FieldFault, MASK, Secret, secret};

/// The body of `PUT /api/v1/integrations/exotel`, and the credentials form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ExotelInput {
    /// The account's name in Exotel's addresses.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub account_sid: Option<Text>,
    /// The API host of the account's cluster.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<domain::ExotelSubdomain>)]
    pub subdomain: Option<Text>,
    /// Absent, blank or [`MASK`]: the key stays as it is.
    #[serde(serialize_with = "secret::expose_option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Password, default = json!(null))]
    pub api_key: Option<Secret>,
    /// Absent, blank or [`MASK`]: the token stays as it is.
    #[serde(serialize_with = "secret::expose_option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Password, default = json!(null))]
    pub api_token: Option<Secret>,
    /// The version that the client has read; 0 where there was no integration.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub version: Option<Text>,
}

impl ExotelInput {
    /// The new settings. `current` are those before an update, None for a new integration.
    ///
    /// # Errors
    /// All faults.
    pub fn parse(&self, current: Option<&ExotelSettings>) -> Result<ExotelSettings, FieldErrors> {
        let mut errors = FieldErrors::default();
        let raw = |text: &Option<Text>| text.as_ref().map_or(String::new(), |text| text.0.clone());
        let account_sid = match (&self.account_sid, current) {
            (None, Some(now)) => Some(now.account_sid.clone()),
            (text, _) => errors.record("account_sid", raw(text).parse()),
        };
        let subdomain = match (&self.subdomain, current) {
            (None, Some(now)) => Some(now.subdomain),
            (text, _) => errors.record("subdomain", raw(text).trim().parse()),
        };
        let api_key = match (typed(&self.api_key), current) {
            (None, Some(now)) => Some(now.api_key.clone()),
            (given, _) => errors.record("api_key", ExotelKey::new(&given.cloned().unwrap_or_default(), "API key")),
        };
        let api_token = match (typed(&self.api_token), current) {
            (None, Some(now)) => Some(now.api_token.clone()),
            (given, _) => errors.record("api_token", ExotelKey::new(&given.cloned().unwrap_or_default(), "API token")),
        };
        match (account_sid, subdomain, api_key, api_token) {
            (Some(account_sid), Some(subdomain), Some(api_key), Some(api_token)) => {
                Ok(ExotelSettings { account_sid, subdomain, api_key, api_token })
            }
            _ => Err(errors),
        }
    }

    /// The version that the client has read; None where it sent none.
    pub fn version(&self) -> Result<Option<i64>, FieldErrors> {
        version(self.version.as_ref()).map_err(|fault| FieldErrors::one("version", fault))
    }
}

fn typed(secret: &Option<Secret>) -> Option<&Secret> {
    secret.as_ref().filter(|typed| !typed.expose().trim().is_empty() && typed.expose() != MASK)
}

/// The body of `POST /api/v1/integrations/exotel/import`, and the numbers form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ExotelImportInput {
    /// The carrier that gets the numbers.
    #[schema(value_type = String, required)]
    pub carrier_id: Text,
    /// Numbers in the spelling of `GET …/numbers`.
    #[schema(value_type = Vec<String>, required, max_items = 1000)]
    pub numbers: TextList,
    /// `both` where absent or blank.
    #[schema(value_type = Direction)]
    pub direction: Text,
    /// The bot that answers inbound calls; blank for none.
    #[schema(value_type = String)]
    pub bot_id: Text,
    /// True: the response says what would happen, and nothing is changed.
    #[schema(value_type = bool)]
    pub dry_run: Text,
}

/// A parsed [`ExotelImportInput`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExotelImport {
    /// The carrier that gets the numbers.
    pub carrier_id: CarrierId,
    /// Numbers in Exotel's spelling.
    pub numbers: Vec<String>,
    /// Which calls use the numbers.
    pub direction: Direction,
    /// The bot that answers inbound calls.
    pub bot_id: Option<BotId>,
    /// Whether nothing is changed.
    pub dry_run: bool,
}

impl ExotelImportInput {
    /// The most numbers in one request.
    pub const MAX_NUMBERS: usize = 1000;

    /// Parses all fields.
    ///
    /// # Errors
    /// All faults.
    pub fn parse(&self) -> Result<ExotelImport, FieldErrors> {
        let mut errors = FieldErrors::default();
        let carrier_id = match self.carrier_id.is_blank() {
            true => Err(FieldFault::required("Choose the carrier that the numbers go to.")),
            false => self
                .carrier_id
                .0
                .trim()
                .parse()
                .map_err(|error| FieldFault::new("unknown_carrier", format!("There is no such carrier: {error}."))),
        };
        let carrier_id: Option<CarrierId> = errors.record("carrier_id", carrier_id);
        let numbers: Vec<String> =
            self.numbers.0.iter().map(|number| number.trim().to_owned()).filter(|number| !number.is_empty()).collect();
        if numbers.is_empty() {
            errors.add("numbers", FieldFault::required("Choose at least one number."));
        } else if numbers.len() > Self::MAX_NUMBERS {
            let message =
                format!("Choose at most {} numbers at once: {} are chosen.", Self::MAX_NUMBERS, numbers.len());
            errors.add("numbers", FieldFault::new("too_many", message));
        }
        let direction = match self.direction.is_blank() {
            true => Direction::default(),
            false => errors.record("direction", self.direction.0.trim().parse()).unwrap_or_default(),
        };
        let bot_id = match self.bot_id.is_blank() {
            true => None,
            false => {
                let parsed = self.bot_id.0.trim().parse::<BotId>();
                errors.record(
                    "bot_id",
                    parsed.map_err(|error| FieldFault::new("unknown_bot", format!("No such bot: {error}."))),
                )
            }
        };
        let dry_run = match self.dry_run.0.trim() {
            "true" => true,
            "false" | "" => false,
            _ => {
                let message = "dry_run is true (say what would happen) or false (do it).";
                errors.add("dry_run", FieldFault::new("bad_flag", message));
                true
            }
        };
        match carrier_id {
            Some(carrier_id) if errors.is_empty() => {
                Ok(ExotelImport { carrier_id, numbers, direction, bot_id, dry_run })
            }
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn input(body: Value) -> ExotelInput {
        serde_json::from_value(body).unwrap()
    }

    fn settings() -> ExotelSettings {
        input(json!({"account_sid": "acme1", "subdomain": "api.in.exotel.com", "api_key": "key", "api_token": "token"}))
            .parse(None)
            .unwrap()
    }

    #[test]
    fn new_integration_requires_all_fields() {
        let refused = input(json!({"account_sid": "a b"})).parse(None).unwrap_err();
        let fields: Vec<&str> = refused.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["account_sid", "subdomain", "api_key", "api_token"]);
    }

    #[test]
    fn blank_and_masked_secrets_stay_as_they_are() {
        let now = settings();
        for secret in [json!(null), json!(""), json!("  "), json!("********")] {
            let unchanged = input(json!({"api_key": secret, "api_token": secret})).parse(Some(&now)).unwrap();
            assert_eq!(unchanged, now);
        }
        let changed = input(json!({"api_token": "new", "account_sid": "acme2"})).parse(Some(&now)).unwrap();
        assert_eq!((changed.api_token.expose(), changed.api_key.expose()), ("new", "key"));
        assert_eq!(changed.account_sid.as_str(), "acme2");
        assert!(input(json!({"account_sid": null})).parse(Some(&now)).is_err());
    }

    #[test]
    fn subdomain_is_trimmed_and_in_any_case() {
        let changed = input(json!({"subdomain": " API.exotel.com "})).parse(Some(&settings())).unwrap();
        assert_eq!(changed.subdomain, domain::ExotelSubdomain::Singapore);
    }

    #[test]
    fn all_faults_of_an_import_are_reported() {
        let import = |body: Value| serde_json::from_value::<ExotelImportInput>(body).unwrap().parse();
        let carrier = "car_01hf7yat000000000000000000";
        let good = import(json!({"carrier_id": carrier, "numbers": ["+911140001000", " "], "dry_run": true})).unwrap();
        assert_eq!(
            (good.numbers, good.direction, good.dry_run),
            (vec!["+911140001000".to_owned()], Direction::Both, true)
        );
        let refused = import(json!({"direction": "up", "bot_id": "x", "dry_run": "maybe"})).unwrap_err();
        let fields: Vec<&str> = refused.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["carrier_id", "numbers", "direction", "bot_id", "dry_run"]);
        let many: Vec<String> = (0..1001).map(|n| format!("+9111{n:08}")).collect();
        let refused = import(json!({"carrier_id": carrier, "numbers": many})).unwrap_err();
        assert_eq!(refused.iter().next().unwrap().code, "too_many");
    }
}
