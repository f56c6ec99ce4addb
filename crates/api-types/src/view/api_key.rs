use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use domain::{AccountId, ActorId, ApiKey, ApiKeyExpiry, ApiKeyId, ApiKeyStatus, Role, Secret, Timestamp, secret};

use super::UserView;

/// An API key, without its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApiKeyView {
    /// Id of the row.
    pub id: ApiKeyId,
    /// The key's name on pages and in the audit log.
    pub name: String,
    /// The first seven characters of the key.
    #[schema(example = "tl_Zm9v")]
    pub prefix: String,
    /// What requests with the key may do.
    pub role: Role,
    /// False: the key is switched off.
    pub is_active: bool,
    /// When the key stops working; null for never.
    pub expires_at: Option<ApiKeyExpiry>,
    /// Where requests may come from; empty for anywhere.
    #[schema(example = json!(["203.0.113.0/24"]))]
    pub allowed_addresses: Vec<String>,
    /// When a request was authenticated with the key last, some seconds late; null for never.
    pub last_used_at: Option<Timestamp>,
    /// Id of the user or the API key that created this one.
    pub created_by: Option<ActorId>,
    /// The creator's name at that time.
    pub created_by_name: String,
    /// When the key was created.
    pub created_at: Timestamp,
    /// When the settings were changed last.
    pub updated_at: Timestamp,
    /// Increases with each change of the settings.
    pub version: i64,
}

impl ApiKeyView {
    /// What pages show of the key.
    pub fn status(&self, now: Timestamp) -> ApiKeyStatus {
        ApiKeyStatus::new(self.is_active, self.expires_at.as_ref(), now)
    }
}

impl From<&ApiKey> for ApiKeyView {
    fn from(key: &ApiKey) -> Self {
        Self {
            id: key.id.clone(),
            name: key.settings.name.to_string(),
            prefix: key.prefix.clone(),
            role: key.settings.role,
            is_active: key.settings.is_active,
            expires_at: key.settings.expires_at.clone(),
            allowed_addresses: key.settings.allowed_addresses.iter().map(ToString::to_string).collect(),
            last_used_at: key.last_used_at,
            created_by: key.created_by.clone(),
            created_by_name: key.created_by_name.clone(),
            created_at: key.created_at,
            updated_at: key.updated_at,
            version: key.version,
        }
    }
}

/// `GET /api/v1/api-keys`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApiKeyPage {
    /// All keys, by name.
    pub items: Vec<ApiKeyView>,
    /// How many there are.
    pub total: i64,
}

/// The response of `POST /api/v1/api-keys`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApiKeyCreated {
    /// The key itself. No other response contains it.
    #[serde(serialize_with = "secret::expose")]
    #[schema(value_type = String, pattern = "^tl_[0-9A-Za-z_-]{32}$")]
    pub key: Secret,
    /// The new row.
    #[serde(flatten)]
    pub row: ApiKeyView,
}

/// An API key as the actor of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApiKeyActor {
    /// Id of the key.
    pub id: ApiKeyId,
    /// The key's name.
    pub name: String,
    /// The first seven characters of the key.
    pub prefix: String,
    /// What the request may do.
    pub role: Role,
}

/// `GET /api/v1/auth/me`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// The account, which the requests of the SIP edge name as `accountId`.
    pub account_id: AccountId,
    /// Who sends the request.
    #[serde(flatten)]
    pub actor: ActorView,
}

/// A user or an API key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum ActorView {
    /// The request has a key.
    ApiKey(ApiKeyActor),
    /// The request has a session.
    User(UserView),
}
