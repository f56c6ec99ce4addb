//! A carrier and its numbers, as badges and sentences.

mod admission;
mod badges;

pub use admission::admission_sentence;
pub use badges::{DirectionBadge, SyncBadge, auth_badges};
