//! The list of carriers: search, order and pages.

use std::collections::BTreeMap;

use domain::{AccountId, Carrier, CarrierId, CarrierSort, IntoEnumIterator};
use serde_json::json;
use store::{CarrierFilter, Cursor, Store, SyncFailure};

use crate::{
    database::Database,
    rows::{NOW, account, add, carrier_with, did, save, saved_carrier},
};

fn all(sort: CarrierSort, descending: bool, limit: u32) -> CarrierFilter {
    CarrierFilter { q: String::new(), number_keys: Vec::new(), attention: None, sort, descending, limit, after: None }
}

async fn page(store: &Store, account: &AccountId, filter: &CarrierFilter) -> (Vec<(Carrier, i64)>, Option<Cursor>) {
    store.read().await.unwrap().carriers(account, filter).await.unwrap()
}

async fn names(store: &Store, account: &AccountId, q: &str) -> Vec<String> {
    let filter = CarrierFilter { q: q.to_owned(), ..all(CarrierSort::Name, false, 100) };
    let (found, _) = page(store, account, &filter).await;
    let count = store.read().await.unwrap().count_carriers(account, &filter).await.unwrap();
    assert_eq!(usize::try_from(count).unwrap(), found.len(), "{q}");
    found.into_iter().map(|(carrier, _)| carrier.settings.name.to_string()).collect()
}

/// Twenty-three carriers with many equal keys in every order.
async fn many(store: &Store, account: &AccountId) -> Vec<Carrier> {
    let (mut carriers, rates) = (Vec::new(), [0.1, 0.3, 2.7]);
    for index in 0..23 {
        let settings = json!({"name": format!("Carrier {}", index % 7), "sip_address": format!("h{}.example.com", index % 5),
            "outbound_cps": rates[index % 3]});
        let mut carrier = carrier_with(account, settings);
        carrier.created_at = NOW.plus_millis(index as i64 % 4);
        save(store, &carrier).await;
        for number in 0..index % 3 {
            assert!(add(store, &did(&carrier, &format!("+1415555{index:02}{number:02}"), None)).await);
        }
        let mut tx = store.write().await.unwrap();
        tx.request_sync(account, &carrier.id, "T", NOW).await.unwrap();
        let task = tx.sync_task(&carrier.id).await.unwrap().unwrap();
        match index % 4 {
            0 => drop(tx.fail_sync(&task, &SyncFailure::refused("no"), NOW).await.unwrap()),
            1 => assert!(tx.finish_sync(&task, None, None, NOW.plus_millis(index as i64 % 2)).await.unwrap()),
            _ => {}
        }
        tx.commit().await.unwrap();
        carriers.push(carrier);
    }
    carriers
}

async fn pages_show_each_row_once_during_changes(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let mut stay = many(&store, &account).await;
    for sort in CarrierSort::iter() {
        for descending in [false, true] {
            let deleted = saved_carrier(&store, &account, "Carrier 3").await;
            let mut seen: BTreeMap<CarrierId, u32> = BTreeMap::new();
            let mut filter = all(sort, descending, 4);
            loop {
                let (rows, next) = page(&store, &account, &filter).await;
                assert!(rows.len() <= 4);
                for (carrier, _) in rows {
                    *seen.entry(carrier.id).or_default() += 1;
                }
                let Some(next) = next else { break };
                // Encoded and decoded, as on the wire.
                filter.after = filter.accepts(Cursor::decode(&next.encode()).unwrap());
                assert!(filter.after.is_some());
                stay.push(saved_carrier(&store, &account, "Newcomer").await);
                let newest = stay.pop().unwrap();
                let mut tx = store.write().await.unwrap();
                tx.delete_carrier(&account, &deleted.id).await.unwrap();
                tx.delete_carrier(&account, &newest.id).await.unwrap();
                tx.commit().await.unwrap();
            }
            let twice: Vec<_> = seen.iter().filter(|(_, times)| **times > 1).collect();
            assert!(twice.is_empty(), "{sort:?} {descending}: {twice:?}");
            let missed: Vec<_> = stay.iter().filter(|carrier| !seen.contains_key(&carrier.id)).collect();
            assert!(missed.is_empty(), "{sort:?} {descending}: {missed:?}");
        }
    }
}

