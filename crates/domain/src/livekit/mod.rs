//! What Trunkline wants LiveKit to hold, and how to get there.
//!
//! [`desired`] is a pure function from a carrier, its numbers and their bots to trunks and rules; [`plan`] compares
//! that with what LiveKit has. The crate `livekit` carries a plan over.

mod actual;
mod adopt;
mod compare;
mod describe;
mod desired;
mod mark;
mod objects;
mod plan;

pub use actual::{Actual, Listed};
pub use adopt::{RuleFate, adopt_inbound};
pub use compare::compare;
pub use describe::describe;
pub use desired::{Desired, Inbound, desired};
pub use mark::Mark;
pub use objects::{DispatchRule, InboundTrunk, ObjectKind, OutboundTrunk, bare, digits};
pub use plan::{Step, TrunkRef, plan};
