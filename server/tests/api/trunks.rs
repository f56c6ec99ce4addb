//! The trunk API: `/sip/create-outbound-trunk`, `/sip/list` and one trunk.

use domain::{Password, Role, Secret};
use reqwest::{Client, Method, Response, header};
use serde_json::{Value, json};

use crate::harness::{Answer, PASSWORD, TestServer, answer, browser, id, send};

/// The published examples, with their placeholders.
const CREATE_TWILIO: &str = r#"curl -X POST "http://localhost:8000/sip/create-outbound-trunk" \
     -H "Content-Type: application/json" \
     -H "x-api-key: <your_api_key>" \
     -d '{
           "trunk_name": "Twilio Production",
           "trunk_address": "example.pstn.twilio.com",
           "trunk_numbers": ["+15550100000", "+15550100001"],
           "trunk_auth_username": "ACxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
           "trunk_auth_password": "your_auth_token_here",
           "trunk_type": "twilio"
         }'"#;
const CREATE_EXOTEL: &str = r#"curl -X POST "http://localhost:8000/sip/create-outbound-trunk" \
     -H "Content-Type: application/json" \
     -H "x-api-key: <your_api_key>" \
     -d '{
           "trunk_name": "Exotel India",
           "trunk_address": "sip.exotel.com",
           "trunk_numbers": ["+911234567890"],
           "trunk_auth_username": "your_exotel_sid",
           "trunk_auth_password": "your_exotel_token",
           "trunk_type": "exotel"
         }'"#;
const LIST: &str = r#"curl -X GET "http://localhost:8000/sip/list" \
     -H "x-api-key: <your_api_key>""#;

const CREATE: &str = "/sip/create-outbound-trunk";

fn body() -> Value {
    json!({ "trunk_name": "Twilio Production", "trunk_address": "example.pstn.twilio.com",
            "trunk_numbers": ["+15550100000", "+15550100001"], "trunk_auth_username": "AC1",
            "trunk_auth_password": "hunter2-token", "trunk_type": "twilio" })
}

/// A program with an API key of its own, and nothing else.
struct Program<'a> {
    server: &'a TestServer,
    key: String,
}

impl Program<'_> {
    /// Sends what a curl command line sends: quoted arguments, `-X`, `-H` and `-d`.
    async fn curl(&self, command: &str) -> Answer {
        let line = command.replace("http://localhost:8000", &self.server.url).replace("<your_api_key>", &self.key);
        let mut arguments = Vec::new();
        let mut rest = line.as_str();
        while let Some(start) = rest.find(|letter: char| !letter.is_whitespace() && letter != '\\') {
            rest = &rest[start..];
            let quote = rest.chars().next().filter(|first| "'\"".contains(*first));
            let body = &rest[quote.map_or(0, char::len_utf8)..];
            let end = body.find(|letter: char| quote.map_or(letter.is_whitespace(), |quote| letter == quote));
            let (argument, behind) = body.split_at(end.unwrap_or(body.len()));
            arguments.push(argument.to_owned());
            rest = behind.strip_prefix(|letter| Some(letter) == quote).unwrap_or(behind);
        }
        let mut request = (Method::GET, String::new(), Vec::new(), None);
        let mut arguments = arguments.into_iter().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "-X" => request.0 = arguments.next().unwrap().parse().unwrap(),
                "-H" => request.2.push(arguments.next().unwrap()),
                "-d" => request.3 = arguments.next(),
                _ => request.1 = argument,
            }
        }
        let (method, url, headers, body) = request;
        let mut builder = Client::new().request(method, url);
        for header in headers {
            let (name, value) = header.split_once(": ").unwrap();
            builder = builder.header(name, value);
        }
        answer(builder.body(body.unwrap_or_default()).send().await.unwrap()).await
    }

    async fn create_with(&self, body: &Value, idempotency_key: Option<&str>) -> Response {
        let mut request = Client::new().post(format!("{}{CREATE}", self.server.url)).header("x-api-key", &self.key);
        if let Some(key) = idempotency_key {
            request = request.header("idempotency-key", key);
        }
        request.json(body).send().await.unwrap()
    }

    async fn create(&self, body: &Value) -> Answer {
        answer(self.create_with(body, None).await).await
    }

    async fn get(&self, path: &str) -> Answer {
        let request = Client::new().get(format!("{}{path}", self.server.url)).header("x-api-key", &self.key);
        answer(request.send().await.unwrap()).await
    }

    async fn names(&self) -> Vec<String> {
        let list = self.get("/sip/list").await.expect(200);
        list["data"].as_array().unwrap().iter().map(|trunk| trunk["trunk_name"].as_str().unwrap().to_owned()).collect()
    }
}

