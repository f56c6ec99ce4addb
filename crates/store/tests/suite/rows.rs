//! Builders of rows.

use std::sync::atomic::{AtomicU64, Ordering};

use api_types::input::{BotInput, CarrierInput, DidInput};
use domain::{AccountId, Bot, BotId, Carrier, CarrierId, Did, DidId, Email, Role, SyncState, Timestamp, User, UserId};
use serde_json::{Value, json};
use store::Store;
use ulid::Ulid;

pub const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

/// Later ids are greater ones.
pub fn ulid() -> Ulid {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    Ulid::from_parts(1_700_000_000_000, u128::from(NEXT.fetch_add(1, Ordering::Relaxed)))
}

pub async fn account(store: &Store) -> AccountId {
    let account = AccountId::new(ulid());
    let mut tx = store.write().await.unwrap();
    tx.insert_account(&account, "Main", NOW).await.unwrap();
    tx.commit().await.unwrap();
    account
}

pub fn carrier_with(account: &AccountId, settings: Value) -> Carrier {
    Carrier {
        id: CarrierId::new(ulid()),
        account_id: account.clone(),
        settings: serde_json::from_value::<CarrierInput>(settings).unwrap().parse(None).unwrap(),
        sync: SyncState::default(),
        created_by: None,
        created_at: NOW,
        updated_at: NOW,
        version: 1,
    }
}

pub fn carrier(account: &AccountId, name: &str) -> Carrier {
    carrier_with(account, json!({"name": name, "sip_address": "sip.example.com"}))
}

pub async fn save(store: &Store, carrier: &Carrier) {
    let mut tx = store.write().await.unwrap();
    tx.insert_carrier(carrier).await.unwrap();
    tx.commit().await.unwrap();
}

pub async fn saved_carrier(store: &Store, account: &AccountId, name: &str) -> Carrier {
    let carrier = carrier(account, name);
    save(store, &carrier).await;
    carrier
}

pub fn did(carrier: &Carrier, number: &str, bot: Option<&Bot>) -> Did {
    let body = json!({"number": number, "label": "Support", "bot_id": bot.map(|bot| bot.id.as_str())});
    let input = serde_json::from_value::<DidInput>(body).unwrap();
    let (number, settings) = input.parse_new(carrier.settings.destination_country).unwrap();
    Did {
        id: DidId::new(ulid()),
        account_id: carrier.account_id.clone(),
        carrier_id: carrier.id.clone(),
        number,
        settings,
        created_at: NOW,
        updated_at: NOW,
        version: 1,
    }
}

/// False where the account has the number already.
pub async fn add(store: &Store, did: &Did) -> bool {
    let mut tx = store.write().await.unwrap();
    let added = tx.insert_did(did).await.unwrap();
    tx.commit().await.unwrap();
    added
}

pub async fn saved_bot(store: &Store, account: &AccountId, name: &str) -> Bot {
    let body = json!({"name": name, "agent_name": "concierge", "metadata": "{}"});
    let bot = Bot {
        id: BotId::new(ulid()),
        account_id: account.clone(),
        settings: serde_json::from_value::<BotInput>(body).unwrap().parse(None).unwrap(),
        created_at: NOW,
        updated_at: NOW,
        version: 1,
    };
    let mut tx = store.write().await.unwrap();
    tx.insert_bot(&bot).await.unwrap();
    tx.commit().await.unwrap();
    bot
}

pub async fn saved_user(store: &Store, account: &AccountId, email: &str) -> User {
    let user = User {
        id: UserId::new(ulid()),
        account_id: account.clone(),
        email: email.parse::<Email>().unwrap(),
        password_hash: "$argon2id$".to_owned(),
        role: Role::Developer,
        is_active: true,
        version: 1,
    };
    let mut tx = store.write().await.unwrap();
    assert!(tx.insert_user(&user, NOW).await.unwrap());
    tx.commit().await.unwrap();
    user
}
