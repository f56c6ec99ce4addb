//! How SIP travels to the carrier.

use serde::{Deserialize, Serialize};

use crate::field::FieldFault;

/// RFC 3261 §19.1.1 `transport`; `auto` writes none, which LiveKit treats as UDP.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    #[default]
    Auto,
    Tcp,
    Udp,
    Tls,
}

impl Transport {
    pub const ALL: [Self; 4] = [Self::Auto, Self::Tcp, Self::Udp, Self::Tls];

    /// As stored and as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Tcp => "tcp",
            Self::Udp => "udp",
            Self::Tls => "tls",
        }
    }

    /// As shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::Auto => "Auto",
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
            Self::Tls => "TLS",
        }
    }

    /// Port that is meant where an address names none: 5061 for TLS, else 5060 (RFC 3261 §19.1.2).
    pub fn default_port(self) -> u16 {
        if self == Self::Tls { 5061 } else { 5060 }
    }
}

impl std::str::FromStr for Transport {
    type Err = FieldFault;

    fn from_str(text: &str) -> Result<Self, FieldFault> {
        let text = text.trim();
        Self::ALL
            .into_iter()
            .find(|transport| transport.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| FieldFault::new("unknown_transport", "Choose one of auto, tcp, udp or tls."))
    }
}
