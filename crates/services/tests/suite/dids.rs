//! DIDs: add, update, remove.

use api_types::Problem;
use serde_json::json;
use services::{Current, Error};

use crate::{
    livekit_server::LiveKitServer,
    world::{World, did_input},
};

async fn world() -> World {
    World::without_reconciler(LiveKitServer::sandbox().await).await
}

#[tokio::test]
async fn duplicate_number_names_the_carrier_that_has_it() {
    let world = world().await;
    let (twilio, plivo) = (world.carrier("Twilio").await, world.carrier("Plivo").await);
    world.add_did_with(&twilio, json!({"number": "+14155550100"})).await.unwrap();
    for (carrier, number) in [(&plivo, "+14155550100"), (&plivo, "+1 (415) 555-0100"), (&twilio, "001 415 555 0100")] {
        let problem = Problem::from(world.add_did_with(carrier, json!({"number": number})).await.unwrap_err());
        assert_eq!((problem.status, problem.code.as_str()), (409, "number_taken"), "{number}");
        assert!(problem.detail.contains("Twilio"), "{}", problem.detail);
        assert!(problem.errors.message("number").is_some());
        assert_eq!(problem.current.unwrap()["carrier_id"], twilio.id.as_str());
    }
}

#[tokio::test]
async fn national_form_is_the_same_number() {
    let world = world().await;
    let settings = |name: &str| json!({"name": name, "destination_country": "IN"});
    let (exotel, plivo) = (world.carrier_with(settings("Exotel")).await, world.carrier_with(settings("Plivo")).await);
    world.add_did_with(&exotel, json!({"number": "09812345678"})).await.unwrap();
    for spelling in ["+919812345678", "919812345678", "9812345678", "0091 98123 45678"] {
        let error = world.add_did_with(&plivo, json!({"number": spelling})).await.unwrap_err();
        assert!(
            matches!(&error, Error::NumberTaken { carrier_name, .. } if carrier_name == "Exotel"),
            "{spelling}: {error:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_200_concurrent_adds_of_a_number_succeeds() {
    let world = world().await;
    let carriers = [world.carrier("Twilio").await, world.carrier("Plivo").await];
    let adders: Vec<_> = (0..200)
        .map(|adder| {
            let (services, admin, carrier) =
                (world.services.clone(), world.admin.clone(), carriers[adder % 2].id.clone());
            let input = did_input(json!({"number": world.number(1)}));
            tokio::spawn(async move { services.dids.add(&admin, &carrier, &input).await })
        })
        .collect();
    let (mut added, mut refused) = (0, 0);
    for adder in adders {
        match adder.await.unwrap() {
            Ok(_) => added += 1,
            Err(Error::NumberTaken { carrier_name, .. }) if ["Twilio", "Plivo"].contains(&carrier_name.as_str()) => {
                refused += 1
            }
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!((added, refused), (1, 199));
    let page = world.services.carriers.list(&world.admin, &Default::default()).await.unwrap();
    assert_eq!(page.number_total, 1);
}

#[tokio::test]
async fn deleted_bot_is_unassigned_and_refused() {
    let world = world().await;
    let (twilio, bot) = (world.carrier("Twilio").await, world.bot("Concierge").await);
    let number = world.add_did(&twilio, 1, Some(&bot)).await;
    world.delete_bot(&bot).await;
    assert_eq!(world.get_carrier(&twilio).await.dids[0].bot_id, None);
    let change = did_input(json!({"bot_id": bot.id.as_str()}));
    let update = world.services.dids.update(&world.admin, &twilio.id, &number.id, &change).await;
    let Err(Error::Invalid(errors)) = update else { panic!("{update:?}") };
    assert!(errors.message("bot_id").is_some());
}

#[tokio::test]
async fn stale_version_is_rejected_with_the_current_did() {
    let world = world().await;
    let twilio = world.carrier("Twilio").await;
    let number = world.add_did(&twilio, 1, None).await;
    let dids = &world.services.dids;
    let change = |label: &str| did_input(json!({"label": label, "version": number.version}));
    dids.update(&world.admin, &twilio.id, &number.id, &change("First")).await.unwrap();
    let late = dids.update(&world.admin, &twilio.id, &number.id, &change("Late")).await;
    let Err(Error::Stale(current)) = late else { panic!("{late:?}") };
    let Current::Did(current) = *current else { panic!("{current:?}") };
    assert_eq!(current.label.as_deref(), Some("First"));
}

#[tokio::test]
async fn did_of_another_carrier_is_not_found() {
    let world = world().await;
    let (twilio, plivo) = (world.carrier("Twilio").await, world.carrier("Plivo").await);
    let number = world.add_did(&twilio, 1, None).await;
    assert!(matches!(world.services.dids.remove(&world.admin, &plivo.id, &number.id).await, Err(Error::NotFound(_))));
    assert_eq!(world.get_carrier(&twilio).await.dids.len(), 1);
}
