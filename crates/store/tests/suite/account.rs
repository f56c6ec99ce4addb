//! Totals in the accounts' rows.

use domain::{AccountId, Carrier, Did};
use store::{Store, SyncFailure, Totals};

use crate::{
    database::Database,
    rows::{NOW, account, add, did, saved_carrier},
};

/// Numerical Recipes' generator: the same operations in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

async fn counted(database: &Database, account: &AccountId) -> Totals {
    Totals {
        carriers: database.count(&format!("carriers WHERE account_id = '{account}'")).await,
        numbers: database.count(&format!("dids WHERE account_id = '{account}'")).await,
        sync_errors: database
            .count(&format!("carriers WHERE account_id = '{account}' AND lk_sync_status = 'error'"))
            .await,
    }
}

/// What operators and the reconciler do, in a random order.
async fn operate(store: &Store, account: &AccountId, seed: u64, rounds: usize) {
    let mut dice = Dice(seed);
    let (mut carriers, mut dids): (Vec<Carrier>, Vec<Did>) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        if carriers.is_empty() || dice.roll(8) == 0 {
            carriers.push(saved_carrier(store, account, "T").await);
            continue;
        }
        let carrier = carriers[dice.roll(carriers.len())].clone();
        match dice.roll(7) {
            0 => {
                let mut tx = store.write().await.unwrap();
                assert!(tx.delete_carrier(account, &carrier.id).await.unwrap());
                tx.request_removal(account, &carrier.id, "T", NOW).await.unwrap();
                tx.commit().await.unwrap();
                carriers.retain(|kept| kept.id != carrier.id);
                dids.retain(|kept| kept.carrier_id != carrier.id);
            }
            1 if !dids.is_empty() => {
                let gone = dids.swap_remove(dice.roll(dids.len()));
                let mut tx = store.write().await.unwrap();
                assert!(tx.delete_did(&gone).await.unwrap());
                tx.commit().await.unwrap();
            }
            1..=3 => {
                let new = did(&carrier, &format!("+1{seed:03}{round:07}"), None);
                assert!(add(store, &new).await);
                dids.push(new);
            }
            4 => {
                let mut tx = store.write().await.unwrap();
                tx.request_sync(account, &carrier.id, "T", NOW).await.unwrap();
                tx.commit().await.unwrap();
            }
            ending => {
                let mut tx = store.write().await.unwrap();
                let Some(task) = tx.sync_task(&carrier.id).await.unwrap() else { continue };
                if ending == 5 {
                    tx.fail_sync(&task, &SyncFailure::refused("no"), NOW).await.unwrap();
                } else {
                    tx.finish_sync(&task, None, None, NOW).await.unwrap();
                }
                tx.commit().await.unwrap();
            }
        }
    }
}

async fn totals_equal_the_count_of_rows(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let workers: Vec<_> = (1..=4)
        .map(|seed| {
            let (store, account) = (store.clone(), account.clone());
            tokio::spawn(async move { operate(&store, &account, 200 + seed, 60).await })
        })
        .collect();
    for worker in workers {
        worker.await.unwrap();
    }
    let totals = store.read().await.unwrap().totals(&account).await.unwrap();
    assert_eq!(totals, counted(database, &account).await);
    assert!(totals.numbers > 0 && totals.sync_errors > 0, "{totals:?}");
    let wrong = "carriers WHERE did_count <> (SELECT COUNT(*) FROM dids WHERE carrier_id = carriers.id)";
    assert_eq!(database.count(wrong).await, 0);
}

/// An operator adds DIDs while the reconciler writes the outcome of the carrier's syncs.
async fn concurrent_writers_do_not_deadlock(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let carrier = saved_carrier(&store, &account, "T").await;
    let mut tx = store.write().await.unwrap();
    tx.request_sync(&account, &carrier.id, "T", NOW).await.unwrap();
    tx.commit().await.unwrap();
    let operator = {
        let (store, account, carrier) = (store.clone(), account.clone(), carrier.clone());
        tokio::spawn(async move {
            for number in 0..60 {
                let mut tx = store.write().await.unwrap();
                assert!(tx.insert_did(&did(&carrier, &format!("+141555501{number:02}"), None)).await.unwrap());
                tx.request_sync(&account, &carrier.id, "T", NOW).await.unwrap();
                tx.commit().await.unwrap();
            }
        })
    };
    let reconciler = {
        let (store, carrier) = (store.clone(), carrier.clone());
        tokio::spawn(async move {
            for round in 0..60 {
                let Some(task) = store.read().await.unwrap().sync_task(&carrier.id).await.unwrap() else { continue };
                let mut tx = store.write().await.unwrap();
                match round % 2 {
                    0 => drop(tx.fail_sync(&task, &SyncFailure::refused("no"), NOW).await.unwrap()),
                    _ => drop(tx.finish_sync(&task, None, None, NOW).await.unwrap()),
                }
                tx.commit().await.unwrap();
            }
        })
    };
    operator.await.unwrap();
    reconciler.await.unwrap();
}

async fn first_account_is_the_oldest(database: &Database) {
    let store = database.open().await;
    assert_eq!(store.read().await.unwrap().first_account().await.unwrap(), None);
    let first = account(&store).await;
    account(&store).await;
    assert_eq!(store.read().await.unwrap().first_account().await.unwrap(), Some(first));
}

crate::on_both! {
    totals_equal_the_count_of_rows
    concurrent_writers_do_not_deadlock
    first_account_is_the_oldest
}
