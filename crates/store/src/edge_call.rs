//! What the journal of the SIP edge writes beside calls: traces, open calls, bindings, agents.

use domain::{
    AccountId, Timestamp,
    edge::{TraceStep, binding::Binding, cac::OpenCall},
};
use sqlx::{Database, Encode, QueryBuilder, Type};
use sqlx_macros::FromRow;

use crate::{
    Error, Result, Tx,
    row::{corrupt, parse},
    statement::statements,
    tx::{execute, fetch},
};

const TRACE: &str = "call_trace";
const OPEN: &str = "edge_open_calls";
const BINDINGS: &str = "edge_bindings";

statements! {
    STEPS = "SELECT id, call_id, at, source, step, outcome, detail FROM call_trace WHERE account_id = $1 AND call_id = $2 \
             ORDER BY id LIMIT 2000";
    PRUNE_STEPS = "DELETE FROM call_trace WHERE id IN (SELECT id FROM call_trace WHERE account_id = $1 AND at < $2 \
                   ORDER BY at LIMIT $3)";
    OPEN_CALL = "INSERT INTO edge_open_calls (account_id, call_id, call) SELECT $1, $2, $3 WHERE NOT EXISTS \
                 (SELECT 1 FROM calls WHERE account_id = $1 AND edge_call_id = $2 AND state = 'ended') \
                 ON CONFLICT (account_id, call_id) DO UPDATE SET call = excluded.call";
    OPEN_CALLS = "SELECT call FROM edge_open_calls WHERE account_id = $1 ORDER BY call_id";
    CLOSE_CALL = "DELETE FROM edge_open_calls WHERE account_id = $1 AND call_id = $2";
    SET_BINDINGS = "INSERT INTO edge_bindings (account_id, aor, bindings, expires_at, changed) VALUES ($1, $2, $3, $4, $5) \
                    ON CONFLICT (account_id, aor) DO UPDATE SET bindings = excluded.bindings, \
                    expires_at = excluded.expires_at, changed = excluded.changed \
                    WHERE excluded.changed >= edge_bindings.changed";
    BINDINGS_AFTER = "SELECT aor, bindings FROM edge_bindings WHERE account_id = $1 AND aor > $2 AND expires_at > $3 \
                      ORDER BY aor LIMIT $4";
    BINDINGS_LIKE = "SELECT aor, bindings FROM edge_bindings WHERE account_id = $1 AND aor > $2 AND expires_at > $3 \
                     AND aor LIKE $4 ESCAPE '\\' ORDER BY aor LIMIT $5";
    PRUNE_BINDINGS = "DELETE FROM edge_bindings WHERE account_id = $1 AND expires_at < $2";
    SET_AGENT = "INSERT INTO edge_agents (account_id, user_id, event, changed) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (account_id, user_id) DO UPDATE SET event = excluded.event, changed = excluded.changed \
                 WHERE excluded.changed >= edge_agents.changed";
    AGENT = "SELECT event FROM edge_agents WHERE account_id = $1 AND user_id = $2";
}

/// The contacts of one address of record.
pub type AorBindings = (String, Vec<Binding>);

impl Tx {
    /// Adds steps with their ids (ULIDs); those that are there stay. At most 1,000 at once.
    pub async fn insert_trace_steps(&mut self, account: &AccountId, steps: &[(String, &TraceStep)]) -> Result<()> {
        if steps.is_empty() {
            return Ok(());
        }
        fetch!(self, connection => async { insert_steps(account, steps).build().execute(connection).await.map(drop) })
    }

