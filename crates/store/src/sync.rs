//! Sync tasks: what the reconciler still has to do, and how it went.

use domain::{AccountId, CarrierId, SyncStatus, Timestamp};
use sqlx_macros::FromRow;

use crate::{
    Error, Result, Totals, Tx,
    row::parse,
    statement::statements,
    tx::{execute, fetch},
};

const TABLE: &str = "carrier_syncs";

/// The columns of [`SyncRow`].
macro_rules! columns {
    () => {
        "carrier_id, account_id, carrier_name, revision, removing, attempt, due_at, unreachable"
    };
}

statements! {
    UPSERT = "INSERT INTO carrier_syncs (carrier_id, account_id, carrier_name, revision, removing, attempt, due_at) \
              VALUES ($1, $2, $3, 1, $4, 0, $5) ON CONFLICT (carrier_id) DO UPDATE SET \
              carrier_name = excluded.carrier_name, revision = carrier_syncs.revision + 1, \
              removing = excluded.removing, attempt = 0, due_at = excluded.due_at, unreachable = 0";
    SET_PENDING = "UPDATE carriers SET lk_sync_status = 'pending', lk_sync_error = NULL WHERE id = $1";
    DUE = concat!(
        "SELECT ", columns!(), " FROM carrier_syncs WHERE due_at <= $1 ORDER BY removing DESC, due_at, carrier_id LIMIT $2",
    );
    BY_CARRIER = concat!("SELECT ", columns!(), " FROM carrier_syncs WHERE carrier_id = $1");
    NEXT_DUE = "SELECT due_at FROM carrier_syncs ORDER BY due_at LIMIT 1";
    COUNT = "SELECT COUNT(*) FROM carrier_syncs";
    FINISH = "DELETE FROM carrier_syncs WHERE carrier_id = $1 AND revision = $2";
    SET_SYNCED = "UPDATE carriers SET lk_sync_status = 'synced', lk_sync_error = NULL, lk_last_synced_at = $1, \
                  lk_inbound_trunk_id = $2, lk_outbound_trunk_id = $3 WHERE id = $4";
    POSTPONE = "UPDATE carrier_syncs SET attempt = attempt + 1, due_at = $1, unreachable = $2 \
                WHERE carrier_id = $3 AND revision = $4";
    ANY_UNREACHABLE = "SELECT COUNT(*) FROM (SELECT 1 FROM carrier_syncs WHERE unreachable = 1 LIMIT 1) AS first";
    RESUME = "UPDATE carrier_syncs SET unreachable = 0, attempt = 0, \
              due_at = CASE WHEN due_at > $1 THEN $1 ELSE due_at END WHERE unreachable = 1";
    SET_TRUNKS = "UPDATE carriers SET lk_inbound_trunk_id = $1, lk_outbound_trunk_id = $2 WHERE id = $3";
    SET_ERROR = "UPDATE carriers SET lk_sync_status = 'error' WHERE id = $1 AND lk_sync_status <> 'error'";
    SET_FAILURE = "UPDATE carriers SET lk_sync_status = $1, lk_sync_error = $2 WHERE id = $3";
    LEAVE_ERROR = "UPDATE carriers SET lk_sync_status = $1 WHERE id = $2 AND lk_sync_status = 'error'";
}

/// One carrier to sync to LiveKit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncTask {
    /// The carrier; it may be deleted by now.
    pub carrier_id: CarrierId,
    /// Whose carrier.
    pub account_id: AccountId,
    /// For messages, also after the carrier was deleted.
    pub carrier_name: String,
    /// Grows with each change of the carrier.
    pub revision: i64,
    /// The carrier was deleted: what LiveKit has of it has to be deleted, too.
    pub removing: bool,
    /// Failures so far.
    pub attempt: i64,
    /// When the next attempt is due.
    pub due_at: Timestamp,
    /// The last attempt failed because LiveKit did not answer.
    pub unreachable: bool,
}

