//! Numbers that an earlier version stored.

use domain::{Did, DidId, PhoneNumber};

use crate::world::{World, services};

#[tokio::test(flavor = "multi_thread")]
async fn stored_numbers_are_parsed_again_once() {
    let world = World::new().await;
    let carrier = world.carrier("Tata").await;
    let added = world.add_did(&carrier, 1, None).await;
    let (folder, clock) = world.dependencies();
    let mut tx = world.services.store().write().await.unwrap();
    let row = tx.did(&carrier.id, &added.id).await.unwrap().unwrap();
    // The last two are one number.
    for stored in ["+9102267890123", "+912267890124", "+9102267890124"] {
        let number = PhoneNumber::restore(stored.to_owned(), Some(stored.to_owned()), stored[1..].to_owned());
        assert!(tx.insert_did(&Did { id: DidId::new(clock.ulid()), number, ..row.clone() }).await.unwrap());
    }
    assert!(tx.remove_setting("phone_number_parser", "libphonenumber").await.unwrap());
    tx.commit().await.unwrap();

    let restarted = services(folder, clock).await;
    let mut tx = restarted.store().read().await.unwrap();
    let dids = tx.dids_of(std::slice::from_ref(&carrier.id)).await.unwrap();
    let mut numbers: Vec<_> = dids.iter().map(|did| (did.number.number(), did.number.key())).collect();
    numbers.retain(|(number, _)| number.starts_with("+91"));
    numbers.sort_unstable();
    assert_eq!(
        numbers,
        [("+9102267890124", "9102267890124"), ("+912267890123", "912267890123"), ("+912267890124", "912267890124")]
    );
}
