//! Carriers.

use domain::{Carrier, SyncStatus, UserId};
use serde_json::json;
use store::Error;

use crate::{
    database::Database,
    rows::{NOW, account, add, carrier, carrier_with, did, save, saved_bot, saved_carrier, ulid},
};

const PASSWORD: &str = "hunter2 ünï";

async fn carrier_is_read_as_written(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let full = json!({"name": "Ünï \"quoted\" 電話", "sip_address": "[2001:db8::1]:5070", "transport": "tls",
        "destination_country": "IN", "auth_username": "acme", "auth_password": PASSWORD, "inbound_auth": "ip",
        "allowed_addresses": ["203.0.113.7", "198.51.100.0/24", "2001:db8::/32"], "accept_any_source": true,
        "outbound_cps": 0.1, "outbound_burst": 1000, "outbound_channels": 500, "provider": "exotel",
        "krisp_enabled": false});
    let full = Carrier { created_by: Some(UserId::new(ulid())), ..carrier_with(&account, full) };
    for written in [full, carrier(&account, "Least")] {
        save(&store, &written).await;
        let read = store.read().await.unwrap().carrier(&account, &written.id).await.unwrap().unwrap();
        assert_eq!(read, written);
    }
}

/// What the migration does with rows of earlier versions.
async fn earlier_rows_get_provider_and_user(database: &Database) {
    const MIGRATION: &str = include_str!("../../../../migrations/0016_carrier_provider.sql");
    let store = database.open().await;
    let account = account(&store).await;
    let addresses = [
        ("acme.pstn.twilio.com", "twilio"),
        ("acme.zt.plivo.com:5061", "plivo"),
        ("sip.telnyx.com", "telnyx"),
        ("acme.sip-us.vonage.com", "vonage"),
        ("sip.nexmo.com", "vonage"),
        ("pstn.in4.exotel.com", "exotel"),
        ("twilio.com.example.org", "custom"),
        ("nottwilio.com", "custom"),
        ("[2001:db8::1]:5070", "custom"),
    ];
    let mut carriers = Vec::new();
    for (address, provider) in addresses {
        let carrier = carrier_with(&account, json!({"name": "T", "sip_address": address}));
        save(&store, &carrier).await;
        assert_eq!(carrier.settings.provider.as_str(), provider, "a new carrier: {address}");
        carriers.push(carrier);
    }
    database.run("UPDATE carriers SET provider = 'custom'").await;
    let keys =
        [("key_a", "'usr_1'"), ("key_b", "'key_a'"), ("key_c", "'key_b'"), ("key_d", "'key_gone'"), ("key_e", "NULL")];
    for (id, created_by) in keys {
        database
            .run(&format!(
                "INSERT INTO api_keys (id, account_id, name, name_key, prefix, key_hash, role, is_active, \
                 allowed_addresses, last_used_at, created_by, created_by_name, created_at, updated_at, version) \
                 VALUES ('{id}', '{account}', 'K', 'k', 'tl', '{id}', 'admin', 1, '', 0, {created_by}, 'x', 0, 0, 1)"
            ))
            .await;
    }
    for statement in MIGRATION.split(';').filter(|statement| statement.contains("\nUPDATE ")) {
        database.run(statement).await;
    }
    for (carrier, (address, provider)) in carriers.iter().zip(addresses) {
        let read = store.read().await.unwrap().carrier(&account, &carrier.id).await.unwrap().unwrap();
        assert_eq!(read.settings.provider.as_str(), provider, "{address}");
    }
    let mut users = Vec::new();
    for (id, _) in keys {
        users.push(database.text(&format!("SELECT user_id FROM api_keys WHERE id = '{id}'")).await);
    }
    let user = Some("usr_1".to_owned());
    assert_eq!(users, [user.clone(), user.clone(), user, None, None]);
    let active = "SELECT id FROM api_keys WHERE is_active = 1 ORDER BY id DESC LIMIT 1";
    assert_eq!(database.text(active).await.as_deref(), Some("key_c"), "keys without a user are switched off");
    let inactive = "SELECT id FROM api_keys WHERE is_active = 0 ORDER BY id LIMIT 1";
    assert_eq!(database.text(inactive).await.as_deref(), Some("key_d"), "keys with a user stay on");
}

