//! What needs an operator's attention.

use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoStaticStr};

use crate::field::FieldFault;

/// Why a carrier or one of its DIDs needs attention, the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumIter, EnumString, IntoStaticStr)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", parse_err_ty = FieldFault, parse_err_fn = unknown)]
pub enum Attention {
    /// The carrier's last sync failed.
    SyncError,
    /// A DID with inbound calls has no bot: its calls are rejected.
    NoBot,
    /// [`crate::SourcePolicy::Any`]: inbound calls are not authenticated.
    Open,
    /// The carrier has no DIDs, and so no trunk.
    NoNumbers,
}

fn unknown(_: &str) -> FieldFault {
    FieldFault::new("unknown_attention", "Choose one of sync_error, no_bot, open or no_numbers, or leave it out.")
}

impl Attention {
    /// The spelling in JSON and in the query of `GET /api/v1/carriers`: `no_bot`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
