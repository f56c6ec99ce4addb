//! Calls, and what happened in each.

use domain::{
    AccountId, Call, CallEvent, CallId, CallParty, CallState, CarrierId, Handover, LiveKitCall, NamedId, SipStatus,
    Timestamp,
    edge::{EdgeCall, HangupCause},
};
use sqlx_macros::FromRow;

use crate::{
    Error, Result, Tx,
    row::{corrupt, parse, parse_optional, zero_as_never},
    statement::statements,
    tx::{execute, fetch},
};

const TABLE: &str = "calls";
const EVENTS: &str = "call_events";

/// The columns of [`CallRow`].
macro_rules! call_columns {
    () => {
        "id, account_id, direction, state, outcome, carrier_id, carrier_name, did_id, bot_id, bot_name, from_number, \
         to_number, from_key, to_key, room_name, livekit_call_id, participant_id, trunk_id, rule_id, sip_call_id, \
         edge_call_id, hangup_cause, fleet_url, fleet_call_id, sip_status, sip_reason, disconnect_reason, error, created_at, ringing_at, \
         answered_at, ended_at"
    };
}
pub(crate) use call_columns;

statements! {
    SAVE = concat!(
        "INSERT INTO calls (", call_columns!(), ", handover) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, \
         $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, 'none') \
         ON CONFLICT (id) DO UPDATE SET state = excluded.state, outcome = excluded.outcome, \
         carrier_id = excluded.carrier_id, carrier_name = excluded.carrier_name, did_id = excluded.did_id, \
         bot_id = excluded.bot_id, bot_name = excluded.bot_name, from_number = excluded.from_number, \
         to_number = excluded.to_number, from_key = excluded.from_key, to_key = excluded.to_key, \
         room_name = excluded.room_name, livekit_call_id = excluded.livekit_call_id, \
         participant_id = excluded.participant_id, trunk_id = excluded.trunk_id, rule_id = excluded.rule_id, \
         sip_call_id = excluded.sip_call_id, edge_call_id = excluded.edge_call_id, \
         hangup_cause = excluded.hangup_cause, fleet_url = excluded.fleet_url, fleet_call_id = excluded.fleet_call_id, \
         sip_status = excluded.sip_status, sip_reason = excluded.sip_reason, \
         disconnect_reason = excluded.disconnect_reason, error = excluded.error, ringing_at = excluded.ringing_at, \
         answered_at = excluded.answered_at, ended_at = excluded.ended_at",
    );
    BY_ID = concat!("SELECT ", call_columns!(), " FROM calls WHERE account_id = $1 AND id = $2");
    BY_LIVEKIT_CALL = concat!("SELECT ", call_columns!(), " FROM calls WHERE account_id = $1 AND livekit_call_id = $2");
    BY_EDGE_CALL = concat!("SELECT ", call_columns!(), " FROM calls WHERE account_id = $1 AND edge_call_id = $2");
    BY_PARTICIPANT = concat!("SELECT ", call_columns!(), " FROM calls WHERE account_id = $1 AND participant_id = $2");
    IN_ROOM = concat!(
        "SELECT ", call_columns!(), " FROM calls WHERE account_id = $1 AND room_name = $2 \
         ORDER BY created_at DESC, id DESC LIMIT 100",
    );
    BETWEEN = concat!(
        "SELECT ", call_columns!(), " FROM calls WHERE account_id = $1 AND to_key = $2 AND created_at >= $3 \
         AND from_key = $4 ORDER BY created_at DESC, id DESC LIMIT 100",
    );
    OVERDUE = concat!(
        "SELECT ", call_columns!(), " FROM calls WHERE account_id = $1 AND outcome = 'in_progress' AND (created_at < $2 \
         OR (created_at < $3 AND state = 'requested')) AND NOT EXISTS (SELECT 1 FROM edge_open_calls \
         WHERE edge_open_calls.account_id = calls.account_id AND edge_open_calls.call_id = calls.edge_call_id) \
         ORDER BY created_at, id LIMIT $4",
    );
    DELETE = "DELETE FROM calls WHERE id = $1";
    PRUNE = "DELETE FROM calls WHERE id IN (SELECT id FROM calls WHERE account_id = $1 AND created_at < $2 \
             ORDER BY created_at, id LIMIT $3)";
    CLAIM = "UPDATE calls SET handover = 'claimed' WHERE id = $1 AND handover = 'none'";
    HANDOVER = "SELECT handover FROM calls WHERE id = $1";
    SET_HANDOVER = "UPDATE calls SET handover = $1 WHERE id = $2";
    CARRIER_OF_TRUNK = "SELECT id FROM carriers WHERE account_id = $1 AND (lk_inbound_trunk_id = $2 OR lk_outbound_trunk_id = $2) \
                        ORDER BY id LIMIT 1";
    FIRST_NUMBER = "SELECT number FROM dids WHERE carrier_id = $1 ORDER BY number_key LIMIT 1";
    ADD_EVENT = "INSERT INTO call_events (call_id, id, at, kind, detail) VALUES ($1, $2, $3, $4, $5)";
    EVENTS_OF = "SELECT id, call_id, at, kind, detail FROM call_events WHERE call_id = $1 ORDER BY at, id LIMIT 1000";
    MOVE_EVENTS = "UPDATE call_events SET call_id = $1 WHERE call_id = $2";
}

