use api_types::input::ExotelInput;
use domain::{Exotel, ExotelCheck, IntegrationId};
use serde_json::json;
use store::{Error, Result, Store};

use crate::{
    database::Database,
    rows::{NOW, account, add, did, saved_carrier, ulid},
};

async fn connected(store: &Store) -> Exotel {
    let account = account(store).await;
    let body =
        json!({"account_sid": "acme1", "subdomain": "api.in.exotel.com", "api_key": "key-1", "api_token": "tok-1"});
    let settings = serde_json::from_value::<ExotelInput>(body).unwrap().parse(None).unwrap();
    let id = IntegrationId::new(ulid());
    let exotel =
        Exotel { id, account_id: account, settings, check: None, created_at: NOW, updated_at: NOW, version: 1 };
    let mut tx = store.write().await.unwrap();
    assert!(tx.insert_exotel(&exotel).await.unwrap());
    tx.commit().await.unwrap();
    exotel
}

async fn read_raw(store: &Store, exotel: &Exotel) -> Result<Option<Exotel>> {
    store.read().await.unwrap().exotel(&exotel.account_id).await
}

async fn read(store: &Store, exotel: &Exotel) -> Option<Exotel> {
    read_raw(store, exotel).await.unwrap()
}

async fn integration_is_read_as_written(database: &Database) {
    let store = database.open().await;
    let exotel = connected(&store).await;
    assert_eq!(read(&store, &exotel).await, Some(exotel.clone()));
    let stranger = account(&store).await;
    assert_eq!(store.read().await.unwrap().exotel(&stranger).await.unwrap(), None);
    let mut tx = store.write().await.unwrap();
    assert!(!tx.delete_exotel(&stranger, &exotel.id).await.unwrap());
    assert!(tx.delete_exotel(&exotel.account_id, &exotel.id).await.unwrap());
    assert!(!tx.delete_exotel(&exotel.account_id, &exotel.id).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(read(&store, &exotel).await, None);
}

async fn second_integration_is_rejected(database: &Database) {
    let store = database.open().await;
    let exotel = connected(&store).await;
    let second = Exotel { id: IntegrationId::new(ulid()), ..exotel.clone() };
    let mut tx = store.write().await.unwrap();
    assert!(!tx.insert_exotel(&second).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(read(&store, &exotel).await.unwrap().id, exotel.id);
}

async fn update_of_a_stale_version_writes_nothing(database: &Database) {
    let store = database.open().await;
    let exotel = connected(&store).await;
    let check = ExotelCheck { at: NOW, error: Some("The key is wrong.".to_owned()) };
    let mut tx = store.write().await.unwrap();
    assert!(tx.note_exotel_check(&exotel.id, 1, &check).await.unwrap());
    let mut newer = Exotel { version: 2, ..exotel.clone() };
    newer.settings.account_sid = "acme2".parse().unwrap();
    assert!(tx.update_exotel(&newer).await.unwrap());
    let mut late = Exotel { version: 2, ..exotel.clone() };
    late.settings.account_sid = "late".parse().unwrap();
    assert!(!tx.update_exotel(&late).await.unwrap());
    tx.commit().await.unwrap();
    // The check concerned the former credentials.
    assert_eq!(read(&store, &exotel).await, Some(newer));
}

async fn check_of_a_stale_version_is_not_written(database: &Database) {
    let store = database.open().await;
    let exotel = connected(&store).await;
    let check = |error: Option<&str>| ExotelCheck { at: NOW, error: error.map(str::to_owned) };
    let mut tx = store.write().await.unwrap();
    assert!(tx.note_exotel_check(&exotel.id, 1, &check(Some("no"))).await.unwrap());
    assert!(!tx.note_exotel_check(&exotel.id, 0, &check(None)).await.unwrap());
    tx.commit().await.unwrap();
    let noted = read(&store, &exotel).await.unwrap();
    assert_eq!((noted.check, noted.version), (Some(check(Some("no"))), 1));
}

async fn secret_opens_in_its_own_column_alone(database: &Database) {
    let store = database.open().await;
    let exotel = connected(&store).await;
    let failed = read_raw(&database.open_with([9; 32]).await, &exotel).await;
    assert!(matches!(failed, Err(Error::WrongKey { table: "integrations", .. })), "{failed:?}");
    for secret in ["api_key", "api_token"] {
        let sealed = database.text(&format!("SELECT {secret} FROM integrations")).await.unwrap();
        assert!(!sealed.contains("key-1") && !sealed.contains("tok-1"));
    }
    // Somebody with write access to the database cannot exchange the two.
    database.run("UPDATE integrations SET api_key = api_token").await;
    let failed = read_raw(&store, &exotel).await;
    assert!(matches!(failed, Err(Error::WrongKey { .. })), "{failed:?}");
}

async fn imported_dids_are_counted_until_deleted(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let carrier = saved_carrier(&store, &account, "Exotel").await;
    let (first, second) = (did(&carrier, "+911140001000", None), did(&carrier, "+911140001001", None));
    assert!(add(&store, &first).await && add(&store, &second).await);
    let mut tx = store.write().await.unwrap();
    tx.mark_imported(&first.id, "exotel").await.unwrap();
    assert_eq!(tx.count_imported(&account, "exotel").await.unwrap(), 1);
    assert_eq!(tx.count_imported(&account, "twilio").await.unwrap(), 0);
    assert!(tx.delete_did(&first).await.unwrap());
    assert_eq!(tx.count_imported(&account, "exotel").await.unwrap(), 0);
    tx.commit().await.unwrap();
}

crate::on_both! {
    integration_is_read_as_written
    second_integration_is_rejected
    update_of_a_stale_version_writes_nothing
    check_of_a_stale_version_is_not_written
    secret_opens_in_its_own_column_alone
    imported_dids_are_counted_until_deleted
}