/// The LiveKit ids (`ST_…`) that a carrier's row names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrunkIds {
    /// Of several, the first bot's.
    pub inbound: Option<String>,
    /// Agents dial by it.
    pub outbound: Option<String>,
}

/// How an attempt failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncFailure {
    /// For operators.
    pub message: String,
    /// `error` where LiveKit refused, `pending` where it did not answer.
    pub status: SyncStatus,
    /// LiveKit does not answer at all: the task is due again as soon as it does.
    pub unreachable: bool,
    /// The carrier's trunks, where everything but some numbers was applied.
    pub trunks: Option<TrunkIds>,
}

impl SyncFailure {
    /// LiveKit refused.
    pub fn refused(message: &str) -> Self {
        Self { message: message.to_owned(), status: SyncStatus::Error, unreachable: false, trunks: None }
    }
}

impl Tx {
    /// Requests a sync. Part of the transaction that changes the carrier.
    pub async fn request_sync(
        &mut self,
        account: &AccountId,
        carrier: &CarrierId,
        name: &str,
        now: Timestamp,
    ) -> Result<()> {
        self.upsert_task(account, carrier, name, false, now).await?;
        self.leave_error(account, carrier, "pending").await?;
        execute!(self, sqlx::query(SET_PENDING).bind(carrier.as_str()))?;
        Ok(())
    }

    /// Requests that what LiveKit has of a carrier is deleted. Part of the transaction that deletes the carrier.
    pub async fn request_removal(
        &mut self,
        account: &AccountId,
        carrier: &CarrierId,
        name: &str,
        now: Timestamp,
    ) -> Result<()> {
        self.upsert_task(account, carrier, name, true, now).await
    }

    async fn upsert_task(
        &mut self,
        account: &AccountId,
        carrier: &CarrierId,
        name: &str,
        removing: bool,
        now: Timestamp,
    ) -> Result<()> {
        execute!(
            self,
            sqlx::query(UPSERT)
                .bind(carrier.as_str())
                .bind(account.as_str())
                .bind(name)
                .bind(i64::from(removing))
                .bind(now.millis())
        )?;
        Ok(())
    }

