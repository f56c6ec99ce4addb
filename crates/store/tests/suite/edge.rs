use domain::{
    AccountId, DeviceId, DidTargetId, EdgeUserId, Secret,
    edge::{
        DeviceHa1, DeviceSettings, DidTargetSettings, EdgeId, EdgeInput, EdgeKind, EdgeNoun, EdgeObject,
        EdgeUserSettings,
    },
};
use serde_json::{Value, json};
use store::{EdgeSearch, Store, StoredEdgeObject};

use crate::{
    database::Database,
    rows::{NOW, account, did, saved_carrier, ulid},
};

fn object<S: EdgeNoun>(account: &AccountId, body: Value) -> EdgeObject<S> {
    let input: S::Input = serde_json::from_value(body).unwrap();
    EdgeObject {
        id: S::Id::from_ulid(ulid()),
        account_id: account.clone(),
        settings: input.parse(None).unwrap(),
        created_at: NOW,
        updated_at: NOW,
        version: 1,
    }
}

fn user(account: &AccountId, name: &str) -> EdgeObject<EdgeUserSettings> {
    object(account, json!({ "username": name }))
}

fn device(account: &AccountId, user: &EdgeUserId, name: &str) -> EdgeObject<DeviceSettings> {
    object(account, json!({ "user_id": user, "auth_username": name, "realm": "example.com" }))
}

fn ha1(digit: &str) -> DeviceHa1 {
    DeviceHa1 { md5: Secret::new(digit.repeat(32)), sha256: Secret::new(digit.repeat(64)) }
}

/// The field of the key that another object has.
async fn insert<S: EdgeNoun>(store: &Store, object: &EdgeObject<S>, ha1: Option<&DeviceHa1>) -> Option<&'static str> {
    let mut tx = store.write().await.unwrap();
    let name = object.settings.name();
    let taken = tx.insert_edge_object(StoredEdgeObject { object, name: &name, ha1 }).await.unwrap();
    if taken.is_none() {
        tx.commit().await.unwrap();
    }
    taken.map(|key| key.field)
}

async fn all_ids(store: &Store, account: &AccountId) -> Vec<String> {
    let objects = store.read().await.unwrap().edge_objects_after(account, "", 100).await.unwrap();
    objects.into_iter().map(|object| object.id).collect()
}

async fn object_is_read_as_it_was_written(database: &Database) {
    let store = database.open().await;
    let (account, other) = (account(&store).await, account(&store).await);
    let alice = user(&account, "Alice");
    assert_eq!(insert(&store, &alice, None).await, None);
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.edge_object(&account, &alice.id).await.unwrap(), Some(alice.clone()));
    assert_eq!(tx.edge_object::<EdgeUserSettings>(&other, &alice.id).await.unwrap(), None);
    let any = tx.edge_objects_by_ids(&[alice.id.as_str(), "us_1"]).await.unwrap();
    assert_eq!((any.len(), any[0].kind, any[0].name.as_str()), (1, EdgeKind::User, "Alice"));
    assert_eq!(any[0].settings::<EdgeUserSettings>().unwrap(), alice.settings);
}

async fn key_is_unique_within_the_account(database: &Database) {
    let store = database.open().await;
    let (account, other) = (account(&store).await, account(&store).await);
    assert_eq!(insert(&store, &user(&account, "alice"), None).await, None);
    assert_eq!(insert(&store, &user(&account, "alice"), None).await, Some("username"));
    assert_eq!(insert(&store, &user(&other, "alice"), None).await, None);
    assert_eq!(all_ids(&store, &account).await.len(), 1, "the refused one is not there");

    let bob = user(&account, "bob");
    assert_eq!(insert(&store, &bob, None).await, None);
    let renamed = EdgeObject { settings: user(&account, "alice").settings, version: 2, ..bob.clone() };
    let mut tx = store.write().await.unwrap();
    let taken = tx.update_edge_object(StoredEdgeObject { object: &renamed, name: "alice", ha1: None }).await.unwrap();
    assert_eq!(taken.unwrap().unwrap().field, "username");
    drop(tx);
    let renamed = EdgeObject { settings: user(&account, "carol").settings, version: 2, ..bob };
    let mut tx = store.write().await.unwrap();
    let stored = || StoredEdgeObject { object: &renamed, name: "carol", ha1: None };
    assert_eq!(tx.update_edge_object(stored()).await.unwrap(), Some(None));
    assert_eq!(tx.update_edge_object(stored()).await.unwrap(), None, "the version is another one");
    tx.commit().await.unwrap();
    assert_eq!(insert(&store, &user(&account, "bob"), None).await, None, "the old key is free");
}

