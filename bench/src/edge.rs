//! What the SIP edge asks on the path of a call: `/route` and `/auth`, with few phone numbers and devices and with many.

use domain::{
    AccountId, DeviceId, EdgeUserId, ExtensionId, Secret, SipDomainId,
    edge::{
        DeviceHa1, DeviceSettings, EdgeInput, EdgeNoun, EdgeObject, EdgeUserSettings, ExtensionSettings,
        SipDomainSettings,
        digest::{DigestHash, ha1},
    },
};
use md5::Md5;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::{Store, StoredEdgeObject, Tx};
use tempfile::TempDir;
use ulid::Ulid;

use crate::{
    Error,
    console::Console,
    ratio::{self, Endpoint, Ratio, verdict},
    seed::{self, NOW},
};

/// Carriers, numbers of each, and devices.
const SIZES: [(usize, usize, usize); 2] = [(10, 100, 1_000), (1_000, 1_000, 1_000_000)];
const REALM: &str = "bench.example.com";
const PASSWORD: &str = "correct horse battery";
const ROUTE_SHARE: f64 = 0.8;
const AUTH_SHARE: f64 = 0.7;
const GROWTH: f64 = 0.9;

/// What was measured, for the targets.
pub struct EdgeShares {
    /// The least share of `/route` of a bare route's rate.
    route: f64,
    /// The least share of `/auth`.
    auth: f64,
    /// The least rate of `/route` with many rows, as a share of that with few.
    growth: f64,
}

struct Size {
    devices: usize,
    dids: usize,
    console: Console,
    _folder: TempDir,
}

/// Makes a request, by how many were sent before it.
type Numbered = Box<dyn Fn(usize) -> RequestBuilder>;

pub async fn print() -> Result<EdgeShares, Error> {
    let mut sizes = Vec::new();
    for (carriers, each, devices) in SIZES {
        let folder = TempDir::new()?;
        eprintln!("Filling {} numbers and {devices} devices …", carriers * each);
        let console = Console::start_with(&folder, async |store| {
            seed::answered_carriers(store, carriers, each).await?;
            insert_devices(store, devices).await
        })
        .await?;
        sizes.push(Size { devices, dids: carriers * each, console, _folder: folder });
    }
    println!("### The SIP edge, as shares of a bare axum route's rate with the same bytes\n");
    println!("| request | bytes | few rows | many rows | many against few |\n|---|--:|--:|--:|--:|");
    let (mut route, mut auth, mut growth) = (f64::INFINITY, f64::INFINITY, f64::INFINITY);
    for (name, request) in [
        ("/route, inbound", inbound as fn(&Size) -> Numbered),
        ("/route, internal, not registered", internal as fn(&Size) -> Numbered),
    ] {
        let [few, many, growing] = measure(name, sizes.iter().map(request).collect()).await?;
        route = route.min(few.median).min(many.median);
        growth = growth.min(growing.median);
    }
    for hash in [DigestHash::Md5, DigestHash::Sha256] {
        let mut requests = Vec::new();
        for size in &sizes {
            requests.push(register(size, hash).await?);
        }
        let [few, many, _] = measure(&format!("/auth, {}", hash.as_str()), requests).await?;
        auth = auth.min(few.median).min(many.median);
    }
    println!();
    for size in sizes {
        size.console.stop().await?;
    }
    Ok(EdgeShares { route, auth, growth })
}

/// The shares with few rows and with many, and the second one's rate as a share of the first one's.
async fn measure(name: &str, requests: Vec<Numbered>) -> Result<[Ratio; 3], Error> {
    let mut endpoints = Vec::new();
    let mut bytes = 0;
    for request in requests {
        let bare = ratio::bare_route(request(0)).await?;
        bytes = bare.bytes;
        // The bare route reads the same body.
        let body = request(0).build()?.body().and_then(|body| body.as_bytes()).unwrap_or_default().to_vec();
        let client = Client::new();
        endpoints.push(Endpoint::numbered(move |_| Some(client.post(&bare.url).body(body.clone()))));
        endpoints.push(Endpoint::numbered(move |sent| Some(request(sent + 1))));
    }
    let ratios = ratio::ratios(&endpoints, [(0, 1), (2, 3), (1, 3)]).await?;
    println!("| {name} | {bytes} | {} | {} | {} |", ratios[0], ratios[1], ratios[2]);
    Ok(ratios)
}

/// An INVITE from the public network to a DID that a bot answers.
fn inbound(size: &Size) -> Numbered {
    let (url, dids, client) = (format!("{}/route", size.console.url), size.dids, Client::new());
    Box::new(move |index| {
        let to = seed::number(index * 7_919 % dids);
        client.post(&url).json(&json!({
            "callId": format!("inbound-{index}@{REALM}"), "from": "14155550123", "fromDomain": "carrier.example.com", "to": &to[1..],
            "sourceIp": "203.0.113.7",
        }))
    })
}

