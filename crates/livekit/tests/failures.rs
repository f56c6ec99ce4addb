//! Errors of the client for each of the sandbox's faults, and the sandbox's control API.

mod common;

use std::time::Duration;

use common::{Target, inbound, sandbox};
use domain::Secret;
use livekit::{Client, Config, Error};
use livekit_sandbox::{Fault, FaultRule};
use serde_json::{Value, json};

async fn create(target: &Target) -> Result<String, Error> {
    target.client().create_inbound(&inbound("in".to_owned(), "+15550100")).await
}

async fn trunk_count(target: &Target) -> usize {
    target.client().list_all().await.unwrap().inbound.len()
}

#[tokio::test]
async fn connection_closed_before_the_commit_is_lost() {
    let target = sandbox().await;
    target.sandbox().faults().add(FaultRule::once(Fault::Drop));
    let error = create(&target).await.unwrap_err();
    assert!(matches!(error, Error::Lost { status: None, .. }), "{error:?}");
    assert_eq!(trunk_count(&target).await, 0);
}

#[tokio::test]
async fn connection_closed_after_the_commit_is_lost() {
    let target = sandbox().await;
    target.sandbox().faults().add(FaultRule::once(Fault::Drop).after_commit());
    let error = create(&target).await.unwrap_err();
    assert!(matches!(error, Error::Lost { status: None, .. }) && error.is_transient(), "{error:?}");
    assert_eq!(trunk_count(&target).await, 1);
}

#[tokio::test]
async fn truncated_response_is_lost() {
    let target = sandbox().await;
    target.sandbox().faults().add(FaultRule::once(Fault::Truncate));
    let error = create(&target).await.unwrap_err();
    assert!(matches!(error, Error::Lost { status: Some(200), .. }), "{error:?}");
    assert_eq!(trunk_count(&target).await, 1);
}

#[tokio::test]
async fn delay_beyond_the_timeout_is_lost() {
    let target = sandbox().await;
    target.sandbox().faults().add(FaultRule::once(Fault::Delay { ms: 60_000 }));
    let client = Client::new(target.sandbox().config(Duration::from_millis(200))).unwrap();
    let error = client.create_inbound(&inbound("in".to_owned(), "+15550100")).await.unwrap_err();
    assert_eq!(error.message(), "no response in time");
    assert!(error.may_have_happened());
}

#[tokio::test]
async fn short_delay_succeeds() {
    let target = sandbox().await;
    target.sandbox().faults().add(FaultRule::once(Fault::Delay { ms: 10 }));
    create(&target).await.unwrap();
}

#[tokio::test]
async fn twirp_error_keeps_status_code_and_message() {
    let target = sandbox().await;
    for (code, status) in [("unavailable", 503), ("internal", 500), ("resource_exhausted", 429), ("aborted", 409)] {
        let fault = Fault::Error { code: code.to_owned(), message: "no luck".to_owned() };
        target.sandbox().faults().add(FaultRule::once(fault));
        let error = create(&target).await.unwrap_err();
        assert_eq!((error.status(), error.code(), error.message()), (Some(status), Some(code), "no luck"));
        assert!(error.is_transient());
    }
    assert_eq!(trunk_count(&target).await, 0);
}

#[tokio::test]
async fn gateway_page_keeps_status_and_text() {
    let target = sandbox().await;
    target.sandbox().faults().add(FaultRule::once(Fault::Html502).after_commit());
    let error = create(&target).await.unwrap_err();
    assert!(matches!(error, Error::Lost { status: Some(502), .. }), "{error:?}");
    assert_eq!(error.message(), "502: 502 Bad Gateway sandbox");
    assert_eq!(trunk_count(&target).await, 1);
}

#[tokio::test]
async fn faults_apply_until_cleared_and_by_method() {
    let target = sandbox().await;
    let faults = target.sandbox().faults();
    faults.down();
    for _ in 0..3 {
        assert!(matches!(target.client().ping().await, Err(Error::Lost { .. })));
    }
    faults.clear();
    faults.add(FaultRule::once(Fault::Drop).on("CreateSIPInboundTrunk").sticky());
    target.client().ping().await.unwrap();
    create(&target).await.unwrap_err();
    create(&target).await.unwrap_err();
}

