//! The client against the fake: results and errors.

use std::time::{Duration, Instant};

use domain::ExotelSettings;
use exotel::{Client, Config, Error};
use exotel_fake::{Fake, Fault};

const TIMEOUT: Duration = Duration::from_secs(5);

fn client(fake: &Fake) -> Client {
    Client::new(fake.config(TIMEOUT)).unwrap()
}

async fn fails(fake: &Fake, fault: Fault) -> Error {
    fake.fail(fault);
    let error = client(fake).numbers(&Fake::settings()).await.unwrap_err();
    for secret in [Fake::API_KEY, Fake::API_TOKEN] {
        assert!(!format!("{error} {error:?}").contains(secret), "{error:?}");
    }
    error
}

fn number(index: usize) -> String {
    format!("+9111400{index:05}")
}

#[tokio::test]
async fn account_without_numbers_has_an_empty_list() {
    let fake = Fake::start().await;
    let listing = client(&fake).numbers(&Fake::settings()).await.unwrap();
    assert!(listing.numbers.is_empty() && listing.complete);
    assert_eq!(fake.calls(), ["/v2_beta/Accounts/acme1/IncomingPhoneNumbers?Page=0&PageSize=50"]);
}

#[tokio::test]
async fn all_pages_are_read_in_order() {
    for (size, tells_next, calls) in [(50, true, 3), (50, false, 3), (7, true, 18), (7, false, 18)] {
        let fake = Fake::start().await;
        fake.pages(size, tells_next);
        let wanted: Vec<String> = (0..120).map(number).collect();
        wanted.iter().for_each(|number| fake.add_number(number, "Sales"));
        let listing = client(&fake).numbers(&Fake::settings()).await.unwrap();
        assert!(listing.complete);
        let read: Vec<String> = listing.numbers.into_iter().map(|phone| phone.number).collect();
        // The server's page size may be smaller than the one in the request.
        assert_eq!((read, fake.calls().len()), (wanted, calls), "{size} {tells_next}");
    }
}

#[tokio::test]
async fn list_ends_after_40_pages() {
    let fake = Fake::start().await;
    fake.pages(1, true);
    (0..50).for_each(|index| fake.add_number(&number(index), "Sales"));
    let listing = client(&fake).numbers(&Fake::settings()).await.unwrap();
    assert_eq!((listing.numbers.len(), listing.complete), (40, false));
}

#[tokio::test]
async fn list_ends_at_a_page_without_new_numbers() {
    let fake = Fake::start().await;
    let body = r#"{"next_page_uri": "http://twilix.exotel.com/x?Page=1", "incoming_phone_numbers": [{"phone_number": "+911140000001"}]}"#;
    fake.fail_always(Fault::Answer { status: 200, body: body.to_owned() });
    let listing = client(&fake).numbers(&Fake::settings()).await.unwrap();
    assert_eq!((listing.numbers.len(), listing.complete, fake.calls().len()), (1, true, 2));
}

#[tokio::test]
async fn check_reads_one_page() {
    let fake = Fake::start().await;
    (0..120).for_each(|index| fake.add_number(&number(index), "Sales"));
    client(&fake).check(&Fake::settings()).await.unwrap();
    assert_eq!(fake.calls().len(), 1);
}

#[tokio::test]
async fn wrong_credentials_and_wrong_account_differ() {
    let fake = Fake::start().await;
    let refused = async |settings: ExotelSettings| client(&fake).check(&settings).await.unwrap_err();
    let wrong = ExotelSettings { api_token: Fake::settings().api_key, ..Fake::settings() };
    let error = refused(wrong).await;
    assert_eq!((error.status(), error.code()), (Some(401), "exotel_unauthorized"));
    assert!(error.to_string().contains("UNAUTHORIZED: Authentication failed"), "{error}");
    let other = ExotelSettings { account_sid: "acme2".parse().unwrap(), ..Fake::settings() };
    assert_eq!(refused(other).await.code(), "exotel_account_unknown");
}

#[tokio::test]
async fn refusal_keeps_its_status() {
    let fake = Fake::start().await;
    for (status, code) in [
        (401, "exotel_unauthorized"),
        (402, "exotel_payment_required"),
        (403, "exotel_forbidden"),
        (500, "exotel_failed"),
    ] {
        let error = fails(&fake, Fault::Status(status)).await;
        assert_eq!((error.status(), error.code()), (Some(status), code));
    }
    let error = fails(&fake, Fault::Status(429)).await;
    assert_eq!((error.code(), error.retry_after()), ("exotel_rate_limited", Some(Duration::from_secs(30))));
    assert!(error.to_string().contains("Wait 30 seconds"), "{error}");
}

