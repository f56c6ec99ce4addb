//! A PostgreSQL database of a test's own.

use std::{
    env,
    io::{Write, stderr},
    sync::Once,
};

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use ulid::Ulid;

use crate::world::World;

pub struct PostgresDatabase {
    pub url: String,
    name: String,
}

impl PostgresDatabase {
    /// None where there is no server to try; in CI there has to be one.
    pub async fn create() -> Option<Self> {
        let Ok(server) = env::var("TEST_POSTGRES_URL") else {
            assert!(env::var("CI").is_err(), "TEST_POSTGRES_URL is not set: run the tests with scripts/with-postgres");
            static NOTICE: Once = Once::new();
            NOTICE.call_once(|| {
                // Straight to the terminal: the test harness keeps what passing tests print.
                let _ = writeln!(
                    stderr(),
                    "SKIPPED: servers that share PostgreSQL; run the tests with scripts/with-postgres"
                );
            });
            return None;
        };
        let name = format!("trunkline_{}", Ulid::from_parts(0, rand::random()).to_string().to_lowercase());
        administer(&server, &format!("CREATE DATABASE {name}")).await;
        let (base, _) = server.rsplit_once('/').expect("a URL that names a database");
        Some(Self { url: format!("{base}/{name}"), name })
    }

    /// Stops the servers and drops the database.
    pub async fn drop<const SERVERS: usize>(self, servers: [World; SERVERS]) {
        for mut server in servers {
            server.stop_reconciler().await;
            server.services.store().close().await;
        }
        let server = env::var("TEST_POSTGRES_URL").expect("it was set before");
        administer(&server, &format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
    }
}

async fn administer(server: &str, sql: &str) {
    let mut connection = PgConnection::connect(server).await.unwrap();
    connection.execute(AssertSqlSafe(sql.to_owned())).await.unwrap();
}
