use std::time::{Duration, Instant};

use exotel_fake::{Fake, Fault};
use reqwest::{Response, StatusCode, header};
use serde_json::{Value, json};

use crate::harness::{TestServer, id};

const PATH: &str = "/api/v1/integrations/exotel";
const PAGE: &str = "/dashboard/integrations/exotel";

async fn connected() -> TestServer {
    let server = TestServer::start().await;
    server.put(PATH, Fake::credentials()).await.expect(200);
    server.exotel.add_number("+911140001000", "Front desk");
    server.exotel.add_number("+911140001001", "+911140001001");
    server
}

async fn post(server: &TestServer, path: &str, fields: &[(&str, &str)]) -> Response {
    server.client.post(format!("{}{path}", server.url)).form(fields).send().await.unwrap()
}

async fn page(server: &TestServer, path: &str) -> String {
    let response = server.client.get(format!("{}{path}", server.url)).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    response.text().await.unwrap()
}

fn location(response: &Response) -> &str {
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    response.headers()[header::LOCATION].to_str().unwrap()
}

#[tokio::test]
async fn connection_is_saved_updated_and_deleted() {
    let server = TestServer::start().await;
    let nothing = server.get(&format!("{PATH}/summary")).await.expect(200);
    assert_eq!(
        nothing,
        json!({ "connected": false, "account_sid": null, "subdomain": null, "last_checked_at": null,
                "last_check_error": null, "numbers_imported": 0, "livekit_sip_host": "sip.example.com", "version": 0 })
    );
    let refused = server.put(PATH, json!({ "subdomain": "https://evil.example" })).await.errors(422);
    let fields: Vec<&str> = refused.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["account_sid", "subdomain", "api_key", "api_token"]);

    let made = server.put(PATH, Fake::credentials()).await.expect(200);
    assert_eq!((&made["api_key"], &made["api_token"]), (&json!("********"), &json!("********")));
    assert_eq!(server.get(PATH).await.expect(200), made);
    assert!(server.exotel.calls().is_empty(), "saving and reading send no request to Exotel");
    server.post(&format!("{PATH}/test"), json!({})).await.expect(200);

    let changed =
        server.put(PATH, json!({ "api_key": "", "subdomain": "api.exotel.com", "version": 1 })).await.expect(200);
    assert_eq!((&changed["subdomain"], &changed["version"]), (&json!("api.exotel.com"), &json!(2)));
    let stale = server.put(PATH, json!({ "account_sid": "acme2", "version": 1 })).await.expect(409);
    assert_eq!((&stale["code"], &stale["current"]["version"]), (&json!("stale_version"), &json!(2)));
    let server = server.restart().await;
    server.post(&format!("{PATH}/test"), json!({})).await.expect(200);
    server.delete(PATH).await.expect(204);
    assert_eq!(server.delete(PATH).await.expect(409)["code"], "not_connected");
    assert_eq!(server.get(PATH).await.expect(200)["connected"], false);
}

#[tokio::test]
async fn exotel_error_is_a_502_with_a_remedy() {
    let server = connected().await;
    for (fault, code, words) in [
        (Fault::Status(401), "exotel_unauthorized", "Copy both again"),
        (Fault::Status(403), "exotel_forbidden", "KYC"),
        (Fault::Html, "exotel_unreadable", "no proxy or login page"),
        (Fault::Drop, "exotel_lost", "Try again"),
    ] {
        for (method, path) in [("post", "test"), ("get", "numbers")] {
            server.exotel.fail(fault.clone());
            let path = format!("{PATH}/{path}");
            let answer = if method == "post" { server.post(&path, json!({})).await } else { server.get(&path).await };
            let problem = answer.expect(502);
            assert_eq!(problem["code"], code, "{path}");
            assert!(problem["detail"].as_str().unwrap().contains(words), "{problem}");
            assert_eq!(problem["current"]["last_check_error"], problem["detail"]);
        }
    }
    server.exotel.fail(Fault::Status(429));
    let limited = server.client.get(format!("{}{PATH}/numbers", server.url)).send().await.unwrap();
    assert_eq!(
        (limited.status().as_u16(), &limited.headers()[header::RETRY_AFTER]),
        (502, &header::HeaderValue::from(30))
    );
    server.get(&format!("{PATH}/numbers")).await.expect(200);
    assert_eq!(server.get(&format!("{PATH}/summary")).await.expect(200)["last_check_error"], Value::Null);
}

