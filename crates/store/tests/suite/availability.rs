//! A database that is busy, read-only or away: calls fail in time, and work again afterwards.

use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Executor};
use store::{Error, Store, Vault};

use crate::{
    database::{Database, KEY},
    proxy::{Network, Proxy},
    rows::{account, carrier},
};

async fn save(store: &Store, name: &str, account: &domain::AccountId) -> Result<(), Error> {
    let mut tx = store.write().await?;
    tx.insert_carrier(&carrier(account, name)).await?;
    tx.commit().await
}

/// Another process has locked the account in a transaction that it does not end.
async fn write_behind_a_stopped_process_fails_in_time(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let mut stopped = database.raw().await;
    let lock = if database.is_sqlite() { "BEGIN IMMEDIATE" } else { "BEGIN; UPDATE accounts SET name = name" };
    stopped.execute(AssertSqlSafe(lock.to_owned())).await.unwrap();
    let (limit, began) = (if database.is_sqlite() { 6 } else { 2 }, Instant::now());
    let error = save(&store, "T", &account).await.unwrap_err();
    assert!(error.is_unavailable(), "{error}");
    assert!(began.elapsed() < Duration::from_secs(limit), "{:?}", began.elapsed());
    // Readers do not wait.
    let began = Instant::now();
    assert_eq!(store.read().await.unwrap().totals(&account).await.unwrap().carriers, 0);
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    stopped.execute("ROLLBACK").await.unwrap();
    save(&store, "T", &account).await.unwrap();
}

/// This process itself stops in the middle of a transaction; the server ends the transaction, and with it the lock.
async fn stopped_transaction_loses_its_lock(database: &Database) {
    if database.is_sqlite() {
        // There is no other process to keep waiting.
        return;
    }
    let (store, other) = (database.open().await, database.open().await);
    let account = account(&store).await;
    let mut stopped = store.write().await.unwrap();
    stopped.insert_carrier(&carrier(&account, "Stopped")).await.unwrap();
    assert!(other.write().await.err().unwrap().is_unavailable());
    tokio::time::sleep(Duration::from_secs(5)).await;
    save(&other, "Other", &account).await.unwrap();
    let error = stopped.commit().await.unwrap_err();
    assert!(matches!(error, Error::CommitUnknown(_) | Error::Unavailable(_)), "{error:?}");
    assert_eq!(database.count("carriers").await, 1);
    save(&store, "Again", &account).await.unwrap();
}

async fn close_ends_while_a_transaction_is_open(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let mut open = store.write().await.unwrap();
    open.insert_carrier(&carrier(&account, "T")).await.unwrap();
    let began = Instant::now();
    store.close().await;
    assert!(began.elapsed() < Duration::from_secs(6), "{:?}", began.elapsed());
}

/// The store by way of a proxy, on PostgreSQL.
async fn open_behind_proxy(database: &Database) -> (Store, Proxy) {
    let (before, name) = database.url.rsplit_once('/').unwrap();
    let (scheme, server) = before.rsplit_once('@').unwrap();
    let proxy = Proxy::to(server.to_owned()).await;
    let url = format!("{scheme}@127.0.0.1:{}/{name}", proxy.port);
    (Store::open(&url, Vault::new(&KEY)).await.unwrap(), proxy)
}

async fn assert_unavailable_in_time<T>(call: impl Future<Output = Result<T, Error>>) {
    let began = Instant::now();
    let error = call.await.err().unwrap();
    assert!(error.is_unavailable(), "{error:?}");
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
}

async fn calls_fail_in_time_while_the_server_is_away(database: &Database) {
    if database.is_sqlite() {
        return;
    }
    for network in [Network::Cut, Network::Stalled] {
        let (store, proxy) = open_behind_proxy(database).await;
        let account = account(&store).await;
        store.read().await.unwrap().totals(&account).await.unwrap();
        proxy.set(network);
        for _ in 0..2 {
            assert_unavailable_in_time(store.read()).await;
            assert_unavailable_in_time(store.write()).await;
            assert_unavailable_in_time(store.ping()).await;
        }
        proxy.set(Network::Up);
        save(&store, "T", &account).await.unwrap();
        store.ping().await.unwrap();
        proxy.set(network);
        let began = Instant::now();
        store.close().await;
        assert!(began.elapsed() < Duration::from_secs(6), "{:?}", began.elapsed());
    }
}

async fn commit_without_an_answer_is_unknown(database: &Database) {
    if database.is_sqlite() {
        return;
    }
    let (store, proxy) = open_behind_proxy(database).await;
    let account = account(&store).await;
    let mut tx = store.write().await.unwrap();
    tx.insert_carrier(&carrier(&account, "T")).await.unwrap();
    proxy.set(Network::Cut);
    let error = tx.commit().await.unwrap_err();
    assert!(matches!(error, Error::CommitUnknown(_)), "{error:?}");
    assert!(!error.is_retryable());
}

/// PostgreSQL answers such a COMMIT with a rollback, but not with an error.
async fn commit_after_a_failed_statement_is_refused(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let carrier = carrier(&account, "T");
    let mut tx = store.write().await.unwrap();
    tx.insert_carrier(&carrier).await.unwrap();
    assert!(tx.insert_carrier(&carrier).await.unwrap_err().is_unique_violation());
    let saved = i64::from(tx.commit().await.is_ok());
    assert_eq!(database.count("carriers").await, saved);
}

async fn snapshot_sees_no_later_change(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let mut snapshot = store.read().await.unwrap();
    assert_eq!(snapshot.totals(&account).await.unwrap().carriers, 0);
    save(&store, "T", &account).await.unwrap();
    assert_eq!(snapshot.totals(&account).await.unwrap().carriers, 0);
    assert_eq!(store.read().await.unwrap().totals(&account).await.unwrap().carriers, 1);
}

async fn ping_fails_in_time_where_writes_fail(database: &Database) {
    if !database.is_sqlite() {
        // Below: PostgreSQL has no lock that concerns all writers.
        return;
    }
    let store = database.open().await;
    store.ping().await.unwrap();
    let mut writer = database.raw().await;
    writer.execute("BEGIN IMMEDIATE").await.unwrap();
    assert_unavailable_in_time(store.ping()).await;
    writer.execute("ROLLBACK").await.unwrap();
    store.ping().await.unwrap();
}

/// As after a failover: the next connections reach a server that is read-only.
async fn ping_fails_on_a_read_only_server(database: &Database) {
    if database.is_sqlite() {
        return;
    }
    let (store, proxy) = open_behind_proxy(database).await;
    let (_, name) = database.url.rsplit_once('/').unwrap();
    store.ping().await.unwrap();
    database.run(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on")).await;
    proxy.set(Network::Cut);
    assert_unavailable_in_time(store.ping()).await;
    proxy.set(Network::Up);
    assert!(matches!(store.ping().await, Err(Error::ReadOnly)));
    // FOR UPDATE is a write.
    assert!(matches!(store.write().await, Err(Error::ReadOnly)));
}

crate::on_both! {
    write_behind_a_stopped_process_fails_in_time
    stopped_transaction_loses_its_lock
    close_ends_while_a_transaction_is_open
    calls_fail_in_time_while_the_server_is_away
    commit_without_an_answer_is_unknown
    commit_after_a_failed_statement_is_refused
    snapshot_sees_no_later_change
    ping_fails_in_time_where_writes_fail
    ping_fails_on_a_read_only_server
}
