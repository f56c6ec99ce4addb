//! The orders of a list of DIDs.

use strum::{EnumIter, EnumString, IntoStaticStr};

/// The column by which a list of DIDs is sorted. The spellings are those of the query's `sort`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum DidSort {
    /// By the digits of the number.
    #[default]
    Number,
    /// By label, in lower case.
    Label,
    /// By direction.
    Direction,
    /// By the bot's name, in lower case.
    Bot,
}

impl DidSort {
    /// The spelling in the query: `label`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Parses `label` (ascending), `-label` (descending) or an empty text: the column, and whether the order is descending.
    /// None for an unknown column.
    pub fn parse(text: &str) -> Option<(Self, bool)> {
        let (name, descending) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
        if name.is_empty() {
            return Some((Self::Number, descending));
        }
        name.parse().ok().map(|sort| (sort, descending))
    }
}