impl Tx {
    /// Inserts the call, or writes all of it but its id, account, direction and beginning over the row that it has.
    pub async fn save_call(&mut self, call: &Call) -> Result<()> {
        execute!(
            self,
            sqlx::query(SAVE)
                .bind(call.id.as_str())
                .bind(call.account_id.as_str())
                .bind(call.direction.as_str())
                .bind(call.state.as_str())
                .bind(call.outcome.as_str())
                .bind(call.carrier.as_ref().map(|carrier| carrier.id.as_str()))
                .bind(call.carrier.as_ref().map_or("", |carrier| carrier.name.as_str()))
                .bind(call.did_id.as_ref().map(|did| did.as_str()))
                .bind(call.bot.as_ref().map(|bot| bot.id.as_str()))
                .bind(call.bot.as_ref().map_or("", |bot| bot.name.as_str()))
                .bind(call.from.number.as_str())
                .bind(call.to.number.as_str())
                .bind(call.from.key.as_str())
                .bind(call.to.key.as_str())
                .bind(call.room_name.as_str())
                .bind(call.livekit.call_id.as_deref())
                .bind(call.livekit.participant_id.as_deref())
                .bind(call.livekit.trunk_id.as_deref())
                .bind(call.livekit.rule_id.as_deref())
                .bind(call.livekit.sip_call_id.as_deref())
                .bind(call.edge.as_ref().map(|edge| edge.call_id.as_str()))
                .bind(call.edge.as_ref().and_then(|edge| edge.hangup_cause).map(HangupCause::as_str))
                .bind(call.fleet_url.as_deref())
                .bind(call.fleet_call_id.as_deref())
                .bind(call.sip_status.map(|status| i64::from(status.code())))
                .bind(call.sip_reason.as_deref())
                .bind(call.disconnect_reason.as_deref())
                .bind(call.error.as_deref())
                .bind(call.created_at.millis())
                .bind(never_as_zero(call.ringing_at))
                .bind(never_as_zero(call.answered_at))
                .bind(never_as_zero(call.ended_at))
        )?;
        Ok(())
    }

    /// One call of the account.
    pub async fn call(&mut self, account: &AccountId, id: &CallId) -> Result<Option<Call>> {
        let row = fetch!(
            self,
            connection =>
                sqlx::query_as::<_, CallRow>(BY_ID).bind(account.as_str()).bind(id.as_str()).fetch_optional(connection)
        )?;
        row.map(TryInto::try_into).transpose()
    }

    /// The call with LiveKit's id `SCL_…`.
    pub async fn call_of_livekit(&mut self, account: &AccountId, call_id: &str) -> Result<Option<Call>> {
        let row = fetch!(
            self,
            connection => sqlx::query_as::<_, CallRow>(BY_LIVEKIT_CALL)
                .bind(account.as_str())
                .bind(call_id)
                .fetch_optional(connection)
        )?;
        row.map(TryInto::try_into).transpose()
    }

    /// The call that the SIP edge reports under this Call-ID.
    pub async fn call_of_edge(&mut self, account: &AccountId, call_id: &str) -> Result<Option<Call>> {
        let row = fetch!(
            self,
            connection => sqlx::query_as::<_, CallRow>(BY_EDGE_CALL)
                .bind(account.as_str())
                .bind(call_id)
                .fetch_optional(connection)
        )?;
        row.map(TryInto::try_into).transpose()
    }

    /// The call of the SIP participant `PA_…`.
    pub async fn call_of_participant(&mut self, account: &AccountId, participant: &str) -> Result<Option<Call>> {
        let row = fetch!(
            self,
            connection => sqlx::query_as::<_, CallRow>(BY_PARTICIPANT)
                .bind(account.as_str())
                .bind(participant)
                .fetch_optional(connection)
        )?;
        row.map(TryInto::try_into).transpose()
    }