#[tokio::test]
async fn imported_numbers_are_synced_to_livekit() {
    let server = connected().await;
    let bot = server.bot("Concierge").await;
    let carrier = id(&server.carrier(json!({ "name": "Exotel Mumbai", "destination_country": "IN" })).await);
    let listed = server.get(&format!("{PATH}/numbers")).await.expect(200);
    assert_eq!(listed["complete"], true);
    assert_eq!(
        listed["items"][0],
        json!({ "number": "+911140001000", "e164": "+911140001000", "formatted": "+91 11 4000 1000", "label": "Front desk", "country": "IN", "voice": true,
                "carrier_id": null, "carrier_name": null, "fault": null })
    );
    let mut body = json!({ "carrier_id": carrier, "numbers": ["+911140001000", "+911140001001", "+911140007777"],
                           "bot_id": bot, "direction": "inbound", "dry_run": true });
    let preview = server.post(&format!("{PATH}/import"), body.clone()).await.expect(200);
    assert_eq!((&preview["added"], &preview["items"][2]["outcome"]), (&json!(2), &json!("unknown")));
    assert_eq!(server.get(&format!("/api/v1/carriers/{carrier}")).await.expect(200)["did_count"], 0);
    body["dry_run"] = json!(false);
    let done = server.post(&format!("{PATH}/import"), body.clone()).await.expect(200);
    assert_eq!((&done["added"], &done["dry_run"]), (&json!(2), &json!(false)));
    let carrier_now = server.synced(&carrier).await;
    assert_eq!(carrier_now["dids"][0]["id"], done["items"][0]["did_id"]);
    let observed = server.livekit().await;
    let numbers = observed["inbound"][0]["numbers"].as_array().unwrap();
    assert!(numbers.contains(&json!("+911140001000")) && numbers.contains(&json!("+911140001001")), "{numbers:?}");
    assert_eq!(server.get(&format!("{PATH}/summary")).await.expect(200)["numbers_imported"], 2);
    assert_eq!(server.post(&format!("{PATH}/import"), body).await.expect(200)["added"], 0);
}

#[tokio::test]
async fn ambiguous_number_is_an_invalid_row_with_its_remedy() {
    let server = connected().await;
    server.exotel.add_number("14155550129", "New York");
    let carrier = id(&server.carrier(json!({ "destination_country": "IN" })).await);
    let body = json!({ "carrier_id": carrier, "numbers": ["14155550129", "+911140001000"] });
    let imported = server.post(&format!("{PATH}/import"), body).await.expect(200);
    assert_eq!((&imported["added"], &imported["items"][0]["outcome"]), (&json!(1), &json!("invalid")));
    let fault = imported["items"][0]["fault"].as_str().unwrap();
    assert!(fault.contains("+14155550129"), "{fault}");
}

#[tokio::test]
async fn page_requests_numbers_only_on_demand() {
    let server = connected().await;
    let html = page(&server, PAGE).await;
    assert!(html.contains("acme1") && html.contains("Not tested yet"));
    assert!(html.contains("sip.example.com:5061;transport=tls"));
    assert!(page(&server, "/dashboard/carriers").await.contains("acme1"));
    assert!(server.exotel.calls().is_empty());
    for secret in [Fake::API_KEY, Fake::API_TOKEN] {
        assert!(!html.contains(secret));
    }
    let numbers = format!("{PAGE}?numbers=1");
    server.exotel.fail(Fault::Status(403));
    assert!(page(&server, &numbers).await.contains("KYC"));
    server.exotel.fail(Fault::Delay(Duration::from_secs(60)));
    let start = Instant::now();
    assert!(page(&server, &numbers).await.contains("did not answer within 10 seconds"));
    assert!(start.elapsed() < Duration::from_secs(15));
    assert_eq!(server.exotel.calls().len(), 2);
    for _ in 0..2 {
        assert!(page(&server, &numbers).await.contains("Front desk"));
    }
    assert_eq!(server.exotel.calls().len(), 3, "a failure is not kept, and a list is");
}

#[tokio::test]
async fn preview_sends_one_request_to_exotel() {
    let server = connected().await;
    let carrier = id(&server.carrier(json!({ "name": "Exotel Mumbai" })).await);
    let chosen = [("carrier_id", carrier.as_str()), ("numbers", "+911140001000"), ("dry_run", "true")];
    let preview = async || post(&server, &format!("{PAGE}?numbers=1"), &chosen).await.text().await.unwrap();
    server.exotel.fail(Fault::Status(429));
    assert!(preview().await.contains("Wait 30 seconds"));
    assert_eq!(server.exotel.calls().len(), 1);
    // A second list request would fail.
    server.exotel.fail(Fault::Delay(Duration::from_millis(1)));
    server.exotel.fail(Fault::Status(500));
    assert!(preview().await.contains("Import 1 Number"));
    assert_eq!(server.exotel.calls().len(), 2);
    assert_eq!(server.get(&format!("{PATH}/summary")).await.expect(200)["last_check_error"], Value::Null);
}