    /// The tasks that are due, removals first and then by age: a number that moves has to leave its old carrier's trunk
    /// before the new carrier's trunk gets it.
    pub async fn due_syncs(&mut self, now: Timestamp, limit: u32) -> Result<Vec<SyncTask>> {
        let rows = fetch!(
            self,
            connection =>
                sqlx::query_as::<_, SyncRow>(DUE).bind(now.millis()).bind(i64::from(limit)).fetch_all(connection)
        )?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// The carrier's task; None where it is in sync.
    pub async fn sync_task(&mut self, carrier: &CarrierId) -> Result<Option<SyncTask>> {
        let row = fetch!(
            self,
            connection => sqlx::query_as::<_, SyncRow>(BY_CARRIER).bind(carrier.as_str()).fetch_optional(connection)
        )?;
        row.map(TryInto::try_into).transpose()
    }

    /// When the next task is due; None where there is none.
    pub async fn next_sync_at(&mut self) -> Result<Option<Timestamp>> {
        let millis = fetch!(self, connection => sqlx::query_scalar(NEXT_DUE).fetch_optional(connection))?;
        Ok(millis.map(Timestamp::from_millis))
    }

    /// How many carriers are not in sync.
    pub async fn sync_backlog(&mut self) -> Result<i64> {
        fetch!(self, connection => sqlx::query_scalar(COUNT).fetch_one(connection))
    }

    /// LiveKit has what the task asked for. False where nothing is written: the carrier has changed since and has a newer
    /// task, or another server has finished this one.
    pub async fn finish_sync(
        &mut self,
        task: &SyncTask,
        inbound_trunk: Option<&str>,
        outbound_trunk: Option<&str>,
        now: Timestamp,
    ) -> Result<bool> {
        if execute!(self, sqlx::query(FINISH).bind(task.carrier_id.as_str()).bind(task.revision))? == 0 {
            return Ok(false);
        }
        self.leave_error(&task.account_id, &task.carrier_id, "synced").await?;
        execute!(
            self,
            sqlx::query(SET_SYNCED)
                .bind(now.millis())
                .bind(inbound_trunk)
                .bind(outbound_trunk)
                .bind(task.carrier_id.as_str())
        )?;
        Ok(true)
    }

    /// The attempt failed; the next one is due at `next`. False where nothing is written: the carrier has changed since, and
    /// its newer task is due already.
    pub async fn fail_sync(&mut self, task: &SyncTask, failure: &SyncFailure, next: Timestamp) -> Result<bool> {
        let carrier = task.carrier_id.as_str();
        let postponed = execute!(
            self,
            sqlx::query(POSTPONE)
                .bind(next.millis())
                .bind(i64::from(failure.unreachable))
                .bind(carrier)
                .bind(task.revision)
        )?;
        if postponed == 0 {
            return Ok(false);
        }
        if failure.status == SyncStatus::Error {
            let failed = execute!(self, sqlx::query(SET_ERROR).bind(carrier))?;
            let change = Totals { sync_errors: i64::from(failed == 1), ..Totals::default() };
            self.add_to_totals(&task.account_id, change).await?;
        } else {
            self.leave_error(&task.account_id, &task.carrier_id, failure.status.as_str()).await?;
        }
        execute!(
            self,
            sqlx::query(SET_FAILURE).bind(failure.status.as_str()).bind(failure.message.as_str()).bind(carrier)
        )?;
        if let Some(TrunkIds { inbound, outbound }) = &failure.trunks {
            execute!(self, sqlx::query(SET_TRUNKS).bind(inbound.as_deref()).bind(outbound.as_deref()).bind(carrier))?;
        }
        Ok(true)
    }

    /// Whether tasks wait for LiveKit to answer.
    pub async fn has_unreachable_syncs(&mut self) -> Result<bool> {
        let count: i64 = fetch!(self, connection => sqlx::query_scalar(ANY_UNREACHABLE).fetch_one(connection))?;
        Ok(count > 0)
    }

    /// LiveKit answers again: the tasks that wait for it are due. Returns how many these are.
    pub async fn resume_unreachable_syncs(&mut self, now: Timestamp) -> Result<u64> {
        execute!(self, sqlx::query(RESUME).bind(now.millis()))
    }

    /// Counts the carrier off the failed ones, if it is one. The condition is part of the UPDATE, so that no two
    /// transactions count the same carrier.
    async fn leave_error(&mut self, account: &AccountId, carrier: &CarrierId, status: &str) -> Result<()> {
        let left = execute!(self, sqlx::query(LEAVE_ERROR).bind(status).bind(carrier.as_str()))?;
        let change = Totals { sync_errors: -i64::from(left == 1), ..Totals::default() };
        self.add_to_totals(account, change).await
    }
}

#[derive(FromRow)]
struct SyncRow {
    carrier_id: String,
    account_id: String,
    carrier_name: String,
    revision: i64,
    removing: i64,
    attempt: i64,
    due_at: i64,
    unreachable: i64,
}

impl TryFrom<SyncRow> for SyncTask {
    type Error = Error;

    fn try_from(row: SyncRow) -> Result<Self> {
        Ok(Self {
            carrier_id: parse(TABLE, &row.carrier_id, &row.carrier_id)?,
            account_id: parse(TABLE, &row.carrier_id, &row.account_id)?,
            carrier_name: row.carrier_name,
            revision: row.revision,
            removing: row.removing != 0,
            attempt: row.attempt,
            due_at: Timestamp::from_millis(row.due_at),
            unreachable: row.unreachable != 0,
        })
    }
}
