//! The integrations of providers that sell numbers, and `GET /sip/search-numbers`, with the simulated providers.

use reqwest::{StatusCode, header};
use serde_json::{Value, json};
use twilio_fake::Fake;

use crate::harness::TestServer;

const TWILIO: &str = "/api/v1/integrations/twilio";
const VONAGE: &str = "/api/v1/integrations/vonage";
const PAGE: &str = "/dashboard/integrations";
const SID: &str = Fake::USER;
const SECRET: &str = Fake::SECRET;

async fn connected() -> TestServer {
    let server = TestServer::start().await;
    server.put(TWILIO, json!({ "account": SID, "secret": SECRET })).await.expect(200);
    server
}

#[tokio::test]
async fn integration_is_connected_tested_and_disconnected() {
    let server = TestServer::start().await;
    let list = server.get("/api/v1/integrations").await.expect(200);
    let names: Vec<&Value> = list["items"].as_array().unwrap().iter().map(|item| &item["provider"]).collect();
    assert_eq!(names, ["livekit", "exotel", "twilio", "vonage"]);
    let refused = server.put(TWILIO, json!({ "account": "x" })).await.errors(422);
    let fields: Vec<&str> = refused.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["account", "secret"]);
    let saved = server.put(TWILIO, json!({ "account": SID, "secret": SECRET })).await.expect(200);
    assert_eq!((&saved["secret"], &saved["connected"]), (&json!("********"), &json!(true)));
    let tested = server.post(&format!("{TWILIO}/test"), json!({})).await.expect(200);
    assert!(tested["last_checked_at"].is_string() && tested["last_check_error"].is_null());
    server.put(TWILIO, json!({ "secret": "invalid" })).await.expect(200);
    let refused = server.post(&format!("{TWILIO}/test"), json!({})).await.expect(502);
    assert_eq!(refused["code"], "provider_credentials_refused");
    server.delete(TWILIO).await.expect(204);
    assert_eq!(server.delete(TWILIO).await.expect(409)["code"], "not_connected");
    server.get("/api/v1/integrations/nobody").await.expect(404);
    let missing = server.put(VONAGE, json!({ "account": "abcd1234", "secret": "s" })).await.errors(422);
    assert_eq!(missing, [("sip_domain".to_owned(), "required".to_owned())]);
}

/// The curl example of the specification.
#[tokio::test]
async fn numbers_are_searched_with_the_cookie() {
    let server = connected().await;
    let found = server.get("/sip/search-numbers?country_code=US&area_code=650&provider=twilio").await.expect(200);
    assert_eq!((&found["provider"], &found["country_code"]), (&json!("twilio"), &json!("US")));
    let numbers = found["numbers"].as_array().unwrap();
    assert_eq!(numbers.len(), 12);
    assert_eq!(
        numbers[0],
        json!({ "phone_number": "+16505551200", "formatted": "+1 650-555-1200", "type": "local", "country_code": "US",
                "locality": "San Mateo", "price": "1.15", "currency": "USD", "capabilities": ["voice", "sms", "mms"],
                "requirements": [], "owned": false })
    );
    let unconnected = server.get("/sip/search-numbers?country_code=US&provider=vonage").await.expect(409);
    assert_eq!(unconnected["code"], "not_connected");
    // The sandbox's own Vonage accepts any credentials.
    let vonage = json!({ "account": "abcd1234", "secret": "any", "sip_domain": "acme.sip-us.vonage.com" });
    server.put(VONAGE, vonage).await.expect(200);
    let found = server.get("/sip/search-numbers?country_code=US&provider=vonage&area_code=212").await.expect(200);
    assert_eq!(
        (&found["numbers"][0]["phone_number"], &found["numbers"][0]["currency"]),
        (&json!("+12125550100"), &json!("EUR"))
    );
    for (query, field) in [
        ("provider=twilio", "country_code"),
        ("country_code=US", "provider"),
        ("country_code=US&provider=plivo", "provider"),
        ("country_code=GB&area_code=20&provider=twilio", "area_code"),
        ("country_code=US&provider=twilio&pattern=5%2B5", "pattern"),
        ("country_code=FR&provider=twilio", "country_code"),
    ] {
        let errors = server.get(&format!("/sip/search-numbers?{query}")).await.errors(422);
        assert_eq!(errors[0].0, field, "{query}");
    }
}

#[tokio::test]
async fn forms_work_without_javascript() {
    let server = TestServer::start().await;
    let post = async |path: &str, fields: &[(&str, &str)]| {
        server.client.post(format!("{}{path}", server.url)).form(fields).send().await.unwrap()
    };
    let refused =
        post(&format!("{PAGE}?connect=twilio"), &[("provider", "twilio"), ("account", "AC1"), ("secret", SECRET)])
            .await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let html = refused.text().await.unwrap();
    assert!(html.contains("AC and 32 digits") && !html.contains(SECRET), "{html}");
    let saved =
        post(&format!("{PAGE}?connect=twilio"), &[("provider", "twilio"), ("account", SID), ("secret", SECRET)]).await;
    assert_eq!((saved.status(), &saved.headers()[header::LOCATION]), (StatusCode::SEE_OTHER, &PAGE.parse().unwrap()));
    let tested = post(PAGE, &[("provider", "twilio")]).await;
    assert_eq!(tested.status(), StatusCode::SEE_OTHER);
    assert!(server.get(TWILIO).await.expect(200)["last_checked_at"].is_string());

    let page = async |path: &str| {
        server.client.get(format!("{}{path}", server.url)).send().await.unwrap().text().await.unwrap()
    };
    let found = page("/dashboard/numbers/find?provider=twilio&country_code=US&area_code=650").await;
    assert!(found.contains("+1 650-555-1200") && found.contains("1.15 USD a month"), "{found}");
    assert!(found.contains("/dashboard/numbers/buy?provider=twilio&amp;country=US&amp;number=%2B16505551200"));
    let buy = "/dashboard/numbers/buy?provider=twilio&country=US&number=%2B1650555";
    let offered = page(&format!("{buy}1200&price=0.01%20USD")).await;
    assert!(offered.contains("1.15 USD per month") && !offered.contains("0.01 USD"), "{offered}");
    let sold = page(&format!("{buy}9999")).await;
    assert!(sold.contains("+16505559999 is not available any more"), "{sold}");
    let empty = page("/dashboard/numbers/find?provider=twilio&country_code=US&pattern=999999").await;
    assert!(empty.contains("Twilio has no such number in United States"), "{empty}");
    let unconnected = page("/dashboard/numbers/find?provider=vonage&country_code=US").await;
    assert!(unconnected.contains("No Vonage account is connected"), "{unconnected}");
    let refused = page("/dashboard/numbers/find?provider=twilio&country_code=GB&area_code=20").await;
    assert!(refused.contains("Area codes can be searched in US and CA only"), "{refused}");

    let disconnected = post(&format!("{PAGE}?disconnect=twilio"), &[("provider", "twilio")]).await;
    assert_eq!(disconnected.status(), StatusCode::SEE_OTHER);
    assert_eq!(server.get(TWILIO).await.expect(200)["connected"], false);
}
