//! What needs attention: lists, counts, and the indexes that serve them.

use std::collections::BTreeSet;

use domain::{AccountId, Attention, Carrier, CarrierId, CarrierSort, Direction, IntoEnumIterator, SourcePolicy};
use serde_json::json;
use sqlx::{AssertSqlSafe, Row};
use store::{CarrierFilter, Cursor, Store, SyncFailure};

use crate::{
    database::Database,
    rows::{NOW, account, add, carrier_with, did, save, saved_bot, saved_carrier},
};

fn filter(attention: Attention, q: &str, sort: CarrierSort, descending: bool, limit: u32) -> CarrierFilter {
    CarrierFilter {
        q: q.to_owned(),
        number_keys: Vec::new(),
        attention: Some(attention),
        sort,
        descending,
        limit,
        after: None,
    }
}

/// All pages, and the count compared with them.
async fn listed(store: &Store, account: &AccountId, mut filter: CarrierFilter) -> Vec<CarrierId> {
    let total = store.read().await.unwrap().count_carriers(account, &filter).await.unwrap();
    let mut listed_ids = Vec::new();
    loop {
        let (rows, next) = store.read().await.unwrap().carriers(account, &filter).await.unwrap();
        listed_ids.extend(rows.into_iter().map(|(carrier, _)| carrier.id));
        let Some(next) = next else { break };
        filter.after = filter.accepts(Cursor::decode(&next.encode()).unwrap());
        assert!(filter.after.is_some());
    }
    assert_eq!(usize::try_from(total).unwrap(), listed_ids.len(), "{filter:?}");
    listed_ids
}

