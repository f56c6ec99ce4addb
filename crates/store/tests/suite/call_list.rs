//! Pages of calls: filters, cursors, and the window of one page.

use domain::{AccountId, Call, CallDirection, CallFilter, CallOutcome, CallParty, CarrierId, NamedId};
use store::{CALL_WINDOW, Store};

use crate::{
    call::{call, save},
    database::Database,
    on_both,
    rows::{NOW, account},
};

const KEYS: [&str; 2] = ["14155550123", "914155550123"];

fn keys() -> Vec<String> {
    KEYS.map(str::to_owned).to_vec()
}

fn carrier() -> NamedId<CarrierId> {
    NamedId { id: "car_01hf7yat000000000000000000".parse().unwrap(), name: "Twilio".to_owned() }
}

/// The seconds of all calls that the filter finds, read page by page, and the number of pages.
async fn read(store: &Store, account: &AccountId, filter: &CallFilter) -> (Vec<i64>, usize) {
    let (mut seconds, mut pages, mut after) = (Vec::new(), 0, None);
    loop {
        let page = store.read().await.unwrap().calls(account, filter, &keys(), after.as_ref()).await.unwrap();
        seconds.extend(page.calls.iter().map(|call| (call.created_at.millis() - NOW.millis()) / 1000));
        pages += 1;
        match page.next {
            Some(next) => after = Some(next),
            None => return (seconds, pages),
        }
    }
}

async fn filters_match_alone_and_combined(database: &Database) {
    let store = database.open().await;
    let (account, other) = (account(&store).await, account(&store).await);
    let party = |number: &str| CallParty::new(number, None);
    let calls = [
        call(&account, 1),
        Call { carrier: Some(carrier()), from: party("+14155550999"), ..call(&account, 2) },
        Call {
            direction: CallDirection::Outbound,
            to: party("+14155550123"),
            from: party("anonymous"),
            ..call(&account, 3)
        },
        Call { outcome: CallOutcome::Failed, carrier: Some(carrier()), ..call(&account, 4) },
        // From and to the same number: listed once.
        Call { from: party("+14155550123"), to: party("+14155550123"), ..call(&account, 5) },
        call(&other, 6),
    ];
    save(&store, &calls).await;
    let all = CallFilter::default();
    let number = "+1 (415) 555-0123".to_owned();
    for (filter, expected) in [
        (all.clone(), &[5, 4, 3, 2, 1][..]),
        (CallFilter { number: number.clone(), ..all.clone() }, &[5, 4, 3, 1]),
        (CallFilter { carrier: Some(carrier().id), ..all.clone() }, &[4, 2]),
        (CallFilter { direction: Some(CallDirection::Outbound), ..all.clone() }, &[3]),
        (CallFilter { outcome: Some(CallOutcome::Failed), ..all.clone() }, &[4]),
        (CallFilter { from: Some(NOW.plus_millis(2000)), before: Some(NOW.plus_millis(4000)), ..all.clone() }, &[3, 2]),
        (CallFilter { number: number.clone(), carrier: Some(carrier().id), ..all.clone() }, &[4]),
        (
            CallFilter {
                number,
                direction: Some(CallDirection::Inbound),
                from: Some(NOW.plus_millis(2000)),
                ..all.clone()
            },
            &[5, 4],
        ),
        (CallFilter { carrier: Some(carrier().id), outcome: Some(CallOutcome::Answered), ..all.clone() }, &[]),
    ] {
        assert_eq!(read(&store, &account, &filter).await.0, expected, "{filter:?}");
        let one_by_one = CallFilter { limit: 1, ..filter };
        assert_eq!(read(&store, &account, &one_by_one).await.0, expected, "{one_by_one:?}");
    }
    let page = store.read().await.unwrap().calls(&account, &CallFilter { number: "x".into(), ..all }, &[], None).await;
    assert!(page.unwrap().calls.is_empty());
}

async fn window_bounds_a_page_of_several_filters(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let window = i64::from(CALL_WINDOW);
    let rare = |second: i64| second == 0 || second == window + 10;
    let outcome = |second| if rare(second) { CallOutcome::Failed } else { CallOutcome::Answered };
    let calls: Vec<_> = (0..=window + 10)
        .map(|second| Call { outcome: outcome(second), carrier: Some(carrier()), ..call(&account, second) })
        .collect();
    save(&store, &calls).await;
    let filter = CallFilter {
        carrier: Some(carrier().id),
        outcome: Some(CallOutcome::Failed),
        direction: Some(CallDirection::Inbound),
        ..CallFilter::default()
    };
    assert_eq!(read(&store, &account, &filter).await, (vec![window + 10, 0], 2));
    let first = store.read().await.unwrap().calls(&account, &filter, &[], None).await.unwrap();
    assert_eq!(first.searched_to, Some(NOW.plus_millis(11_000)));
    let number = CallFilter { number: "x".to_owned(), ..filter };
    assert_eq!(read(&store, &account, &number).await, (vec![window + 10, 0], 2));
}

on_both! {
    filters_match_alone_and_combined
    window_bounds_a_page_of_several_filters
}
