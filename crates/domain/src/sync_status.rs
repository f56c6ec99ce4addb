//! How far LiveKit has followed a carrier.

use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoStaticStr};

/// The state of a carrier's last sync.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, EnumString, IntoStaticStr,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase", parse_err_ty = String, parse_err_fn = unknown)]
pub enum SyncStatus {
    /// A sync is due: the carrier has changed, or LiveKit was unreachable.
    #[default]
    Pending,
    /// LiveKit has the desired state.
    Synced,
    /// LiveKit refused a step. Another attempt is due.
    Error,
}

fn unknown(text: &str) -> String {
    format!("no sync status: {text}")
}

impl SyncStatus {
    /// The spelling in JSON and in the database: `synced`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
