//! The traps of LiveKit's SIP API (docs/livekit.md), as far as client and server are concerned.

mod common;

use std::net::SocketAddr;

use axum::{Router, body::Bytes, extract::State, http::header, routing::post};
use common::{TIMEOUT, inbound, outbound, rule, sandbox};
use domain::{Secret, livekit::Observed};
use livekit::{Client, Config, Error};
use livekit_protocol as proto;
use livekit_sandbox::{Fault, FaultRule, Options, Sandbox};
use prost::Message;
use serde_json::json;

#[tokio::test]
async fn trap_1_any_allowed_address_is_accepted() {
    let target = sandbox().await;
    let mut open = inbound("open".to_owned(), "+15550100");
    open.allowed_addresses = vec!["https://example.com".to_owned(), "0.0.0.0/0".to_owned(), "any, all".to_owned()];
    // No error, and the list is stored unchanged, although LiveKit ignores two of the three when a call arrives.
    target.client().create_inbound(&open).await.unwrap();
    let listed = target.client().list_all().await.unwrap().inbound.remove(0);
    open.allowed_addresses.sort();
    assert_eq!(listed.object, open);
}

#[tokio::test]
async fn trap_2_conflicts_ignore_auth_and_address() {
    let target = sandbox().await;
    let client = target.client();
    let id = client.create_inbound(&inbound("one".to_owned(), "+15550100")).await.unwrap();
    let mut other = inbound("two".to_owned(), "+15550100");
    other.allowed_addresses = vec!["198.51.100.0/24".to_owned()];
    other.auth_username = "someone-else".to_owned();
    let error = client.create_inbound(&other).await.unwrap_err();
    assert_eq!((error.status(), error.code()), (Some(400), Some("invalid_argument")));
    assert!(
        error.message().starts_with("Conflicting inbound SIP Trunks: ") && error.message().contains(&id),
        "{error}"
    );
    assert!(!error.is_transient() && !error.may_have_happened());
}

#[tokio::test]
async fn trap_2_two_trunks_without_numbers_conflict() {
    let target = sandbox().await;
    let mut wildcard = inbound("one".to_owned(), "");
    wildcard.numbers.clear();
    target.client().create_inbound(&wildcard).await.unwrap();
    let error = target.client().create_inbound(&wildcard).await.unwrap_err();
    assert!(error.message().contains("number(s) <any> without AllowedNumbers"), "{error}");
}

#[tokio::test]
async fn trap_3_rule_with_two_spellings_conflicts_with_itself() {
    let target = sandbox().await;
    let client = target.client();
    let mut trunk = inbound("one".to_owned(), "+15550100");
    trunk.numbers.push("15550100".to_owned());
    trunk.numbers.sort();
    let id = client.create_inbound(&trunk).await.unwrap();
    let mut both = rule("rule".to_owned(), &id, "+15550100");
    both.numbers.push("15550100".to_owned());
    let error = client.create_rule(&both).await.unwrap_err();
    assert!(error.message().contains(r#"already exists in dispatch rule "<new>" "rule""#), "{error}");
    // Stored as given, not normalised.
    client.create_rule(&rule("rule".to_owned(), &id, "15550100")).await.unwrap();
    assert_eq!(client.list_all().await.unwrap().rules[0].object.numbers, ["15550100"]);
}

#[tokio::test]
async fn trap_4_deleted_trunk_stays_in_its_rules() {
    let target = sandbox().await;
    let client = target.client();
    let trunk = client.create_inbound(&inbound("in".to_owned(), "+15550100")).await.unwrap();
    client.create_rule(&rule("rule".to_owned(), &trunk, "+15550100")).await.unwrap();
    client.delete_trunk(&trunk).await.unwrap();
    let left = client.list_all().await.unwrap();
    assert_eq!((left.inbound.len(), left.rules[0].object.trunk_ids.as_slice()), (0, &[trunk][..]));
}

#[tokio::test]
async fn trap_5_replace_can_put_one_number_on_two_trunks() {
    let target = sandbox().await;
    let client = target.client();
    client.create_inbound(&inbound("one".to_owned(), "+15550100")).await.unwrap();
    let id = client.create_inbound(&inbound("two".to_owned(), "+15550101")).await.unwrap();
    client.replace_inbound(&id, &inbound("two".to_owned(), "+15550100")).await.unwrap();
    let numbers: Vec<_> = client.list_all().await.unwrap().inbound.into_iter().flat_map(|t| t.object.numbers).collect();
    assert_eq!(numbers, ["+15550100", "+15550100"]);
}

#[tokio::test]
async fn trap_6_failed_call_is_not_repeated() {
    let faults = [
        Fault::Drop,
        Fault::Html502,
        Fault::Truncate,
        Fault::Error { code: "unavailable".to_owned(), message: "busy".to_owned() },
    ];
    for (count, fault) in (1..).zip(faults) {
        let target = sandbox().await;
        target.sandbox().faults().add(FaultRule::once(fault).after_commit());
        let client = target.client();
        client.create_inbound(&inbound(format!("in {count}"), "+15550100")).await.unwrap_err();
        assert_eq!(client.list_all().await.unwrap().inbound.len(), 1);
        let calls = reqwest::get(format!("{}/sandbox/calls", target.base())).await.unwrap();
        let calls: serde_json::Value = serde_json::from_str(&calls.text().await.unwrap()).unwrap();
        assert_eq!(calls["CreateSIPInboundTrunk"], 1);
    }
}

#[tokio::test]
async fn trap_6_redirect_is_not_followed() {
    let moved = || async { (axum::http::StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, "/elsewhere")]) };
    let elsewhere = || async { [(header::CONTENT_TYPE, "application/protobuf")] };
    let client = serve(Router::new().route("/elsewhere", post(elsewhere)).fallback(moved)).await;
    let error = client.create_outbound(&outbound("o".to_owned(), "+1")).await.unwrap_err();
    assert!(matches!(error, Error::Refused { status: 307, code: None, .. }), "{error:?}");
}

