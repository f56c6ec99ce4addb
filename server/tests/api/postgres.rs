//! A PostgreSQL database of a test's own.

use std::{
    env,
    io::{Write, stderr},
    sync::Once,
};

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};
use ulid::Ulid;

pub struct PostgresDatabase {
    pub url: String,
    server: String,
    name: String,
}

/// The row of the LiveKit lease.
#[derive(Debug)]
pub struct Lease {
    pub holder: String,
    /// Unix milliseconds, by the database's clock.
    pub expires_at: i64,
}

impl PostgresDatabase {
    /// None where there is no server to try; in CI there has to be one.
    pub async fn create() -> Option<Self> {
        let Ok(server) = env::var("TEST_POSTGRES_URL") else {
            assert!(env::var("CI").is_err(), "TEST_POSTGRES_URL is not set: run the tests with scripts/with-postgres");
            static NOTICE: Once = Once::new();
            NOTICE.call_once(|| {
                // Not println!, which the test harness captures in passing tests.
                let _ = writeln!(stderr(), "SKIPPED: several servers; run the tests with scripts/with-postgres");
            });
            return None;
        };
        let name = format!("trunkline_{}", Ulid::from_parts(0, rand::random()).to_string().to_lowercase());
        execute(&server, format!("CREATE DATABASE {name}")).await;
        let (base, _) = server.rsplit_once('/').expect("a URL that names a database");
        Some(Self { url: format!("{base}/{name}"), server, name })
    }

    pub async fn lease(&self) -> Lease {
        let mut connection = PgConnection::connect(&self.url).await.unwrap();
        let rows = connection.fetch_all("SELECT holder, expires_at FROM leases WHERE name = 'livekit'").await.unwrap();
        assert_eq!(rows.len(), 1, "there is one lease per database");
        Lease { holder: rows[0].get(0), expires_at: rows[0].get(1) }
    }

    /// The database's clock, in Unix milliseconds.
    pub async fn now(&self) -> i64 {
        let mut connection = PgConnection::connect(&self.url).await.unwrap();
        let sql = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";
        connection.fetch_one(sql).await.unwrap().get(0)
    }

    /// Ends the connections on which servers listen for events; how many there were.
    pub async fn kill_listeners(&self) -> u64 {
        let mut connection = PgConnection::connect(&self.url).await.unwrap();
        let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() \
                   AND application_name = 'trunkline events'";
        connection.execute(sql).await.unwrap().rows_affected()
    }

    /// After its servers have stopped.
    pub async fn drop(self) {
        execute(&self.server, format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
    }
}

async fn execute(server: &str, sql: String) {
    let mut connection = PgConnection::connect(server).await.unwrap();
    connection.execute(AssertSqlSafe(sql)).await.unwrap();
}
