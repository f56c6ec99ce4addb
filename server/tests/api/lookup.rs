//! `GET /api/v1/sip/lookup` and `/sip/outbound-trunk`, as CXB Core sends them.

use reqwest::{Client, Response, header::HeaderMap};
use serde_json::{Value, json};

use crate::harness::{Answer, CORE_SECRET, TestServer, answer, id};

const HEADER: &str = "X-CXB-Core-Secret";
const LOOKUP: &str = "/api/v1/sip/lookup";
const OUTBOUND_TRUNK: &str = "/api/v1/sip/outbound-trunk";

impl TestServer {
    /// With the core secret alone: no cookie, no token.
    async fn core_response(&self, path: &str) -> Response {
        Client::new().get(format!("{}{path}", self.url)).header(HEADER, CORE_SECRET).send().await.unwrap()
    }

    async fn core(&self, path: &str) -> Answer {
        answer(self.core_response(path).await).await
    }

    async fn add_did(&self, carrier: &Value, did: Value) -> Value {
        self.post(&format!("/api/v1/carriers/{}/dids", id(carrier)), did).await.expect(201)
    }
}

/// Status and code of a problem, with its headers.
async fn problem(response: Response, status: u16) -> (String, HeaderMap) {
    let headers = response.headers().clone();
    assert_eq!(headers["content-type"], "application/problem+json");
    let code = answer(response).await.expect(status)["code"].as_str().unwrap().to_owned();
    (code, headers)
}

#[tokio::test]
async fn lookup_names_bot_carrier_and_did() {
    let server = TestServer::start().await;
    let bot = server.bot("Concierge").await;
    let carrier = server.carrier(json!({ "destination_country": "IN" })).await;
    let did = server.add_did(&carrier, json!({ "number": "+919812345678", "bot_id": bot })).await;
    let expected = json!({ "bot_id": bot, "carrier_id": carrier["id"], "did_id": did["id"] });
    for number in [
        "%2B919812345678",
        "+919812345678",
        "919812345678",
        "%2B91%2098123%2045678",
        "+91-98123-45678",
        "(098123)%2045678",
        "09812345678",
        "00919812345678",
    ] {
        assert_eq!(server.core(&format!("{LOOKUP}?number={number}")).await.expect(200), expected, "{number}");
    }
}

#[tokio::test]
async fn outbound_trunk_names_the_number_and_its_limits() {
    let server = TestServer::start().await;
    let settings = json!({ "outbound_cps": 2.5, "outbound_burst": 5, "outbound_channels": 30 });
    let carrier = server.carrier(settings).await;
    let did = server.add_did(&carrier, json!({ "number": "+14155550123", "direction": "outbound" })).await;
    let synced = server.synced(&id(&carrier)).await;
    let expected = json!({
        "trunk_id": synced["lk_outbound_trunk_id"],
        "number": "+14155550123",
        "from_number": "+14155550123",
        "carrier_id": carrier["id"],
        "did_id": did["id"],
        "rate_limit": { "cps": 2.5, "burst": 5, "channels": 30 },
    });
    assert!(synced["lk_outbound_trunk_id"].as_str().unwrap().starts_with("ST_"));
    for query in ["", "?from_number=%2B14155550123", "?from_number=+14155550123", "?from_number=1%20(415)%20555-0123"] {
        assert_eq!(server.core(&format!("{OUTBOUND_TRUNK}{query}")).await.expect(200), expected, "{query}");
    }
}

#[tokio::test]
async fn what_matches_nothing_is_a_404_with_its_reason() {
    let server = TestServer::start().await;
    let carrier = server.carrier(json!({})).await;
    let bot = server.bot("Concierge").await;
    for (number, direction, bot_id) in [
        ("+14155550101", "outbound", Value::Null),
        ("+14155550102", "inbound", Value::Null),
        ("+14155550103", "inbound", json!(bot)),
    ] {
        server.add_did(&carrier, json!({ "number": number, "direction": direction, "bot_id": bot_id })).await;
    }
    server.synced(&id(&carrier)).await;
    for (path, code) in [
        (format!("{LOOKUP}?number=%2B14155550199"), "unknown_number"),
        (format!("{LOOKUP}?number=%2B14155550101"), "outbound_only"),
        (format!("{LOOKUP}?number=%2B14155550102"), "no_bot"),
        (format!("{OUTBOUND_TRUNK}?from_number=%2B14155550199"), "unknown_number"),
        (format!("{OUTBOUND_TRUNK}?from_number=%2B14155550103"), "inbound_only"),
    ] {
        let (received, headers) = problem(server.core_response(&path).await, 404).await;
        assert_eq!(received, code, "{path}");
        assert!(!headers.contains_key("retry-after"), "{path}");
    }
}

