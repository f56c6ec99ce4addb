use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::{
    JsonText, Text, TextList,
    text::{flag, present},
    version,
};
use domain::{AnsweredBy, BotSettings, FieldErrors, SipHeaderConfig, SipHeaderNames};

/// The body of `POST` and `PUT /api/v1/bots`, and the bot form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct BotInput {
    /// The bot's name on pages.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "Concierge")]
    pub name: Option<Text>,
    /// What joins the rooms of its calls; `agent` where blank.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<AnsweredBy>)]
    pub answered_by: Option<Text>,
    /// The name that the agent registers with LiveKit. Required where `answered_by` is `agent`.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "concierge")]
    pub agent_name: Option<Text>,
    /// Passed to the agent with each call; usually JSON.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub metadata: Option<Text>,
    /// Which SIP headers of a call reach the prompt. Null: none.
    #[serde(deserialize_with = "present_config", skip_serializing_if = "Option::is_none")]
    pub sip_header_config: Option<SipHeaderConfigInput>,
    /// A JSON object that workers load when a call begins, or its text. Null or blank: an empty one.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, example = json!({"system_prompt": "You are a concierge."}))]
    pub runtime_config: Option<JsonText>,
    /// The version that the client has read; absent to save over any version.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub version: Option<Text>,
}

/// Part of [`BotInput`]. Absent fields stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct SipHeaderConfigInput {
    /// Without it no header reaches the prompt.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<bool>)]
    pub enabled: Option<Text>,
    /// The headers that become variables.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>, max_items = 50, example = json!(["X-Customer-ID"]))]
    pub allowed_headers: Option<TextList>,
    /// Those of the allowed headers that a transfer repeats.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>, max_items = 50)]
    pub transfer_passthrough_headers: Option<TextList>,
    /// Longer values are cut after so many characters; 256 where blank.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u16>, minimum = 1, maximum = 1024)]
    pub max_value_length: Option<Text>,
}

/// Null is the default of every field.
fn present_config<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SipHeaderConfigInput>, D::Error> {
    let input = Option::<SipHeaderConfigInput>::deserialize(deserializer)?;
    Ok(Some(input.unwrap_or_else(|| SipHeaderConfigInput {
        enabled: Some(Text::default()),
        allowed_headers: Some(TextList::default()),
        transfer_passthrough_headers: Some(TextList::default()),
        max_value_length: Some(Text::default()),
    })))
}

impl BotInput {
    /// The new settings. `current` are those before an update, None for a new bot.
    ///
    /// # Errors
    /// All faults.
    pub fn parse(&self, current: Option<&BotSettings>) -> Result<BotSettings, FieldErrors> {
        let mut errors = FieldErrors::default();
        let raw = |text: Option<&Text>| text.map_or(String::new(), |text| text.0.clone());
        let name = match (&self.name, current) {
            (None, Some(now)) => Some(now.name.clone()),
            (text, _) => errors.record("name", raw(text.as_ref()).parse()),
        };
        let answered_by = match &self.answered_by {
            None => current.map(|now| now.answered_by).unwrap_or_default(),
            Some(text) if text.is_blank() => AnsweredBy::default(),
            Some(text) => errors.record("answered_by", text.0.trim().parse()).unwrap_or_default(),
        };
        let agent_name = match (&self.agent_name, current.and_then(|now| now.agent_name.clone())) {
            (None, Some(now)) => Some(now),
            (text, _) if answered_by == AnsweredBy::Fleet && text.as_ref().is_none_or(Text::is_blank) => None,
            (text, _) => errors.record("agent_name", raw(text.as_ref()).parse()),
        };
        let metadata = match (&self.metadata, current) {
            (None, Some(now)) => Some(now.metadata.clone()),
            (text, _) => errors.record("metadata", raw(text.as_ref()).parse()),
        };
        let sip_headers_now = current.map(|now| now.sip_header_config.clone()).unwrap_or_default();
        let sip_header_config = match &self.sip_header_config {
            None => sip_headers_now,
            Some(input) => input.parse(sip_headers_now, &mut errors),
        };
        let runtime_config = match (&self.runtime_config, current) {
            (None, Some(now)) => Some(now.runtime_config.clone()),
            (text, _) => errors.record("runtime_config", text.as_ref().map_or("", |text| &text.0).parse()),
        };
        match (name, metadata, runtime_config) {
            (Some(name), Some(metadata), Some(runtime_config)) if errors.is_empty() => {
                Ok(BotSettings { name, answered_by, agent_name, metadata, sip_header_config, runtime_config })
            }
            _ => Err(errors),
        }
    }

    /// The version that the client has read; None where it sent none.
    pub fn version(&self) -> Result<Option<i64>, FieldErrors> {
        version(self.version.as_ref()).map_err(|fault| FieldErrors::one("version", fault))
    }
}

