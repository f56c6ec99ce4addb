use domain::{Email, FieldErrors, Password, Role, Secret, User, secret};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Text,
    text::{flag, present},
    version,
};

/// The body of `POST /api/v1/users`, and the form of an invitation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct InvitationInput {
    /// The address with which the user will log in.
    #[schema(value_type = String, format = Email, required)]
    pub email: Text,
    /// What the user may do; `developer` where blank or absent.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Role>)]
    pub role: Option<Text>,
}

impl InvitationInput {
    /// Address and role of the new user.
    ///
    /// # Errors
    /// All faults.
    pub fn parse(&self) -> Result<(Email, Role), FieldErrors> {
        let mut errors = FieldErrors::default();
        let email = errors.record("email", self.email.0.parse::<Email>());
        let role = match self.role.as_ref().map(|text| text.0.trim()).filter(|text| !text.is_empty()) {
            None => Some(Role::Developer),
            Some(text) => errors.record("role", text.parse()),
        };
        match (email, role) {
            (Some(email), Some(role)) => Ok((email, role)),
            _ => Err(errors),
        }
    }
}

/// The body of `PATCH /api/v1/users/{id}`, and the form of a user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct UserInput {
    /// What the user may do. A lower role ends the user's sessions.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Role>)]
    pub role: Option<Text>,
    /// False disables the user: the sessions end, and the API keys are refused.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<bool>)]
    pub is_active: Option<Text>,
    /// The version that the client has read; absent to save over any version.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub version: Option<Text>,
}

impl UserInput {
    /// The new role, and whether the user is active. Absent and blank fields stay as they are.
    ///
    /// # Errors
    /// All faults.
    pub fn parse(&self, current: &User) -> Result<(Role, bool), FieldErrors> {
        let mut errors = FieldErrors::default();
        let given = |text: &Option<Text>| text.clone().filter(|text| !text.is_blank());
        let role = match given(&self.role) {
            None => Some(current.role),
            Some(text) => errors.record("role", text.0.trim().parse()),
        };
        let is_active = match given(&self.is_active) {
            None => Some(current.is_active),
            Some(text) => errors.record("is_active", flag(&text)),
        };
        match (role, is_active) {
            (Some(role), Some(is_active)) => Ok((role, is_active)),
            _ => Err(errors),
        }
    }

    /// The version that the client has read; None where it sent none.
    pub fn version(&self) -> Result<Option<i64>, FieldErrors> {
        version(self.version.as_ref()).map_err(|fault| FieldErrors::one("version", fault))
    }
}

/// The body of `PUT /api/v1/auth/password`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct PasswordInput {
    /// The password until now.
    #[serde(default, serialize_with = "secret::expose")]
    #[schema(value_type = String, format = Password, required)]
    pub current_password: Secret,
    /// The new password.
    #[serde(default, serialize_with = "secret::expose")]
    #[schema(value_type = String, format = Password, required)]
    pub new_password: Secret,
}

impl PasswordInput {
    /// The new password.
    ///
    /// # Errors
    /// All faults.
    pub fn parse(&self) -> Result<Password, FieldErrors> {
        let mut errors = FieldErrors::default();
        if self.current_password.is_empty() {
            errors.add("current_password", domain::FieldFault::required("Enter your current password."));
        }
        let password = errors.record("new_password", Password::new(self.new_password.clone()));
        password.filter(|_| errors.is_empty()).ok_or(errors)
    }
}

/// The body of `POST /api/v1/auth/password-link`, and the form behind a one-time link.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct PasswordLinkInput {
    /// The token of the link.
    #[serde(default, serialize_with = "secret::expose")]
    #[schema(value_type = String, required)]
    pub token: Secret,
    /// The new password.
    #[serde(default, serialize_with = "secret::expose")]
    #[schema(value_type = String, format = Password, required)]
    pub password: Secret,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn invitation(body: Value) -> Result<(Email, Role), FieldErrors> {
        serde_json::from_value::<InvitationInput>(body).unwrap().parse()
    }

    #[test]
    fn invitation_needs_an_address() {
        let (email, role) = invitation(json!({"email": " Ops@Example.com "})).unwrap();
        assert_eq!((email.as_str(), role), ("ops@example.com", Role::Developer));
        assert_eq!(invitation(json!({"email": "a@b.c", "role": "admin"})).unwrap().1, Role::Admin);
        let errors = invitation(json!({"email": "", "role": "owner"})).unwrap_err();
        assert!(errors.message("email").is_some() && errors.message("role").is_some());
    }

    #[test]
    fn both_passwords_are_checked_at_once() {
        let input = PasswordInput { current_password: Secret::default(), new_password: Secret::new("short") };
        let errors = input.parse().unwrap_err();
        assert!(errors.message("current_password").is_some() && errors.message("new_password").is_some());
    }
}