async fn end_sync(store: &Store, carrier: &Carrier, well: bool) {
    let mut tx = store.write().await.unwrap();
    tx.request_sync(&carrier.account_id, &carrier.id, "T", NOW).await.unwrap();
    let task = tx.sync_task(&carrier.id).await.unwrap().unwrap();
    if well {
        assert!(tx.finish_sync(&task, None, None, NOW).await.unwrap());
    } else {
        tx.fail_sync(&task, &SyncFailure::refused("no"), NOW).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn each_reason_lists_its_carriers_alone(database: &Database) {
    let store = database.open().await;
    let (account, other) = (account(&store).await, account(&store).await);
    let bot = saved_bot(&store, &account, "Concierge").await;
    let (mut failing, mut numberless, mut unanswered) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for index in 0..14_u32 {
        let settings =
            json!({"name": format!("Carrier {}", index % 4), "sip_address": format!("h{}.example.com", index % 3)});
        let carrier = carrier_with(&account, settings);
        save(&store, &carrier).await;
        match index % 4 {
            0 => drop(numberless.insert(carrier.id.clone())),
            1 => assert!(add(&store, &did(&carrier, &format!("+141555500{index:02}"), Some(&bot))).await),
            2 => {
                assert!(add(&store, &did(&carrier, &format!("+141555500{index:02}"), None)).await);
                assert!(add(&store, &did(&carrier, &format!("+141555501{index:02}"), None)).await);
                unanswered.insert(carrier.id.clone());
            }
            _ => {
                let mut outbound = did(&carrier, &format!("+141555500{index:02}"), None);
                outbound.settings.direction = Direction::Outbound;
                assert!(add(&store, &outbound).await);
            }
        }
        if index % 5 == 0 {
            end_sync(&store, &carrier, false).await;
            failing.insert(carrier.id);
        } else if index % 5 == 1 {
            end_sync(&store, &carrier, true).await;
        }
    }
    // In another account.
    let stranger = saved_carrier(&store, &other, "Stranger").await;
    end_sync(&store, &stranger, false).await;
    for (kind, expected) in
        [(Attention::SyncError, &failing), (Attention::NoNumbers, &numberless), (Attention::NoBot, &unanswered)]
    {
        for sort in CarrierSort::iter() {
            for descending in [false, true] {
                let listed_ids = listed(&store, &account, filter(kind, "", sort, descending, 3)).await;
                assert_eq!(listed_ids.len(), expected.len(), "{kind:?} {sort:?}");
                assert_eq!(&listed_ids.into_iter().collect::<BTreeSet<_>>(), expected, "{kind:?} {sort:?}");
            }
        }
        let searched = listed(&store, &account, filter(kind, "carrier 2", CarrierSort::Name, false, 3)).await;
        assert!(searched.len() < expected.len() || kind == Attention::NoBot, "{kind:?}");
        assert!(searched.iter().all(|id| expected.contains(id)), "{kind:?}");
    }
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.count_unanswered(&account).await.unwrap(), 2 * i64::try_from(unanswered.len()).unwrap());
    let first = tx.unanswered(&account, 3).await.unwrap();
    let numbers: Vec<_> = first.iter().map(|(did, name)| (did.number.canonical(), name.as_str())).collect();
    assert_eq!(numbers, [("+14155550002", "Carrier 2"), ("+14155550006", "Carrier 2"), ("+14155550010", "Carrier 2")]);
    assert_eq!((tx.count_bots(&account).await.unwrap(), tx.count_bots(&other).await.unwrap()), (1, 0));
    assert!(tx.any_synced(&account).await.unwrap() && !tx.any_synced(&other).await.unwrap());
}

async fn open_matches_source_policy_any(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let mut expected = BTreeSet::new();
    for mode in ["credentials", "ip"] {
        for credentials in [false, true] {
            for addresses in [json!([]), json!(["192.0.2.1"])] {
                for any_source in [false, true] {
                    // Set past the form, which refuses some of these; older rows may have them.
                    let mut carrier = carrier_with(
                        &account,
                        json!({"name": "T", "sip_address": "a.example",
                        "auth_username": credentials.then_some("acme"), "auth_password": credentials.then_some("s3cret-pass"),
                        "allowed_addresses": addresses, "accept_any_source": any_source}),
                    );
                    carrier.settings.inbound_auth = mode.parse().unwrap();
                    save(&store, &carrier).await;
                    if SourcePolicy::of(&carrier.settings) == SourcePolicy::Any {
                        expected.insert(carrier.id);
                    }
                }
            }
        }
    }
    assert_eq!(expected.len(), 3);
    let listed_ids = listed(&store, &account, filter(Attention::Open, "", CarrierSort::Name, false, 2)).await;
    assert_eq!(listed_ids.into_iter().collect::<BTreeSet<_>>(), expected);
}

/// According to the query plans.
async fn counts_use_the_partial_indexes(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    saved_carrier(&store, &account, "T").await;
    let questions = [
        ("dids_unanswered", "dids WHERE account_id = 'a' AND bot_id IS NULL AND direction <> 'outbound'"),
        ("carriers_numberless", "carriers WHERE carriers.account_id = 'a' AND did_count = 0 AND name_key > ''"),
        (
            "carriers_open",
            "carriers WHERE carriers.account_id = 'a' AND accept_any_source = 1 AND allowed_addresses = '' \
             AND (inbound_auth <> 'credentials' OR auth_username IS NULL)",
        ),
    ];
    let mut raw = database.raw().await;
    if !database.is_sqlite() {
        // The tables of the test are so small that a sequential scan would be cheaper.
        sqlx::query("SET enable_seqscan = off").execute(&mut raw).await.unwrap();
    }
    for (index, question) in questions {
        let (explain, column) =
            if database.is_sqlite() { ("EXPLAIN QUERY PLAN", "detail") } else { ("EXPLAIN", "QUERY PLAN") };
        let sql = format!("{explain} SELECT COUNT(*) FROM {question}");
        let plan = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut raw).await.unwrap();
        let plan: Vec<String> = plan.iter().map(|line| line.get(column)).collect();
        assert!(plan.join("\n").contains(index), "{plan:#?}");
    }
}

crate::on_both! {
    each_reason_lists_its_carriers_alone
    open_matches_source_policy_any
    counts_use_the_partial_indexes
}
