//! What is typed about a carrier: for a new one and for an old one alike.

mod sections;
mod state;

pub use sections::{AuthenticationSection, ConnectionSection, RateSection};
pub use state::{CarrierForm, conflicting, current};
