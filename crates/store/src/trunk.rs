//! Carriers as trunks of their creators, and those that LiveKit has not confirmed yet.

use domain::{AccountId, Carrier, CarrierId, Timestamp, UserId};

use crate::{
    Result, Tx,
    carrier::{CarrierRow, select_carriers},
    row::parse,
    statement::statements,
    tx::{execute, fetch},
};

/// Those of the trunk API's providers; those that an unconfirmed request may still remove are left out.
macro_rules! of_creator {
    () => {
        concat!(
            select_carriers!(),
            " WHERE carriers.account_id = $1 AND carriers.created_by = $2 AND carriers.lk_outbound_trunk_id IS NOT NULL \
             AND carriers.provider IN ('twilio', 'exotel') \
             AND NOT EXISTS (SELECT 1 FROM provisional_carriers WHERE provisional_carriers.carrier_id = carriers.id)"
        )
    };
}

statements! {
    OF_CREATOR = concat!(of_creator!(), " ORDER BY carriers.created_at DESC, carriers.id DESC");
    BY_TRUNK = concat!(of_creator!(), " AND carriers.lk_outbound_trunk_id = $3");
    INSERT_PROVISIONAL = "INSERT INTO provisional_carriers (carrier_id, expires_at) VALUES ($1, $2)";
    END_PROVISIONAL = "DELETE FROM provisional_carriers WHERE carrier_id = $1";
    EXPIRED = "SELECT carrier_id FROM provisional_carriers WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2";
}

impl Tx {
    /// The user's carriers of Twilio or Exotel that have an outbound trunk in LiveKit, the newest first.
    pub async fn trunks_of(&mut self, account: &AccountId, user: &UserId) -> Result<Vec<Carrier>> {
        let rows = fetch!(
            self,
            connection => sqlx::query_as::<_, CarrierRow>(OF_CREATOR)
                .bind(account.as_str())
                .bind(user.as_str())
                .fetch_all(connection)
        )?;
        rows.into_iter().map(|row| row.open(&self.vault)).collect()
    }

    /// The user's carrier of Twilio or Exotel with this outbound trunk.
    pub async fn trunk(&mut self, account: &AccountId, user: &UserId, trunk_id: &str) -> Result<Option<Carrier>> {
        let row = fetch!(
            self,
            connection => sqlx::query_as::<_, CarrierRow>(BY_TRUNK)
                .bind(account.as_str())
                .bind(user.as_str())
                .bind(trunk_id)
                .fetch_optional(connection)
        )?;
        row.map(|row| row.open(&self.vault)).transpose()
    }

    /// Marks a new carrier as provisional. Part of the transaction that inserts it.
    pub async fn insert_provisional_carrier(&mut self, carrier: &CarrierId, expires_at: Timestamp) -> Result<()> {
        execute!(self, sqlx::query(INSERT_PROVISIONAL).bind(carrier.as_str()).bind(expires_at.millis()))?;
        Ok(())
    }

    /// The carrier is not provisional any more: it is confirmed, or about to be deleted. False where it was not.
    pub async fn end_provisional_carrier(&mut self, carrier: &CarrierId) -> Result<bool> {
        Ok(execute!(self, sqlx::query(END_PROVISIONAL).bind(carrier.as_str()))? == 1)
    }

    /// Provisional carriers whose server has stopped.
    pub async fn expired_provisional_carriers(&mut self, now: Timestamp, limit: u32) -> Result<Vec<CarrierId>> {
        let ids = fetch!(
            self,
            connection => sqlx::query_scalar::<_, String>(EXPIRED)
                .bind(now.millis())
                .bind(i64::from(limit))
                .fetch_all(connection)
        )?;
        ids.iter().map(|id| parse("provisional_carriers", id, id)).collect()
    }
}

#[cfg(test)]
mod tests {
    use sqlx::{AssertSqlSafe, Executor, Row};

    use super::*;
    use crate::test_database::{self, Postgresql};

    /// 10,000 carriers in SQL that both databases read; one of a hundred is of the user, most have no trunk, and
    /// half of them are of a provider that the trunk API does not know.
    const ROWS: &str = "
        INSERT INTO accounts (id, name, created_at) VALUES ('acc_1', 'A', 0);
        INSERT INTO carriers (id, account_id, name, name_key, sip_address, transport, allowed_addresses, inbound_auth,
            accept_any_source, outbound_cps, outbound_burst, outbound_channels, provider, did_count, lk_sync_status,
            lk_last_synced_at, lk_outbound_trunk_id, created_by, created_at, updated_at, version)
        WITH RECURSIVE carrier (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM carrier WHERE i < 9999)
        SELECT 'car_' || i, 'acc_1', 'C', 'c', 'c.example.com', 'auto', '', 'credentials', 0, 1, 5, 10,
            CASE WHEN i % 200 < 100 THEN 'twilio' ELSE 'custom' END, 0, 'synced', 1,
            CASE WHEN i % 3 = 0 THEN 'ST_' || i END, CASE WHEN i % 2 = 0 THEN 'usr_' || (i % 100) END, i, i, 1
            FROM carrier;
        ANALYZE;
    ";

    #[tokio::test]
    async fn list_reads_the_rows_that_it_shows_on_sqlite() {
        let (_folder, mut connection) = test_database::sqlite().await;
        connection.execute(sqlx::raw_sql(ROWS)).await.unwrap();
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {OF_CREATOR}"));
        let rows = connection.fetch_all(explain).await.unwrap();
        let plan = rows.iter().map(|row| row.get::<String, _>("detail")).collect::<Vec<_>>().join("\n");
        assert!(plan.contains("carriers USING INDEX carriers_by_creator (account_id=? AND created_by=?)"), "{plan}");
        assert!(!plan.contains("SCAN carriers") && !plan.contains("TEMP B-TREE"), "{plan}");
    }

    #[tokio::test]
    async fn list_reads_the_rows_that_it_shows_on_postgresql() {
        let Some(mut database) = Postgresql::create("trunk_plan").await else { return };
        let connection = &mut database.connection;
        connection.execute(sqlx::raw_sql(ROWS)).await.unwrap();
        connection.execute("SET plan_cache_mode = force_generic_plan").await.unwrap();
        connection.execute(sqlx::raw_sql(AssertSqlSafe(format!("PREPARE list AS {OF_CREATOR}")))).await.unwrap();
        let rows = connection.fetch_all(sqlx::raw_sql("EXPLAIN EXECUTE list ('acc_1', 'usr_2')")).await.unwrap();
        let plan = rows.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<_>>().join("\n");
        assert!(plan.contains("carriers_by_creator") && !plan.contains("Seq Scan on carriers"), "{plan}");
        database.drop().await;
    }
}
