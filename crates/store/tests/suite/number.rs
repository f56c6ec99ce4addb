//! Numbers with what their carriers have.

use domain::{
    Carrier, CarrierId, CarrierProvider, SipUsername,
    livekit::{BotObjectIds, ObjectIds},
};
use serde_json::json;
use store::Tx;

use crate::{
    database::Database,
    rows::{NOW, account, add, carrier_with, did, save, saved_bot, saved_carrier},
};

async fn numbers_have_the_objects_of_their_carriers(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let bot = saved_bot(&store, &account, "Concierge").await;
    let mut expected = Vec::new();
    for name in ["A", "B", "C"] {
        let carrier = saved_carrier(&store, &account, name).await;
        let trunk = (name != "C").then(|| format!("ST_{name}"));
        if trunk.is_some() {
            let of_bot = BotObjectIds { inbound: trunk.clone(), rule: None };
            let ids = ObjectIds { bots: [(bot.id.clone(), of_bot)].into(), ..ObjectIds::default() };
            let mut tx = store.write().await.unwrap();
            tx.set_livekit_objects(&carrier.id, &ids).await.unwrap();
            tx.commit().await.unwrap();
        }
        for _ in 0..2 {
            let number = format!("+1415555{:04}", 100 + expected.len());
            let did = did(&carrier, &number, Some(&bot));
            assert!(add(&store, &did).await);
            expected.push((did.id, trunk.clone()));
        }
    }
    let mut tx = store.read().await.unwrap();
    let listed = tx.numbers(&account, None, 10).await.unwrap();
    let mut listed: Vec<_> = listed.into_iter().map(|number| (number.did.id, number.inbound_trunk_id)).collect();
    listed.sort_by(|one, other| one.0.cmp(&other.0));
    expected.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(listed, expected);
    for (id, trunk) in expected {
        assert_eq!(tx.number(&account, &id).await.unwrap().unwrap().inbound_trunk_id, trunk);
    }
}

async fn provisional_carrier_is_not_confirmed(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let with = |username: Option<&str>, provider: &str| {
        carrier_with(
            &account,
            json!({"name": "T", "sip_address": "sip.example.com", "provider": provider, "auth_username": username,
                "auth_password": username.map(|_| "s3cret")}),
        )
    };
    let mut carriers = [with(Some("acme"), "custom"), with(Some("acme"), "custom")];
    carriers.sort_by(|one, other| one.id.cmp(&other.id));
    let elsewhere = [with(Some("acme"), "twilio"), with(None, "custom"), with(Some("other"), "custom")];
    for carrier in carriers.iter().chain(&elsewhere) {
        save(&store, carrier).await;
    }
    let credentials = carriers[0].settings.credentials.as_ref();
    let username = credentials.map(|credentials| &credentials.username);
    let mut tx = store.write().await.unwrap();
    assert_eq!(confirmed(&mut tx, &carriers[0], username).await, [carriers[0].id.clone(), carriers[1].id.clone()]);
    tx.insert_provisional_carrier(&carriers[0].id, NOW).await.unwrap();
    assert_eq!(confirmed(&mut tx, &carriers[0], username).await, [carriers[1].id.clone()]);
    assert_eq!(confirmed(&mut tx, &carriers[0], None).await, [elsewhere[1].id.clone()]);
}

async fn confirmed(tx: &mut Tx, like: &Carrier, username: Option<&SipUsername>) -> Vec<CarrierId> {
    let address = &like.settings.sip_address;
    let found = tx.confirmed_carriers(&like.account_id, CarrierProvider::Custom, address, username).await.unwrap();
    found.into_iter().map(|carrier| carrier.id).collect()
}

crate::on_both! {
    numbers_have_the_objects_of_their_carriers
    provisional_carrier_is_not_confirmed
}
