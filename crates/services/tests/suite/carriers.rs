//! Carriers: create, update, delete, list.

use api_types::{Problem, view::CarrierQuery};
use domain::CarrierId;
use serde_json::json;
use services::Error;

use crate::{
    livekit_server::LiveKitServer,
    world::{SIP_PASSWORD, World, carrier_input},
};

async fn world() -> World {
    World::without_reconciler(LiveKitServer::sandbox().await).await
}

/// The decrypted password, as the reconciler reads it.
async fn password(world: &World, id: &CarrierId) -> Option<String> {
    let mut tx = world.services.store().read().await.unwrap();
    let carrier = tx.carrier(&world.admin.account_id, id).await.unwrap().unwrap();
    carrier.settings.credentials.map(|credentials| credentials.password.expose().to_owned())
}

#[tokio::test]
async fn absent_or_masked_password_is_kept() {
    let world = world().await;
    let twilio = world.carrier("Twilio").await;
    assert_eq!(twilio.auth_password.as_deref(), Some("********"));
    for kept in
        [json!({}), json!({"auth_password": ""}), json!({"auth_password": null}), json!({"auth_password": "********"})]
    {
        world.update_carrier(&twilio, kept.clone()).await;
        assert_eq!(password(&world, &twilio.id).await.as_deref(), Some(SIP_PASSWORD), "{kept}");
    }
    world.update_carrier(&twilio, json!({"auth_password": "new"})).await;
    assert_eq!(password(&world, &twilio.id).await.as_deref(), Some("new"));
    world.update_carrier(&twilio, json!({"auth_username": null})).await;
    assert_eq!(password(&world, &twilio.id).await, None);
}