#[tokio::test]
async fn closed_port_is_unreachable() {
    let target = sandbox().await;
    let client = target.client();
    target.sandbox.unwrap().shutdown().await.unwrap();
    let error = client.ping().await.unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "{error:?}");
    assert!(error.is_transient() && !error.may_have_happened());
    assert!(error.to_string().contains("LIVEKIT_URL"), "{error}");
}

#[tokio::test]
async fn wrong_key_is_unauthorized_without_the_token() {
    let target = sandbox().await;
    let other = |api_key: &str, secret: &str| Config {
        api_key: api_key.to_owned(),
        api_secret: Secret::new(secret),
        ..target.config.clone()
    };
    for (config, words) in [
        (other("nobody", "secret"), "invalid API key: nobody"),
        (other("devkey", "wrong"), "invalid token: …, error: token signature is invalid: signature is invalid"),
    ] {
        let error = Client::new(config).unwrap().ping().await.unwrap_err();
        assert!(matches!(error, Error::Unauthorized { status: 401, .. }), "{error:?}");
        assert_eq!(error.message(), words);
        assert!(!format!("{error} {error:?}").contains("eyJ"), "{error}");
    }
}

#[tokio::test]
async fn client_requires_key_and_secret() {
    let target = sandbox().await;
    let config = Config { api_secret: Secret::default(), ..target.config.clone() };
    assert!(matches!(Client::new(config), Err(Error::Config { .. })));
    assert!(!format!("{:?}", target.client()).contains("\"secret\""));
}

#[tokio::test]
async fn other_web_server_is_recognised() {
    let target = sandbox().await;
    let config = Config { url: format!("{}/elsewhere", target.base()), ..target.config.clone() };
    let error = Client::new(config).unwrap().ping().await.unwrap_err();
    assert!(matches!(error, Error::Refused { status: 404, code: None, .. }), "{error:?}");
    assert!(error.to_string().contains("is not LiveKit"), "{error}");
}

#[tokio::test]
async fn control_api_sets_faults_and_shows_state() {
    let target = sandbox().await;
    let http = reqwest::Client::new();
    let faults = format!("{}/sandbox/faults", target.base());
    let rules = json!([{ "fault": "error", "code": "unavailable", "message": "no", "sticky": true }]);
    let added = http.post(&faults).json(&rules).send().await.unwrap();
    assert_eq!(added.status(), 204);
    assert_eq!(create(&target).await.unwrap_err().code(), Some("unavailable"));
    assert_eq!(http.post(&faults).json(&json!([{ "fault": "fire" }])).send().await.unwrap().status(), 422);
    assert_eq!(http.post(&faults).body(rules.to_string()).send().await.unwrap().status(), 415, "only as JSON");
    assert_eq!(http.delete(&faults).send().await.unwrap().status(), 204);
    create(&target).await.unwrap();

    let read = async |path: &str| -> Value {
        http.get(format!("{}/sandbox/{path}", target.base())).send().await.unwrap().json().await.unwrap()
    };
    assert_eq!(read("calls").await, json!({ "CreateSIPInboundTrunk": 2 }));
    let state = read("state").await;
    assert_eq!(state["inbound"][0]["auth_password"], "********");
    assert_eq!(state["inbound"][0]["numbers"], json!(["+15550100"]));
    assert_eq!((&state["outbound"], &state["rules"]), (&json!([]), &json!([])));
}

#[tokio::test]
async fn control_api_refuses_unknown_callers() {
    let api = livekit_sandbox::Api::open(&livekit_sandbox::Options::default()).unwrap();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/sandbox/state", listener.local_addr().unwrap());
    // Served without connect info, so that the caller's address is unknown.
    tokio::spawn(async move { axum::serve(listener, api.router()).await });
    assert_eq!(reqwest::get(url).await.unwrap().status(), 403);
}