#[tokio::test]
async fn skipped_numbers_are_shown_with_their_reason() {
    let server = connected().await;
    let carrier = id(&server.carrier(json!({ "name": "Exotel Mumbai" })).await);
    let plivo = id(&server.carrier(json!({ "name": "Plivo" })).await);
    let number = json!({ "number": "+911140001001" });
    server.post(&format!("/api/v1/carriers/{plivo}/dids"), number).await.expect(201);
    let chosen = [("carrier_id", carrier.as_str()), ("numbers", "+911140001000"), ("numbers", "+911140001001")];
    let import = async || post(&server, &format!("{PAGE}?numbers=1"), &chosen).await;
    let done = import().await;
    assert_eq!(done.status(), StatusCode::OK);
    let html = done.text().await.unwrap();
    assert!(html.contains("1 number was added to Exotel Mumbai, 1 skipped"), "{html}");
    assert!(html.contains("Skipped: on Plivo") && html.contains("Open Exotel Mumbai"), "{html}");
    assert!(!html.contains("Import 1 Number"), "{html}");
    assert_eq!(server.get(&format!("/api/v1/carriers/{carrier}")).await.expect(200)["did_count"], 1);
    assert!(import().await.text().await.unwrap().contains("No number was added to Exotel Mumbai"));
}

#[tokio::test]
async fn one_of_several_carriers_is_not_preselected() {
    let server = connected().await;
    let numbers = format!("{PAGE}?numbers=1");
    let only = id(&server.carrier(json!({ "name": "Plivo" })).await);
    let selected = |id: &str, name: &str| format!("<option value=\"{id}\" selected>{name}");
    assert!(page(&server, &numbers).await.contains(&selected(&only, "Plivo")));
    server.carrier(json!({ "name": "Twilio" })).await;
    let html = page(&server, &numbers).await;
    assert!(html.contains(&selected("", "Choose a carrier")) && !html.contains(&selected(&only, "Plivo")), "{html}");
    let exotel = json!({ "name": "Mumbai", "sip_address": "in.voip.exotel.com:443" });
    let exotel = id(&server.carrier(exotel).await);
    assert!(page(&server, &numbers).await.contains(&selected(&exotel, "Mumbai")));
}

#[tokio::test]
async fn preview_names_direction_and_bot_and_warns_of_rejected_calls() {
    let server = connected().await;
    let capabilities = json!({ "voice": false, "sms": true });
    server.exotel.add(json!({ "phone_number": "+911140001002", "country": "IN", "capabilities": capabilities }));
    let carrier = id(&server.carrier(json!({ "name": "Exotel Mumbai" })).await);
    let bot = server.bot("Concierge").await;
    let preview = async |fields: [(&str, &str); 3]| {
        let chosen = [("carrier_id", carrier.as_str()), ("dry_run", "true")];
        let fields: Vec<_> = chosen.into_iter().chain(fields).collect();
        post(&server, &format!("{PAGE}?numbers=1"), &fields).await.text().await.unwrap()
    };
    let html = preview([("numbers", "+911140001000"), ("direction", "inbound"), ("bot_id", &bot)]).await;
    assert!(html.contains("<dd>Inbound<") && html.contains("<dd>Concierge<"), "{html}");
    assert!(!html.contains("No bot answers") && !html.contains("no voice at Exotel"), "{html}");
    let html = preview([("numbers", "+911140001002"), ("direction", "both"), ("bot_id", "")]).await;
    assert!(
        html.contains("No bot answers these numbers") && html.contains("1 number has no voice at Exotel"),
        "{html}"
    );
    let html = preview([("numbers", "+911140001000"), ("direction", "outbound"), ("bot_id", "")]).await;
    assert!(!html.contains("No bot answers"), "{html}");
}

#[tokio::test]
async fn selection_is_limited_to_one_import() {
    let server = connected().await;
    (0..1_100).for_each(|index| server.exotel.add_number(&format!("+9111{:08}", 60_000_000 + index), "Sales"));
    let carrier = id(&server.carrier(json!({ "name": "Exotel Mumbai" })).await);
    let html = page(&server, &format!("{PAGE}?numbers=1")).await;
    let boxes = html.split("<input ").filter(|tag| tag.contains("name=\"numbers\""));
    let ticked = boxes.filter(|tag| tag.split('>').next().is_some_and(|tag| tag.contains("checked")));
    let ticked: Vec<&str> =
        ticked.map(|tag| tag.split_once("value=\"").unwrap().1.split_once('"').unwrap().0).collect();
    assert_eq!(ticked.len(), 1_000);
    assert!(html.contains("1,102 numbers can be imported, 1,000 at a time"), "{html}");
    let mut chosen = vec![("carrier_id", carrier.as_str()), ("dry_run", "true")];
    chosen.extend(ticked.into_iter().map(|number| ("numbers", number)));
    let preview = post(&server, &format!("{PAGE}?numbers=1"), &chosen).await;
    assert_eq!(preview.status(), StatusCode::OK);
    assert!(preview.text().await.unwrap().contains("Import 1,000 Numbers"));
}