/// An INVITE from a device to another user's extension. The user has not registered: the call is rejected.
fn internal(size: &Size) -> Numbered {
    let (url, devices, client) = (format!("{}/route", size.console.url), size.devices, Client::new());
    Box::new(move |index| {
        let to = extension(index * 7_919 % devices);
        client.post(&url).json(&json!({
            "callId": format!("internal-{index}@{REALM}"), "from": username(0), "fromDomain": REALM, "to": to,
            "authUser": username(0),
        }))
    })
}

/// A REGISTER whose nonce is used with the next count each time.
async fn register(size: &Size, hash: DigestHash) -> Result<Numbered, Error> {
    let (url, client) = (format!("{}/auth", size.console.url), Client::new());
    let challenge = json!({ "method": "REGISTER", "realm": REALM, "algorithm": hash.as_str() });
    let answer: Value = client.post(&url).json(&challenge).send().await?.json().await?;
    let nonce = answer["challenge"]["nonce"].as_str().ok_or("no nonce")?.to_owned();
    let ha1 = ha1(hash, &username(0), REALM, &Secret::new(PASSWORD));
    let digest = move |text: &str| match hash {
        DigestHash::Md5 => hexadecimal(&Md5::digest(text)),
        DigestHash::Sha256 => hexadecimal(&Sha256::digest(text)),
    };
    let ha2 = digest(&format!("REGISTER:sip:{REALM}"));
    Ok(Box::new(move |index| {
        let nc = format!("{:08x}", index + 1);
        let response = digest(&format!("{}:{nonce}:{nc}:c:auth:{ha2}", ha1.expose()));
        client.post(&url).json(&json!({
            "method": "REGISTER", "username": username(0), "realm": REALM, "nonce": nonce, "uri": format!("sip:{REALM}"),
            "response": response, "algorithm": hash.as_str(), "qop": "auth", "nc": nc, "cnonce": "c", "sourceIp": "203.0.113.7",
        }))
    }))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn username(index: usize) -> String {
    format!("user{index}")
}

fn extension(index: usize) -> String {
    format!("2{index:07}")
}

/// A SIP domain, and users with an extension and a device each. All have one password.
async fn insert_devices(store: &Store, count: usize) -> Result<(), Error> {
    let mut ids = (1..).map(|counter| Ulid::from_parts(1_790_000_000_000, (1 << 40) + counter));
    let mut id = move || ids.next().unwrap_or_default();
    let mut tx = store.write().await?;
    let account = tx.first_account().await?.ok_or("the account is made at the start")?;
    let domain: SipDomainSettings = settings(json!({ "domain": REALM, "is_primary": true }))?;
    insert(&mut tx, &account, SipDomainId::new(id()), domain, None).await?;
    for index in 0..count {
        let user = EdgeUserId::new(id());
        let user_settings: EdgeUserSettings = settings(json!({ "username": username(index) }))?;
        insert(&mut tx, &account, user.clone(), user_settings, None).await?;
        let device = json!({ "user_id": user, "auth_username": username(index), "realm": REALM });
        let device: DeviceSettings = settings(device)?;
        let ha1 = DeviceHa1::new(&device.auth_username, &device.realm, &Secret::new(PASSWORD));
        insert(&mut tx, &account, DeviceId::new(id()), device, Some(&ha1)).await?;
        let target = json!({ "kind": "user", "id": user });
        let called: ExtensionSettings = settings(json!({ "digits": extension(index), "target": target }))?;
        insert(&mut tx, &account, ExtensionId::new(id()), called, None).await?;
    }
    Ok(tx.commit().await?)
}

fn settings<S: EdgeNoun>(body: Value) -> Result<S, Error> {
    let input: S::Input = serde_json::from_value(body)?;
    Ok(input.parse(None).map_err(|errors| format!("{errors:?}"))?)
}

async fn insert<S: EdgeNoun>(
    tx: &mut Tx,
    account: &AccountId,
    id: S::Id,
    settings: S,
    ha1: Option<&DeviceHa1>,
) -> Result<(), Error> {
    let name = settings.name();
    let object = EdgeObject { id, account_id: account.clone(), settings, created_at: NOW, updated_at: NOW, version: 1 };
    match tx.insert_edge_object(StoredEdgeObject { object: &object, name: &name, ha1 }).await? {
        None => Ok(()),
        Some(taken) => Err(format!("{} twice", taken.key).into()),
    }
}

impl EdgeShares {
    pub fn print_targets(&self) {
        let Self { route, auth, growth } = self;
        println!("- /route at {ROUTE_SHARE} of a bare route's rate: {route:.2}, {}", verdict(*route >= ROUTE_SHARE));
        println!(
            "- /route with {} devices at {GROWTH} of the rate with {}: {growth:.2}, {}",
            SIZES[1].2,
            SIZES[0].2,
            verdict(*growth >= GROWTH)
        );
        println!("- /auth at {AUTH_SHARE} of a bare route's rate: {auth:.2}, {}", verdict(*auth >= AUTH_SHARE));
    }
}