    /// The newest 100 calls of a room, the newest first: usually one.
    pub async fn calls_in_room(&mut self, account: &AccountId, room_name: &str) -> Result<Vec<Call>> {
        let rows = fetch!(
            self,
            connection =>
                sqlx::query_as::<_, CallRow>(IN_ROOM).bind(account.as_str()).bind(room_name).fetch_all(connection)
        )?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// The newest 100 calls from one number to another, by their keys, that began at `since` or later, the newest first.
    pub async fn calls_between(
        &mut self,
        account: &AccountId,
        from: &CallParty,
        to: &CallParty,
        since: Timestamp,
    ) -> Result<Vec<Call>> {
        let rows = fetch!(
            self,
            connection => sqlx::query_as::<_, CallRow>(BETWEEN)
                .bind(account.as_str())
                .bind(to.key.as_str())
                .bind(since.millis())
                .bind(from.key.as_str())
                .fetch_all(connection)
        )?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// Calls that have not ended, the oldest first: those that began before `before`, and those that began before
    /// `requested_before` of which nothing but the request is known.
    pub async fn overdue_calls(
        &mut self,
        account: &AccountId,
        before: Timestamp,
        requested_before: Timestamp,
        limit: u32,
    ) -> Result<Vec<Call>> {
        let rows = fetch!(
            self,
            connection => sqlx::query_as::<_, CallRow>(OVERDUE)
                .bind(account.as_str())
                .bind(before.millis())
                .bind(requested_before.millis())
                .bind(i64::from(limit))
                .fetch_all(connection)
        )?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// Moves the events of `other` to `call`, and deletes `other`: both are the same call.
    pub async fn merge_calls(&mut self, call: &CallId, other: &CallId) -> Result<()> {
        execute!(self, sqlx::query(MOVE_EVENTS).bind(call.as_str()).bind(other.as_str()))?;
        execute!(self, sqlx::query(DELETE).bind(other.as_str()))?;
        Ok(())
    }

    /// Deletes at most `limit` calls that began before that time, the oldest first, and returns how many there were.
    pub async fn prune_calls(&mut self, account: &AccountId, before: Timestamp, limit: u32) -> Result<u64> {
        execute!(self, sqlx::query(PRUNE).bind(account.as_str()).bind(before.millis()).bind(i64::from(limit)))
    }

    /// The carrier whose row names the trunk `ST_…`.
    pub async fn carrier_of_trunk(&mut self, account: &AccountId, trunk_id: &str) -> Result<Option<CarrierId>> {
        let id = fetch!(
            self,
            connection => sqlx::query_scalar::<_, String>(CARRIER_OF_TRUNK)
                .bind(account.as_str())
                .bind(trunk_id)
                .fetch_optional(connection)
        )?;
        id.map(|id| parse("carriers", &id, &id)).transpose()
    }

    /// The carrier's first number, by its key.
    pub async fn first_number(&mut self, carrier: &CarrierId) -> Result<Option<String>> {
        fetch!(
            self,
            connection => sqlx::query_scalar(FIRST_NUMBER).bind(carrier.as_str()).fetch_optional(connection)
        )
    }

    /// Claims the hand-over of a call to the fleet. [`Handover::None`]: it is the caller's now; otherwise what it was.
    pub async fn claim_handover(&mut self, id: &CallId) -> Result<Handover> {
        if execute!(self, sqlx::query(CLAIM).bind(id.as_str()))? == 1 {
            return Ok(Handover::None);
        }
        let state = fetch!(
            self,
            connection => sqlx::query_scalar::<_, String>(HANDOVER).bind(id.as_str()).fetch_optional(connection)
        )?;
        // A call that was pruned meanwhile is handed over to nobody.
        state.map_or(Ok(Handover::Done), |state| parse(TABLE, id.as_str(), &state))
    }

    /// Records how the hand-over ended; [`Handover::None`] releases the claim.
    pub async fn set_handover(&mut self, id: &CallId, handover: Handover) -> Result<()> {
        execute!(self, sqlx::query(SET_HANDOVER).bind(handover.as_str()).bind(id.as_str()))?;
        Ok(())
    }

    /// Adds an entry to a call's history.
    pub async fn insert_call_event(&mut self, event: &CallEvent) -> Result<()> {
        execute!(
            self,
            sqlx::query(ADD_EVENT)
                .bind(event.call_id.as_str())
                .bind(event.id.as_str())
                .bind(event.at.millis())
                .bind(event.kind.as_str())
                .bind(event.detail.as_str())
        )?;
        Ok(())
    }

    /// What happened in the call, in order; at most 1,000 entries.
    pub async fn call_events(&mut self, call: &CallId) -> Result<Vec<CallEvent>> {
        let rows = fetch!(
            self,
            connection => sqlx::query_as::<_, EventRow>(EVENTS_OF).bind(call.as_str()).fetch_all(connection)
        )?;
        rows.into_iter().map(TryInto::try_into).collect()
    }
}

fn never_as_zero(at: Option<Timestamp>) -> i64 {
    at.map_or(0, Timestamp::millis)
}

#[derive(FromRow)]
pub(crate) struct CallRow {
    id: String,
    account_id: String,
    direction: String,
    state: String,
    outcome: String,
    carrier_id: Option<String>,
    carrier_name: String,
    did_id: Option<String>,
    bot_id: Option<String>,
    bot_name: String,
    from_number: String,
    to_number: String,
    from_key: String,
    to_key: String,
    room_name: String,
    livekit_call_id: Option<String>,
    participant_id: Option<String>,
    trunk_id: Option<String>,
    rule_id: Option<String>,
    sip_call_id: Option<String>,
    edge_call_id: Option<String>,
    hangup_cause: Option<String>,
    fleet_url: Option<String>,
    fleet_call_id: Option<String>,
    sip_status: Option<i64>,
    sip_reason: Option<String>,
    disconnect_reason: Option<String>,
    error: Option<String>,
    created_at: i64,
    ringing_at: i64,
    answered_at: i64,
    ended_at: i64,
}

impl TryFrom<CallRow> for Call {
    type Error = Error;

    fn try_from(row: CallRow) -> Result<Self> {
        let state: CallState = parse(TABLE, &row.id, &row.state)?;
        let carrier = parse_optional(TABLE, &row.id, row.carrier_id.as_deref())?;
        let bot = parse_optional(TABLE, &row.id, row.bot_id.as_deref())?;
        let sip_status = row.sip_status.map(|code| {
            let status = u16::try_from(code).ok().and_then(SipStatus::new);
            status.ok_or_else(|| corrupt(TABLE, &row.id, &format!("no SIP status: {code}")))
        });
        let hangup_cause = parse_optional(TABLE, &row.id, row.hangup_cause.as_deref())?;
        Ok(Self {
            id: parse(TABLE, &row.id, &row.id)?,
            account_id: parse(TABLE, &row.id, &row.account_id)?,
            direction: parse(TABLE, &row.id, &row.direction)?,
            state,
            outcome: parse(TABLE, &row.id, &row.outcome)?,
            carrier: carrier.map(|id| NamedId { id, name: row.carrier_name }),
            did_id: parse_optional(TABLE, &row.id, row.did_id.as_deref())?,
            bot: bot.map(|id| NamedId { id, name: row.bot_name }),
            from: CallParty { number: row.from_number, key: row.from_key },
            to: CallParty { number: row.to_number, key: row.to_key },
            room_name: row.room_name,
            livekit: LiveKitCall {
                call_id: row.livekit_call_id,
                participant_id: row.participant_id,
                trunk_id: row.trunk_id,
                rule_id: row.rule_id,
                sip_call_id: row.sip_call_id,
            },
            edge: row.edge_call_id.map(|call_id| EdgeCall { call_id, hangup_cause }),
            fleet_url: row.fleet_url,
            fleet_call_id: row.fleet_call_id,
            sip_status: sip_status.transpose()?,
            sip_reason: row.sip_reason,
            disconnect_reason: row.disconnect_reason,
            error: row.error,
            created_at: Timestamp::from_millis(row.created_at),
            ringing_at: zero_as_never(row.ringing_at),
            answered_at: zero_as_never(row.answered_at),
            ended_at: zero_as_never(row.ended_at),
        })
    }
}

#[derive(FromRow)]
struct EventRow {
    id: String,
    call_id: String,
    at: i64,
    kind: String,
    detail: String,
}

impl TryFrom<EventRow> for CallEvent {
    type Error = Error;

    fn try_from(row: EventRow) -> Result<Self> {
        Ok(Self {
            id: parse(EVENTS, &row.id, &row.id)?,
            call_id: parse(EVENTS, &row.call_id, &row.call_id)?,
            at: Timestamp::from_millis(row.at),
            kind: parse(EVENTS, &row.call_id, &row.kind)?,
            detail: row.detail,
        })
    }
}