#[tokio::test]
async fn link_selects_a_carrier_beyond_the_listed_ones() {
    let server = connected().await;
    let numbers = format!("{PAGE}?numbers=1");
    for index in 0..200 {
        server.carrier(json!({ "name": format!("Carrier {index:03}") })).await;
    }
    assert!(!page(&server, &numbers).await.contains("Not all carriers are listed"));
    let last = id(&server.carrier(json!({ "name": "Zadarma" })).await);
    let html = page(&server, &numbers).await;
    assert!(html.contains("the first 200 of 201 by name") && !html.contains("Zadarma"), "{html}");
    let html = page(&server, &format!("{numbers}&carrier_id={last}")).await;
    assert!(html.contains(&format!("<option value=\"{last}\" selected>Zadarma")), "{html}");
    let chosen = [("carrier_id", last.as_str()), ("numbers", "+911140001000"), ("dry_run", "true")];
    let preview = post(&server, &format!("{PAGE}?numbers=1"), &chosen).await.text().await.unwrap();
    assert!(preview.contains("1 number will be added to Zadarma"), "{preview}");
    let gone = page(&server, &format!("{numbers}&carrier_id=car_01hf7yat000000000000000000")).await;
    assert!(gone.contains("Preview Import"));
}

#[tokio::test]
async fn native_forms_connect_test_import_and_disconnect() {
    let server = TestServer::start().await;
    server.exotel.add_number("+911140001000", "Front desk");
    server.exotel.add_number("+911140001001", "Night desk");
    let refused = post(
        &server,
        &format!("{PAGE}?edit=1"),
        &[("account_sid", "ac me"), ("subdomain", "api.in.exotel.com"), ("api_key", "do-not-send")],
    )
    .await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let html = refused.text().await.unwrap();
    assert!(html.contains("ac me") && html.contains("Enter the API token") && !html.contains("do-not-send"));

    let fields = [
        ("account_sid", Fake::ACCOUNT_SID),
        ("subdomain", "api.in.exotel.com"),
        ("api_key", Fake::API_KEY),
        ("api_token", Fake::API_TOKEN),
        ("version", "0"),
    ];
    assert_eq!(location(&post(&server, &format!("{PAGE}?edit=1"), &fields).await), PAGE);
    server.exotel.fail(Fault::Status(401));
    assert_eq!(location(&post(&server, PAGE, &[]).await), PAGE);
    assert!(page(&server, PAGE).await.contains("Copy both again"));
    assert_eq!(location(&post(&server, PAGE, &[]).await), PAGE);
    assert!(page(&server, PAGE).await.contains("Connected to Exotel"));

    let carrier = id(&server.carrier(json!({ "name": "Exotel Mumbai" })).await);
    let none = post(&server, &format!("{PAGE}?numbers=1"), &[("carrier_id", &carrier), ("dry_run", "true")]).await;
    assert_eq!(none.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text().await.unwrap().contains("Choose at least one number"));
    let mut chosen = vec![
        ("carrier_id", carrier.as_str()),
        ("direction", "both"),
        ("bot_id", ""),
        ("numbers", "+911140001000"),
        ("numbers", "+911140001001"),
        ("dry_run", "true"),
    ];
    let preview = post(&server, &format!("{PAGE}?numbers=1"), &chosen).await;
    assert_eq!(preview.status(), StatusCode::OK);
    let html = preview.text().await.unwrap();
    assert!(html.contains("Import 2 Numbers"), "{html}");
    assert_eq!(server.get(&format!("/api/v1/carriers/{carrier}")).await.expect(200)["did_count"], 0);
    chosen.pop();
    let done = post(&server, &format!("{PAGE}?numbers=1"), &chosen).await;
    assert_eq!(location(&done), format!("/dashboard/carriers/{carrier}"));
    assert_eq!(server.get(&format!("/api/v1/carriers/{carrier}")).await.expect(200)["did_count"], 2);

    assert!(page(&server, &format!("{PAGE}?disconnect=1")).await.contains("2 imported numbers stay"));
    assert_eq!(location(&post(&server, &format!("{PAGE}?disconnect=1"), &[]).await), PAGE);
    assert_eq!(server.get(PATH).await.expect(200)["connected"], false);
}
