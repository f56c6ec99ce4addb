//! The list of a carrier's DIDs: search, order and pages.

use std::collections::BTreeMap;

use domain::{AccountId, Bot, BotFilter, Carrier, Did, DidFilter, DidId, DidSort, Direction, IntoEnumIterator};
use serde_json::json;
use store::{Cursor, DidRows, DidSearch, Store};

use crate::{
    database::Database,
    rows::{account, add, carrier_with, did, save, saved_bot, saved_carrier},
};

fn search(carrier: &Carrier, filter: DidFilter) -> DidSearch {
    DidSearch { carrier_id: carrier.id.clone(), filter, number_keys: Vec::new() }
}

async fn page(store: &Store, search: &DidSearch, after: Option<&Cursor>) -> DidRows {
    store.read().await.unwrap().did_page(search, after).await.unwrap()
}

/// All rows, and the count compared with them.
async fn all(store: &Store, search: &DidSearch) -> Vec<(Did, Option<String>)> {
    let found = page(store, search, None).await;
    assert!(found.next.is_none());
    let count = store.read().await.unwrap().count_dids(search).await.unwrap();
    assert_eq!(usize::try_from(count).unwrap(), found.dids.len(), "{search:?}");
    found.dids
}

async fn numbers(store: &Store, carrier: &Carrier, filter: DidFilter) -> Vec<String> {
    let rows = all(store, &search(carrier, filter)).await;
    rows.into_iter().map(|(did, _)| did.number.canonical().to_owned()).collect()
}

async fn numbers_by(store: &Store, carrier: &Carrier, q: &str) -> Vec<String> {
    numbers(store, carrier, DidFilter { q: q.to_owned(), ..DidFilter::default() }).await
}

async fn labelled(store: &Store, carrier: &Carrier, number: &str, label: Option<&str>, bot: Option<&Bot>) -> Did {
    let mut did = did(carrier, number, bot);
    did.settings.label = label.map(|label| label.parse().unwrap());
    assert!(add(store, &did).await);
    did
}

/// Twenty-three DIDs with many equal keys in every order.
async fn many(store: &Store, account: &AccountId, carrier: &Carrier) -> Vec<Did> {
    let bots = [saved_bot(store, account, "Concierge").await, saved_bot(store, account, "Night Porter").await];
    let mut dids = Vec::new();
    for index in 0..23_usize {
        let bot = bots.get(index % 4).filter(|_| index % 3 != 2);
        let mut row = did(carrier, &format!("+141555501{index:02}"), bot);
        row.settings.label = (index % 5 != 0).then(|| format!("Label {}", index % 3).parse().unwrap());
        row.settings.direction = [Direction::Both, Direction::Inbound, Direction::Outbound][index % 3];
        if row.settings.direction == Direction::Outbound {
            row.settings.bot_id = None;
        }
        assert!(add(store, &row).await);
        dids.push(row);
    }
    dids
}

async fn pages_show_each_row_once_during_changes(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let carrier = saved_carrier(&store, &account, "T").await;
    let stay = many(&store, &account, &carrier).await;
    for sort in DidSort::iter() {
        for descending in [false, true] {
            let mut times: BTreeMap<DidId, u32> = BTreeMap::new();
            let search = search(&carrier, DidFilter { sort, descending, limit: 4, ..DidFilter::default() });
            let mut after = None;
            loop {
                let found = page(&store, &search, after.as_ref()).await;
                assert!(found.dids.len() <= 4);
                for (did, _) in found.dids {
                    *times.entry(did.id).or_default() += 1;
                }
                let Some(next) = found.next else { break };
                // Encoded and decoded, as on the wire.
                after = Cursor::decode(&next.encode()).unwrap().for_dids(&search.filter);
                assert!(after.is_some());
                let other = did(&carrier, "+14155550050", None);
                assert!(add(&store, &other).await);
                let mut tx = store.write().await.unwrap();
                assert!(tx.delete_did(&other).await.unwrap());
                tx.commit().await.unwrap();
            }
            assert_eq!(times.len(), stay.len(), "{sort:?} {descending}");
            assert!(times.values().all(|times| *times == 1), "{sort:?} {descending}: {times:?}");
        }
    }
}

