use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One server-sent event of `GET /api/v1/events`: something changed; whoever shows it asks again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Change {
    pub noun: ChangedNoun,
    pub kind: ChangeKind,
    /// Id of the carrier, bot or integration. A number's change is its carrier's.
    pub id: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangedNoun {
    Carrier,
    Bot,
    /// Somebody logged in or out; `id` is the person's.
    Session,
    /// LiveKit answers again, or does not any more; `id` is empty.
    #[serde(rename = "livekit")]
    LiveKit,
    Integration,
    /// Events were missed: everything may have changed; `id` is empty.
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    Created,
    Updated,
    Deleted,
    /// A sync with LiveKit ended, well or not.
    Synced,
}

impl ChangedNoun {
    /// Each of them once.
    pub const ALL: [Self; 6] = [Self::Carrier, Self::Bot, Self::Session, Self::LiveKit, Self::Integration, Self::All];

    /// As it is written in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Carrier => "carrier",
            Self::Bot => "bot",
            Self::Session => "session",
            Self::LiveKit => "livekit",
            Self::Integration => "integration",
            Self::All => "all",
        }
    }
}

impl ChangeKind {
    /// Each of them once.
    pub const ALL: [Self; 4] = [Self::Created, Self::Updated, Self::Deleted, Self::Synced];

    /// As it is written in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Deleted => "deleted",
            Self::Synced => "synced",
        }
    }
}

impl FromStr for ChangedNoun {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|noun| noun.as_str() == text).ok_or_else(|| format!("no noun {text}"))
    }
}

impl FromStr for ChangeKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| format!("no kind of change {text}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_json() {
        for noun in ChangedNoun::ALL {
            assert_eq!(serde_json::to_value(noun).unwrap(), noun.as_str());
            assert_eq!(noun.as_str().parse(), Ok(noun));
        }
        for kind in ChangeKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
    }
}