async fn descending_is_the_reverse_of_ascending(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    many(&store, &account).await;
    for sort in CarrierSort::iter() {
        let ids = async |descending| {
            let (rows, next) = page(&store, &account, &all(sort, descending, 100)).await;
            assert!(next.is_none());
            rows.into_iter().map(|(carrier, _)| carrier.id).collect::<Vec<_>>()
        };
        let mut descending = ids(true).await;
        descending.reverse();
        assert_eq!(ids(false).await, descending, "{sort:?}");
    }
}

async fn cursor_of_another_order_is_rejected(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    many(&store, &account).await;
    let by_name = all(CarrierSort::Name, false, 2);
    let cursor = page(&store, &account, &by_name).await.1.unwrap();
    assert!(by_name.accepts(cursor.clone()).is_some());
    assert!(all(CarrierSort::Name, true, 2).accepts(cursor.clone()).is_none());
    assert!(all(CarrierSort::SipAddress, false, 2).accepts(cursor.clone()).is_none());
    let forged = Cursor { sort: "did_count".to_owned(), ..cursor };
    assert!(all(CarrierSort::Dids, false, 2).accepts(forged).is_none());
}

async fn search_escapes_wildcards(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    for name in ["100% Voice", "100 Voice", "a_b", "axb", "Wow!", "It's", "back\\slash"] {
        saved_carrier(&store, &account, name).await;
    }
    for (q, expected) in [
        ("100%", vec!["100% Voice"]),
        ("a_b", vec!["a_b"]),
        ("!", vec!["Wow!"]),
        ("it's", vec!["It's"]),
        ("\\", vec!["back\\slash"]),
        ("'; --", vec![]),
    ] {
        assert_eq!(names(&store, &account, q).await, expected, "{q}");
    }
}

async fn search_ignores_case_in_names_and_addresses(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    for (name, address) in
        [("ÜNÏCODE Größe", "a.example.com"), ("Twilio", "Acme.PSTN.twilio.com"), ("Other", "b.example.com")]
    {
        save(&store, &carrier_with(&account, json!({"name": name, "sip_address": address}))).await;
    }
    for (q, expected) in [
        ("ünïcode", "ÜNÏCODE Größe"),
        ("GRÖßE", "ÜNÏCODE Größe"),
        ("TWIL", "Twilio"),
        ("pstn", "Twilio"),
        ("PSTN.TWILIO", "Twilio"),
    ] {
        assert_eq!(names(&store, &account, q).await, [expected], "{q}");
    }
}

async fn search_matches_the_keys_of_dids(database: &Database) {
    let store = database.open().await;
    let mine = account(&store).await;
    let other = account(&store).await;
    for (account, name) in [(&mine, "A"), (&mine, "B"), (&other, "C")] {
        let carrier = saved_carrier(&store, account, name).await;
        let number = if name == "B" { "+14155550101" } else { "+14155550100" };
        assert!(add(&store, &did(&carrier, number, None)).await);
    }
    let filter = CarrierFilter {
        q: "no name".to_owned(),
        number_keys: vec!["14155550100".to_owned(), "19990000000".to_owned()],
        ..all(CarrierSort::Name, false, 100)
    };
    let (found, _) = page(&store, &mine, &filter).await;
    assert_eq!(found.iter().map(|(carrier, _)| carrier.settings.name.as_str()).collect::<Vec<_>>(), ["A"]);
    assert_eq!(store.read().await.unwrap().count_carriers(&mine, &filter).await.unwrap(), 1);
}

async fn names_sort_alike_in_both_databases(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    for name in ["b", "A", "a b", "ab", "Z", "É", "_", "1"] {
        saved_carrier(&store, &account, name).await;
    }
    assert_eq!(names(&store, &account, "").await, ["1", "_", "A", "a b", "ab", "b", "Z", "É"]);
}

crate::on_both! {
    pages_show_each_row_once_during_changes
    descending_is_the_reverse_of_ascending
    cursor_of_another_order_is_rejected
    search_escapes_wildcards
    search_ignores_case_in_names_and_addresses
    search_matches_the_keys_of_dids
    names_sort_alike_in_both_databases
}
