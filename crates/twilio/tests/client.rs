//! The client against the fake: results, faults and interrupted runs.

use std::time::Duration;

use domain::{
    AreaCode, Country, E164, NumberCapability, NumberPattern, NumberProviderKind, NumberRequirement, NumberType,
    Secret, SipCredentials, SipPassword,
};
use number_provider::{ConnectionRequest, NumberProvider, NumberSearch, ProviderError, Purchase};
use twilio::{Account, Client};
use twilio_fake::{Fake, Fault};

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
    Purchase { phone_number: number(text), country: country("US"), friendly_name: "Trunkline".to_owned() }
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

fn code(error: &ProviderError) -> &str {
    match error {
        ProviderError::Refused { code, .. } => code,
        other => other.code(),
    }
}

#[tokio::test]
async fn search_reads_every_type_with_its_price() {
    let fake = Fake::start().await;
    let found = account(&fake).search(&search("US")).await.unwrap();
    assert!(found.complete && found.numbers.len() == 28, "{}", found.numbers.len());
    let local = &found.numbers[0];
    assert_eq!((local.number_type, local.phone_number.as_str()), (Some(NumberType::Local), "+16505551200"));
    assert_eq!(local.capabilities, [NumberCapability::Voice, NumberCapability::Sms, NumberCapability::Mms]);
    let price = local.price.clone().unwrap();
    assert_eq!((price.amount.as_str(), price.currency.as_str()), ("1.15", "USD"));
    let toll_free = found.numbers.iter().find(|one| one.number_type == Some(NumberType::TollFree)).unwrap();
    assert_eq!(toll_free.price.as_ref().unwrap().amount, "2.15", "the price list writes `toll free`");
    let mobile = account(&fake).search(&NumberSearch { number_type: Some(NumberType::Mobile), ..search("GB") }).await;
    assert_eq!(mobile.unwrap().numbers[0].requirements, [NumberRequirement::AddressLocal]);
}

#[tokio::test]
async fn area_code_and_pattern_filter_the_search() {
    let fake = Fake::start().await;
    let area_code = Some(AreaCode::parse("650", country("US")).unwrap());
    let pattern = Some(NumberPattern::parse("1211$", NumberProviderKind::Twilio).unwrap());
    let found = account(&fake).search(&NumberSearch { area_code, pattern, ..search("US") }).await.unwrap();
    assert_eq!(found.numbers.len(), 1);
    assert_eq!(found.numbers[0].phone_number.as_str(), "+16505551211");
}

#[tokio::test]
async fn all_pages_are_read_up_to_the_limit() {
    let fake = Fake::start().await;
    fake.set_page_size(6);
    let local = NumberSearch { number_type: Some(NumberType::Local), ..search("US") };
    let found = account(&fake).search(&local).await.unwrap();
    assert_eq!((found.numbers.len(), found.complete), (24, true));
    fake.set_page_size(2);
    let found = account(&fake).search(&local).await.unwrap();
    assert_eq!((found.numbers.len(), found.complete), (8, false));
}

#[tokio::test]
async fn search_without_prices_has_numbers() {
    let fake = Fake::start().await;
    fake.fail_at("GET /v1/PhoneNumbers", Fault::Html);
    let found = account(&fake).search(&search("DE")).await.unwrap();
    assert!(found.numbers.len() == 4 && found.numbers.iter().all(|one| one.price.is_none()));
}

#[tokio::test]
async fn missing_country_and_type_are_named() {
    let fake = Fake::start().await;
    for (search, field) in [
        (search("FR"), "country_code"),
        (NumberSearch { number_type: Some(NumberType::Voip), ..search("US") }, "number_type"),
    ] {
        let error = account(&fake).search(&search).await.unwrap_err();
        let ProviderError::Refused { field: Some(at), .. } = error else { panic!("{error:?}") };
        assert_eq!(at, field);
    }
}

#[tokio::test]
async fn owned_number_is_compared_exactly() {
    let fake = Fake::start().await;
    fake.add_owned("+165055512345");
    assert_eq!(account(&fake).owned(&number("+16505551234")).await.unwrap(), None);
    fake.add_owned("+16505551234");
    fake.set_page_size(1);
    let owned = account(&fake).owned(&number("+16505551234")).await.unwrap().unwrap();
    assert_eq!((owned.phone_number.as_str(), owned.attached_to), ("+16505551234", None));
}

#[tokio::test]
async fn number_is_bought_attached_and_released() {
    let fake = Fake::start().await;
    let account = account(&fake);
    let connection = account.connect(&request()).await.unwrap();
    let bought = account.buy(&purchase("+16505551200")).await.unwrap();
    for _ in 0..2 {
        account.attach(&bought, &connection).await.unwrap();
    }
    let owned = account.owned(&bought.phone_number).await.unwrap().unwrap();
    assert_eq!(owned.attached_to.as_deref(), Some(connection.reference.as_str()));
    for _ in 0..2 {
        account.release(&bought).await.unwrap();
    }
    assert!(fake.owned().is_empty());
}

#[tokio::test]
async fn refused_purchases_say_what_to_do() {
    let fake = Fake::start().await;
    for (number, expected, remedy) in [("+16505559999", "21422", "search again"), ("+447700900100", "21631", "address")]
    {
        let error = account(&fake).buy(&purchase(number)).await.unwrap_err();
        assert_eq!(code(&error), expected);
        assert!(error.to_string().contains(remedy), "{error}");
    }
    assert!(fake.owned().is_empty());
}

