//! Pages of the audit log: filters, cursors, and the window of one page.

use domain::{AccountId, ActorId, AuditAction, AuditEvent, AuditKind, EventId, UserId};
use domain::{ActorFilter, AuditFilter};
use serde_json::{Value, json};
use store::{AUDIT_WINDOW, Cursor, Store};

use crate::{
    database::Database,
    rows::{NOW, account, add, did, saved_bot, saved_carrier, ulid},
};

fn event(account: &AccountId, subject: &str, name: &str, action: AuditAction, second: i64) -> AuditEvent {
    AuditEvent {
        id: EventId::new(ulid()),
        account_id: account.clone(),
        actor: None,
        actor_name: "command line".to_owned(),
        action,
        subject_id: subject.to_owned(),
        subject_name: name.to_owned(),
        before: None,
        after: None,
        at: NOW.plus_millis(second * 1000),
    }
}

async fn write(store: &Store, events: &[AuditEvent]) {
    let mut tx = store.write().await.unwrap();
    for event in events {
        tx.insert_audit(event).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn found(store: &Store, account: &AccountId, filter: &AuditFilter) -> Vec<String> {
    let found = store.read().await.unwrap().audit(account, filter, None).await.unwrap();
    assert!(found.next.is_none(), "{filter:?}");
    found.events.into_iter().map(|event| event.subject_name).collect()
}

const CARRIER: &str = "car_01hf7yat000000000000000001";
const BOT: &str = "bot_01hf7yat000000000000000001";
const DID: &str = "did_01hf7yat000000000000000001";

async fn filters_match_alone_and_combined(database: &Database) {
    let store = database.open().await;
    let (account, other) = (account(&store).await, account(&store).await);
    let ops = ActorId::User(UserId::new(ulid()));
    let by_ops =
        |event: AuditEvent| AuditEvent { actor: Some(ops.clone()), actor_name: "ops@example.com".to_owned(), ..event };
    let of_carrier = |event: AuditEvent| AuditEvent { after: Some(json!({ "carrier_id": CARRIER })), ..event };
    use AuditAction::{Created, Deleted, Updated};
    write(
        &store,
        &[
            event(&account, CARRIER, "Twilio", Created, 1),
            by_ops(event(&account, CARRIER, "TWILIO US", Updated, 2)),
            by_ops(of_carrier(event(&account, DID, "+14155550134", Created, 3))),
            event(&account, BOT, "ÜNÏ Concierge", Created, 4),
            by_ops(event(&account, BOT, "Concierge", Deleted, 5)),
            event(&other, CARRIER, "Somebody else's", Created, 6),
        ],
    )
    .await;
    let all = AuditFilter::default();
    let everything = ["Concierge", "ÜNÏ Concierge", "+14155550134", "TWILIO US", "Twilio"];
    assert_eq!(found(&store, &account, &all).await, everything);
    let email = ActorFilter::Email("ops@example.com".parse().unwrap());
    let cases: [(AuditFilter, &[&str]); 15] = [
        (AuditFilter { q: "twil".into(), ..all.clone() }, &["TWILIO US", "Twilio"]),
        (AuditFilter { q: "ünï".into(), ..all.clone() }, &["ÜNÏ Concierge"]),
        (AuditFilter { q: "(415) 555-0134".into(), ..all.clone() }, &["+14155550134"]),
        (AuditFilter { q: "%".into(), ..all.clone() }, &[]),
        (AuditFilter { actor: Some(email.clone()), ..all.clone() }, &["Concierge", "+14155550134", "TWILIO US"]),
        (
            AuditFilter { actor: Some(ActorFilter::Id(ops.clone())), ..all.clone() },
            &["Concierge", "+14155550134", "TWILIO US"],
        ),
        (AuditFilter { actor: Some(ActorFilter::System), ..all.clone() }, &["ÜNÏ Concierge", "Twilio"]),
        (AuditFilter { kind: Some(AuditKind::Bot), ..all.clone() }, &["Concierge", "ÜNÏ Concierge"]),
        (AuditFilter { action: Some(Created), ..all.clone() }, &["ÜNÏ Concierge", "+14155550134", "Twilio"]),
        // A carrier's history includes its DIDs'.
        (AuditFilter { subject: Some(CARRIER.into()), ..all.clone() }, &["+14155550134", "TWILIO US", "Twilio"]),
        (AuditFilter { subject: Some(DID.into()), ..all.clone() }, &["+14155550134"]),
        (
            AuditFilter { from: Some(NOW.plus_millis(2000)), before: Some(NOW.plus_millis(4000)), ..all.clone() },
            &["+14155550134", "TWILIO US"],
        ),
        (AuditFilter { subject: Some(CARRIER.into()), kind: Some(AuditKind::Did), ..all.clone() }, &["+14155550134"]),
        (
            AuditFilter { actor: Some(email), kind: Some(AuditKind::Bot), action: Some(Deleted), ..all.clone() },
            &["Concierge"],
        ),
        (
            AuditFilter {
                q: "twilio".into(),
                actor: Some(ActorFilter::Id(ops.clone())),
                kind: Some(AuditKind::Carrier),
                subject: Some(CARRIER.into()),
                action: Some(Updated),
                from: Some(NOW),
                before: Some(NOW.plus_millis(9000)),
                ..all.clone()
            },
            &["TWILIO US"],
        ),
    ];
    for (filter, expected) in cases {
        assert_eq!(found(&store, &account, &filter).await, expected, "{filter:?}");
    }
}

async fn pages_show_each_event_once_during_inserts(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    // Several at the same time.
    let events: Vec<_> =
        (0..23).map(|n| event(&account, BOT, &format!("{n:02}"), AuditAction::Updated, n / 4)).collect();
    write(&store, &events).await;
    for filter in [
        AuditFilter { limit: 4, ..AuditFilter::default() },
        AuditFilter {
            limit: 4,
            kind: Some(AuditKind::Bot),
            action: Some(AuditAction::Updated),
            ..AuditFilter::default()
        },
    ] {
        let (mut seen, mut after): (Vec<String>, Option<Cursor>) = (Vec::new(), None);
        loop {
            let page = store.read().await.unwrap().audit(&account, &filter, after.as_ref()).await.unwrap();
            assert!(page.events.len() <= 4);
            seen.extend(page.events.into_iter().map(|event| event.subject_name));
            write(&store, &[event(&account, BOT, "new", AuditAction::Created, 999)]).await;
            let Some(next) = page.next else { break };
            // Encoded and decoded, as on the wire.
            after = Cursor::decode(&next.encode()).unwrap().for_audit();
            assert!(after.is_some());
        }
        seen.retain(|name| name != "new");
        let expected: Vec<String> = (0..23).rev().map(|n| format!("{n:02}")).collect();
        assert_eq!(seen, expected, "{filter:?}");
    }
}

async fn page_ends_with_its_window_and_reports_it(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let window = i64::from(AUDIT_WINDOW);
    write(&store, &[event(&account, BOT, "needle", AuditAction::Deleted, 0)]).await;
    // One statement: inserting the rows of a window one by one would be slow.
    let (raw_id, columns) =
        ("'evt_' || substr('00000000000000000000000000' || n, -26)", "subject_id, subject_name, subject_key");
    let raw_id = if database.is_sqlite() { raw_id.to_owned() } else { "'evt_' || lpad(n::text, 26, '0')".to_owned() };
    database
        .run(&format!(
            "WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < {window}) \
             INSERT INTO audit_events (id, account_id, actor_name, action, {columns}, history_id, at) \
             SELECT {raw_id}, '{account}', 'command line', 'updated', '{BOT}', 'hay', 'hay', '{BOT}', {} + n FROM many",
            NOW.millis() + 1000
        ))
        .await;
    let filter = AuditFilter { kind: Some(AuditKind::Bot), q: "needle".into(), ..AuditFilter::default() };
    let mut tx = store.read().await.unwrap();
    let page = tx.audit(&account, &filter, None).await.unwrap();
    assert_eq!(page.events, []);
    assert_eq!(page.searched_to, Some(NOW.plus_millis(1001)));
    let next = page.next.expect("there is more before");
    let page = tx.audit(&account, &filter, Some(&next)).await.unwrap();
    assert_eq!(page.events.len(), 1);
    assert!(page.next.is_none() && page.searched_to.is_none());
    // A filter that an index serves alone has no window.
    let deleted = AuditFilter { action: Some(AuditAction::Deleted), ..AuditFilter::default() };
    assert_eq!(tx.audit(&account, &deleted, None).await.unwrap().events.len(), 1);
}

async fn a_cursor_of_another_list_is_not_accepted(_: &Database) {
    let json = |value: Value| serde_json::to_string(&value).unwrap();
    for (sort, key) in [("name", json!(["t", "x"])), ("-at", json!(["t", "x"])), ("at", json!(["i", 1]))] {
        use base64::Engine;
        let text = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json(json!([sort, key, "evt_1"])));
        assert!(Cursor::decode(&text).unwrap().for_audit().is_none(), "{sort}");
    }
}

async fn deleted_rows_keep_their_last_name(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let (carrier, bot) =
        (saved_carrier(&store, &account, "Twilio").await, saved_bot(&store, &account, "Concierge").await);
    let number = did(&carrier, "+14155550134", None);
    assert!(add(&store, &number).await);
    write(
        &store,
        &[
            event(&account, BOT, "Porter", AuditAction::Created, 1),
            event(&account, BOT, "Night porter", AuditAction::Deleted, 2),
        ],
    )
    .await;
    let mut tx = store.read().await.unwrap();
    let ids: Vec<String> = vec![carrier.id.to_string(), bot.id.to_string(), BOT.to_owned(), CARRIER.to_owned()];
    let present = tx.present(&account, &ids).await.unwrap();
    let expected = [(carrier.id.to_string(), "Twilio".to_owned()), (bot.id.to_string(), "Concierge".to_owned())];
    assert_eq!(present, expected.into());
    let last = tx.last_names(&account, &ids).await.unwrap();
    assert_eq!(last, [(BOT.to_owned(), "Night porter".to_owned())].into());
    let dids = tx.present_dids(&account, &[number.id.to_string(), DID.to_owned()]).await.unwrap();
    assert_eq!(dids, [(number.id.to_string(), carrier.id.to_string())].into());
    assert!(tx.present(&account, &[]).await.unwrap().is_empty());
}

async fn number_is_found_in_any_spelling(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let number = |name: &str, e164: Option<&str>| AuditEvent {
        after: Some(json!({ "carrier_id": CARRIER, "e164": e164 })),
        ..event(&account, DID, name, AuditAction::Created, 1)
    };
    let (local, international) = ("09812345678", "+919812345679");
    let gone = AuditEvent {
        before: Some(json!({ "e164": "+442079460000" })),
        ..event(&account, DID, "02079460000", AuditAction::Deleted, 2)
    };
    let unknown = number("0555123", None);
    write(&store, &[number(local, Some("+919812345678")), number(international, Some(international)), gone, unknown])
        .await;
    for (q, name) in [
        ("+919812345678", local),
        ("0091 98123 45678", local),
        ("098-1234-5678", local),
        ("+91 98123 45679", international),
        ("09812345679", international),
        ("+44 20 7946", "02079460000"),
        ("0555", "0555123"),
    ] {
        let filter = AuditFilter { q: q.to_owned(), ..AuditFilter::default() };
        assert_eq!(found(&store, &account, &filter).await, [name], "{q}");
    }
}

crate::on_both! {
    number_is_found_in_any_spelling
    filters_match_alone_and_combined
    pages_show_each_event_once_during_inserts
    page_ends_with_its_window_and_reports_it
    a_cursor_of_another_list_is_not_accepted
    deleted_rows_keep_their_last_name
}
