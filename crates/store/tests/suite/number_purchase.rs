use domain::{
    AccountId, NumberProviderKind, NumberPurchase, NumberPurchaseId, PhoneNumber, PurchaseFault, PurchaseState,
    Requester,
};
use store::Store;

use crate::{
    database::Database,
    rows::{NOW, account, ulid},
};

fn purchase(account: &AccountId) -> NumberPurchase {
    NumberPurchase {
        id: NumberPurchaseId::new(ulid()),
        account_id: account.clone(),
        number: PhoneNumber::restore("+16505551234".into(), Some("+16505551234".into()), "16505551234".into()),
        provider: NumberProviderKind::Twilio,
        provider_account: "AC1".to_owned(),
        country: "US".parse().unwrap(),
        label: Some("Support".parse().unwrap()),
        bot_id: None,
        requester: Requester { actor: None, name: "admin@example.com".to_owned(), user_id: None },
        state: PurchaseState::Requested,
        buys: 0,
        buy_sent_at: None,
        refusal: None,
        provider_ref: None,
        carrier_id: None,
        did_id: None,
        bought_at: None,
        provisioned_at: None,
        ended_at: None,
        attempt: 0,
        due_at: NOW,
        fault: None,
        created_at: NOW,
        updated_at: NOW,
        version: 1,
    }
}

async fn insert(store: &Store, purchase: &NumberPurchase) -> bool {
    let mut tx = store.write().await.unwrap();
    let inserted = tx.insert_number_purchase(purchase).await.unwrap();
    tx.commit().await.unwrap();
    inserted
}

async fn update(store: &Store, purchase: &NumberPurchase) -> bool {
    let mut tx = store.write().await.unwrap();
    let updated = tx.update_number_purchase(purchase).await.unwrap();
    tx.commit().await.unwrap();
    updated
}

async fn written_purchase_is_read(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let first = purchase(&account);
    assert!(insert(&store, &first).await);
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.number_purchase(&account, &first.id).await.unwrap(), Some(first.clone()));
    assert_eq!(tx.due_number_purchases(NOW, 9).await.unwrap(), std::slice::from_ref(&first));
    assert_eq!(tx.next_number_purchase_at().await.unwrap(), Some(NOW));
    drop(tx);
    let next = NumberPurchase {
        fault: Some(PurchaseFault::new("x", "y")),
        refusal: Some(PurchaseFault::new("a", "b")),
        ..first.clone().buying(NOW).bought(Some("PN1".to_owned()), NOW)
    };
    assert!(update(&store, &next).await);
    let mut tx = store.read().await.unwrap();
    let read = tx.number_purchase(&account, &first.id).await.unwrap();
    assert_eq!(read, Some(NumberPurchase { version: 2, ..next }));
}

async fn number_has_one_active_purchase(database: &Database) {
    let store = database.open().await;
    let (own, other) = (account(&store).await, account(&store).await);
    let first = purchase(&own);
    assert!(insert(&store, &first).await);
    assert!(!insert(&store, &purchase(&own)).await);
    assert!(insert(&store, &purchase(&other)).await, "of another account");
    assert!(update(&store, &first.clone().failed(PurchaseFault::new("x", "y"), NOW)).await);
    assert!(insert(&store, &purchase(&own)).await, "after the first has ended");
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.count_number_purchases(&own).await.unwrap(), 2);
    assert_eq!(tx.number_purchases(&own, None, 9).await.unwrap().len(), 2);
}

async fn stale_version_is_not_written(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let first = purchase(&account);
    assert!(insert(&store, &first).await);
    assert!(update(&store, &first.clone().buying(NOW)).await);
    assert!(!update(&store, &first.moved(PurchaseState::Undoing, NOW)).await);
}

crate::on_both! {
    written_purchase_is_read
    number_has_one_active_purchase
    stale_version_is_not_written
}
