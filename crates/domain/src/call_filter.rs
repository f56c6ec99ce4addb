//! Which calls a list shows.

use crate::{BotId, CallDirection, CallOutcome, CarrierId, Timestamp};

/// The conditions of a list of calls. A call is listed if it meets all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallFilter {
    /// The calling or the called number, as it was typed; empty for all.
    pub number: String,
    /// The carrier, which may be deleted since.
    pub carrier: Option<CarrierId>,
    /// The bot, which may be deleted since.
    pub bot: Option<BotId>,
    /// Inbound or outbound calls.
    pub direction: Option<CallDirection>,
    /// What became of the calls.
    pub outcome: Option<CallOutcome>,
    /// Calls that began at this time or later.
    pub from: Option<Timestamp>,
    /// Calls that began before this time.
    pub before: Option<Timestamp>,
    /// Calls on a page, 1 to [`Self::MAX_LIMIT`].
    pub limit: u32,
}

impl CallFilter {
    /// Calls on a page where the query has no limit.
    pub const DEFAULT_LIMIT: u32 = 50;
    /// The largest limit.
    pub const MAX_LIMIT: u32 = 200;
}

impl Default for CallFilter {
    fn default() -> Self {
        Self {
            number: String::new(),
            carrier: None,
            bot: None,
            direction: None,
            outcome: None,
            from: None,
            before: None,
            limit: Self::DEFAULT_LIMIT,
        }
    }
}
