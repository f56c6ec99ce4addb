//! Roles of users.

use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoStaticStr};

use crate::field::FieldFault;

/// What a user may do. Each role includes the one before it.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumIter,
    EnumString,
    IntoStaticStr,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase", parse_err_ty = FieldFault, parse_err_fn = unknown)]
pub enum Role {
    /// Reads.
    Viewer,
    /// Changes carriers, DIDs and bots.
    Developer,
    /// Also deletes carriers, and manages users, API keys and integrations.
    Admin,
}

fn unknown(_: &str) -> FieldFault {
    FieldFault::new("unknown_role", "Choose one of viewer, developer or admin.")
}

impl Role {
    /// The spelling in JSON, in the database and on the command line: `admin`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The spelling on pages: `Administrator`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Viewer => "Viewer",
            Self::Developer => "Developer",
            Self::Admin => "Administrator",
        }
    }
}
