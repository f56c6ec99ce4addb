//! DIDs.

use domain::{AccountId, Did, PhoneNumber};
use serde_json::json;

use crate::{
    database::Database,
    rows::{account, add, carrier_with, did, save, saved_bot, saved_carrier, ulid},
};

const NUMBER: &str = "+14155550100";

async fn did_is_read_as_written(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let bot = saved_bot(&store, &account, "Concierge").await;
    let carrier = carrier_with(&account, json!({"name": "T", "sip_address": "a.b", "destination_country": "IN"}));
    save(&store, &carrier).await;
    let written = [did(&carrier, "09812345678", Some(&bot)), did(&carrier, NUMBER, None), did(&carrier, "1800", None)];
    for did in &written {
        assert!(add(&store, did).await);
    }
    let mut tx = store.read().await.unwrap();
    for did in &written {
        assert_eq!(tx.did(&carrier.id, &did.id).await.unwrap().as_ref(), Some(did));
    }
    assert_eq!(
        tx.did_by_number(&account, &PhoneNumber::parse("+919812345678", None).unwrap()).await.unwrap().unwrap().id,
        written[0].id
    );
    assert_eq!(tx.dids_of(std::slice::from_ref(&carrier.id)).await.unwrap().len(), 3);
}

async fn one_of_many_concurrent_inserts_is_saved(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let carriers = [saved_carrier(&store, &account, "A").await, saved_carrier(&store, &account, "B").await];
    let adders: Vec<_> = (0..200)
        .map(|adder| {
            let (store, did) = (store.clone(), did(&carriers[adder % 2], NUMBER, None));
            tokio::spawn(async move { add(&store, &did).await })
        })
        .collect();
    let mut won = 0;
    for adder in adders {
        won += i32::from(adder.await.unwrap());
    }
    assert_eq!((won, database.count("dids").await, database.count("carriers WHERE did_count = 1").await), (1, 1, 1));
    assert_eq!(store.read().await.unwrap().totals(&account).await.unwrap().numbers, 1);
}

async fn another_account_may_have_the_same_number(database: &Database) {
    let store = database.open().await;
    for _ in 0..2 {
        let account = account(&store).await;
        let carrier = saved_carrier(&store, &account, "T").await;
        assert!(add(&store, &did(&carrier, NUMBER, None)).await);
        assert!(!add(&store, &did(&carrier, "+1 415 555-0100", None)).await);
    }
}

async fn update_of_a_stale_version_writes_nothing(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let carrier = saved_carrier(&store, &account, "T").await;
    let first = did(&carrier, NUMBER, None);
    add(&store, &first).await;
    let labelled = |label: &str, version| {
        let mut did = Did { version, ..first.clone() };
        did.settings.label = label.parse().ok();
        did
    };
    let mut tx = store.write().await.unwrap();
    assert!(tx.update_did(&labelled("Second", 2)).await.unwrap());
    assert!(!tx.update_did(&labelled("Late", 2)).await.unwrap());
    let read = tx.did(&carrier.id, &first.id).await.unwrap().unwrap();
    assert_eq!((read.settings.label.unwrap().as_str(), read.version), ("Second", 2));
}

async fn renumbering_to_a_taken_number_is_rejected(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let carrier = saved_carrier(&store, &account, "T").await;
    let (local, international) = (did(&carrier, "09812345678", None), did(&carrier, "+919812345678", None));
    add(&store, &local).await;
    add(&store, &international).await;
    let number = PhoneNumber::parse("09812345678", "IN".parse().ok()).unwrap();
    let mut tx = store.write().await.unwrap();
    assert!(tx.renumber_did(&local.id, &number).await.unwrap_err().is_unique_violation());
    drop(tx);
    let mut tx = store.write().await.unwrap();
    assert!(tx.delete_did(&international).await.unwrap());
    assert!(!tx.delete_did(&international).await.unwrap());
    tx.renumber_did(&local.id, &number).await.unwrap();
    assert_eq!(tx.did(&carrier.id, &local.id).await.unwrap().unwrap().number, number);
}

async fn deleting_a_bot_unassigns_its_dids(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let bot = saved_bot(&store, &account, "Concierge").await;
    let carrier = saved_carrier(&store, &account, "T").await;
    let answered = did(&carrier, NUMBER, Some(&bot));
    add(&store, &answered).await;
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.counted_bot(&account, &bot.id).await.unwrap(), Some((bot.clone(), 1)));
    assert_eq!(tx.counted_bots(&account).await.unwrap(), [(bot.clone(), 1)]);
    assert_eq!(tx.bot(&account, &bot.id).await.unwrap().as_ref(), Some(&bot));
    assert_eq!(tx.bots(&account).await.unwrap().as_slice(), std::slice::from_ref(&bot));
    assert!(tx.delete_bot(&account, &bot.id).await.unwrap());
    assert!(!tx.delete_bot(&account, &bot.id).await.unwrap());
    let left = tx.did(&carrier.id, &answered.id).await.unwrap().unwrap();
    assert_eq!((left.settings.bot_id, left.version), (None, 2));
}

async fn many_keys_are_looked_up_in_chunks(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let carrier = saved_carrier(&store, &account, "T").await;
    let added = [did(&carrier, "+14155550100", None), did(&carrier, "+14155551099", None)];
    for did in &added {
        assert!(add(&store, did).await);
    }
    let keys: Vec<String> = (100..1300).map(|index| format!("1415555{index:04}")).collect();
    let mut tx = store.read().await.unwrap();
    let mut found = tx.dids_by_keys(&account, &keys).await.unwrap();
    found.sort_by(|a, b| a.number.key().cmp(b.number.key()));
    assert_eq!(found, added);
    assert_eq!(tx.dids_by_keys(&account, &[]).await.unwrap(), []);
    assert_eq!(tx.dids_by_keys(&AccountId::new(ulid()), &keys).await.unwrap(), []);
}

crate::on_both! {
    many_keys_are_looked_up_in_chunks
    did_is_read_as_written
    one_of_many_concurrent_inserts_is_saved
    another_account_may_have_the_same_number
    update_of_a_stale_version_writes_nothing
    renumbering_to_a_taken_number_is_rejected
    deleting_a_bot_unassigns_its_dids
}
