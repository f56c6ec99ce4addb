//! Empty databases with the schema, for the tests of statements.

use std::env;

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use tempfile::TempDir;

use crate::{Store, Vault};

/// A database in a folder that is removed on drop.
pub(crate) async fn sqlite() -> (TempDir, SqliteConnection) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("trunkline.db").display());
    Store::open(&url, Vault::new(&[7; 32])).await.unwrap().close().await;
    let connection = SqliteConnection::connect(&url).await.unwrap();
    (folder, connection)
}

/// A database on the server of `TEST_POSTGRES_URL`.
pub(crate) struct Postgresql {
    pub connection: PgConnection,
    administrator: PgConnection,
    name: String,
}

impl Postgresql {
    /// None without a server. CI has one, and the test suite refuses to run there without it.
    pub async fn create(subject: &str) -> Option<Self> {
        let server = env::var("TEST_POSTGRES_URL").ok()?;
        let name = format!("trunkline_{subject}_{}", std::process::id());
        let (base, _) = server.rsplit_once('/').unwrap();
        let url = format!("{base}/{name}");
        let mut administrator = PgConnection::connect(&server).await.unwrap();
        administrator.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
        Store::open(&url, Vault::new(&[7; 32])).await.unwrap().close().await;
        let connection = PgConnection::connect(&url).await.unwrap();
        Some(Self { connection, administrator, name })
    }

    pub async fn drop(mut self) {
        self.connection.close().await.unwrap();
        let drop = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        self.administrator.execute(AssertSqlSafe(drop)).await.unwrap();
    }
}
