//! Events that are committed with the changes that they announce, and read by every server.
//!
//! Sequence numbers have no gaps and are in the order of the commits: whoever has read up to one never misses a lower one,
//! and whoever finds a gap knows that events were pruned before they were read.

use std::time::Duration;

use api_types::view::Change;
use domain::{AccountId, Timestamp};
use sqlx::postgres::{PgListener, PgPoolOptions};
use sqlx_macros::FromRow;
use tokio::time::timeout;

use crate::{
    Error, Result, Store, Tx,
    error::timed_out,
    row::parse,
    statement::statements,
    tx::{Connection, execute, fetch, limited},
};

const TABLE: &str = "outbox";
/// The channel of PostgreSQL on which new events are announced (`NOTIFY`).
const CHANNEL: &str = "trunkline_events";
/// Its name in `pg_stat_activity`.
const LISTENER: &str = "trunkline events";
/// How long the connection that listens may take to be established.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// How long it may take to answer.
const LAST_LIMIT: Duration = Duration::from_secs(2);

statements! {
    RESERVE = "UPDATE outbox_sequence SET last_seq = last_seq + $1 WHERE id = 1 RETURNING last_seq";
    LAST = "SELECT last_seq FROM outbox_sequence WHERE id = 1";
    INSERT = "INSERT INTO outbox (seq, account_id, noun, kind, subject_id, at) VALUES ($1, $2, $3, $4, $5, $6)";
    AFTER = "SELECT seq, noun, kind, subject_id FROM outbox WHERE seq > $1 ORDER BY seq LIMIT $2";
    PRUNE = "DELETE FROM outbox WHERE at < $1";
}

/// PostgreSQL alone. Delivered when the transaction commits; the payload is empty, since the table has the events.
const NOTIFY: &str = "SELECT pg_notify('trunkline_events', '')";

#[derive(FromRow)]
struct OutboxRow {
    seq: i64,
    noun: String,
    kind: String,
    subject_id: String,
}

impl Tx {
    /// Adds events, and returns the sequence number of the first one. To be called right before the commit: until then no
    /// other transaction can add events.
    pub async fn append_events(&mut self, account: &AccountId, events: &[Change], now: Timestamp) -> Result<i64> {
        let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
        let last: i64 = fetch!(self, connection => sqlx::query_scalar(RESERVE).bind(count).fetch_one(connection))?;
        let first = last - count + 1;
        for (seq, event) in (first..).zip(events) {
            execute!(
                self,
                sqlx::query(INSERT)
                    .bind(seq)
                    .bind(account.as_str())
                    .bind(event.noun.as_str())
                    .bind(event.kind.as_str())
                    .bind(event.id.as_str())
                    .bind(now.millis())
            )?;
        }
        if let Connection::Postgres(active) = &mut self.connection {
            let notified = limited(sqlx::query(NOTIFY).execute(active.start())).await;
            active.finish(notified)?;
        }
        Ok(first)
    }

    /// The sequence number of the last event; 0 where there was none yet.
    pub async fn last_event(&mut self) -> Result<i64> {
        fetch!(self, connection => sqlx::query_scalar(LAST).fetch_one(connection))
    }

    /// At most `limit` events behind `seq`, in the order of their commits, with their sequence numbers.
    pub async fn events_after(&mut self, seq: i64, limit: u32) -> Result<Vec<(i64, Change)>> {
        let rows = fetch!(
            self,
            connection =>
                sqlx::query_as::<_, OutboxRow>(AFTER).bind(seq).bind(i64::from(limit)).fetch_all(connection)
        )?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// Deletes the events that are older, and returns how many there were.
    pub async fn prune_events(&mut self, before: Timestamp) -> Result<u64> {
        execute!(self, sqlx::query(PRUNE).bind(before.millis()))
    }
}

impl TryFrom<OutboxRow> for (i64, Change) {
    type Error = Error;

    fn try_from(row: OutboxRow) -> Result<Self> {
        let id = row.seq.to_string();
        let change =
            Change { noun: parse(TABLE, &id, &row.noun)?, kind: parse(TABLE, &id, &row.kind)?, id: row.subject_id };
        Ok((row.seq, change))
    }
}

/// A connection on which PostgreSQL announces that any server has committed events.
pub struct Notifications(PgListener);

impl Store {
    /// Listens from now on. None on SQLite, where one process has the database.
    ///
    /// # Errors
    /// [`Error::Unavailable`] within 5 s where no connection can be had.
    pub async fn notifications(&self) -> Result<Option<Notifications>> {
        let Some(options) = self.postgres_options() else { return Ok(None) };
        // A pool of its own, so that the connection counts towards no limit and is kept however long it is idle.
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .max_lifetime(None)
            .idle_timeout(None)
            .acquire_timeout(CONNECT_LIMIT)
            .connect_lazy_with(options.application_name(LISTENER));
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.eager_reconnect(false);
        listener.listen(CHANNEL).await?;
        Ok(Some(Notifications(listener)))
    }
}

impl Notifications {
    /// As [`Tx::last_event`], on the connection that listens: an answer shows that it works.
    ///
    /// # Errors
    /// [`Error::Unavailable`] within 2 s where the server does not answer; listen anew.
    pub async fn last_event(&mut self) -> Result<i64> {
        let last = sqlx::query_scalar(LAST).fetch_one(&mut self.0);
        Ok(timeout(LAST_LIMIT, last).await.unwrap_or_else(timed_out)?)
    }

    /// Waits until events were committed, be they one or many. Nothing is lost where the returned future is dropped.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where the connection is lost; listen anew, and read the table.
    pub async fn next(&mut self) -> Result<()> {
        if self.0.try_recv().await?.is_none() {
            return Err(sqlx::Error::Io(std::io::ErrorKind::ConnectionAborted.into()).into());
        }
        while self.0.next_buffered().is_some() {}
        Ok(())
    }
}