async fn each_order_is_by_its_column_then_number(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let carrier = saved_carrier(&store, &account, "T").await;
    many(&store, &account, &carrier).await;
    for sort in DidSort::iter() {
        let rows = async |descending| {
            all(&store, &search(&carrier, DidFilter { sort, descending, limit: 100, ..DidFilter::default() })).await
        };
        let ascending = rows(false).await;
        let keys: Vec<(String, &str)> = ascending
            .iter()
            .map(|(did, bot)| {
                let key = match sort {
                    DidSort::Number => String::new(),
                    DidSort::Label => did.settings.label.as_ref().map(ToString::to_string).unwrap_or_default(),
                    DidSort::Direction => did.settings.direction.as_str().to_owned(),
                    DidSort::Bot => bot.clone().unwrap_or_default(),
                };
                (key.to_lowercase(), did.number.key())
            })
            .collect();
        assert!(keys.is_sorted(), "{sort:?}: {keys:?}");
        let mut descending = rows(true).await;
        descending.reverse();
        assert_eq!(ascending, descending, "{sort:?}");
    }
}

async fn cursor_of_another_order_is_rejected(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let carrier = saved_carrier(&store, &account, "T").await;
    many(&store, &account, &carrier).await;
    let filter = DidFilter { limit: 2, ..DidFilter::default() };
    let cursor = page(&store, &search(&carrier, filter.clone()), None).await.next.unwrap();
    assert!(cursor.clone().for_dids(&filter).is_some());
    assert!(cursor.clone().for_dids(&DidFilter { descending: true, ..filter.clone() }).is_none());
    assert!(cursor.for_dids(&DidFilter { sort: DidSort::Label, ..filter }).is_none());
}

async fn direction_and_bot_filter_the_rows(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let (carrier, other) = (saved_carrier(&store, &account, "T").await, saved_carrier(&store, &account, "Other").await);
    let bot = saved_bot(&store, &account, "Concierge").await;
    let answered = labelled(&store, &carrier, "+14155550100", None, Some(&bot)).await;
    let mut outbound = did(&carrier, "+14155550101", None);
    outbound.settings.direction = Direction::Outbound;
    assert!(add(&store, &outbound).await);
    labelled(&store, &carrier, "+14155550102", None, None).await;
    labelled(&store, &other, "+14155550103", None, Some(&bot)).await;
    let of = async |filter| numbers(&store, &carrier, filter).await;
    let by_bot = |bot| DidFilter { bot: Some(bot), ..DidFilter::default() };
    assert_eq!(of(by_bot(BotFilter::Bot(bot.id.clone()))).await, [answered.number.canonical()]);
    assert_eq!(of(by_bot(BotFilter::NoBot)).await, ["+14155550101", "+14155550102"]);
    let by_direction = DidFilter { direction: Some(Direction::Both), ..DidFilter::default() };
    assert_eq!(of(by_direction.clone()).await, ["+14155550100", "+14155550102"]);
    let both = DidFilter { bot: Some(BotFilter::NoBot), ..by_direction };
    assert_eq!(of(both).await, ["+14155550102"]);
    let named = all(&store, &search(&carrier, by_bot(BotFilter::Bot(bot.id)))).await;
    assert_eq!(named[0].1.as_deref(), Some("Concierge"));
}

