//! A server with two phones, a carrier and a bot.

use std::net::SocketAddr;

use serde_json::{Value, json};

use super::sipp::{DOMAIN, PASSWORD, Sipp};
use crate::harness::{TestServer, id};

pub const DID: &str = "+14155550123";

/// The device `1001` and the device `1002`, each of a user with this extension.
pub async fn with_phones() -> TestServer {
    let server = TestServer::start().await;
    create(&server, "domains", json!({ "domain": DOMAIN, "is_primary": true })).await;
    for number in ["1001", "1002"] {
        let user =
            create(&server, "users", json!({ "username": number, "display_name": format!("Phone {number}") })).await;
        let device = json!({ "user_id": user, "auth_username": number, "realm": DOMAIN, "password": PASSWORD });
        create(&server, "devices", device).await;
        create(&server, "extensions", json!({ "digits": number, "target": { "kind": "user", "id": user } })).await;
    }
    server
}

/// Creates an object of the edge; returns its id.
pub async fn create(server: &TestServer, path: &str, body: Value) -> String {
    id(&server.post(&format!("/api/v1/edge/{path}"), body).await.expect(201))
}

/// A carrier that sends calls from anywhere and takes them at this address; returns its id.
pub async fn create_carrier(server: &TestServer, name: &str, address: &str) -> String {
    let carrier = json!({ "name": name, "sip_address": address, "accept_any_source": true });
    id(&server.post("/api/v1/carriers", carrier).await.expect(201))
}

/// Has the phone register this contact at the edge.
pub async fn register(edge: SocketAddr, user: &str, contact: SocketAddr) {
    let device = Sipp::caller("register", edge, user).password(PASSWORD).key("expires_in", "60");
    device.key("contact", &format!("sip:{user}@{contact}")).run().await;
}
