use serde::{Deserialize, Serialize};

/// One server-sent event of `GET /api/v1/events`: something changed; whoever shows it asks again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub noun: ChangedNoun,
    pub kind: ChangeKind,
    /// Id of the carrier, bot or integration. A number's change is its carrier's.
    pub id: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangedNoun {
    Carrier,
    Bot,
    Integration,
    /// Events were missed: everything may have changed; `id` is empty.
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    Created,
    Updated,
    Deleted,
    /// A sync with LiveKit ended, well or not.
    Synced,
}
