use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Text, TextList,
    addresses::addresses,
    text::{flag, present},
    version,
};
use domain::{ApiKeyExpiry, ApiKeySettings, FieldErrors, FieldFault, Role};

/// The body of `POST /api/v1/api-keys` and `PATCH /api/v1/api-keys/{id}`, and the API key form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ApiKeyInput {
    /// The key's name on pages and in the audit log.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 100, example = "CRM")]
    pub name: Option<Text>,
    /// What requests with the key may do; `developer` where blank or absent. It cannot be changed.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Role>)]
    pub role: Option<Text>,
    /// False switches the key off. A new key is active unless this is false.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<bool>)]
    pub is_active: Option<Text>,
    /// When the key stops working: RFC 3339; a time without an offset is in UTC. Null or blank: never.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime, example = "2027-01-01T00:00:00Z")]
    pub expires_at: Option<Text>,
    /// IP addresses and CIDR ranges from which requests are accepted; null or empty for any.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>, max_items = 200, example = json!(["203.0.113.0/24"]))]
    pub allowed_addresses: Option<TextList>,
    /// The version that the client has read; absent to save over any version.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub version: Option<Text>,
}

impl ApiKeyInput {
    /// The new settings. `current` are those before an update, None for a new key.
    ///
    /// # Errors
    /// All faults.
    pub fn parse(&self, current: Option<&ApiKeySettings>) -> Result<ApiKeySettings, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = match (&self.name, current) {
            (None, Some(now)) => Some(now.name.clone()),
            (text, _) => errors.record("name", text.as_ref().map_or("", |text| &text.0).parse()),
        };
        let role = errors.record("role", self.role(current));
        let is_active = match &self.is_active {
            None => current.is_none_or(|now| now.is_active),
            Some(text) if text.is_blank() => current.is_none_or(|now| now.is_active),
            Some(text) => errors.record("is_active", flag(text)).unwrap_or_default(),
        };
        let expires_at = match &self.expires_at {
            None => current.and_then(|now| now.expires_at.clone()),
            Some(text) if text.is_blank() => None,
            Some(text) => errors.record("expires_at", text.0.parse::<ApiKeyExpiry>()),
        };
        let allowed_addresses = match &self.allowed_addresses {
            None => current.map(|now| now.allowed_addresses.clone()).unwrap_or_default(),
            Some(list) => addresses(&mut errors, list),
        };
        match (name, role) {
            (Some(name), Some(role)) if errors.is_empty() => {
                Ok(ApiKeySettings { name, role, is_active, expires_at, allowed_addresses })
            }
            _ => Err(errors),
        }
    }

    /// Programs rely on what their key may do: another role is another key.
    fn role(&self, current: Option<&ApiKeySettings>) -> Result<Role, FieldFault> {
        let given = self.role.as_ref().map(|text| text.0.trim()).filter(|text| !text.is_empty());
        let given = given.map(str::parse::<Role>).transpose()?;
        match (given, current) {
            (Some(role), Some(now)) if role != now.role => Err(FieldFault::new(
                "role_is_fixed",
                "The role of a key cannot be changed. Create another key, and delete this one.",
            )),
            (_, Some(now)) => Ok(now.role),
            (given, None) => Ok(given.unwrap_or(Role::Developer)),
        }
    }

    /// The version that the client has read; None where it sent none.
    pub fn version(&self) -> Result<Option<i64>, FieldErrors> {
        version(self.version.as_ref()).map_err(|fault| FieldErrors::one("version", fault))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn parse(body: Value, current: Option<&ApiKeySettings>) -> Result<ApiKeySettings, FieldErrors> {
        serde_json::from_value::<ApiKeyInput>(body).unwrap().parse(current)
    }

    fn existing() -> ApiKeySettings {
        let body =
            json!({"name": "CRM", "role": "admin", "expires_at": "2027-01-01", "allowed_addresses": ["192.0.2.1"]});
        parse(body, None).unwrap()
    }

    #[test]
    fn name_suffices_for_an_active_developer_key() {
        for body in [json!({"name": "CRM"}), json!({"name": "CRM", "role": null, "expires_at": null, "is_active": ""})]
        {
            let settings = parse(body, None).unwrap();
            assert_eq!((settings.role, settings.is_active, settings.expires_at), (Role::Developer, true, None));
            assert!(settings.allowed_addresses.is_empty());
        }
    }

    #[test]
    fn update_keeps_absent_fields_and_clears_null() {
        let now = existing();
        assert_eq!(parse(json!({}), Some(&now)).unwrap(), now);
        let cleared = parse(json!({"expires_at": null, "allowed_addresses": null}), Some(&now)).unwrap();
        assert_eq!((cleared.expires_at, cleared.allowed_addresses.len()), (None, 0));
        assert!(!parse(json!({"is_active": false}), Some(&now)).unwrap().is_active);
    }

    #[test]
    fn role_of_a_key_is_fixed() {
        let now = existing();
        assert_eq!(parse(json!({"role": "admin"}), Some(&now)).unwrap().role, Role::Admin);
        let errors = parse(json!({"role": "viewer"}), Some(&now)).unwrap_err().into_vec();
        assert_eq!((errors[0].field.as_str(), errors[0].code.as_str()), ("role", "role_is_fixed"));
    }

    #[test]
    fn unreadable_expiry_is_kept_until_it_is_changed() {
        let now = ApiKeySettings { expires_at: Some(ApiKeyExpiry::stored("tomorrow")), ..existing() };
        assert_eq!(parse(json!({"name": "ERP"}), Some(&now)).unwrap().expires_at, now.expires_at);
        assert_eq!(parse(json!({"expires_at": ""}), Some(&now)).unwrap().expires_at, None);
    }
}