impl TestServer {
    async fn program(&self, role: &str) -> Program<'_> {
        let key = self.post("/api/v1/api-keys", json!({ "name": "Agents", "role": role })).await.expect(201);
        Program { server: self, key: key["key"].as_str().unwrap().to_owned() }
    }

    /// A program of another administrator.
    async fn program_of_another_user(&self) -> Program<'_> {
        let email = "other@example.com";
        let secret = Password::new(Secret::new(PASSWORD)).unwrap();
        self.services.users.add(&email.parse().unwrap(), &secret, Role::Admin).await.unwrap();
        let client = browser();
        let login = json!({ "email": email, "password": PASSWORD });
        send(&client, Method::POST, &format!("{}/api/v1/auth/login", self.url), Some(login)).await.expect(200);
        let key = json!({ "name": "Theirs", "role": "developer" });
        let key = send(&client, Method::POST, &format!("{}/api/v1/api-keys", self.url), Some(key)).await.expect(201);
        Program { server: self, key: key["key"].as_str().unwrap().to_owned() }
    }

    async fn assert_nothing_is_left(&self) {
        assert_eq!(self.get("/api/v1/carriers").await.expect(200)["total"], 0);
        assert_eq!(self.get("/api/v1/carriers").await.expect(200)["number_total"], 0);
        self.livekit_until(|observed| *observed == json!({ "inbound": [], "outbound": [], "rules": [] })).await;
    }
}

