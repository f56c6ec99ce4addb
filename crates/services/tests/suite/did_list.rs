//! The page of a carrier's DIDs.

use api_types::input::DidQuery;
use domain::Role;
use serde_json::json;
use services::Error;

use crate::{livekit_server::LiveKitServer, world::World};

async fn pages_have_rows_bot_names_and_totals(world: &World) {
    let carrier = world.carrier_with(json!({"name": "Tata", "destination_country": "IN"})).await;
    let (other, bot) = (world.carrier("Other").await, world.bot("Concierge").await);
    for (number, label, bot) in [
        ("+14155550134", Some("Support"), Some(&bot)),
        ("+14155550135", None, None),
        ("09812345678", Some("Sales"), Some(&bot)),
    ] {
        let settings = json!({"number": number, "label": label, "bot_id": bot.map(|bot| bot.id.as_str())});
        world.add_did_with(&carrier, settings).await.unwrap();
    }
    world.add_did_with(&other, json!({"number": "+14155550136"})).await.unwrap();
    let viewer = world.actor(Role::Viewer).await;
    let page = async |query: DidQuery| world.services.dids.page(&viewer, &carrier.id, &query).await.unwrap();

    let mut query = DidQuery { sort: "-number".into(), limit: "2".into(), ..DidQuery::default() };
    let first = page(query.clone()).await;
    assert_eq!((first.total, first.carrier_total), (3, 3));
    let rows: Vec<_> = first.items.iter().map(|row| (row.did.number.as_str(), row.bot_name.as_deref())).collect();
    assert_eq!(rows, [("09812345678", Some("Concierge")), ("+14155550135", None)]);
    query.cursor = first.next_cursor.unwrap();
    let last = page(query).await;
    assert_eq!((last.items.len(), last.next_cursor), (1, None));

    for q in ["098-1234-5678", "0091 98123 45678", "tel:+91-98123-45678", "9812345678", "sales", "concierge sales"] {
        let found = page(DidQuery { q: q.into(), ..DidQuery::default() }).await;
        let numbers: Vec<_> = found.items.iter().map(|row| row.did.number.as_str()).collect();
        assert_eq!((numbers, found.total, found.carrier_total), (vec!["09812345678"], 1, 3), "{q}");
    }
    let unanswered = page(DidQuery { bot_id: "none".into(), ..DidQuery::default() }).await;
    assert_eq!((unanswered.items.len(), unanswered.total), (1, 1));

    let carrier = world.services.carriers.get_without_dids(&viewer, &carrier.id).await.unwrap();
    assert_eq!((carrier.did_count, carrier.dids), (3, Vec::new()));
}

#[tokio::test]
async fn pages_on_sqlite_have_rows_bot_names_and_totals() {
    let world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    pages_have_rows_bot_names_and_totals(&world).await;
}

#[tokio::test]
async fn pages_on_postgresql_have_rows_bot_names_and_totals() {
    let Some((database, world)) = World::on_postgresql().await else { return };
    pages_have_rows_bot_names_and_totals(&world).await;
    database.drop([world]).await;
}

#[tokio::test]
async fn invalid_filters_and_cursors_are_named() {
    let world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    let carrier = world.carrier("Twilio").await;
    for index in 1..=3 {
        world.add_did(&carrier, index, None).await;
    }
    let page = async |query: DidQuery| world.services.dids.page(&world.admin, &carrier.id, &query).await;
    let two = DidQuery { limit: "2".into(), ..DidQuery::default() };
    let cursor = page(two).await.unwrap().next_cursor.unwrap();
    for (field, query) in [
        ("direction", DidQuery { direction: "up".into(), ..DidQuery::default() }),
        ("sort", DidQuery { sort: "id".into(), ..DidQuery::default() }),
        ("cursor", DidQuery { cursor: "invalid".into(), ..DidQuery::default() }),
        ("cursor", DidQuery { cursor, sort: "label".into(), ..DidQuery::default() }),
    ] {
        let Err(Error::Invalid(errors)) = page(query).await else { panic!("{field} was accepted") };
        assert!(errors.message(field).is_some(), "{errors:?}");
    }
    world.delete_carrier(&carrier).await;
    assert!(matches!(page(DidQuery::default()).await, Err(Error::NotFound("carrier"))));
    let missing = world.services.carriers.get_without_dids(&world.admin, &carrier.id).await;
    assert!(matches!(missing, Err(Error::NotFound("carrier"))));
}
