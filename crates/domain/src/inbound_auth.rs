//! How a carrier proves itself when it calls in.

use serde::{Deserialize, Serialize};

use crate::field::FieldFault;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum InboundAuth {
    /// The same username and password as for outgoing calls, and the allowlist where there is one.
    #[default]
    Credentials,
    /// The allowlist alone.
    Ip,
}

impl InboundAuth {
    pub const ALL: [Self; 2] = [Self::Credentials, Self::Ip];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Credentials => "credentials",
            Self::Ip => "ip",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Credentials => "Credentials",
            Self::Ip => "IP allowlist",
        }
    }
}

impl std::str::FromStr for InboundAuth {
    type Err = FieldFault;

    fn from_str(text: &str) -> Result<Self, FieldFault> {
        let text = text.trim();
        Self::ALL
            .into_iter()
            .find(|mode| mode.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| FieldFault::new("unknown_inbound_auth", "Choose one of credentials or ip."))
    }
}
