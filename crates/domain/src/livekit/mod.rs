//! The desired LiveKit objects, and the steps that create them.
//!
//! [`desired`] is a pure function from a carrier, its numbers and their bots to trunks and rules; [`plan`] compares its result
//! with what was observed in LiveKit. The reconciler in `services` applies a plan through the crate `livekit`.

mod adopt;
mod compare;
mod conflict;
mod describe;
mod desired;
mod drift;
mod inbound_call;
mod objects;
mod observed;
mod owner_tag;
mod plan;
mod replay;

pub use adopt::{RuleOutcome, adopt_inbound};
pub use compare::compare;
pub use conflict::Conflict;
pub use describe::describe;
pub use desired::{Desired, Inbound, ROOM_PREFIX, desired, guessed_keys};
pub use drift::{DriftState, FieldDrift, ObjectDrift, StepAction, StepView};
pub use inbound_call::{InboundCall, RuleMatch, TrunkMatch};
pub use objects::{DispatchRule, InboundTrunk, ObjectKind, OutboundTrunk, bare, digits};
pub use observed::{BotObjectIds, Listed, ObjectIds, Observed};
pub use owner_tag::OwnerTag;
pub use plan::{Step, TrunkRef, plan};
pub use replay::{Replay, ReplayFix, ReplayResult, ReplayStage, ReplayStep, replay};
