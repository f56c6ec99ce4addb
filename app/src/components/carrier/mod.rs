//! A carrier and its numbers, as badges and sentences.

mod admission;
mod attention;
mod badges;

pub use admission::admission_sentence;
pub use attention::{attention_glyph, attention_text, attention_title};
pub use badges::{DirectionBadge, SyncBadge, auth_badges};