#[tokio::test]
async fn carrier_that_is_pending_or_failed_has_its_own_code() {
    let server = TestServer::start().await;
    let (code, _) = problem(server.core_response(OUTBOUND_TRUNK).await, 404).await;
    assert_eq!(code, "no_outbound_trunk");
    let bot = server.bot("Concierge").await;
    server.faults(json!([{ "fault": "delay", "ms": 3_000, "sticky": true }])).await;
    let carrier = server.carrier(json!({})).await;
    server.add_did(&carrier, json!({ "number": "+14155550123", "bot_id": bot })).await;
    for query in ["", "?from_number=%2B14155550123"] {
        let (code, headers) = problem(server.core_response(&format!("{OUTBOUND_TRUNK}{query}")).await, 404).await;
        assert_eq!(code, "carrier_pending", "{query}");
        assert_eq!(headers["retry-after"], "2", "{query}");
    }
    // The call is here already: its bot answers.
    server.core(&format!("{LOOKUP}?number=%2B14155550123")).await.expect(200);
    server.clear_faults().await;
    server.faults(json!([{ "fault": "error", "code": "invalid_argument", "message": "no", "sticky": true }])).await;
    let path = format!("/api/v1/carriers/{}", id(&carrier));
    server.put(&path, json!({ "name": "Renamed" })).await.expect(200);
    server.until(&id(&carrier), |carrier| carrier["lk_sync_status"] == "error").await;
    for query in ["", "?from_number=%2B14155550123"] {
        let (code, headers) = problem(server.core_response(&format!("{OUTBOUND_TRUNK}{query}")).await, 404).await;
        assert_eq!(code, "carrier_error", "{query}");
        assert!(!headers.contains_key("retry-after"), "{query}");
    }
    server.core(&format!("{LOOKUP}?number=%2B14155550123")).await.expect(200);
}

#[tokio::test]
async fn bad_number_is_a_clear_error() {
    let server = TestServer::start().await;
    server.carrier(json!({ "destination_country": "IN" })).await;
    let long = "1".repeat(300);
    for (number, code) in [
        (long.as_str(), "too_long"),
        ("", "required"),
        ("12", "too_short"),
        ("%2B12", "too_short"),
        ("%D9%A1%D9%A2%D9%A3%D9%A4%D9%A5%D9%A6%D9%A7", "foreign_digit"),
        ("%2B1415%0D%0AX-Evil:%201", "unprintable_character"),
        ("%00", "unprintable_character"),
        ("%FF%FE", "bad_number"),
        ("sip:acme@example.com", "has_scheme"),
        ("'%20OR%201=1%20--", "bad_number"),
    ] {
        for (path, field) in [(LOOKUP, "number"), (OUTBOUND_TRUNK, "from_number")] {
            let errors = server.core(&format!("{path}?{field}={number}")).await.errors(422);
            assert_eq!(errors, [(field.to_owned(), code.to_owned())], "{path} {number}");
        }
    }
    for query in ["", "?", "?numbre=1", "?number=%2B14155550101&number=%2B14155550102"] {
        let (code, _) = problem(server.core_response(&format!("{LOOKUP}{query}")).await, 400).await;
        assert_eq!(code, "malformed", "{query}");
    }
}

#[tokio::test]
async fn request_without_the_core_secret_is_forbidden() {
    let server = TestServer::start().await;
    let anonymous = Client::new();
    let number = format!("{LOOKUP}?number=%2B14155550123");
    for path in [number.as_str(), OUTBOUND_TRUNK, LOOKUP] {
        let url = format!("{}{path}", server.url);
        for secrets in [&[][..], &["wrong"], &[""], &[CORE_SECRET, CORE_SECRET], &["wrong", CORE_SECRET]] {
            let request = secrets.iter().fold(anonymous.get(&url), |request, secret| request.header(HEADER, *secret));
            let (code, _) = problem(request.send().await.unwrap(), 403).await;
            assert_eq!(code, "wrong_core_secret", "{path} {secrets:?}");
        }
        // An administrator's session is no substitute, and no secret of another header is.
        let session = server.client.get(&url);
        assert_eq!(session.send().await.unwrap().status(), 403, "{path}");
        let bearer = anonymous.get(&url).bearer_auth(CORE_SECRET);
        assert_eq!(bearer.send().await.unwrap().status(), 403, "{path}");
    }
    // In any case of the name.
    let lower = anonymous.get(format!("{}{number}", server.url)).header("x-cxb-core-secret", CORE_SECRET);
    assert_eq!(lower.send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn other_method_is_not_allowed() {
    let server = TestServer::start().await;
    for path in [LOOKUP, OUTBOUND_TRUNK] {
        let request = Client::new().post(format!("{}{path}", server.url)).header(HEADER, CORE_SECRET);
        let (code, headers) = problem(request.send().await.unwrap(), 405).await;
        assert_eq!((code.as_str(), headers["allow"].to_str().unwrap()), ("method_not_allowed", "GET,HEAD"), "{path}");
    }
}

#[tokio::test]
async fn index_is_in_use_once_the_server_is_ready() {
    let server = TestServer::start().await;
    assert_eq!(server.get("/readyz").await.expect(200)["index"], true);
}