#[tokio::test]
async fn lost_answer_to_a_purchase_is_an_unknown_outcome() {
    let empty = || Fault::Answer { status: 201, body: String::new() };
    for (fault, was_bought) in [
        (Fault::Delay(TIMEOUT * 2), true),
        (Fault::Drop, true),
        (Fault::Html, false),
        (Fault::Status(503), false),
        (empty(), false),
    ] {
        let fake = Fake::start().await;
        fake.fail_at("POST", fault.clone());
        let error = account(&fake).buy(&purchase("+16505551200")).await.unwrap_err();
        assert!(error.is_outcome_unknown(), "{fault:?}: {error:?}");
        assert_eq!(fake.calls().len(), 1, "{fault:?}: nothing is repeated");
        let owned = account(&fake).owned(&number("+16505551200")).await.unwrap();
        assert_eq!(owned.is_some(), was_bought, "{fault:?}");
    }
}

#[tokio::test]
async fn rate_limit_is_repeated_three_times() {
    let fake = Fake::start().await;
    fake.fail_at("POST", Fault::Status(429));
    account(&fake).buy(&purchase("+16505551200")).await.unwrap();
    assert_eq!(fake.calls().len(), 2);
    fake.fail_always("GET", Fault::Status(429));
    assert_eq!(account(&fake).check().await.unwrap_err().code(), "provider_rate_limited");
    assert_eq!(fake.calls().len(), 5);
}

#[tokio::test]
async fn closed_port_is_not_sent() {
    let fake = Fake::start().await;
    let account = account(&fake);
    drop(fake);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(account.buy(&purchase("+16505551200")).await.unwrap_err().code(), "provider_unreachable");
}

#[tokio::test]
async fn error_of_wrong_credentials_has_no_secret() {
    let fake = Fake::start().await;
    let mut settings = Fake::settings();
    settings.secret = domain::ProviderSecret::new(&Secret::new("wr0ng"), "it").unwrap();
    let error = Client::new(&fake.config(TIMEOUT)).unwrap().account(settings).check().await.unwrap_err();
    assert_eq!(error.code(), "provider_credentials_refused");
    assert!(!format!("{error:?}").contains("wr0ng"));
}

#[tokio::test]
async fn interrupted_connect_continues_where_it_ended() {
    let fake = Fake::start().await;
    let account = account(&fake);
    // One more of the calls gets through each time.
    for part in
        ["POST /v1/Trunks", "POST /v1/Trunks/TK", "CredentialLists.json", "Credentials.json", "POST /v1/Trunks/"]
    {
        fake.fail_at(part, Fault::Drop);
        let _ = account.connect(&request()).await;
        fake.clear_faults();
    }
    let connection = account.connect(&request()).await.unwrap();
    assert_eq!(connection.outbound_address.to_string(), "trunkline-01hf7yat.pstn.twilio.com");
    let (trunks, lists) = (fake.trunks(), fake.credential_lists());
    assert_eq!((trunks.len(), lists.len()), (1, 1));
    assert_eq!(trunks[0]["origination_urls"].as_array().unwrap().len(), 1);
    assert_eq!(trunks[0]["origination_urls"][0]["sip_url"], "sip:sip.example.com;transport=tcp");
    assert_eq!(trunks[0]["credential_lists"].as_array().unwrap().len(), 1);
    let credentials = lists[0]["credentials"].as_array().unwrap();
    assert_eq!((credentials.len(), credentials[0]["password"].as_str()), (1, Some("Abcdefghijk1")));
}

#[tokio::test]
async fn existing_credential_keeps_its_password() {
    let fake = Fake::start().await;
    account(&fake).connect(&request()).await.unwrap();
    let mut other = request();
    other.credentials.password = SipPassword::new(Secret::new("Zyxwvutsrqp9")).unwrap();
    account(&fake).connect(&other).await.unwrap();
    let lists = fake.credential_lists();
    assert_eq!(lists[0]["credentials"][0]["password"], "Abcdefghijk1");
}

#[tokio::test]
async fn error_of_connect_has_no_sip_password() {
    let fake = Fake::start().await;
    let body = "<html>Username=trunkline&Password=Abcdefghijk1</html>".to_owned();
    fake.fail_always("POST /2010-04-01/Accounts", Fault::Answer { status: 502, body });
    let error = account(&fake).connect(&request()).await.unwrap_err();
    assert!(error.to_string().contains("Password=…"), "{error}");
    assert!(!format!("{error:?}").contains("Abcdefghijk1"));
}

#[tokio::test]
async fn owned_number_is_not_released_by_404() {
    let fake = Fake::start().await;
    let account = account(&fake);
    let bought = account.buy(&purchase("+16505551200")).await.unwrap();
    let page = Fault::Answer { status: 404, body: "<html>Not Found</html>".to_owned() };
    for fault in [Fault::Status(404), page] {
        fake.fail_at("DELETE", fault.clone());
        account.release(&bought).await.expect_err("the account has the number");
    }
    assert_eq!(fake.owned().len(), 1);
}

#[tokio::test]
async fn connect_replaces_the_address_of_livekit() {
    let fake = Fake::start().await;
    account(&fake).connect(&request()).await.unwrap();
    let moved = ConnectionRequest { livekit_sip_host: "sip2.example.com:5061".parse().unwrap(), ..request() };
    account(&fake).connect(&moved).await.unwrap();
    let urls = fake.trunks()[0]["origination_urls"].clone();
    assert_eq!(urls.as_array().unwrap().len(), 1);
    assert_eq!(urls[0]["sip_url"], "sip:sip2.example.com:5061;transport=tcp");
}
