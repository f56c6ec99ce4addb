//! Webhook events of LiveKit that were processed: each once, although LiveKit repeats it.

use domain::{AccountId, Timestamp};

use crate::{
    Result, Tx,
    statement::statements,
    tx::{execute, fetch},
};

statements! {
    RECORD = "INSERT INTO livekit_events (id, account_id, event, room_name, participant_kind, participant_identity, at, \
              received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING";
    AGENTS = "SELECT participant_identity, at FROM livekit_events WHERE account_id = $1 AND room_name = $2 \
              AND event = 'participant_joined' AND participant_kind = 'AGENT' ORDER BY at, id LIMIT 20";
    PRUNE = "DELETE FROM livekit_events WHERE received_at < $1";
}

/// What is kept of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveKitEvent<'a> {
    /// LiveKit's id, `EV_…`.
    pub id: &'a str,
    /// `participant_joined`
    pub event: &'a str,
    /// The room; empty where the event has none.
    pub room_name: &'a str,
    /// `SIP`, `AGENT`, …; empty where the event has no participant.
    pub participant_kind: &'a str,
    /// The participant's identity.
    pub participant_identity: &'a str,
    /// When it happened.
    pub at: Timestamp,
}

/// An agent that joined a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentJoin {
    /// The participant's identity.
    pub identity: String,
    /// When it joined.
    pub at: Timestamp,
}

impl Tx {
    /// Records an event. False where it was recorded before: it has been processed.
    pub async fn record_livekit_event(
        &mut self,
        account: &AccountId,
        event: &LiveKitEvent<'_>,
        now: Timestamp,
    ) -> Result<bool> {
        let recorded = execute!(
            self,
            sqlx::query(RECORD)
                .bind(event.id)
                .bind(account.as_str())
                .bind(event.event)
                .bind(event.room_name)
                .bind(event.participant_kind)
                .bind(event.participant_identity)
                .bind(event.at.millis())
                .bind(now.millis())
        )?;
        Ok(recorded == 1)
    }

    /// The agents that joined the room so far, the first ones first.
    pub async fn agents_in_room(&mut self, account: &AccountId, room_name: &str) -> Result<Vec<AgentJoin>> {
        let rows = fetch!(
            self,
            connection => sqlx::query_as::<_, (String, i64)>(AGENTS)
                .bind(account.as_str())
                .bind(room_name)
                .fetch_all(connection)
        )?;
        Ok(rows.into_iter().map(|(identity, at)| AgentJoin { identity, at: Timestamp::from_millis(at) }).collect())
    }

    /// Deletes the events that were received earlier, and returns how many there were.
    pub async fn prune_livekit_events(&mut self, before: Timestamp) -> Result<u64> {
        execute!(self, sqlx::query(PRUNE).bind(before.millis()))
    }
}
