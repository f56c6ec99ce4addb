//! The form of a carrier, for create and edit.

mod sections;
mod state;

pub use sections::{AdvancedSection, AuthenticationSection, ConnectionSection, RateSection};
pub use state::{CarrierForm, conflicting, current};
