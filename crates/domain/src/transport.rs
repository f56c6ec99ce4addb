//! How SIP messages travel to a carrier.

use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoStaticStr};

use crate::field::FieldFault;

/// The `transport` parameter of a SIP URI (RFC 3261 §19.1.1).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, EnumString, IntoStaticStr,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase", ascii_case_insensitive)]
#[strum(parse_err_ty = FieldFault, parse_err_fn = unknown)]
pub enum Transport {
    /// No parameter is written. LiveKit uses UDP.
    #[default]
    Auto,
    /// SIP over TCP.
    Tcp,
    /// SIP over UDP.
    Udp,
    /// SIP over TLS.
    Tls,
}

fn unknown(_: &str) -> FieldFault {
    FieldFault::new("unknown_transport", "Choose one of auto, tcp, udp or tls.")
}

impl Transport {
    /// The spelling in JSON and in the database: `tls`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The spelling on pages: `TLS`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Auto => "Auto",
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
            Self::Tls => "TLS",
        }
    }

    /// The port of an address without one: 5061 for TLS, else 5060 (RFC 3261 §19.1.2).
    pub fn default_port(self) -> u16 {
        if self == Self::Tls { 5061 } else { 5060 }
    }
}