async fn password_is_stored_as_ciphertext(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let secret = json!({"name": "T", "sip_address": "a.b", "auth_username": "acme", "auth_password": PASSWORD});
    let written = carrier_with(&account, secret);
    save(&store, &written).await;
    let column = format!("SELECT auth_password FROM carriers WHERE id = '{}'", written.id);
    let sealed = database.text(&column).await.unwrap();
    assert!(!sealed.is_empty() && !sealed.contains("hunter2"));
    // Sealed again, the same password has another ciphertext.
    let mut tx = store.write().await.unwrap();
    assert!(tx.update_carrier(&Carrier { version: 2, ..written }).await.unwrap());
    tx.commit().await.unwrap();
    assert_ne!(database.text(&column).await.unwrap(), sealed);
}

async fn password_opens_with_its_key_and_row_alone(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let secret = json!({"name": "T", "sip_address": "a.b", "auth_username": "acme", "auth_password": PASSWORD});
    let (one, other) = (carrier_with(&account, secret.clone()), carrier_with(&account, secret));
    save(&store, &one).await;
    save(&store, &other).await;
    let wrong = database.open_with([8; 32]).await;
    let error = wrong.read().await.unwrap().carrier(&account, &one.id).await.unwrap_err();
    assert!(matches!(&error, Error::WrongKey { id, .. } if *id == one.id.as_str()), "{error}");
    assert!(!error.to_string().contains("hunter2"));
    let copy = "UPDATE carriers SET auth_password = (SELECT auth_password FROM carriers WHERE id = '";
    database.run(&format!("{copy}{}') WHERE id = '{}'", one.id, other.id)).await;
    let error = store.read().await.unwrap().carrier(&account, &other.id).await.unwrap_err();
    assert!(matches!(error, Error::WrongKey { .. }), "{error}");
}

async fn update_of_a_stale_version_writes_nothing(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let first = saved_carrier(&store, &account, "First").await;
    let renamed =
        |name: &str, version| Carrier { settings: carrier(&account, name).settings, version, ..first.clone() };
    let mut tx = store.write().await.unwrap();
    assert!(tx.update_carrier(&renamed("Second", 2)).await.unwrap());
    assert!(!tx.update_carrier(&renamed("Late", 2)).await.unwrap());
    assert!(!tx.update_carrier(&renamed("Early", 4)).await.unwrap());
    tx.commit().await.unwrap();
    let read = store.read().await.unwrap().carrier(&account, &first.id).await.unwrap().unwrap();
    assert_eq!((read.settings.name.as_str(), read.version), ("Second", 2));
}

async fn one_of_many_concurrent_updates_is_saved(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let first = saved_carrier(&store, &account, "First").await;
    let savers = (0..20).map(|saver| {
        let (store, settings) = (store.clone(), carrier(&account, &format!("Saver {saver}")).settings);
        let late = Carrier { settings, version: 2, ..first.clone() };
        tokio::spawn(async move {
            let mut tx = store.write().await.unwrap();
            let won = tx.update_carrier(&late).await.unwrap();
            tx.commit().await.unwrap();
            won
        })
    });
    let mut won = 0;
    for saver in savers.collect::<Vec<_>>() {
        won += i32::from(saver.await.unwrap());
    }
    assert_eq!(won, 1);
}

async fn deleting_a_carrier_deletes_its_dids(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let bot = saved_bot(&store, &account, "Concierge").await;
    let (gone, stays) = (saved_carrier(&store, &account, "Gone").await, saved_carrier(&store, &account, "Stays").await);
    for number in ["+14155550100", "+14155550101"] {
        assert!(add(&store, &did(&gone, number, Some(&bot))).await);
    }
    assert!(add(&store, &did(&stays, "+14155550102", Some(&bot))).await);
    let mut tx = store.write().await.unwrap();
    assert!(tx.delete_carrier(&account, &gone.id).await.unwrap());
    assert!(!tx.delete_carrier(&account, &gone.id).await.unwrap());
    assert_eq!(tx.carriers_of_bot(&bot.id).await.unwrap(), [stays.id]);
    tx.commit().await.unwrap();
    assert_eq!((database.count("carriers").await, database.count("dids").await), (1, 1));
    // The number is available again.
    assert!(add(&store, &did(&saved_carrier(&store, &account, "New").await, "+14155550100", None)).await);
}