#[tokio::test]
async fn trap_7_lost_create_is_found_by_its_metadata() {
    let target = sandbox().await;
    let client = target.client();
    target.sandbox().faults().add(FaultRule::once(Fault::Drop).after_commit().on("CreateSIPOutboundTrunk"));
    let error = client.create_outbound(&outbound("out".to_owned(), "+15550100")).await.unwrap_err();
    assert!(matches!(error, Error::Lost { .. }) && error.may_have_happened(), "{error:?}");
    let found = client.list_all().await.unwrap().outbound.remove(0);
    assert_eq!(found.object.metadata, r#"{"managed_by":"trunkline"}"#);
}

#[tokio::test]
async fn trap_8_destination_country_is_stored() {
    let target = sandbox().await;
    target.client().create_outbound(&outbound("out".to_owned(), "+15550100")).await.unwrap();
    let listed = target.made("ListSIPOutboundTrunk", json!({})).await;
    assert_eq!(listed["items"][0]["destination_country"], "IN");
}

#[tokio::test]
async fn replace_clears_an_absent_password() {
    let target = sandbox().await;
    let client = target.client();
    let mut trunk = inbound("in".to_owned(), "+15550100");
    let id = client.create_inbound(&trunk).await.unwrap();
    trunk.auth_password = Secret::default();
    client.replace_inbound(&id, &trunk).await.unwrap();
    assert!(client.list_all().await.unwrap().inbound[0].object.auth_password.is_empty());
}

/// A client of a server with these routes.
async fn serve(router: Router) -> Client {
    let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let api_secret = Secret::new("secret");
    Client::new(Config { url, api_key: "devkey".to_owned(), api_secret, timeout: TIMEOUT }).unwrap()
}

/// Lists five trunks in pages of at most `most`, or all of them whatever the page.
async fn pages(State(most): State<Option<usize>>, body: Bytes) -> ([(header::HeaderName, &'static str); 1], Vec<u8>) {
    let after = proto::ListSipInboundTrunkRequest::decode(body).unwrap().page.unwrap_or_default().after_id;
    let items = ["ST_a", "ST_b", "ST_c", "ST_d", "ST_e"]
        .into_iter()
        .filter(|id| most.is_none() || *id > after.as_str())
        .take(most.unwrap_or(usize::MAX))
        .map(|id| proto::SipInboundTrunkInfo { sip_trunk_id: id.to_owned(), ..Default::default() })
        .collect();
    let answer = proto::ListSipInboundTrunkResponse { items };
    ([(header::CONTENT_TYPE, "application/protobuf")], answer.encode_to_vec())
}

#[tokio::test]
async fn list_is_complete_with_small_or_ignored_pages() {
    for most in [Some(1), Some(2), Some(5), None] {
        let empty = || async { ([(header::CONTENT_TYPE, "application/protobuf")], Vec::new()) };
        let router =
            Router::new().route("/twirp/livekit.SIP/ListSIPInboundTrunk", post(pages)).fallback(empty).with_state(most);
        let observed = serve(router).await.list_all().await.unwrap();
        let listed: Vec<_> = observed.inbound.iter().map(|listed| listed.id.as_str()).collect();
        assert_eq!(listed, ["ST_a", "ST_b", "ST_c", "ST_d", "ST_e"], "{most:?}");
    }
}

#[tokio::test]
async fn objects_survive_a_restart_in_a_private_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("data").join("livekit.json");
    let options = Options { file: Some(file.clone()), ..Options::default() };
    let start = async |addr: SocketAddr| Sandbox::start(addr, options.clone()).await.unwrap();
    let first = start(([127, 0, 0, 1], 0).into()).await;
    let addr = first.addr();
    let client = Client::new(first.config(TIMEOUT)).unwrap();
    let trunk = client.create_inbound(&inbound("in".to_owned(), "+15550100")).await.unwrap();
    client.create_outbound(&outbound("out".to_owned(), "+15550100")).await.unwrap();
    client.create_rule(&rule("rule".to_owned(), &trunk, "+15550100")).await.unwrap();
    let before = client.list_all().await.unwrap();
    first.shutdown().await.unwrap();

    assert!(matches!(client.ping().await, Err(Error::Unreachable { .. })));
    let _second = start(addr).await;
    let after = client.list_all().await.unwrap();
    assert_ne!(after, Observed::default());
    assert_eq!(after, before);
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions()) & 0o777, 0o600);
}

#[tokio::test]
async fn sandbox_listens_on_loopback_only() {
    let error = Sandbox::start(([0, 0, 0, 0], 0).into(), Options::default()).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
}
