//! How a carrier's inbound calls are authenticated.

use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoStaticStr};

use crate::field::FieldFault;

/// What LiveKit checks of an inbound call.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, EnumString, IntoStaticStr,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase", ascii_case_insensitive)]
#[strum(parse_err_ty = FieldFault, parse_err_fn = unknown)]
pub enum InboundAuth {
    /// The username and password of outbound calls (digest, RFC 3261 §22), and the allowlist where there is one.
    #[default]
    Credentials,
    /// The allowlist alone.
    Ip,
}

fn unknown(_: &str) -> FieldFault {
    FieldFault::new("unknown_inbound_auth", "Choose one of credentials or ip.")
}

impl InboundAuth {
    /// The spelling in JSON and in the database: `ip`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The spelling on pages: `IP allowlist`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Credentials => "Credentials",
            Self::Ip => "IP allowlist",
        }
    }
}
