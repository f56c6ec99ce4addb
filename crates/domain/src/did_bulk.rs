//! Changes of many DIDs of a carrier at once.

use crate::{BotId, DidFilter, DidId, Direction};

/// Which of a carrier's DIDs are changed, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DidBulk {
    /// Which DIDs.
    pub scope: DidScope,
    /// How they are changed.
    pub action: DidAction,
}

/// The DIDs of a bulk change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DidScope {
    /// These.
    Ids(Vec<DidId>),
    /// Those that match the filter, on all pages.
    Matching {
        /// Which DIDs; its order and limit do not count.
        filter: DidFilter,
        /// How many matched when the operator decided.
        expected: i64,
    },
}

/// A bulk change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DidAction {
    /// Assigns the bot, or none. Outbound DIDs have no bot.
    AssignBot(Option<BotId>),
    /// Sets the direction. Outbound DIDs lose their bot.
    SetDirection(Direction),
    /// Removes the DIDs.
    Remove,
}

impl DidAction {
    /// The spelling in the audit log: `Assign bot`.
    pub fn label(&self) -> &'static str {
        match self {
            Self::AssignBot(Some(_)) => "Assign bot",
            Self::AssignBot(None) => "Unassign bot",
            Self::SetDirection(_) => "Set direction",
            Self::Remove => "Remove",
        }
    }
}