    /// The first 2,000 steps of a call, in order.
    pub async fn trace_steps(&mut self, account: &AccountId, call_id: &str) -> Result<Vec<TraceStep>> {
        let rows = fetch!(
            self,
            connection => sqlx::query_as::<_, StepRow>(STEPS).bind(account.as_str()).bind(call_id).fetch_all(connection)
        )?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// Deletes at most `limit` steps from before that time, the oldest first, and returns how many there were.
    pub async fn prune_trace_steps(&mut self, account: &AccountId, before: Timestamp, limit: u32) -> Result<u64> {
        execute!(self, sqlx::query(PRUNE_STEPS).bind(account.as_str()).bind(before.millis()).bind(i64::from(limit)))
    }

    /// Records an admitted call, unless it has ended.
    pub async fn save_open_call(&mut self, account: &AccountId, call: &OpenCall) -> Result<()> {
        let text = json(OPEN, &call.call_id, call)?;
        execute!(self, sqlx::query(OPEN_CALL).bind(account.as_str()).bind(call.call_id.as_str()).bind(text.as_str()))?;
        Ok(())
    }

    /// All admitted calls that have not ended.
    pub async fn edge_open_calls(&mut self, account: &AccountId) -> Result<Vec<OpenCall>> {
        let rows = fetch!(
            self,
            connection =>
                sqlx::query_scalar::<_, String>(OPEN_CALLS).bind(account.as_str()).fetch_all(connection)
        )?;
        rows.iter().map(|text| read_json(OPEN, text)).collect()
    }

    /// Removes an admitted call.
    pub async fn delete_open_call(&mut self, account: &AccountId, call_id: &str) -> Result<()> {
        execute!(self, sqlx::query(CLOSE_CALL).bind(account.as_str()).bind(call_id))?;
        Ok(())
    }

    /// The contacts of an address of record as of the change with this id (a ULID); a later change stays.
    pub async fn save_bindings(
        &mut self,
        account: &AccountId,
        (aor, bindings): (&str, &[Binding]),
        change: &str,
        now: Timestamp,
    ) -> Result<()> {
        let text = json(BINDINGS, aor, bindings)?;
        let expires_at = bindings.iter().map(|binding| binding.expires_at).max().unwrap_or(now);
        execute!(
            self,
            sqlx::query(SET_BINDINGS)
                .bind(account.as_str())
                .bind(aor)
                .bind(text.as_str())
                .bind(expires_at.millis())
                .bind(change)
        )?;
        Ok(())
    }

    /// The addresses of record behind `after` that have contacts, in order; `q` is a part of the address, or empty.
    pub async fn registered_aors(
        &mut self,
        account: &AccountId,
        q: &str,
        after: &str,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<AorBindings>> {
        let rows = if q.is_empty() {
            fetch!(
                self,
                connection => sqlx::query_as::<_, (String, String)>(BINDINGS_AFTER)
                    .bind(account.as_str())
                    .bind(after)
                    .bind(now.millis())
                    .bind(i64::from(limit))
                    .fetch_all(connection)
            )?
        } else {
            let escaped = q.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            let pattern = format!("%{escaped}%");
            fetch!(
                self,
                connection => sqlx::query_as::<_, (String, String)>(BINDINGS_LIKE)
                    .bind(account.as_str())
                    .bind(after)
                    .bind(now.millis())
                    .bind(pattern.as_str())
                    .bind(i64::from(limit))
                    .fetch_all(connection)
            )?
        };
        rows.into_iter()
            .map(|(aor, text)| {
                let bindings = read_json(BINDINGS, &text)?;
                Ok((aor, bindings))
            })
            .collect()
    }

    /// Deletes addresses of record whose last contact expired before that time.
    pub async fn prune_bindings(&mut self, account: &AccountId, before: Timestamp) -> Result<u64> {
        execute!(self, sqlx::query(PRUNE_BINDINGS).bind(account.as_str()).bind(before.millis()))
    }

    /// Records the last event of an agent; that of a later change (a ULID) stays.
    pub async fn save_agent_event(
        &mut self,
        account: &AccountId,
        user_id: &str,
        event: &str,
        change: &str,
    ) -> Result<()> {
        execute!(self, sqlx::query(SET_AGENT).bind(account.as_str()).bind(user_id).bind(event).bind(change))?;
        Ok(())
    }

    /// The last event of an agent.
    pub async fn agent_event(&mut self, account: &AccountId, user_id: &str) -> Result<Option<String>> {
        fetch!(
            self,
            connection => sqlx::query_scalar(AGENT).bind(account.as_str()).bind(user_id).fetch_optional(connection)
        )
    }
}

fn insert_steps<DB: Database>(account: &AccountId, steps: &[(String, &TraceStep)]) -> QueryBuilder<DB>
where
    String: for<'t> Encode<'t, DB> + Type<DB>,
    i64: for<'t> Encode<'t, DB> + Type<DB>,
{
    let mut query =
        QueryBuilder::new("INSERT INTO call_trace (id, account_id, call_id, at, source, step, outcome, detail) ");
    query.push_values(steps, |mut row, (id, step)| {
        row.push_bind(id.clone())
            .push_bind(account.to_string())
            .push_bind(step.call_id.clone())
            .push_bind(step.at.millis())
            .push_bind(step.source.as_str().to_owned())
            .push_bind(step.step.clone())
            .push_bind(step.outcome.clone())
            .push_bind(step.detail.clone());
    });
    query.push(" ON CONFLICT (id) DO NOTHING");
    query
}

fn json<T: serde::Serialize + ?Sized>(table: &'static str, id: &str, value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| corrupt(table, id, &error))
}

fn read_json<T: serde::de::DeserializeOwned>(table: &'static str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| corrupt(table, text, &error))
}

#[derive(FromRow)]
struct StepRow {
    id: String,
    call_id: String,
    at: i64,
    source: String,
    step: String,
    outcome: String,
    detail: String,
}

impl TryFrom<StepRow> for TraceStep {
    type Error = Error;

    fn try_from(row: StepRow) -> Result<Self> {
        Ok(Self {
            source: parse(TRACE, &row.id, &row.source)?,
            call_id: row.call_id,
            at: Timestamp::from_millis(row.at),
            step: row.step,
            outcome: row.outcome,
            detail: row.detail,
        })
    }
}

/// The statements that depend on their arguments, for the test that prepares every statement.
#[cfg(test)]
pub(crate) fn builders<DB: Database>() -> Vec<QueryBuilder<DB>>
where
    String: for<'t> Encode<'t, DB> + Type<DB>,
    i64: for<'t> Encode<'t, DB> + Type<DB>,
{
    let account: AccountId = "acc_01hgw2bbg00000000000000000".parse().expect("an id");
    let now = Timestamp::from_millis(1);
    let step = TraceStep::new("a@b", now, domain::edge::TraceSource::Auth, "digest", "ok", "");
    vec![insert_steps(&account, &[("1".to_owned(), &step), ("2".to_owned(), &step)])]
}
