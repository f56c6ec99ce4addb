//! The query plans of the carriers' search for a phone number, with 2,000 carriers and 20,000 DIDs.

use domain::{AccountId, CarrierSort};
use sqlx::{AssertSqlSafe, Executor, Postgres, QueryBuilder, Row, Sqlite};

use crate::{
    CarrierFilter, carrier,
    test_database::{self, Postgresql},
};

/// In SQL that both databases read. One carrier of five has no country.
const ROWS: &str = "
    INSERT INTO accounts (id, name, created_at) VALUES ('acc_1', 'A', 0);
    INSERT INTO carriers (id, account_id, name, name_key, sip_address, transport, destination_country,
        allowed_addresses, inbound_auth, accept_any_source, outbound_cps, outbound_burst, outbound_channels, did_count,
        lk_sync_status, lk_last_synced_at, created_at, updated_at, version)
    WITH RECURSIVE carrier (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM carrier WHERE i < 1999)
    SELECT 'car_' || i, 'acc_1', 'Carrier ' || i, 'carrier ' || i, 'c' || i || '.example.com', 'auto',
        CASE i % 5 WHEN 0 THEN 'US' WHEN 1 THEN 'IN' WHEN 2 THEN 'DE' WHEN 3 THEN 'GB' END,
        '', 'credentials', 0, 1, 5, 10, 10, 'synced', 1, i, i, 1 FROM carrier;
    INSERT INTO dids (id, account_id, carrier_id, number, e164, number_key, direction, created_at, updated_at, version)
    WITH RECURSIVE did (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM did WHERE i < 19999)
    SELECT 'did_' || i, 'acc_1', 'car_' || (i % 2000), '+' || (14155500000 + i), '+' || (14155500000 + i),
        CAST(14155500000 + i AS TEXT), 'both', 0, 0, 1 FROM did;
    ANALYZE;
";

fn filter() -> CarrierFilter {
    CarrierFilter {
        q: "14155500007".to_owned(),
        number_keys: vec!["14155500007".to_owned(), "9114155500007".to_owned()],
        attention: None,
        sort: CarrierSort::Name,
        descending: false,
        limit: 50,
        after: None,
    }
}

/// The search's statements: page, count, and the countries in which the text is read as a number.
fn statements<DB: sqlx::Database>() -> [String; 3]
where
    String: for<'t> sqlx::Encode<'t, DB> + sqlx::Type<DB>,
    i64: for<'t> sqlx::Encode<'t, DB> + sqlx::Type<DB>,
    f64: for<'t> sqlx::Encode<'t, DB> + sqlx::Type<DB>,
{
    let account: AccountId = "acc_01hgw2bbg00000000000000000".parse().unwrap();
    let text = |query: QueryBuilder<DB>| query.into_string();
    let (_, countries) = carrier::STATEMENTS.iter().find(|(name, _)| *name == "COUNTRIES").unwrap();
    [text(filter().page(&account)), text(filter().count(&account)), (*countries).to_owned()]
}

#[tokio::test]
async fn number_search_uses_indexes_on_sqlite() {
    let (_folder, mut connection) = test_database::sqlite().await;
    connection.execute(sqlx::raw_sql(ROWS)).await.unwrap();
    let mut plans = Vec::new();
    for sql in statements::<Sqlite>() {
        let rows = connection.fetch_all(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"))).await.unwrap();
        plans.push(rows.iter().map(|row| row.get::<String, _>("detail")).collect::<Vec<_>>().join("\n"));
    }
    let [page, count, countries] = plans.as_slice() else { panic!("{plans:?}") };
    for plan in [page, count] {
        assert!(plan.contains("SEARCH dids USING INDEX dids_by_number (account_id=? AND number_key=?)"), "{plan}");
        assert!(!plan.contains("SCAN"), "{plan}");
    }
    // In the order of the index, so that the page ends at its limit.
    assert!(page.contains("carriers_by_name") && !page.contains("TEMP B-TREE"), "{page}");
    let next = "USING COVERING INDEX carriers_by_country (account_id=? AND destination_country>?)";
    assert!(countries.contains(next) && !countries.contains("SCAN carriers"), "{countries}");
}

#[tokio::test]
async fn number_search_uses_indexes_on_postgresql() {
    let Some(mut database) = Postgresql::create("search_plan").await else { return };
    let connection = &mut database.connection;
    connection.execute(sqlx::raw_sql(ROWS)).await.unwrap();
    // The plan for any values.
    connection.execute("SET plan_cache_mode = force_generic_plan").await.unwrap();
    let mut plans = Vec::new();
    for sql in statements::<Postgres>() {
        let parameters = (1..).take_while(|number| sql.contains(&format!("${number}"))).map(|_| "NULL");
        let parameters = parameters.collect::<Vec<_>>().join(", ");
        connection.execute(sqlx::raw_sql(AssertSqlSafe(format!("PREPARE search AS {sql}")))).await.unwrap();
        let explain = format!("EXPLAIN EXECUTE search ({parameters})");
        let rows = connection.fetch_all(sqlx::raw_sql(AssertSqlSafe(explain))).await.unwrap();
        plans.push(rows.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<_>>().join("\n"));
        connection.execute("DEALLOCATE search").await.unwrap();
    }
    let [page, count, countries] = plans.as_slice() else { panic!("{plans:?}") };
    for plan in [page, count] {
        assert!(plan.contains("using dids_by_number on dids"), "{plan}");
        assert!(!plan.contains("Seq Scan on dids"), "{plan}");
    }
    assert!(page.contains("using carriers_by_name on carriers") && !page.contains("Sort"), "{page}");
    assert!(countries.contains("using carriers_by_country on carriers"), "{countries}");
    assert!(!countries.contains("Seq Scan"), "{countries}");
    database.drop().await;
}
