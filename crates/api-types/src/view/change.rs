use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoStaticStr};
use utoipa::ToSchema;

/// One server-sent event of `GET /api/v1/events`: a change after which a page that shows the row reads it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Change {
    /// What has changed.
    pub noun: ChangedNoun,
    /// How it has changed.
    pub kind: ChangeKind,
    /// Id of the carrier, DID, bot, call, user, API key, integration, fleet server or number purchase; empty for `livekit` and `all`.
    pub id: String,
}

/// What has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, EnumIter, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", parse_err_ty = String, parse_err_fn = unknown_noun)]
pub enum ChangedNoun {
    /// A carrier or one of its DIDs.
    Carrier,
    /// A DID, besides the event of its carrier; `id` is the carrier's where many of its DIDs have changed.
    Did,
    /// A bot.
    Bot,
    /// A call.
    Call,
    /// A user was changed.
    User,
    /// A user logged in or out; `id` is the user's.
    Session,
    /// An API key, or when it was used last.
    ApiKey,
    /// LiveKit responds again, or no longer responds; `id` is empty.
    #[serde(rename = "livekit")]
    #[strum(serialize = "livekit")]
    LiveKit,
    /// The connection to a provider.
    Integration,
    /// A fleet server's settings, or with an empty `id` the health of the fleet.
    Fleet,
    /// The purchase of a phone number, or its release.
    NumberPurchase,
    /// An object of the SIP edge; the prefix of `id` tells its noun.
    Edge,
    /// Events were lost: anything may have changed; `id` is empty.
    All,
}

/// How it has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, EnumIter, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", parse_err_ty = String, parse_err_fn = unknown_kind)]
pub enum ChangeKind {
    /// The row was inserted.
    Created,
    /// The row was changed.
    Updated,
    /// The row was deleted.
    Deleted,
    /// A sync to LiveKit ended, with or without success.
    Synced,
}

fn unknown_noun(text: &str) -> String {
    format!("no noun {text}")
}

fn unknown_kind(text: &str) -> String {
    format!("no kind of change {text}")
}

impl ChangedNoun {
    /// The spelling in JSON and in the outbox: `carrier`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl ChangeKind {
    /// The spelling in JSON and in the outbox: `created`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn spellings_are_those_of_the_json() {
        for noun in ChangedNoun::iter() {
            assert_eq!(serde_json::to_value(noun).unwrap(), noun.as_str());
            assert_eq!(noun.as_str().parse(), Ok(noun));
        }
        for kind in ChangeKind::iter() {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
    }
}
