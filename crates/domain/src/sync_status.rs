//! Whether LiveKit holds what it should.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum SyncStatus {
    /// A change is on its way.
    #[default]
    Pending,
    Synced,
    /// The last try failed; another one is due.
    Error,
}

impl SyncStatus {
    pub const ALL: [Self; 3] = [Self::Pending, Self::Synced, Self::Error];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Synced => "synced",
            Self::Error => "error",
        }
    }
}

impl std::str::FromStr for SyncStatus {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|status| status.as_str() == text).ok_or_else(|| format!("no sync status: {text}"))
    }
}
