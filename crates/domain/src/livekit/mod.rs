//! What Trunkline wants LiveKit to hold, and how to get there.
//!
//! [`desired`] is a pure function from a carrier, its numbers and their bots to trunks and rules; [`plan`] compares
//! that with what LiveKit has. The crate `livekit` carries a plan over.

mod adopt;
mod compare;
mod describe;
mod desired;
mod drift;
mod objects;
mod observed;
mod owner_tag;
mod plan;

pub use adopt::{RuleFate, adopt_inbound};
pub use compare::compare;
pub use describe::describe;
pub use desired::{Desired, Inbound, desired, guessed_keys};
pub use drift::{DriftState, FieldDrift, ObjectDrift, StepAction, StepView};
pub use objects::{DispatchRule, InboundTrunk, ObjectKind, OutboundTrunk, bare, digits};
pub use observed::{Listed, Observed};
pub use owner_tag::OwnerTag;
pub use plan::{Step, TrunkRef, plan};
