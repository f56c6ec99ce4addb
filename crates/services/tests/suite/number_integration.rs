//! The integrations of Twilio and Vonage, and the search for numbers, against the fakes.

use api_types::{
    Problem,
    input::{NumberIntegrationInput, NumberPurchaseInput, NumberSearchQuery},
    view::NumberIntegrationView,
};
use domain::{NumberProviderKind, Role};
use serde_json::{Value, json};
use services::{Error, Result};
use twilio_fake::Fault;

use crate::{
    livekit_server::LiveKitServer,
    world::{World, actor},
};

const TWILIO: NumberProviderKind = NumberProviderKind::Twilio;
const VONAGE: NumberProviderKind = NumberProviderKind::Vonage;

async fn world() -> World {
    World::without_reconciler(LiveKitServer::sandbox().await).await
}

fn twilio() -> Value {
    json!({ "account": twilio_fake::Fake::USER, "secret": twilio_fake::Fake::SECRET })
}

fn vonage() -> Value {
    json!({ "account": vonage_fake::Fake::USER, "secret": vonage_fake::Fake::SECRET,
            "sip_domain": "acme.sip-us.vonage.com", "sip_username": "acme", "sip_password": "sip-s3cret" })
}

async fn save(world: &World, kind: NumberProviderKind, body: Value) -> Result<NumberIntegrationView> {
    let input: NumberIntegrationInput = serde_json::from_value(body).unwrap();
    world.services.number_integrations.save(&world.admin, kind, &input).await
}

async fn connected() -> World {
    let world = world().await;
    save(&world, TWILIO, twilio()).await.unwrap();
    save(&world, VONAGE, vonage()).await.unwrap();
    world
}

fn query(body: Value) -> NumberSearchQuery {
    serde_json::from_value(body).unwrap()
}

fn problem<T: std::fmt::Debug>(outcome: Result<T>) -> Problem {
    outcome.unwrap_err().into()
}

#[tokio::test]
async fn list_has_every_provider() {
    let world = connected().await;
    let list = world.services.number_integrations.list(&world.admin).await.unwrap();
    let states: Vec<(&str, bool)> = list.items.iter().map(|item| (item.provider.as_str(), item.connected)).collect();
    assert_eq!(states, [("livekit", false), ("exotel", false), ("twilio", true), ("vonage", true)]);
    let twilio = &list.items[2];
    assert_eq!(twilio.account.as_deref(), Some(twilio_fake::Fake::USER));
    assert!(twilio.connected_since.is_some() && twilio.last_checked_at.is_none());
}

#[tokio::test]
async fn test_stores_the_last_answer() {
    let world = connected().await;
    let integrations = &world.services.number_integrations;
    for kind in [TWILIO, VONAGE] {
        let tested = integrations.test(&world.admin, kind).await.unwrap();
        assert!(tested.last_checked_at.is_some() && tested.last_check_error.is_none(), "{tested:?}");
    }
    world.twilio.fail(Fault::Status(401));
    let refused = problem(integrations.test(&world.admin, TWILIO).await);
    assert_eq!((refused.status, refused.code.as_str()), (502, "provider_credentials_refused"));
    let after = integrations.get(&world.admin, TWILIO).await.unwrap();
    assert!(after.last_check_error.unwrap().contains("auth token"));
    // Other credentials have no answer yet.
    let changed = save(&world, TWILIO, json!({ "secret": "another", "version": 1 })).await.unwrap();
    assert_eq!((changed.version, changed.last_checked_at, changed.last_check_error), (2, None, None));
}

#[tokio::test]
async fn stale_version_is_rejected() {
    let world = connected().await;
    let stale = save(&world, TWILIO, json!({ "secret": "another", "version": 7 })).await;
    assert!(matches!(stale, Err(Error::Stale(_))), "{stale:?}");
}

#[tokio::test]
async fn audit_and_views_have_no_secrets() {
    let world = connected().await;
    save(&world, TWILIO, json!({ "secret": "second-t0ken" })).await.unwrap();
    save(&world, VONAGE, json!({ "sip_username": "acme", "sip_password": "second-s3cret" })).await.unwrap();
    world.services.number_integrations.disconnect(&world.admin, TWILIO).await.unwrap();
    let audit = world.services.audit.list(&world.admin, &Default::default()).await.unwrap();
    let view = world.services.number_integrations.get(&world.admin, VONAGE).await.unwrap();
    let text = format!("{} {}", serde_json::to_string(&audit).unwrap(), serde_json::to_string(&view).unwrap());
    for secret in [twilio_fake::Fake::SECRET, vonage_fake::Fake::SECRET, "sip-s3cret", "second-t0ken", "second-s3cret"]
    {
        assert!(!text.contains(secret), "{secret}");
    }
    let subjects: Vec<&str> = audit.items.iter().map(|item| item.subject.name.as_str()).collect();
    assert_eq!(subjects.iter().filter(|name| **name == "Twilio").count(), 3, "{subjects:?}");
}

#[tokio::test]
async fn search_without_credentials_is_rejected() {
    let world = world().await;
    let search = query(json!({ "provider": "twilio", "country_code": "US" }));
    let refused = problem(world.services.number_searches.search(&world.admin, &search).await);
    assert_eq!((refused.status, refused.code.as_str()), (409, "not_connected"));
    assert!(world.twilio.calls().is_empty());
}

