//! The client against the fake: results and faults.

use std::time::Duration;

use domain::{
    AreaCode, Country, E164, NumberCapability, NumberPattern, NumberProviderKind, NumberType, Secret, SipCredentials,
    SipPassword,
};
use number_provider::{ConnectionRequest, NumberProvider, NumberSearch, ProviderError, Purchase};
use vonage::{Account, Client};
use vonage_fake::{Fake, Fault};

const TIMEOUT: Duration = Duration::from_millis(700);

fn account(fake: &Fake) -> Account {
    Client::new(&fake.config(TIMEOUT)).unwrap().account(Fake::settings())
}

fn country(code: &str) -> Country {
    code.parse().unwrap()
}

fn number(text: &str) -> E164 {
    text.parse().unwrap()
}

fn search(code: &str) -> NumberSearch {
    NumberSearch { country: country(code), area_code: None, pattern: None, number_type: None }
}

fn purchase(text: &str) -> Purchase {
    Purchase { phone_number: number(text), country: country("US"), friendly_name: String::new() }
}

fn request() -> ConnectionRequest {
    ConnectionRequest {
        name: "01hf7yat".to_owned(),
        livekit_sip_host: "sip.example.com".parse().unwrap(),
        credentials: SipCredentials {
            username: "trunkline".parse().unwrap(),
            password: SipPassword::new(Secret::new("Abcdefghijk1")).unwrap(),
        },
    }
}

#[tokio::test]
async fn search_has_price_type_and_capabilities() {
    let fake = Fake::start().await;
    let found = account(&fake).search(&search("US")).await.unwrap();
    assert_eq!((found.numbers.len(), found.complete), (9, true));
    let first = &found.numbers[0];
    assert_eq!((first.phone_number.as_str(), first.number_type), ("+12125550100", Some(NumberType::Mobile)));
    let price = first.price.clone().unwrap();
    assert_eq!((price.amount.as_str(), price.currency.as_str()), ("0.90", "EUR"));
    assert_eq!(first.capabilities, [NumberCapability::Voice, NumberCapability::Sms]);
}

#[tokio::test]
async fn empty_object_is_an_empty_search() {
    let fake = Fake::start().await;
    let found = account(&fake).search(&search("FR")).await.unwrap();
    assert!(found.numbers.is_empty() && found.complete);
}

#[tokio::test]
async fn filters_are_sent_as_documented() {
    let fake = Fake::start().await;
    let area_code = Some(AreaCode::parse("212", country("US")).unwrap());
    account(&fake).search(&NumberSearch { area_code, ..search("US") }).await.unwrap();
    for (text, expected) in [
        ("44", "pattern=44&search_pattern=1"),
        ("+44", "pattern=44&search_pattern=0"),
        ("44$", "pattern=44&search_pattern=2"),
    ] {
        let pattern = Some(NumberPattern::parse(text, NumberProviderKind::Vonage).unwrap());
        account(&fake).search(&NumberSearch { pattern, ..search("GB") }).await.unwrap();
        let calls = fake.calls();
        assert!(calls.last().unwrap().contains(expected), "{calls:?}");
    }
    assert_eq!(fake.calls()[0], "GET /number/search?country=US&pattern=1212&search_pattern=0&size=100&index=1");
    let voip = NumberSearch { number_type: Some(NumberType::Voip), ..search("US") };
    let error = account(&fake).search(&voip).await.unwrap_err();
    assert!(matches!(error, ProviderError::Refused { field: Some("number_type"), .. }), "{error:?}");
}

#[tokio::test]
async fn pages_are_read_up_to_the_limit() {
    let fake = Fake::start().await;
    fake.set_page_size(5);
    let found = account(&fake).search(&search("US")).await.unwrap();
    assert_eq!((found.numbers.len(), found.complete), (9, true));
    fake.set_page_size(4);
    let found = account(&fake).search(&search("US")).await.unwrap();
    assert_eq!((found.numbers.len(), found.complete), (8, false));
}

#[tokio::test]
async fn number_is_bought_attached_and_released() {
    let fake = Fake::start().await;
    let account = account(&fake);
    let bought = account.buy(&purchase("+12125550100")).await.unwrap();
    assert_eq!(fake.calls(), ["POST /number/buy country=US&msisdn=12125550100"]);
    let connection = account.connect(&request()).await.unwrap();
    assert_eq!(connection.outbound_address.to_string(), "acme.sip-us.vonage.com");
    account.attach(&bought, &connection).await.unwrap();
    let owned = account.owned(&bought.phone_number).await.unwrap().unwrap();
    assert_eq!(owned.attached_to.as_deref(), Some("sip:+12125550100@sip.example.com;transport=tcp"));
    let calls = fake.calls().len();
    account.attach(&owned, &connection).await.unwrap();
    assert_eq!(fake.calls().len(), calls, "an address that is set already is not set again");
    for _ in 0..2 {
        account.release(&bought).await.unwrap();
    }
    assert!(fake.owned().is_empty());
}

#[tokio::test]
async fn owned_number_is_compared_exactly() {
    let fake = Fake::start().await;
    fake.add_owned("+121255501001");
    assert_eq!(account(&fake).owned(&number("+12125550100")).await.unwrap(), None);
    fake.add_owned("+12125550100");
    assert!(account(&fake).owned(&number("+12125550100")).await.unwrap().is_some());
}

#[tokio::test]
async fn error_inside_a_200_is_a_refusal() {
    let fake = Fake::start().await;
    let body = r#"{"error-code":"420","error-code-label":"method failed"}"#.to_owned();
    fake.fail(Fault::Answer { status: 200, body });
    let error = account(&fake).buy(&purchase("+12125550100")).await.unwrap_err();
    assert!(matches!(&error, ProviderError::Refused { code, .. } if code == "420"), "{error:?}");
    assert!(error.to_string().contains("enough credit"));
}

#[tokio::test]
async fn lost_answer_to_a_purchase_is_an_unknown_outcome() {
    let empty = |body: &str| Fault::Answer { status: 200, body: body.to_owned() };
    for (fault, was_bought) in [
        (Fault::Delay(TIMEOUT * 2), true),
        (Fault::Drop, true),
        (Fault::Html, false),
        (empty(""), false),
        (empty("{}"), false),
    ] {
        let fake = Fake::start().await;
        fake.fail(fault.clone());
        let error = account(&fake).buy(&purchase("+12125550100")).await.unwrap_err();
        assert!(error.is_outcome_unknown(), "{fault:?}: {error:?}");
        assert_eq!(fake.calls().len(), 1, "{fault:?}: nothing is repeated");
        let owned = account(&fake).owned(&number("+12125550100")).await.unwrap();
        assert_eq!(owned.is_some(), was_bought, "{fault:?}");
    }
}

#[tokio::test]
async fn rate_limit_is_not_repeated() {
    let fake = Fake::start().await;
    fake.fail(Fault::Status(429));
    assert_eq!(account(&fake).check().await.unwrap_err().code(), "provider_rate_limited");
    assert_eq!(fake.calls().len(), 1);
}

#[tokio::test]
async fn error_of_wrong_credentials_has_no_secret() {
    let fake = Fake::start().await;
    let mut settings = Fake::settings();
    settings.api_secret = domain::ProviderSecret::new(&Secret::new("wr0ng"), "it").unwrap();
    let error = Client::new(&fake.config(TIMEOUT)).unwrap().account(settings).check().await.unwrap_err();
    assert_eq!(error.code(), "provider_credentials_refused");
    assert!(!format!("{error:?}").contains("wr0ng"));
}
