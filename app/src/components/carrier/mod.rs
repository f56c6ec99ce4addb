//! Badges and sentences about a carrier and its numbers.

mod attention;
mod badges;
mod source_policy;

pub use attention::{attention_glyph, attention_text, attention_title};
pub use badges::{DirectionBadge, SyncBadge, auth_badges, carrier_sync_badge, lacks_trunks};
pub use source_policy::source_policy_sentence;