async fn carrier_of_another_account_is_not_visible(database: &Database) {
    let store = database.open().await;
    let (mine, theirs) = (account(&store).await, account(&store).await);
    let carrier = saved_carrier(&store, &theirs, "Theirs").await;
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.carrier(&mine, &carrier.id).await.unwrap(), None);
    assert!(!tx.delete_carrier(&mine, &carrier.id).await.unwrap());
}

async fn corrupt_row_is_an_error_with_its_id(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let carrier = saved_carrier(&store, &account, "T").await;
    database.run("UPDATE carriers SET transport = 'carrier pigeon'").await;
    let error = store.read().await.unwrap().carrier(&account, &carrier.id).await.unwrap_err();
    assert!(matches!(&error, Error::Corrupt { table: "carriers", id, .. } if *id == carrier.id.as_str()), "{error}");
}

async fn new_carrier_is_pending(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let carrier = saved_carrier(&store, &account, "T").await;
    let mut tx = store.write().await.unwrap();
    tx.request_sync(&account, &carrier.id, "T", NOW).await.unwrap();
    let read = tx.carrier(&account, &carrier.id).await.unwrap().unwrap();
    assert_eq!((read.sync.status, read.sync.last_synced_at, read.sync.next_at), (SyncStatus::Pending, None, Some(NOW)));
}

async fn lookups_stay_within_the_account(database: &Database) {
    let store = database.open().await;
    let (mine, theirs) = (account(&store).await, account(&store).await);
    let with = |account: &_, name: &str, address: &str, country: Option<&str>| {
        carrier_with(account, json!({"name": name, "sip_address": address, "destination_country": country}))
    };
    let carriers = [
        with(&mine, "A", "sip.example.com", Some("US")),
        with(&mine, "B", "sip.example.com", Some("US")),
        with(&mine, "C", "sip.example.com:5061", Some("IN")),
        with(&mine, "D", "203.0.113.7", None),
        with(&theirs, "E", "sip.example.com", Some("DE")),
    ];
    for carrier in &carriers {
        save(&store, carrier).await;
    }
    let mut tx = store.read().await.unwrap();
    let addresses = |count: u32| (0..count).map(|index| format!("{index}.example.com"));
    let wanted: Vec<String> = addresses(700).chain(["sip.example.com".to_owned(), "203.0.113.7".to_owned()]).collect();
    let mut at = tx.carriers_at(&mine, &wanted).await.unwrap();
    at.sort_by(|one, other| one.1.cmp(&other.1));
    let of = |index: usize| (carriers[index].settings.sip_address.to_string(), carriers[index].id.clone());
    assert_eq!(at, [of(0), of(1), of(3)]);
    assert_eq!(tx.carriers_at(&mine, &["nowhere.example.com".to_owned()]).await.unwrap(), []);
    assert_eq!(tx.carriers_at(&mine, &[]).await.unwrap(), []);
    let names = tx.all_carrier_names(&mine).await.unwrap();
    assert_eq!(names.values().collect::<Vec<_>>(), ["A", "B", "C", "D"]);
    let mut countries: Vec<_> =
        tx.carrier_countries(&mine).await.unwrap().into_iter().map(domain::Country::as_str).collect();
    countries.sort_unstable();
    assert_eq!(countries, ["IN", "US"]);
}

crate::on_both! {
    lookups_stay_within_the_account
    carrier_is_read_as_written
    earlier_rows_get_provider_and_user
    password_is_stored_as_ciphertext
    password_opens_with_its_key_and_row_alone
    update_of_a_stale_version_writes_nothing
    one_of_many_concurrent_updates_is_saved
    deleting_a_carrier_deletes_its_dids
    carrier_of_another_account_is_not_visible
    corrupt_row_is_an_error_with_its_id
    new_carrier_is_pending
}
