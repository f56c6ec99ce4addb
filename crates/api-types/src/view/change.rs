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