#[tokio::test]
async fn refusal_on_a_later_page_fails_the_list() {
    let fake = Fake::start().await;
    (0..60).for_each(|index| fake.add_number(&number(index), "Sales"));
    fake.fail(Fault::Delay(Duration::from_millis(1)));
    fake.fail(Fault::Status(429));
    let error = client(&fake).numbers(&Fake::settings()).await.unwrap_err();
    assert_eq!((error.code(), fake.calls().len()), ("exotel_rate_limited", 2));
}

#[tokio::test]
async fn foreign_responses_are_recognised() {
    let fake = Fake::start().await;
    let error = fails(&fake, Fault::Html).await;
    assert_eq!(error.code(), "exotel_unreadable");
    assert!(error.to_string().contains("Welcome Log in to the network"), "{error}");
    let body = format!("<h1>Bad gateway</h1> {}:{}", Fake::API_KEY, Fake::API_TOKEN);
    let error = fails(&fake, Fault::Answer { status: 502, body }).await;
    assert_eq!(error.code(), "exotel_failed");
    assert!(error.to_string().contains("502: Bad gateway …:…"), "{error}");
    assert_eq!(fails(&fake, Fault::Huge).await.code(), "exotel_unreadable");
}

#[tokio::test]
async fn secret_at_the_cut_is_redacted() {
    let fake = Fake::start().await;
    for (status, code) in [(502, "exotel_failed"), (200, "exotel_unreadable")] {
        for secret in [Fake::API_KEY, Fake::API_TOKEN] {
            for before in 140..160 {
                let error = fails(&fake, Fault::Answer { status, body: "x".repeat(before) + secret }).await;
                assert_eq!(error.code(), code);
                assert!(!error.to_string().contains(&format!("x{}", &secret[..1])), "{before}: {error}");
            }
        }
    }
}

#[tokio::test]
async fn broken_responses_are_lost() {
    let fake = Fake::start().await;
    (0..10).for_each(|index| fake.add_number(&number(index), "Sales"));
    for fault in [Fault::Drop, Fault::Truncate, Fault::CutJson] {
        let error = fails(&fake, fault.clone()).await;
        assert_eq!(error.code(), "exotel_lost", "{fault:?}: {error:?}");
    }
    assert_eq!(fake.calls().len(), 3, "nothing is repeated");
}

#[tokio::test]
async fn redirect_is_not_followed() {
    let (fake, elsewhere) = (Fake::start().await, Fake::start().await);
    let error = fails(&fake, Fault::Redirect(format!("{}/v2_beta", elsewhere.url()))).await;
    assert_eq!((error.status(), error.code()), (Some(302), "exotel_refused"));
    assert!(elsewhere.calls().is_empty());
}

#[tokio::test]
async fn timeout_covers_all_pages() {
    let fake = Fake::start().await;
    fake.pages(1, true);
    (0..30).for_each(|index| fake.add_number(&number(index), "Sales"));
    fake.fail_always(Fault::Delay(Duration::from_millis(150)));
    let client = Client::new(fake.config(Duration::from_millis(400))).unwrap();
    let start = Instant::now();
    let error = client.numbers(&Fake::settings()).await.unwrap_err();
    assert_eq!(error.code(), "exotel_timeout");
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    fake.clear_faults();
    fake.fail(Fault::Delay(Duration::from_secs(30)));
    assert_eq!(client.check(&Fake::settings()).await.unwrap_err().code(), "exotel_timeout");
}

#[tokio::test]
async fn closed_port_and_missing_tls_differ() {
    let fake = Fake::start().await;
    let secure = Config { url: fake.url().replace("http:", "https:"), timeout: TIMEOUT };
    let error = Client::new(secure).unwrap().check(&Fake::settings()).await.unwrap_err();
    assert_eq!(error.code(), "exotel_tls", "{error:?}");
    let closed = fake.config(TIMEOUT);
    drop(fake);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = Client::new(Config { url, ..closed }).unwrap().check(&Fake::settings()).await.unwrap_err();
    assert_eq!(error.code(), "exotel_unreachable", "{error:?}");
}
