use api_types::input::ApiKeyInput;
use domain::{AccountId, ActorId, ApiKey, ApiKeyExpiry, ApiKeyId, UserId};
use serde_json::json;
use store::Store;

use crate::{
    database::Database,
    rows::{NOW, account, ulid},
};

fn key(account: &AccountId, name: &str) -> ApiKey {
    let body = json!({"name": name, "role": "viewer", "expires_at": "2027-01-01",
                      "allowed_addresses": ["203.0.113.0/24", "2001:db8::7"]});
    let user = UserId::new(ulid());
    ApiKey {
        id: ApiKeyId::new(ulid()),
        account_id: account.clone(),
        prefix: "tl_abcd".to_owned(),
        settings: serde_json::from_value::<ApiKeyInput>(body).unwrap().parse(None).unwrap(),
        last_used_at: None,
        created_by: Some(ActorId::User(user.clone())),
        created_by_name: "ops@example.com".to_owned(),
        user_id: Some(user),
        created_at: NOW,
        updated_at: NOW,
        version: 1,
    }
}

async fn saved(store: &Store, account: &AccountId, name: &str, hash: &str) -> ApiKey {
    let key = key(account, name);
    let mut tx = store.write().await.unwrap();
    tx.insert_api_key(&key, hash).await.unwrap();
    tx.commit().await.unwrap();
    key
}

async fn key_is_found_by_its_hash_alone(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let key = saved(&store, &account, "CRM", "hash-1").await;
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.api_key_by_hash("hash-1").await.unwrap().map(|found| found.key), Some(key.clone()));
    for other in ["hash-2", "", "HASH-1", key.prefix.as_str()] {
        assert_eq!(tx.api_key_by_hash(other).await.unwrap(), None, "{other}");
    }
}

async fn keys_are_listed_by_name_within_their_account(database: &Database) {
    let store = database.open().await;
    let (ours, theirs) = (account(&store).await, account(&store).await);
    for (name, hash) in [("b", "1"), ("C", "2"), ("A", "3")] {
        saved(&store, &ours, name, hash).await;
    }
    let foreign = saved(&store, &theirs, "Theirs", "4").await;
    let mut tx = store.write().await.unwrap();
    let names: Vec<String> =
        tx.api_keys(&ours).await.unwrap().iter().map(|key| key.settings.name.to_string()).collect();
    assert_eq!(names, ["A", "b", "C"]);
    assert_eq!(tx.api_key(&ours, &foreign.id).await.unwrap(), None);
    assert!(!tx.delete_api_key(&ours, &foreign.id).await.unwrap());
}

async fn update_needs_the_current_version(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let key = saved(&store, &account, "CRM", "hash").await;
    let mut updated = ApiKey { version: 2, ..key.clone() };
    updated.settings.is_active = false;
    updated.settings.expires_at = None;
    updated.settings.allowed_addresses = Vec::new();
    let mut tx = store.write().await.unwrap();
    assert!(tx.update_api_key(&updated).await.unwrap());
    assert!(!tx.update_api_key(&updated).await.unwrap(), "the row has version 2");
    assert_eq!(tx.api_key(&account, &key.id).await.unwrap(), Some(updated));
    assert!(tx.delete_api_key(&account, &key.id).await.unwrap());
    assert!(!tx.delete_api_key(&account, &key.id).await.unwrap());
    assert_eq!(tx.api_key_by_hash("hash").await.unwrap(), None);
}

async fn newest_use_is_kept(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let key = saved(&store, &account, "CRM", "hash").await;
    let mut tx = store.write().await.unwrap();
    assert!(tx.set_api_key_last_used(&key.id, NOW.plus_millis(10)).await.unwrap());
    for earlier in [0, 9, 10] {
        assert!(!tx.set_api_key_last_used(&key.id, NOW.plus_millis(earlier)).await.unwrap(), "{earlier}");
    }
    let read = tx.api_key(&account, &key.id).await.unwrap().unwrap();
    assert_eq!((read.last_used_at, read.version), (Some(NOW.plus_millis(10)), 1));
}

async fn unreadable_expiry_is_read_as_text(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let mut unreadable = key(&account, "CRM");
    unreadable.settings.expires_at = Some(ApiKeyExpiry::stored("tomorrow"));
    let mut tx = store.write().await.unwrap();
    tx.insert_api_key(&unreadable, "hash").await.unwrap();
    assert_eq!(tx.api_key_by_hash("hash").await.unwrap().map(|found| found.key), Some(unreadable));
}

async fn key_is_found_with_the_user_behind_it(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let user = crate::rows::saved_user(&store, &account, "ops@example.com").await;
    let of_user = ApiKey { user_id: Some(user.id.clone()), ..key(&account, "CRM") };
    let mut tx = store.write().await.unwrap();
    tx.insert_api_key(&of_user, "hash-1").await.unwrap();
    let of_deleted = ApiKey { user_id: Some(UserId::new(ulid())), ..key(&account, "ERP") };
    tx.insert_api_key(&of_deleted, "hash-2").await.unwrap();
    let user_of = |found: Option<store::FoundApiKey>| found.unwrap().user;
    assert_eq!(user_of(tx.api_key_by_hash("hash-1").await.unwrap()), Some((user.role, true)));
    assert_eq!(user_of(tx.api_key_by_hash("hash-2").await.unwrap()), None);
    assert_eq!(tx.api_keys_of(&user.id).await.unwrap(), [of_user]);
    let disabled = domain::User { is_active: false, version: 2, ..user.clone() };
    assert!(tx.update_user(&disabled, NOW).await.unwrap());
    assert_eq!(user_of(tx.api_key_by_hash("hash-1").await.unwrap()), Some((user.role, false)));
}

crate::on_both! {
    key_is_found_with_the_user_behind_it
    key_is_found_by_its_hash_alone
    keys_are_listed_by_name_within_their_account
    update_needs_the_current_version
    newest_use_is_kept
    unreadable_expiry_is_read_as_text
}
