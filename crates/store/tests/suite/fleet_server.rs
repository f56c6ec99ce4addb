use domain::{AccountId, FleetServer, FleetServerId, FleetServerSettings};
use store::Store;

use crate::{
    database::Database,
    rows::{NOW, account, ulid},
};

fn server(account: &AccountId, url: &str) -> FleetServer {
    let settings =
        FleetServerSettings { url: url.parse().unwrap(), name: Some("Core".parse().unwrap()), enabled: true };
    let id = FleetServerId::new(ulid());
    FleetServer { id, account_id: account.clone(), settings, created_at: NOW, updated_at: NOW, version: 1 }
}

async fn insert(store: &Store, server: &FleetServer) -> bool {
    let mut tx = store.write().await.unwrap();
    let inserted = tx.insert_fleet_server(server).await.unwrap();
    tx.commit().await.unwrap();
    inserted
}

async fn read(store: &Store, account: &AccountId) -> (Vec<FleetServer>, i64) {
    let mut tx = store.read().await.unwrap();
    (tx.fleet_servers(account).await.unwrap(), tx.fleet_version(account).await.unwrap())
}

async fn servers_are_read_in_the_order_of_their_insertion(database: &Database) {
    let store = database.open().await;
    let (account, other) = (account(&store).await, account(&store).await);
    let servers = ["http://b", "http://a"].map(|url| server(&account, url));
    for server in &servers {
        assert!(insert(&store, server).await);
    }
    assert_eq!(read(&store, &account).await, (servers.to_vec(), 2));
    assert_eq!(read(&store, &other).await, (Vec::new(), 0));
}

async fn second_server_with_the_same_url_is_rejected(database: &Database) {
    let store = database.open().await;
    let (account, other) = (account(&store).await, account(&store).await);
    assert!(insert(&store, &server(&account, "http://a")).await);
    assert!(!insert(&store, &server(&account, "http://a")).await);
    assert!(insert(&store, &server(&other, "http://a")).await, "of another account");
}

async fn stale_version_writes_nothing(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let first = server(&account, "http://a");
    assert!(insert(&store, &first).await);
    let mut updated = FleetServer { version: 2, ..first.clone() };
    (updated.settings.enabled, updated.settings.name) = (false, None);
    let mut tx = store.write().await.unwrap();
    assert!(tx.update_fleet_server(&updated).await.unwrap());
    assert!(!tx.update_fleet_server(&FleetServer { version: 2, ..first }).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(read(&store, &account).await.0, [updated]);
}

async fn each_change_has_a_new_list_version(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let first = server(&account, "http://a");
    assert!(insert(&store, &first).await);
    let before = read(&store, &account).await.1;
    let mut tx = store.write().await.unwrap();
    assert!(tx.delete_fleet_server(&account, &first.id).await.unwrap());
    assert!(!tx.delete_fleet_server(&account, &first.id).await.unwrap());
    tx.commit().await.unwrap();
    let (servers, after) = read(&store, &account).await;
    assert!(servers.is_empty() && after > before, "{before} {after}");
}

crate::on_both! {
    servers_are_read_in_the_order_of_their_insertion
    second_server_with_the_same_url_is_rejected
    stale_version_writes_nothing
    each_change_has_a_new_list_version
}