async fn digests_of_a_device_are_sealed_and_kept(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let alice = user(&account, "alice");
    insert(&store, &alice, None).await;
    let phone = device(&account, &alice.id, "desk");
    assert_eq!(insert(&store, &phone, Some(&ha1("a"))).await, None);
    let read = async || {
        let objects = store.read().await.unwrap().edge_objects_by_ids(&[phone.id.as_str()]).await.unwrap();
        objects.into_iter().next().unwrap().ha1
    };
    assert_eq!(read().await, Some(ha1("a")));
    for (version, given, expected) in [(2, None, "a"), (3, Some(ha1("b")), "b")] {
        let changed = EdgeObject { version, ..phone.clone() };
        let mut tx = store.write().await.unwrap();
        let stored = StoredEdgeObject { object: &changed, name: "desk", ha1: given.as_ref() };
        assert_eq!(tx.update_edge_object(stored).await.unwrap(), Some(None));
        tx.commit().await.unwrap();
        assert_eq!(read().await, Some(ha1(expected)));
    }
}

async fn uses_and_names_follow_the_references(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let alice = user(&account, "alice");
    insert(&store, &alice, None).await;
    let phone = device(&account, &alice.id, "desk");
    insert(&store, &phone, Some(&ha1("a"))).await;
    let carrier = saved_carrier(&store, &account, "Twilio").await;
    let mut tx = store.write().await.unwrap();
    let uses = tx.edge_uses(&account, alice.id.as_str(), 10).await.unwrap();
    assert_eq!((uses.len(), uses[0].kind, uses[0].name.as_str()), (1, EdgeKind::Device, "desk@example.com"));
    let ids = [alice.id.as_str(), carrier.id.as_str(), "us_1", "did_1"].map(str::to_owned);
    let names = tx.edge_names(&account, &ids).await.unwrap();
    assert_eq!(names.values().collect::<Vec<_>>(), ["Twilio", "alice"]);
    assert!(tx.delete_edge_object(&account, phone.id.as_str()).await.unwrap());
    assert!(!tx.delete_edge_object(&account, phone.id.as_str()).await.unwrap());
    assert!(tx.edge_uses(&account, alice.id.as_str(), 10).await.unwrap().is_empty());
}

async fn list_is_paged_by_name_and_searched(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let alice = user(&account, "Alice");
    insert(&store, &alice, None).await;
    for name in ["carol", "Bob", "bobby"] {
        insert(&store, &user(&account, name), None).await;
    }
    let mut phone = device(&account, &alice.id, "desk");
    phone.id = DeviceId::new(ulid());
    insert(&store, &phone, Some(&ha1("a"))).await;
    let names = async |search: &EdgeSearch| {
        let page = store.read().await.unwrap().edge_objects::<EdgeUserSettings>(&account, search).await.unwrap();
        let names: Vec<String> = page.objects.iter().map(|user| user.settings.name()).collect();
        (names, page.next)
    };
    let (first, next) = names(&EdgeSearch { limit: 3, ..EdgeSearch::default() }).await;
    assert_eq!(first, ["Alice", "Bob", "bobby"]);
    let (second, end) = names(&EdgeSearch { limit: 3, after: next, ..EdgeSearch::default() }).await;
    assert_eq!((second, end), (vec!["carol".to_owned()], None));
    let (found, _) = names(&EdgeSearch { limit: 3, q: "OB".to_owned(), ..EdgeSearch::default() }).await;
    assert_eq!(found, ["Bob", "bobby"]);
    let search = EdgeSearch { limit: 3, references: Some(alice.id.to_string()), ..EdgeSearch::default() };
    let devices = store.read().await.unwrap().edge_objects::<DeviceSettings>(&account, &search).await.unwrap();
    assert_eq!(devices.objects, [phone]);
    let (users, _) = names(&search).await;
    assert!(users.is_empty());
}

async fn did_target_is_deleted_with_its_did(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let carrier = saved_carrier(&store, &account, "Twilio").await;
    let dids = ["+14155550101", "+14155550102"].map(|number| did(&carrier, number, None));
    let mut tx = store.write().await.unwrap();
    for did in &dids {
        assert!(tx.insert_did(did).await.unwrap());
    }
    tx.commit().await.unwrap();
    let targets = dids.each_ref().map(|did| object::<DidTargetSettings>(&account, json!({ "did_id": did.id })));
    for target in &targets {
        assert_eq!(insert(&store, target, None).await, None);
    }
    let mut tx = store.write().await.unwrap();
    let of_did = tx.edge_objects_of_did(&dids[0].id).await.unwrap();
    assert_eq!(of_did[0].id.parse::<DidTargetId>().unwrap(), targets[0].id);
    assert_eq!(tx.edge_objects_of_carrier(&carrier.id).await.unwrap().len(), 2);
    assert!(tx.delete_did(&dids[0]).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(all_ids(&store, &account).await, [targets[1].id.as_str()]);
    let mut tx = store.write().await.unwrap();
    assert!(tx.delete_carrier(&account, &carrier.id).await.unwrap());
    tx.commit().await.unwrap();
    assert!(all_ids(&store, &account).await.is_empty());
}

crate::on_both! {
    object_is_read_as_it_was_written
    key_is_unique_within_the_account
    digests_of_a_device_are_sealed_and_kept
    uses_and_names_follow_the_references
    list_is_paged_by_name_and_searched
    did_target_is_deleted_with_its_did
}