async fn search_matches_parts_of_labels_bots_and_numbers(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let carrier = carrier_with(&account, json!({"name": "T", "sip_address": "a.b", "destination_country": "IN"}));
    save(&store, &carrier).await;
    let bot = saved_bot(&store, &account, "Größe Concierge").await;
    let (support, sales, local) = ("+14155550134", "+442079460018", "+919812345678");
    labelled(&store, &carrier, support, Some("Support ÜBER 100%"), Some(&bot)).await;
    labelled(&store, &carrier, sales, Some("Sales_1"), None).await;
    labelled(&store, &carrier, "09812345678", None, None).await;
    for (q, expected) in [
        ("über", vec![support]),
        ("GRÖSSE", vec![]),
        ("größe", vec![support]),
        ("support concierge", vec![support]),
        ("support sales", vec![]),
        ("100%", vec![support]),
        ("s_1", vec![sales]),
        ("!", vec![]),
        ("415", vec![support]),
        ("415 555", vec![support]),
        ("415 0134", vec![support]),
        ("0134 +1415", vec![support]),
        ("(415) 555-01", vec![support]),
        ("+44 20 7946", vec![sales]),
        ("0981", vec![local]),
        ("098-1234-5678", vec![local]),
        ("7", vec![sales, local]),
        ("support 5550", vec![support]),
        ("sales 5550", vec![]),
        ("'; --", vec![]),
    ] {
        assert_eq!(numbers_by(&store, &carrier, q).await, expected, "{q}");
    }
    let by_key = DidSearch {
        number_keys: vec!["919812345678".to_owned()],
        ..search(&carrier, DidFilter { q: "tel:09812345678".to_owned(), ..DidFilter::default() })
    };
    assert_eq!(all(&store, &by_key).await.len(), 1);
}

async fn digits_beside_letters_search_labels(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let carrier = saved_carrier(&store, &account, "T").await;
    for index in 1..=120 {
        let label = (index != 7).then(|| format!("Extension {index}"));
        labelled(&store, &carrier, &format!("+1415555{index:04}"), label.as_deref(), None).await;
    }
    let count = async |q: &str| numbers_by(&store, &carrier, q).await.len();
    let with_1 = (1..=120).filter(|index: &u32| index.to_string().contains('1')).count();
    assert_eq!(count("extension 1").await, with_1);
    assert_eq!(count("extension 100").await, 1);
    // Of the 21 with a 7 in them, one has no label.
    assert_eq!(count("extension 7").await, 20);
    assert_eq!(count("ext7").await, 0);
}

async fn bot_is_searched_and_sorted_by_its_present_name(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let carrier = saved_carrier(&store, &account, "T").await;
    let (mut first, second) = (saved_bot(&store, &account, "Anna").await, saved_bot(&store, &account, "Bela").await);
    let mut moved = labelled(&store, &carrier, "+14155550100", None, Some(&first)).await;
    labelled(&store, &carrier, "+14155550101", None, Some(&second)).await;
    labelled(&store, &carrier, "+14155550102", None, Some(&first)).await;
    let sorted = async || numbers(&store, &carrier, DidFilter { sort: DidSort::Bot, ..DidFilter::default() }).await;
    assert_eq!(sorted().await, ["+14155550100", "+14155550102", "+14155550101"]);

    (first.settings.name, first.version) = ("Zoë".parse().unwrap(), 2);
    let mut tx = store.write().await.unwrap();
    assert!(tx.update_bot(&first).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(sorted().await, ["+14155550101", "+14155550100", "+14155550102"]);
    assert_eq!(numbers_by(&store, &carrier, "ZOË").await, ["+14155550100", "+14155550102"]);

    (moved.settings.bot_id, moved.version) = (Some(second.id.clone()), 2);
    moved.settings.label = Some("Moved".parse().unwrap());
    let mut tx = store.write().await.unwrap();
    assert!(tx.update_did(&moved).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(numbers_by(&store, &carrier, "bela moved").await, ["+14155550100"]);

    let mut tx = store.write().await.unwrap();
    assert!(tx.delete_bot(&account, &second.id).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(numbers_by(&store, &carrier, "bela").await, Vec::<String>::new());
    assert_eq!(sorted().await, ["+14155550100", "+14155550101", "+14155550102"]);
}

crate::on_both! {
    pages_show_each_row_once_during_changes
    each_order_is_by_its_column_then_number
    cursor_of_another_order_is_rejected
    direction_and_bot_filter_the_rows
    search_matches_parts_of_labels_bots_and_numbers
    digits_beside_letters_search_labels
    bot_is_searched_and_sorted_by_its_present_name
}
