//! Inserts carriers and numbers directly into the store.

use api_types::input::{BotInput, CarrierInput, DidInput};
use domain::{AccountId, Bot, BotId, Carrier, CarrierId, Did, DidId, SyncState, Timestamp};
use serde_json::{Value, json};
use store::Store;
use ulid::Ulid;

use crate::Error;

/// When the rows were made.
pub const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);

/// The number with this index.
pub fn number(index: usize) -> String {
    format!("+1415{index:07}")
}

/// In one transaction, with a sync state that gives the reconciler nothing to do.
pub async fn carriers(store: &Store, count: usize, numbers_each: usize) -> Result<(), Error> {
    insert(store, count, numbers_each, false).await
}

/// The same with synced carriers, whose numbers a bot answers.
pub async fn answered_carriers(store: &Store, count: usize, numbers_each: usize) -> Result<(), Error> {
    insert(store, count, numbers_each, true).await
}

async fn insert(store: &Store, count: usize, numbers_each: usize, answered: bool) -> Result<(), Error> {
    let mut ids = (1..).map(|counter| Ulid::from_parts(1_790_000_000_000, counter));
    let mut id = move || ids.next().unwrap_or_default();
    let mut tx = store.write().await?;
    let account = tx.first_account().await?.ok_or("the account is made at the start")?;
    let bot = bot(BotId::new(id()), &account)?;
    if answered {
        tx.insert_bot(&bot).await?;
    }
    for row in 0..count {
        let carrier = carrier(CarrierId::new(id()), &account, row)?;
        tx.insert_carrier(&carrier).await?;
        for index in 0..numbers_each {
            let number = number(row * numbers_each + index);
            let input: DidInput = parse(json!({ "number": number, "label": format!("Line {index}") }))?;
            let (number, mut settings) = input.parse_new(None).map_err(|errors| format!("{errors:?}"))?;
            settings.bot_id = answered.then(|| bot.id.clone());
            let did = Did {
                id: DidId::new(id()),
                account_id: account.clone(),
                carrier_id: carrier.id.clone(),
                number,
                settings,
                created_at: NOW,
                updated_at: NOW,
                version: 1,
            };
            if !tx.insert_did(&did).await? {
                return Err(format!("{} twice", did.number.number()).into());
            }
        }
        if answered {
            tx.request_sync(&account, &carrier.id, carrier.settings.name.as_str(), NOW).await?;
            let task = tx.sync_task(&carrier.id).await?.ok_or("the task was requested")?;
            tx.finish_sync(&task, Some("ST_inbound"), Some(&format!("ST_{row}")), NOW).await?;
        }
    }
    Ok(tx.commit().await?)
}

fn carrier(id: CarrierId, account: &AccountId, row: usize) -> Result<Carrier, Error> {
    // Names are not in the order of insertion.
    let name = format!("Carrier {:05}", (row * 7919) % 100_003);
    let input: CarrierInput = parse(json!({
        "name": name,
        "sip_address": format!("gw{row}.example.com:5060"),
        "auth_username": format!("user{row}"),
        "auth_password": "a password to encrypt",
        "allowed_addresses": ["203.0.113.0/24", "198.51.100.7"],
    }))?;
    let settings = input.parse(None).map_err(|errors| format!("{errors:?}"))?;
    let account_id = account.clone();
    Ok(Carrier {
        id,
        account_id,
        settings,
        sync: SyncState::default(),
        created_by: None,
        created_at: NOW,
        updated_at: NOW,
        version: 1,
    })
}

fn bot(id: BotId, account: &AccountId) -> Result<Bot, Error> {
    let input: BotInput = parse(json!({ "name": "Concierge", "agent_name": "concierge" }))?;
    let settings = input.parse(None).map_err(|errors| format!("{errors:?}"))?;
    Ok(Bot { id, account_id: account.clone(), settings, created_at: NOW, updated_at: NOW, version: 1 })
}

fn parse<T: for<'de> serde::Deserialize<'de>>(body: Value) -> Result<T, Error> {
    Ok(serde_json::from_value(body)?)
}
