use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Text, TextList, text::present};
use domain::{BotId, FieldErrors, FieldFault};

/// The body of `POST /api/v1/carriers/{id}/drift/apply` and `POST /api/v1/livekit/orphans/remove`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ApplyInput {
    /// The fingerprint of the dry run.
    #[schema(value_type = String, required)]
    pub fingerprint: Text,
}

impl ApplyInput {
    /// The fingerprint.
    pub fn parse(&self) -> Result<&str, FieldErrors> {
        fingerprint(&self.fingerprint).map_err(|fault| FieldErrors::one("fingerprint", fault))
    }
}

/// The body of `POST /api/v1/carriers/{id}/drift/adopt`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct AdoptInput {
    /// LiveKit's id, `ST_…`.
    #[schema(value_type = String, required, example = "ST_9Xb2LqTc4Rf7")]
    pub trunk_id: Text,
    /// The bot that answers the numbers of an inbound trunk.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub bot_id: Option<Text>,
    /// The settings that the carrier gets from the trunk. The trunk gets all others from the carrier.
    #[schema(value_type = Vec<String>, example = json!(["allowed_addresses"]))]
    pub take: TextList,
    /// True where absent.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<bool>)]
    pub dry_run: Option<Text>,
    /// The fingerprint of the dry run; required where `dry_run` is false.
    #[schema(value_type = String)]
    pub fingerprint: Text,
}

/// A parsed [`AdoptInput`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adoption {
    /// LiveKit's id, `ST_…`.
    pub trunk_id: String,
    /// The bot that answers the numbers of an inbound trunk.
    pub bot_id: Option<BotId>,
    /// Entries of [`AdoptInput::SETTINGS`] that the carrier gets from the trunk.
    pub take: Vec<&'static str>,
    /// None for a dry run.
    pub fingerprint: Option<String>,
}

impl AdoptInput {
    /// The valid entries of `take`.
    pub const SETTINGS: [&'static str; 6] =
        ["allowed_addresses", "krisp_enabled", "credentials", "sip_address", "transport", "destination_country"];

    /// Parses all fields.
    ///
    /// # Errors
    /// All faults.
    pub fn parse(&self) -> Result<Adoption, FieldErrors> {
        let mut errors = FieldErrors::default();
        let trunk_id = self.trunk_id.0.trim();
        let plain = trunk_id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if trunk_id.is_empty() || trunk_id.len() > 64 || !plain {
            let message = "Name the trunk by LiveKit's id, such as ST_9Xb2LqTc4Rf7.";
            errors.add("trunk_id", FieldFault::new("bad_id", message));
        }
        let bot_id = match self.bot_id.as_ref().filter(|text| !text.is_blank()) {
            None => None,
            Some(text) => errors.record(
                "bot_id",
                text.0.trim().parse().map_err(|_| FieldFault::new("unknown_bot", "That is no bot's id.")),
            ),
        };
        let mut take = Vec::new();
        for name in &self.take.0 {
            match Self::SETTINGS.into_iter().find(|known| known == name) {
                Some(known) => take.push(known),
                None => {
                    let known = Self::SETTINGS.join(", ");
                    errors.add("take", FieldFault::new("unknown_setting", format!("Take any of {known}.")));
                }
            }
        }
        let dry_run = match self.dry_run.as_ref().map_or("true", |text| text.0.trim()) {
            "true" | "1" | "on" => true,
            "false" | "0" | "off" => false,
            _ => {
                errors.add("dry_run", FieldFault::new("bad_flag", "Say true or false."));
                true
            }
        };
        let fingerprint = if dry_run { None } else { errors.record("fingerprint", fingerprint(&self.fingerprint)) };
        if !errors.is_empty() {
            return Err(errors);
        }
        let fingerprint = fingerprint.map(str::to_owned);
        Ok(Adoption { trunk_id: trunk_id.to_owned(), bot_id, take, fingerprint })
    }
}

fn fingerprint(text: &Text) -> Result<&str, FieldFault> {
    match text.0.trim() {
        "" => Err(FieldFault::required("Send the fingerprint of the dry run that you have looked at.")),
        text => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(body: serde_json::Value) -> Result<Adoption, FieldErrors> {
        serde_json::from_value::<AdoptInput>(body).unwrap().parse()
    }

    #[test]
    fn adoption_requires_dry_run_false_and_a_fingerprint() {
        assert_eq!(parse(json!({"trunk_id": "ST_1"})).unwrap().fingerprint, None);
        let body = json!({"trunk_id": "ST_1", "dry_run": false});
        assert_eq!(parse(body).unwrap_err().iter().next().unwrap().field, "fingerprint");
        let body = json!({"trunk_id": " ST_1 ", "dry_run": "false", "fingerprint": "abc", "take": "transport"});
        let adoption = parse(body).unwrap();
        assert_eq!((adoption.trunk_id.as_str(), adoption.fingerprint.as_deref()), ("ST_1", Some("abc")));
        assert_eq!(adoption.take, ["transport"]);
    }

    #[test]
    fn all_faults_are_reported() {
        let body = json!({"trunk_id": "", "bot_id": "x", "take": ["name"], "dry_run": "maybe"});
        let errors = parse(body).unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["trunk_id", "bot_id", "take", "dry_run"]);
    }
}