#[track_caller]
fn failure(answer: Answer, status: u16) -> String {
    let body = answer.expect(status);
    let names: Vec<_> = body.as_object().unwrap().keys().collect();
    assert_eq!(names, ["data", "message", "success"]);
    assert_eq!((&body["success"], &body["data"]), (&json!(false), &Value::Null));
    body["message"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn published_examples_are_answered_as_published() {
    let server = TestServer::start().await;
    let program = server.program("developer").await;
    let twilio = program.curl(CREATE_TWILIO).await.expect(200);
    assert_eq!(twilio["success"], true);
    assert_eq!(twilio["message"], "Outbound trunk created successfully, Store the trunk id securely.");
    let trunk_id = twilio["data"]["trunk_id"].as_str().unwrap();
    assert!(trunk_id.starts_with("ST_"), "{trunk_id}");
    // LiveKit has the trunk already.
    let outbound = &server.livekit().await["outbound"][0];
    assert_eq!(
        (&outbound["sip_trunk_id"], &outbound["address"]),
        (&json!(trunk_id), &json!("example.pstn.twilio.com"))
    );
    assert_eq!(outbound["numbers"], json!(["+15550100000", "+15550100001"]));
    let exotel = program.curl(CREATE_EXOTEL).await.expect(200);

    let list = program.curl(LIST).await.expect(200);
    assert_eq!((&list["success"], &list["message"]), (&json!(true), &json!("SIP trunks retrieved successfully")));
    let [first, second] = list["data"].as_array().unwrap().as_slice() else { panic!("{list}") };
    assert_eq!((&first["trunk_id"], &first["trunk_type"]), (&exotel["data"]["trunk_id"], &json!("exotel")));
    let at = second["trunk_created_at"].as_str().unwrap();
    assert!(at.len() == "2024-01-15T10:00:00.000000".len() && !at.contains('Z'), "{at}");
    let expected = json!({ "trunk_id": trunk_id, "trunk_name": "Twilio Production",
        "trunk_address": "example.pstn.twilio.com", "trunk_numbers": ["+15550100000", "+15550100001"],
        "trunk_type": "twilio", "trunk_created_at": at });
    assert_eq!(second, &expected, "and no credentials");
}

#[tokio::test]
async fn trunk_is_a_carrier_with_outbound_numbers() {
    let server = TestServer::start().await;
    let program = server.program("developer").await;
    let created = program.create(&body()).await.expect(200);
    let carriers = server.get("/api/v1/carriers").await.expect(200);
    let carrier = &carriers["items"][0];
    assert_eq!(carrier["lk_outbound_trunk_id"], created["data"]["trunk_id"]);
    let me = server.get("/api/v1/auth/me").await.expect(200);
    assert_eq!((&carrier["provider"], &carrier["created_by"]), (&json!("twilio"), &me["id"]));
    let directions: Vec<_> = carrier["dids"].as_array().unwrap().iter().map(|did| &did["direction"]).collect();
    assert_eq!(directions, ["outbound", "outbound"]);
    let path = format!("/sip/{}", created["data"]["trunk_id"].as_str().unwrap());
    let details = program.get(&path).await.expect(200);
    assert_eq!(details["data"]["trunk_auth_username"], "AC1");
    assert_eq!(details["data"]["trunk_auth_password"], "********");
    let published = path.replace("/sip/", "/sip/details/");
    assert_eq!(program.get(&published).await.expect(200), details);
    // A carrier that the user made in the console is a trunk, too, once it has one.
    let other = id(&server.carrier(json!({ "name": "Console", "provider": "exotel" })).await);
    assert_eq!(program.names().await, ["Twilio Production"]);
    let did = json!({ "number": "+14155550134", "direction": "outbound" });
    server.post(&format!("/api/v1/carriers/{other}/dids"), did).await.expect(201);
    server.synced(&other).await;
    assert_eq!(program.names().await, ["Console", "Twilio Production"]);
}

#[tokio::test]
async fn carrier_of_another_provider_is_no_trunk() {
    let server = TestServer::start().await;
    let program = server.program("developer").await;
    for (index, provider) in ["plivo", "telnyx", "vonage", "custom", "twilio"].into_iter().enumerate() {
        let carrier = json!({ "name": provider, "provider": provider, "destination_country": "IN" });
        let carrier = id(&server.carrier(carrier).await);
        let did = json!({ "number": format!("+1415555013{index}"), "direction": "both" });
        server.post(&format!("/api/v1/carriers/{carrier}/dids"), did).await.expect(201);
        let synced = server.synced(&carrier).await;
        let trunk = synced["lk_outbound_trunk_id"].as_str().unwrap();
        let answer = program.get(&format!("/sip/{trunk}")).await;
        if provider == "twilio" {
            answer.expect(200);
            // One number for inbound calls only, and one in its carrier's national format.
            for did in [
                json!({ "number": "+14155550140", "direction": "inbound" }),
                json!({ "number": "09812345678", "direction": "outbound" }),
            ] {
                server.post(&format!("/api/v1/carriers/{carrier}/dids"), did).await.expect(201);
            }
        } else {
            failure(answer, 404);
        }
    }
    let list = program.get("/sip/list").await.expect(200);
    let [trunk] = list["data"].as_array().unwrap().as_slice() else { panic!("{list}") };
    assert_eq!(trunk["trunk_type"], "twilio");
    assert_eq!(trunk["trunk_numbers"], json!(["+14155550134", "+919812345678"]));
}

#[tokio::test]
async fn trunk_of_another_user_and_deleted_trunk_are_404() {
    let server = TestServer::start().await;
    let (program, other) = (server.program("developer").await, server.program_of_another_user().await);
    let created = program.create(&body()).await.expect(200);
    let path = format!("/sip/{}", created["data"]["trunk_id"].as_str().unwrap());
    assert!(other.names().await.is_empty());
    assert!(failure(other.get(&path).await, 404).starts_with("Trunk not found"));
    program.get(&path).await.expect(200);
    let carrier = id(&server.get("/api/v1/carriers").await.expect(200)["items"][0]);
    server.delete(&format!("/api/v1/carriers/{carrier}")).await.expect(204);
    failure(program.get(&path).await, 404);
    failure(program.get("/sip/details/ST_unknown").await, 404);
    assert!(program.names().await.is_empty());
}

#[tokio::test]
async fn key_that_is_not_accepted_is_401() {
    let server = TestServer::start().await;
    let program = server.program("developer").await;
    let url = format!("{}/sip/list", server.url);
    let with =
        async |name: &str, value: &str| answer(Client::new().get(&url).header(name, value).send().await.unwrap()).await;
    for (name, value) in [("x-api-key", "wrong"), ("x-api-key", ""), ("x-other", "1")] {
        assert_eq!(failure(with(name, value).await, 401), "Invalid API key");
    }
    // A session is none.
    assert_eq!(failure(server.get("/sip/list").await, 401), "Invalid API key");
    let key = server.get("/api/v1/api-keys").await.expect(200)["items"][0].clone();
    let off = json!({ "is_active": false });
    let path = format!("{}/api/v1/api-keys/{}", server.url, id(&key));
    answer(server.client.patch(path).json(&off).send().await.unwrap()).await.expect(200);
    assert_eq!(failure(program.create(&body()).await, 401), "Invalid API key");
    let viewer = server.program("viewer").await;
    viewer.get("/sip/list").await.expect(200);
    failure(viewer.create(&body()).await, 403);
}

#[tokio::test]
async fn broken_rule_is_400_and_names_the_field() {
    let server = TestServer::start().await;
    let program = server.program("developer").await;
    let long = "a".repeat(101);
    for (field, value) in [
        ("trunk_name", json!("")),
        ("trunk_name", json!(long)),
        ("trunk_name", json!("a\u{0}b")),
        ("trunk_address", json!("sip:example.com")),
        ("trunk_address", json!("your-trunk.pstn.twilio.com")),
        ("trunk_address", json!(long)),
        ("trunk_numbers", json!([])),
        ("trunk_numbers", json!(null)),
        ("trunk_numbers", json!(["15550100000"])),
        ("trunk_numbers", json!(["+1555", "x"])),
        ("trunk_auth_username", json!("")),
        ("trunk_auth_username", json!(long)),
        ("trunk_auth_password", json!(null)),
        ("trunk_auth_password", json!(long)),
        ("trunk_type", json!("plivo")),
        ("trunk_type", json!(null)),
    ] {
        let mut body = body();
        body[field] = value.clone();
        let message = failure(program.create(&body).await, 400);
        assert!(message.starts_with(&format!("{field}: ")), "{field} {value}: {message}");
    }
    failure(program.create(&json!([])).await, 400);
    let malformed = Client::new().post(format!("{}{CREATE}", server.url)).header("x-api-key", &program.key);
    let malformed = malformed.header(header::CONTENT_TYPE, "application/json").body("{").send().await.unwrap();
    failure(answer(malformed).await, 400);
    server.assert_nothing_is_left().await;
}

#[tokio::test]
async fn number_of_another_carrier_is_400_and_names_it() {
    let server = TestServer::start().await;
    let program = server.program("developer").await;
    let carrier = id(&server.carrier(json!({ "name": "Old trunk" })).await);
    let did = json!({ "number": "+1 555 010 0001" });
    server.post(&format!("/api/v1/carriers/{carrier}/dids"), did).await.expect(201);
    let message = failure(program.create(&body()).await, 400);
    assert!(message.contains("+15550100001") && message.contains("Old trunk"), "{message}");
    let carriers = server.get("/api/v1/carriers").await.expect(200);
    assert_eq!((&carriers["total"], &carriers["number_total"]), (&json!(1), &json!(1)), "nothing is half-made");
}

#[tokio::test]
async fn failure_of_livekit_leaves_nothing() {
    let create = "CreateSIPOutboundTrunk";
    let error = |code: &str| json!({ "fault": "error", "code": code, "message": "no such luck", "method": create });
    for fault in [
        json!({ "fault": "drop", "sticky": true }),
        json!({ "fault": "drop", "method": create }),
        // LiveKit has made the trunk, and the answer is lost.
        json!({ "fault": "drop", "after_commit": true, "method": create }),
        json!({ "fault": "truncate", "method": create }),
        json!({ "fault": "html502", "method": create }),
        error("unavailable"),
        error("resource_exhausted"),
        error("invalid_argument"),
        error("permission_denied"),
    ] {
        let server = TestServer::start().await;
        let program = server.program("developer").await;
        server.faults(json!([fault])).await;
        let message = failure(program.create(&body()).await, 500);
        assert!(message.starts_with("Failed to create outbound trunk in LiveKit: "), "{fault}: {message}");
        assert!(message.contains("Nothing was created") && !message.contains("hunter2"), "{fault}: {message}");
        assert!(program.names().await.is_empty());
        server.clear_faults().await;
        server.assert_nothing_is_left().await;
        // The numbers are free again.
        program.create(&body()).await.expect(200);
        assert_eq!(server.livekit().await["outbound"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn repetition_with_an_idempotency_key_creates_one_trunk() {
    let server = TestServer::start().await;
    let program = server.program("developer").await;
    server.faults(json!([{ "fault": "drop", "method": "CreateSIPOutboundTrunk" }])).await;
    failure(answer(program.create_with(&body(), Some("one")).await).await, 500);
    // A failure has created nothing, so that the request is executed again.
    let created = answer(program.create_with(&body(), Some("one")).await).await.expect(200);
    let again = program.create_with(&body(), Some("one")).await;
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    assert_eq!(answer(again).await.expect(200), created);
    assert_eq!(program.names().await.len(), 1);
    let mut other = body();
    other["trunk_name"] = "Other".into();
    failure(answer(program.create_with(&other, Some("one")).await).await, 409);
}
