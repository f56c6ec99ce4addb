//! The directions in which a DID is used.

use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoStaticStr};

use crate::field::FieldFault;

/// Which calls use a DID.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, EnumString, IntoStaticStr,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase", ascii_case_insensitive)]
#[strum(parse_err_ty = FieldFault, parse_err_fn = unknown)]
pub enum Direction {
    /// Inbound and outbound calls.
    #[default]
    Both,
    /// Inbound calls: it is a called number.
    Inbound,
    /// Outbound calls: it is a caller ID.
    Outbound,
}

fn unknown(_: &str) -> FieldFault {
    FieldFault::new("unknown_direction", "Choose one of both, inbound or outbound.")
}

impl Direction {
    /// The spelling in JSON and in the database: `inbound`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The spelling on pages: `Inbound`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Both => "Both",
            Self::Inbound => "Inbound",
            Self::Outbound => "Outbound",
        }
    }

    /// Whether the DID takes inbound calls.
    pub fn rings(self) -> bool {
        self != Self::Outbound
    }

    /// Whether the DID is a caller ID of outbound calls.
    pub fn dials(self) -> bool {
        self != Self::Inbound
    }
}
