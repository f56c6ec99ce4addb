//! What the reconciler has still to do, and how it went.

use domain::{AccountId, CarrierId, Timestamp};
use sqlx::{Row, any::AnyRow};

use crate::{Result, Totals, Tx, row::parse};

const TABLE: &str = "carrier_syncs";

/// One carrier to carry over to LiveKit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncTask {
    pub carrier_id: CarrierId,
    pub account_id: AccountId,
    /// For messages, also when the carrier is gone.
    pub carrier_name: String,
    pub revision: i64,
    /// The carrier was deleted: LiveKit has to let go of it.
    pub removing: bool,
    /// Failures so far.
    pub attempt: i64,
    pub due_at: Timestamp,
}

impl Tx {
    /// Notes that LiveKit is behind. Part of the transaction that puts it behind.
    pub async fn request_sync(
        &mut self,
        account: &AccountId,
        carrier: &CarrierId,
        name: &str,
        now: Timestamp,
    ) -> Result<()> {
        self.upsert_task(account, carrier, name, false, now).await?;
        let recovered = self.leave_error(carrier, "pending").await?;
        self.add_to_totals(account, Totals { sync_errors: -recovered, ..Totals::default() }).await?;
        sqlx::query("UPDATE carriers SET lk_sync_status = 'pending', lk_sync_error = NULL WHERE id = $1")
            .bind(carrier.as_str())
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Notes that a carrier is gone and LiveKit does not know yet.
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
        sqlx::query(
            "INSERT INTO carrier_syncs (carrier_id, account_id, carrier_name, revision, removing, attempt, due_at) \
             VALUES ($1, $2, $3, 1, $4, 0, $5) ON CONFLICT (carrier_id) DO UPDATE SET \
             carrier_name = excluded.carrier_name, revision = carrier_syncs.revision + 1, removing = excluded.removing, \
             attempt = 0, due_at = excluded.due_at",
        )
        .bind(carrier.as_str())
        .bind(account.as_str())
        .bind(name)
        .bind(i64::from(removing))
        .bind(now.millis())
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// What is due, the longest waiting first: a number that moves leaves its old carrier before the new one takes it.
    pub async fn due_syncs(&mut self, now: Timestamp, limit: u32) -> Result<Vec<SyncTask>> {
        let found = sqlx::query(
            "SELECT * FROM carrier_syncs WHERE due_at <= $1 ORDER BY removing DESC, due_at, carrier_id LIMIT $2",
        )
        .bind(now.millis())
        .bind(i64::from(limit))
        .fetch_all(self.connection())
        .await?;
        found.iter().map(read).collect()
    }

    pub async fn sync_task(&mut self, carrier: &CarrierId) -> Result<Option<SyncTask>> {
        let found = sqlx::query("SELECT * FROM carrier_syncs WHERE carrier_id = $1")
            .bind(carrier.as_str())
            .fetch_optional(self.connection())
            .await?;
        found.as_ref().map(read).transpose()
    }

    /// When the next task is due; None when LiveKit is in step.
    pub async fn next_sync_at(&mut self) -> Result<Option<Timestamp>> {
        let found = sqlx::query("SELECT due_at FROM carrier_syncs ORDER BY due_at LIMIT 1")
            .fetch_optional(self.connection())
            .await?;
        Ok(found.map(|found| Timestamp::from_millis(found.get("due_at"))))
    }

    /// How many carriers wait for LiveKit.
    pub async fn sync_backlog(&mut self) -> Result<i64> {
        let found = sqlx::query("SELECT COUNT(*) AS count FROM carrier_syncs").fetch_one(self.connection()).await?;
        Ok(found.get("count"))
    }

    /// LiveKit holds what the task asked for. False: nothing is noted, since the carrier has changed in the meantime and its
    /// own task says how it stands; or since another server has done with this one.
    pub async fn finish_sync(
        &mut self,
        task: &SyncTask,
        inbound_trunk: Option<&str>,
        outbound_trunk: Option<&str>,
        now: Timestamp,
    ) -> Result<bool> {
        let done = sqlx::query("DELETE FROM carrier_syncs WHERE carrier_id = $1 AND revision = $2")
            .bind(task.carrier_id.as_str())
            .bind(task.revision)
            .execute(self.connection())
            .await?
            .rows_affected();
        if done == 0 {
            return Ok(false);
        }
        let recovered = self.leave_error(&task.carrier_id, "synced").await?;
        self.add_to_totals(&task.account_id, Totals { sync_errors: -recovered, ..Totals::default() }).await?;
        sqlx::query(
            "UPDATE carriers SET lk_sync_status = 'synced', lk_sync_error = NULL, lk_last_synced_at = $1, \
             lk_inbound_trunk_id = $2, lk_outbound_trunk_id = $3 WHERE id = $4",
        )
        .bind(now.millis())
        .bind(inbound_trunk.map(str::to_owned))
        .bind(outbound_trunk.map(str::to_owned))
        .bind(task.carrier_id.as_str())
        .execute(self.connection())
        .await?;
        Ok(true)
    }

    /// The try failed, the next one is due at `next`. Nothing is noted where the carrier has changed since: its own
    /// task is due already.
    pub async fn fail_sync(&mut self, task: &SyncTask, error: &str, next: Timestamp) -> Result<()> {
        let done = sqlx::query(
            "UPDATE carrier_syncs SET attempt = attempt + 1, due_at = $1 WHERE carrier_id = $2 AND revision = $3",
        )
        .bind(next.millis())
        .bind(task.carrier_id.as_str())
        .bind(task.revision)
        .execute(self.connection())
        .await?
        .rows_affected();
        if done == 0 {
            return Ok(());
        }
        let failed =
            sqlx::query("UPDATE carriers SET lk_sync_status = 'error' WHERE id = $1 AND lk_sync_status <> 'error'")
                .bind(task.carrier_id.as_str())
                .execute(self.connection())
                .await?
                .rows_affected();
        let change = Totals { sync_errors: i64::from(failed == 1), ..Totals::default() };
        self.add_to_totals(&task.account_id, change).await?;
        sqlx::query("UPDATE carriers SET lk_sync_error = $1 WHERE id = $2")
            .bind(error)
            .bind(task.carrier_id.as_str())
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// 1 where the carrier's last sync had failed. Asked in the write itself, so that two never count the same carrier.
    async fn leave_error(&mut self, carrier: &CarrierId, status: &str) -> Result<i64> {
        let done = sqlx::query("UPDATE carriers SET lk_sync_status = $1 WHERE id = $2 AND lk_sync_status = 'error'")
            .bind(status)
            .bind(carrier.as_str())
            .execute(self.connection())
            .await?;
        Ok(i64::from(done.rows_affected() == 1))
    }
}

fn read(found: &AnyRow) -> Result<SyncTask> {
    let id: String = found.get("carrier_id");
    Ok(SyncTask {
        account_id: parse(TABLE, &id, &found.get::<String, _>("account_id"))?,
        carrier_name: found.get("carrier_name"),
        revision: found.get("revision"),
        removing: found.get::<i64, _>("removing") != 0,
        attempt: found.get("attempt"),
        due_at: Timestamp::from_millis(found.get("due_at")),
        carrier_id: parse(TABLE, &id, &id)?,
    })
}
