//! Providers with published settings for a new carrier.

use reqwest::{StatusCode, header};
use serde_json::{Value, json};

use crate::harness::{TestServer, id};

#[tokio::test]
async fn providers_have_settings_and_sources() {
    let server = TestServer::start().await;
    let providers = server.get("/api/v1/providers").await.expect(200);
    let twilio = &providers[0];
    assert_eq!(twilio["sip_address"], "your-trunk.pstn.twilio.com");
    assert_eq!((&twilio["replace"], &twilio["transport"]), (&json!("your-trunk"), &json!("tcp")));
    assert_eq!(
        twilio["signalling"]["ranges"][0],
        json!({ "range": "54.172.60.0/30", "region": "North America, Virginia" })
    );
    assert_eq!(twilio["signalling"]["source"], "https://www.twilio.com/docs/sip-trunking/ip-addresses");
    assert_eq!(twilio["signalling"]["retrieved_on"].as_str().map(str::len), Some("2026-11-22".len()));
    let exotel = providers.as_array().unwrap().iter().find(|provider| provider["id"] == "exotel").unwrap();
    assert_eq!((&exotel["integration"], &twilio["integration"]), (&json!(true), &json!(false)));
    assert_eq!(exotel["signalling"]["ranges"], json!([]));

    let kept = server.client.get(format!("{}/api/v1/providers", server.url)).send().await.unwrap();
    assert_eq!(kept.headers()[header::CACHE_CONTROL], "private, max-age=3600");
}

/// The form's fields after only the placeholder is replaced.
#[tokio::test]
async fn provider_settings_make_a_valid_carrier() {
    let server = TestServer::start().await;
    for provider in server.get("/api/v1/providers").await.expect(200).as_array().unwrap() {
        let pattern = provider["sip_address"].as_str().unwrap();
        if pattern.is_empty() {
            continue;
        }
        let ranges: Vec<&Value> =
            provider["signalling"]["ranges"].as_array().unwrap().iter().map(|entry| &entry["range"]).collect();
        let carrier = |address: &str| {
            json!({ "name": provider["name"], "sip_address": address, "transport": provider["transport"],
                    "inbound_auth": provider["inbound_auth"], "allowed_addresses": ranges })
        };
        let replace = provider["replace"].as_str().unwrap();
        if !replace.is_empty() {
            let refused = server.post("/api/v1/carriers", carrier(pattern)).await;
            assert_eq!(refused.errors(422), [("sip_address".to_owned(), "placeholder".to_owned())], "{pattern}");
        }
        let address = if replace.is_empty() { pattern.to_owned() } else { pattern.replace(replace, "acme") };
        let made = server.post("/api/v1/carriers", carrier(&address)).await.expect(201);
        assert_eq!(made["sip_address"], address);
        let back = server.put(&format!("/api/v1/carriers/{}", id(&made)), json!({ "sip_address": pattern })).await;
        assert_eq!(back.status == StatusCode::UNPROCESSABLE_ENTITY, !replace.is_empty(), "{pattern}");
    }
}
