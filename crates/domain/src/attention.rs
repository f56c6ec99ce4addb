//! What needs an operator's attention.

use serde::{Deserialize, Serialize};

use crate::field::FieldFault;

/// What can be the matter with a carrier, or with a number of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Attention {
    /// LiveKit did not take the last change.
    SyncError,
    /// A number rings and no bot answers: its calls are rejected.
    NoBot,
    /// [`crate::SourcePolicy::Any`]: nothing guards its incoming calls.
    Open,
    /// The carrier has no number, and so no trunk.
    NoNumbers,
}

impl Attention {
    /// The most urgent first.
    pub const ALL: [Self; 4] = [Self::SyncError, Self::NoBot, Self::Open, Self::NoNumbers];

    /// As in the query of `GET /api/v1/carriers`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SyncError => "sync_error",
            Self::NoBot => "no_bot",
            Self::Open => "open",
            Self::NoNumbers => "no_numbers",
        }
    }
}

impl std::str::FromStr for Attention {
    type Err = FieldFault;

    fn from_str(text: &str) -> Result<Self, FieldFault> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| {
            FieldFault::new(
                "unknown_attention",
                "Choose one of sync_error, no_bot, open or no_numbers, or leave it out.",
            )
        })
    }
}
