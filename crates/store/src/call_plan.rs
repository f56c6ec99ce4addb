//! The query plans of the list of calls, with 20,000 calls.

use sqlx::{AssertSqlSafe, Executor, Postgres, Row, Sqlite};

use crate::{
    call_list::sample_pages,
    test_database::{self, Postgresql},
};

/// In SQL that both databases read.
const ROWS: &str = "
    INSERT INTO accounts (id, name, created_at) VALUES ('acc_1', 'A', 0);
    INSERT INTO calls (id, account_id, direction, state, outcome, carrier_id, carrier_name, bot_id, bot_name, from_number,
        to_number, from_key, to_key, room_name, created_at, ringing_at, answered_at, ended_at, handover)
    WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 19999)
    SELECT 'call_' || i, 'acc_1', CASE i % 2 WHEN 0 THEN 'inbound' ELSE 'outbound' END, 'ended',
        CASE i % 5 WHEN 0 THEN 'failed' WHEN 1 THEN 'no_answer' ELSE 'answered' END, 'car_' || (i % 20), 'C',
        'bot_' || (i % 50), 'B', 'x', 'y', CAST(14155500000 + i % 5000 AS TEXT), CAST(14155600000 + i % 300 AS TEXT),
        'call-' || i, i, 0, 0, 0, 'none' FROM n;
    ANALYZE;
";

#[tokio::test]
async fn every_page_reads_an_index_on_sqlite() {
    let (_folder, mut connection) = test_database::sqlite().await;
    connection.execute(sqlx::raw_sql(ROWS)).await.unwrap();
    for sql in sample_pages::<Sqlite>() {
        let rows = connection.fetch_all(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"))).await.unwrap();
        let plan = rows.iter().map(|row| row.get::<String, _>("detail")).collect::<Vec<_>>().join("\n");
        assert!(plan.contains("SEARCH calls USING"), "{plan}\n{sql}");
        assert!(!plan.contains("SCAN calls"), "{plan}\n{sql}");
    }
}

#[tokio::test]
async fn every_page_reads_an_index_on_postgresql() {
    let Some(mut database) = Postgresql::create("call_plan").await else { return };
    let connection = &mut database.connection;
    connection.execute(sqlx::raw_sql(ROWS)).await.unwrap();
    // The plan for any values.
    connection.execute("SET plan_cache_mode = force_generic_plan").await.unwrap();
    for sql in sample_pages::<Postgres>() {
        let parameters = (1..).take_while(|number| sql.contains(&format!("${number}"))).map(|_| "NULL");
        let parameters = parameters.collect::<Vec<_>>().join(", ");
        connection.execute(sqlx::raw_sql(AssertSqlSafe(format!("PREPARE page AS {sql}")))).await.unwrap();
        let explain = format!("EXPLAIN EXECUTE page ({parameters})");
        let rows = connection.fetch_all(sqlx::raw_sql(AssertSqlSafe(explain))).await.unwrap();
        let plan = rows.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<_>>().join("\n");
        connection.execute("DEALLOCATE page").await.unwrap();
        assert!(plan.contains("using calls_by_"), "{plan}\n{sql}");
        assert!(!plan.contains("Seq Scan on calls"), "{plan}\n{sql}");
    }
    database.drop().await;
}