#[tokio::test]
async fn stale_version_is_rejected_with_the_current_row() {
    let world = world().await;
    let twilio = world.carrier("Twilio").await;
    let first = world.update_carrier(&twilio, json!({"name": "First", "version": twilio.version})).await;
    let late = carrier_input(json!({"name": "Late", "version": twilio.version}));
    let error = world.services.carriers.update(&world.admin, &twilio.id, &late).await.unwrap_err();
    let problem = Problem::from(error);
    assert_eq!((problem.status, problem.code.as_str()), (409, "stale_version"));
    let current = problem.current.unwrap();
    assert_eq!((&current["name"], &current["version"]), (&json!("First"), &json!(first.version)));
    assert_eq!(current["auth_password"], "********");
    assert_eq!(world.get_carrier(&twilio).await.name, "First");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_concurrent_updates_is_stale() {
    let world = world().await;
    let twilio = world.carrier("Twilio").await;
    let save = |name: &str| carrier_input(json!({"name": name, "version": twilio.version}));
    let (one, other) = (save("One"), save("Other"));
    let (one, other) = tokio::join!(
        world.services.carriers.update(&world.admin, &twilio.id, &one),
        world.services.carriers.update(&world.admin, &twilio.id, &other)
    );
    let stale = [one, other].into_iter().filter(|outcome| matches!(outcome, Err(Error::Stale(_)))).count();
    assert_eq!((stale, world.get_carrier(&twilio).await.version), (1, twilio.version + 1));
}

#[tokio::test]
async fn unchanged_update_keeps_the_version() {
    let world = world().await;
    let twilio = world.carrier("Twilio").await;
    let same = world.update_carrier(&twilio, json!({"name": "Twilio", "auth_password": "********"})).await;
    assert_eq!(same.version, twilio.version);
}

#[tokio::test]
async fn changed_country_parses_numbers_again() {
    let world = world().await;
    let exotel = world.carrier("Exotel").await;
    world.add_did_with(&exotel, json!({"number": "09812345678"})).await.unwrap();
    assert_eq!(world.get_carrier(&exotel).await.dids[0].e164, None);
    for (country, e164) in [(Some("IN"), Some("+919812345678")), (None, None)] {
        world.update_carrier(&exotel, json!({"destination_country": country})).await;
        let number = world.get_carrier(&exotel).await.dids.remove(0);
        assert_eq!((number.number.as_str(), number.e164.as_deref()), ("09812345678", e164));
    }
}

#[tokio::test]
async fn country_that_duplicates_a_number_is_refused() {
    let world = world().await;
    let (twilio, exotel) = (world.carrier("Twilio").await, world.carrier("Exotel").await);
    world.add_did_with(&twilio, json!({"number": "+919812345678"})).await.unwrap();
    world.add_did_with(&exotel, json!({"number": "09811111111"})).await.unwrap();
    world.add_did_with(&exotel, json!({"number": "09812345678"})).await.unwrap();
    let before = world.get_carrier(&exotel).await;
    let country = carrier_input(json!({"destination_country": "IN"}));
    let error = world.services.carriers.update(&world.admin, &exotel.id, &country).await.unwrap_err();
    let problem = Problem::from(error);
    assert_eq!((problem.status, problem.code.as_str()), (409, "number_taken"));
    assert!(problem.detail.contains("Twilio"), "{}", problem.detail);
    assert!(problem.errors.message("destination_country").is_some());
    assert_eq!(world.get_carrier(&exotel).await, before);
}

#[tokio::test]
async fn deleted_carrier_is_not_found() {
    let world = world().await;
    let twilio = world.carrier("Twilio").await;
    world.delete_carrier(&twilio).await;
    let (carriers, admin) = (&world.services.carriers, &world.admin);
    let change = carrier_input(json!({"name": "Late"}));
    assert!(matches!(carriers.get(admin, &twilio.id).await, Err(Error::NotFound(_))));
    assert!(matches!(carriers.update(admin, &twilio.id, &change).await, Err(Error::NotFound(_))));
    assert!(matches!(carriers.delete(admin, &twilio.id).await, Err(Error::NotFound(_))));
    assert!(matches!(carriers.sync(admin, &twilio.id).await, Err(Error::NotFound(_))));
    assert!(matches!(world.add_did_with(&twilio, json!({"number": "+14155550100"})).await, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn list_pages_by_cursor_and_names_invalid_fields() {
    let world = world().await;
    for index in 0..5 {
        world.carrier(&format!("Carrier {index}")).await;
    }
    let list = async |query: CarrierQuery| world.services.carriers.list(&world.admin, &query).await;
    let mut query = CarrierQuery { limit: Some(2), sort: "-name".to_owned(), ..CarrierQuery::default() };
    let mut names = Vec::new();
    loop {
        let page = list(query.clone()).await.unwrap();
        assert_eq!(page.total, 5);
        names.extend(page.items.into_iter().map(|carrier| carrier.name));
        query.cursor = page.next_cursor;
        if query.cursor.is_none() {
            break;
        }
    }
    assert_eq!(names, ["Carrier 4", "Carrier 3", "Carrier 2", "Carrier 1", "Carrier 0"]);
    let by_name = list(CarrierQuery { limit: Some(2), ..CarrierQuery::default() }).await.unwrap().next_cursor;
    for (field, query) in [
        ("sort", CarrierQuery { sort: "password".to_owned(), ..CarrierQuery::default() }),
        ("limit", CarrierQuery { limit: Some(0), ..CarrierQuery::default() }),
        ("limit", CarrierQuery { limit: Some(201), ..CarrierQuery::default() }),
        ("q", CarrierQuery { q: "x".repeat(201), ..CarrierQuery::default() }),
        ("cursor", CarrierQuery { cursor: Some("invalid".to_owned()), ..CarrierQuery::default() }),
        ("cursor", CarrierQuery { cursor: by_name, sort: "-name".to_owned(), ..CarrierQuery::default() }),
    ] {
        let Err(Error::Invalid(errors)) = list(query).await else { panic!("{field} was accepted") };
        assert!(errors.message(field).is_some(), "{errors:?}");
    }
}
