//! The master key, and databases whose keys were derived from it by SHA-256 alone.

use std::sync::Arc;

use domain::{Secret, SessionId};
use jsonwebtoken::{EncodingKey, Header, encode};
use live_state::Memory;
use serde_json::json;
use services::{Clock, Dependencies, Error, MasterKey, Services, Timing, edge::EdgeOptions};
use sha2::{Digest, Sha256};
use store::{Store, Vault};
use tempfile::TempDir;

use crate::world::{EXOTEL_TIMEOUT, HERE, NOWHERE, actor, carrier_input, login, number_providers};

const BYTES: [u8; 32] = [7; 32];
const EMAIL: &str = "ops@example.com";
const PASSWORD: &str = "correct horse battery";

/// The earlier derivation.
fn derive_sha256(label: &str) -> [u8; 32] {
    Sha256::new().chain_update(format!("trunkline/v1/{label}\0")).chain_update(BYTES).finalize().into()
}

async fn open(folder: &TempDir, vault: Vault, bytes: [u8; 32]) -> Result<Services, Error> {
    let url = format!("sqlite://{}", folder.path().join("trunkline.db").display());
    let nowhere = exotel::Config { url: "http://127.0.0.1:9".to_owned(), timeout: EXOTEL_TIMEOUT };
    let (twilio, vonage) = number_providers(NOWHERE, NOWHERE);
    let dependencies = Dependencies {
        store: Store::open(&url, vault).await.unwrap(),
        master_key: MasterKey::new(bytes),
        clock: Clock::default(),
        sandbox: true,
        exotel: exotel::Client::new(nowhere).unwrap(),
        twilio,
        vonage,
        fleet: fleet::Client::new(fleet::Config::default()).unwrap(),
        live: Arc::new(Memory::new(Clock::default().steady())),
        edge: EdgeOptions::default(),
        edge_journal: folder.path().join("edge-journal"),
        livekit_sip_host: None,
        timing: Timing::default(),
    };
    Services::new(dependencies).await
}

async fn fingerprint(services: &Services) -> Option<String> {
    services.store().read().await.unwrap().setting("master_key_fingerprint").await.unwrap()
}

#[tokio::test]
async fn database_with_the_earlier_keys_opens() {
    use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD as BASE64};
    let folder = tempfile::tempdir().unwrap();
    let earlier = open(&folder, Vault::new(&derive_sha256("carrier secrets")), BYTES).await.unwrap();
    let admin = actor(&earlier, domain::Role::Admin).await;
    let input = json!({"name": "Twilio", "sip_address": "sip.example.com", "auth_username": "acme", "auth_password": "hunter2"});
    let carrier = earlier.carriers.create(&admin, &carrier_input(input)).await.unwrap();
    let password = domain::Password::new(Secret::new(PASSWORD)).unwrap();
    earlier.users.add(&EMAIL.parse().unwrap(), &password, domain::Role::Viewer).await.unwrap();
    let token = earlier.sessions.log_in(&login(EMAIL, PASSWORD), Some(HERE)).await.unwrap().access_token;
    let mut tx = earlier.store().write().await.unwrap();
    let recorded = BASE64.encode(derive_sha256("fingerprint"));
    tx.set_setting("master_key_fingerprint", &recorded).await.unwrap();
    tx.commit().await.unwrap();
    // The same session, as the earlier key signed it.
    let claims: serde_json::Value = serde_json::from_slice(
        &base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap(),
    )
    .unwrap();
    assert!(claims["sid"].as_str().unwrap().parse::<SessionId>().is_ok());
    let key = EncodingKey::from_secret(&derive_sha256("session tokens"));
    let signed_before = encode(&Header::default(), &claims, &key).unwrap();
    assert_ne!(signed_before, token);
    earlier.store().close().await;

    let now = open(&folder, MasterKey::new(BYTES).vault(), BYTES).await.unwrap();
    assert!(now.carriers.get(&admin, &carrier.id).await.unwrap().auth_password.is_some());
    for token in [&token, &signed_before] {
        assert!(now.sessions.authenticate(token).await.unwrap().is_some());
    }
    let upgraded = fingerprint(&now).await;
    assert!(upgraded.is_some() && upgraded != Some(recorded));
    now.store().close().await;

    let again = open(&folder, MasterKey::new(BYTES).vault(), BYTES).await.unwrap();
    assert_eq!(fingerprint(&again).await, upgraded);
    again.store().close().await;
    let wrong = open(&folder, MasterKey::new([8; 32]).vault(), [8; 32]).await;
    assert!(matches!(wrong, Err(Error::WrongMasterKey)));
}