impl SipHeaderConfigInput {
    fn parse(&self, current: SipHeaderConfig, errors: &mut FieldErrors) -> SipHeaderConfig {
        let names = |list: &TextList| SipHeaderNames::parse(list.0.iter().map(String::as_str));
        let enabled = match &self.enabled {
            None => current.enabled,
            Some(text) => errors.record("sip_header_config.enabled", flag(text)).unwrap_or_default(),
        };
        let allowed_headers = match &self.allowed_headers {
            None => Some(current.allowed_headers),
            Some(list) => errors.record("sip_header_config.allowed_headers", names(list)),
        };
        const TRANSFER: &str = "sip_header_config.transfer_passthrough_headers";
        let transfer_passthrough_headers = match &self.transfer_passthrough_headers {
            None => Some(current.transfer_passthrough_headers),
            Some(list) => errors.record(TRANSFER, names(list)),
        };
        let max_value_length = match &self.max_value_length {
            None => current.max_value_length,
            Some(text) if text.is_blank() => Default::default(),
            Some(text) => errors.record("sip_header_config.max_value_length", text.0.parse()).unwrap_or_default(),
        };
        // The subset is checked only where both lists are valid.
        let is_complete = allowed_headers.is_some() && transfer_passthrough_headers.is_some();
        let config = SipHeaderConfig {
            enabled,
            allowed_headers: allowed_headers.unwrap_or_default(),
            transfer_passthrough_headers: transfer_passthrough_headers.unwrap_or_default(),
            max_value_length,
        };
        if is_complete {
            errors.record(TRANSFER, config.check_transfer());
        }
        config
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn parse(body: Value, current: Option<&BotSettings>) -> Result<BotSettings, FieldErrors> {
        serde_json::from_value::<BotInput>(body).unwrap().parse(current)
    }

    fn new_bot(more: Value) -> Result<BotSettings, FieldErrors> {
        let mut body = json!({"name": "Concierge", "agent_name": "concierge"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        parse(body, None)
    }

    #[test]
    fn fleet_needs_no_agent_name() {
        let fleet = parse(json!({"name": "Concierge", "answered_by": "fleet", "agent_name": " "}), None).unwrap();
        assert_eq!((fleet.answered_by, fleet.dispatched_agent()), (AnsweredBy::Fleet, None));
        let errors = parse(json!({"answered_by": "agent"}), Some(&fleet)).unwrap_err();
        assert!(errors.message("agent_name").is_some(), "{errors:?}");
        let agent = new_bot(json!({})).unwrap();
        let switched = parse(json!({"answered_by": "fleet"}), Some(&agent)).unwrap();
        assert_eq!((switched.agent_name.as_ref(), switched.dispatched_agent()), (agent.agent_name.as_ref(), None));
        let back = parse(json!({"answered_by": null}), Some(&switched)).unwrap();
        assert_eq!(back, agent);
    }

    #[test]
    fn absent_header_settings_stay() {
        let config = json!({"enabled": true, "allowed_headers": ["X-A", "X-B"], "transfer_passthrough_headers": "X-A"});
        let settings = new_bot(json!({ "sip_header_config": config })).unwrap();
        let updated = parse(json!({"sip_header_config": {"max_value_length": 64}}), Some(&settings)).unwrap();
        assert_eq!(updated.sip_header_config.allowed_headers, settings.sip_header_config.allowed_headers);
        assert_eq!(updated.sip_header_config.max_value_length.get(), 64);
        let cleared = parse(json!({"sip_header_config": null}), Some(&settings)).unwrap();
        assert_eq!(cleared.sip_header_config, SipHeaderConfig::default());
        assert_eq!(parse(json!({"name": "B"}), Some(&settings)).unwrap().sip_header_config, settings.sip_header_config);
    }

    #[test]
    fn transfer_headers_are_checked_against_the_saved_ones() {
        let settings = new_bot(json!({"sip_header_config": {"allowed_headers": ["X-A"]}})).unwrap();
        let transfer = |name: &str| json!({"sip_header_config": {"transfer_passthrough_headers": [name]}});
        assert!(parse(transfer("x-a"), Some(&settings)).is_ok());
        let errors = parse(transfer("X-B"), Some(&settings)).unwrap_err();
        assert!(errors.message("sip_header_config.transfer_passthrough_headers").is_some(), "{errors:?}");
    }

    #[test]
    fn runtime_config_is_an_object_or_its_text() {
        let object = new_bot(json!({"runtime_config": {"a": 1}})).unwrap();
        let text = new_bot(json!({"runtime_config": "{\"a\": 1}"})).unwrap();
        assert_eq!(object.runtime_config, text.runtime_config);
        assert_eq!(parse(json!({"runtime_config": null}), Some(&object)).unwrap().runtime_config.json(), "{}");
        let errors = new_bot(json!({"runtime_config": [1]})).unwrap_err();
        assert!(errors.message("runtime_config").is_some(), "{errors:?}");
    }
}
