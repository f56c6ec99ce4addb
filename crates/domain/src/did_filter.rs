//! Which of a carrier's DIDs a list shows.

use crate::{BotId, DidSort, Direction};

/// Which DIDs, in which order; all that is given has to match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DidFilter {
    /// Words of a label, of a bot's name or of a number.
    pub q: String,
    /// Only DIDs of this direction.
    pub direction: Option<Direction>,
    /// Only DIDs that this bot answers, or none.
    pub bot: Option<BotFilter>,
    /// The order.
    pub sort: DidSort,
    /// Reverses the order.
    pub descending: bool,
    /// Rows on the page.
    pub limit: u32,
}

/// Which bot answers a DID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BotFilter {
    /// This one.
    Bot(BotId),
    /// Outbound numbers are among them.
    NoBot,
}

impl DidFilter {
    /// Rows on the page where the query names no limit.
    pub const DEFAULT_LIMIT: u32 = 50;
    /// The greatest limit.
    pub const MAX_LIMIT: u32 = 200;

    /// Every DID of the carrier matches.
    pub fn matches_all(&self) -> bool {
        self.q.is_empty() && self.direction.is_none() && self.bot.is_none()
    }
}

impl Default for DidFilter {
    fn default() -> Self {
        Self {
            q: String::new(),
            direction: None,
            bot: None,
            sort: DidSort::default(),
            descending: false,
            limit: Self::DEFAULT_LIMIT,
        }
    }
}
