//! Which way a phone number works.

use serde::{Deserialize, Serialize};

use crate::field::FieldFault;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    #[default]
    Both,
    Inbound,
    Outbound,
}

impl Direction {
    pub const ALL: [Self; 3] = [Self::Both, Self::Inbound, Self::Outbound];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Both => "Both",
            Self::Inbound => "Inbound",
            Self::Outbound => "Outbound",
        }
    }

    /// Calls to the number ring here.
    pub fn rings(self) -> bool {
        self != Self::Outbound
    }

    /// Calls may start with the number as their caller id.
    pub fn dials(self) -> bool {
        self != Self::Inbound
    }
}

impl std::str::FromStr for Direction {
    type Err = FieldFault;

    fn from_str(text: &str) -> Result<Self, FieldFault> {
        let text = text.trim();
        Self::ALL
            .into_iter()
            .find(|direction| direction.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| FieldFault::new("unknown_direction", "Choose one of both, inbound or outbound."))
    }
}
