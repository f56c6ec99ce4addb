//! Bulk changes of a carrier's DIDs.

use domain::{DidAction, DidFilter, Direction};
use store::{DidPart, DidSearch, DidSelection};

use crate::{
    database::Database,
    rows::{NOW, account, add, did, saved_bot, saved_carrier},
};

async fn actions_change_20000_dids(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let (carrier, other) = (saved_carrier(&store, &account, "T").await, saved_carrier(&store, &account, "U").await);
    let bot = saved_bot(&store, &account, "Concierge").await;
    assert!(add(&store, &did(&other, "+442079460018", None)).await);
    // One statement: inserting the rows one by one would be slow.
    let id = if database.is_sqlite() { "substr('00000000' || n, -8)" } else { "lpad(n::text, 8, '0')" };
    database
        .run(&format!(
            "WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 20000) \
             INSERT INTO dids (id, account_id, carrier_id, number, number_key, direction, created_at, updated_at, version) \
             SELECT 'did_01hgw2bbg000000000' || {id}, '{account}', '{}', 'n' || n, 'n' || {id}, \
             CASE n % 2 WHEN 0 THEN 'both' ELSE 'outbound' END, 0, 0, 1 FROM many",
            carrier.id
        ))
        .await;
    database.run(&format!("UPDATE carriers SET did_count = 20000 WHERE id = '{}'", carrier.id)).await;
    database.run(&format!("UPDATE accounts SET number_total = 20001 WHERE id = '{account}'")).await;
    let all =
        |filter| DidSelection::Search(DidSearch { carrier_id: carrier.id.clone(), filter, number_keys: Vec::new() });
    let selection = all(DidFilter::default());
    let (assign, inbound) = (DidAction::AssignBot(Some(bot.id.clone())), DidAction::SetDirection(Direction::Inbound));
    let outbound = DidAction::SetDirection(Direction::Outbound);

    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.count_selected_dids(&selection, DidPart::All).await.unwrap(), 20_000);
    assert_eq!(tx.count_selected_dids(&selection, DidPart::Outbound).await.unwrap(), 10_000);
    let first = tx.selected_dids(&selection, DidPart::Changing(&assign), 2).await.unwrap();
    let numbers: Vec<_> = first.iter().map(|did| did.number.number()).collect();
    assert_eq!(numbers, ["n2", "n4"]);
    assert_eq!(tx.change_dids(&account, &selection, &assign, NOW).await.unwrap(), 10_000);
    assert_eq!(tx.change_dids(&account, &selection, &assign, NOW).await.unwrap(), 0);
    let changed = tx.did(&carrier.id, &first[0].id).await.unwrap().unwrap();
    assert_eq!((changed.settings.bot_id.as_ref(), changed.version, changed.updated_at), (Some(&bot.id), 2, NOW));
    let answered = all(DidFilter { q: "concierge".to_owned(), ..DidFilter::default() });
    assert_eq!(tx.count_selected_dids(&answered, DidPart::All).await.unwrap(), 10_000);

    assert_eq!(tx.change_dids(&account, &selection, &inbound, NOW).await.unwrap(), 20_000);
    assert_eq!(tx.change_dids(&account, &answered, &outbound, NOW).await.unwrap(), 10_000);
    let changed = tx.did(&carrier.id, &first[0].id).await.unwrap().unwrap();
    assert_eq!((changed.settings.bot_id, changed.settings.direction), (None, Direction::Outbound));
    assert_eq!(tx.count_selected_dids(&answered, DidPart::All).await.unwrap(), 0);

    let filtered = all(DidFilter { direction: Some(Direction::Inbound), ..DidFilter::default() });
    assert_eq!(tx.change_dids(&account, &filtered, &DidAction::Remove, NOW).await.unwrap(), 10_000);
    let ids = DidSelection::Ids(carrier.id.clone(), first.iter().map(|did| did.id.clone()).collect());
    assert_eq!(tx.change_dids(&account, &ids, &DidAction::Remove, NOW).await.unwrap(), 2);
    let foreign = DidSelection::Ids(other.id.clone(), first.iter().map(|did| did.id.clone()).collect());
    assert_eq!(tx.change_dids(&account, &foreign, &DidAction::Remove, NOW).await.unwrap(), 0);
    assert_eq!(tx.counted_carrier(&account, &carrier.id).await.unwrap().unwrap().1, 9_998);
    assert_eq!(tx.totals(&account).await.unwrap().numbers, 9_999);
    assert_eq!(tx.dids_of(std::slice::from_ref(&other.id)).await.unwrap().len(), 1);
}

crate::on_both! {
    actions_change_20000_dids
}