#[tokio::test]
async fn search_needs_a_developer() {
    let world = connected().await;
    let viewer = actor(&world.services, Role::Viewer).await;
    let search = query(json!({ "provider": "twilio", "country_code": "US" }));
    let refused = world.services.number_searches.search(&viewer, &search).await;
    assert!(matches!(refused, Err(Error::Forbidden { needs: Role::Developer })), "{refused:?}");
}

#[tokio::test]
async fn found_numbers_have_price_and_requirements() {
    let world = connected().await;
    let searches = &world.services.number_searches;
    let search =
        query(json!({ "provider": "twilio", "country_code": "us", "area_code": "650", "number_type": "local" }));
    let found = searches.search(&world.admin, &search).await.unwrap();
    assert_eq!((found.numbers.len(), found.complete), (12, true));
    let first = serde_json::to_value(&found.numbers[0]).unwrap();
    assert_eq!(
        first,
        json!({ "phone_number": "+16505551200", "formatted": "+1 650-555-1200", "type": "local", "country_code": "US",
                "locality": "San Mateo", "price": "1.15", "currency": "USD", "capabilities": ["voice", "sms", "mms"],
                "requirements": [], "owned": false })
    );
    let british = query(json!({ "provider": "twilio", "country_code": "GB", "number_type": "mobile" }));
    let found = searches.search(&world.admin, &british).await.unwrap();
    let first = serde_json::to_value(&found.numbers[0]).unwrap();
    assert_eq!(first["requirements"], json!(["address_local"]));
    let nothing = query(json!({ "provider": "vonage", "country_code": "FR" }));
    assert!(searches.search(&world.admin, &nothing).await.unwrap().numbers.is_empty());
}

#[tokio::test]
async fn refused_search_is_shown_at_its_field() {
    let world = connected().await;
    for (body, field) in [
        (json!({ "provider": "twilio", "country_code": "FR" }), "country_code"),
        (json!({ "provider": "twilio", "country_code": "US", "number_type": "voip" }), "number_type"),
        (json!({ "provider": "twilio", "country_code": "US", "pattern": "5**5" }), "pattern"),
    ] {
        let refused = problem(world.services.number_searches.search(&world.admin, &query(body.clone())).await);
        assert_eq!(refused.status, 422, "{refused:?}");
        assert!(refused.errors.iter().any(|error| error.field == field), "{body}: {refused:?}");
    }
    let integration = world.services.number_integrations.get(&world.admin, TWILIO).await.unwrap();
    assert_eq!(integration.last_check_error, None, "a refused search is an answer");
}

#[tokio::test]
async fn failures_of_a_provider_have_their_codes() {
    let world = connected().await;
    let search = query(json!({ "provider": "twilio", "country_code": "US", "number_type": "local" }));
    let html = || Fault::Html;
    for (fault, status, code) in [
        (html(), 502, "provider_unavailable"),
        (Fault::Drop, 502, "provider_unavailable"),
        (Fault::Status(403), 502, "provider_credentials_refused"),
    ] {
        world.twilio.fail(fault.clone());
        let refused = problem(world.services.number_searches.search(&world.admin, &search).await);
        assert_eq!((refused.status, refused.code.as_str()), (status, code), "{fault:?}");
    }
    world.vonage.fail(vonage_fake::Fault::Status(429));
    let search = query(json!({ "provider": "vonage", "country_code": "US" }));
    let limited = world.services.number_searches.search(&world.admin, &search).await.unwrap_err();
    assert_eq!(limited.retry_after_seconds(), Some(60), "{limited:?}");
    let refused = Problem::from(limited);
    assert_eq!((refused.status, refused.code.as_str()), (503, "provider_rate_limited"));
}

fn order(provider: &str, number: &str, country: &str) -> NumberPurchaseInput {
    serde_json::from_value(json!({ "provider": provider, "phone_number": number, "country_code": country })).unwrap()
}

#[tokio::test]
async fn offer_has_the_providers_terms() {
    let world = connected().await;
    let searches = &world.services.number_searches;
    let offer = searches.offer(&world.admin, &order("twilio", "+16505551200", "US")).await.unwrap().unwrap();
    assert_eq!((offer.phone_number.as_str(), offer.price.as_deref()), ("+16505551200", Some("1.15")));
    assert_eq!(offer.currency.as_deref(), Some("USD"));
    assert!(!offer.capabilities.is_empty() && offer.requirements.is_empty());
    let unpriced = Fault::Status(500);
    world.twilio.fail_at("/Countries/", unpriced);
    let offer = searches.offer(&world.admin, &order("twilio", "+16505551200", "US")).await.unwrap().unwrap();
    assert_eq!(offer.price, None);
}

#[tokio::test]
async fn sold_number_has_no_offer() {
    let world = connected().await;
    for provider in ["twilio", "vonage"] {
        let sold = order(provider, "+16505559999", "US");
        assert_eq!(world.services.number_searches.offer(&world.admin, &sold).await.unwrap(), None, "{provider}");
    }
}

#[tokio::test]
async fn offer_of_a_failing_provider_is_an_error() {
    let world = connected().await;
    world.twilio.fail(Fault::Status(401));
    let wanted = order("twilio", "+16505551200", "US");
    let refused = problem(world.services.number_searches.offer(&world.admin, &wanted).await);
    assert_eq!((refused.status, refused.code.as_str()), (502, "provider_credentials_refused"));
    let developer = actor(&world.services, Role::Developer).await;
    let refused = world.services.number_searches.offer(&developer, &wanted).await;
    assert!(matches!(refused, Err(Error::Forbidden { needs: Role::Admin })), "{refused:?}");
}
