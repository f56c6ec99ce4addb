//! Audit entries of changes, and secrets that are never stored in plain text.

use domain::{AuditAction, MASK};
use serde_json::json;

use crate::{
    livekit_server::LiveKitServer,
    world::{HERE, SIP_PASSWORD, World, carrier_input, login, services},
};

#[tokio::test]
async fn carrier_changes_have_before_and_after() {
    let world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    let twilio = world.carrier("Twilio").await;
    world.update_carrier(&twilio, json!({"name": "Renamed", "auth_password": "changed-sip-secret"})).await;
    let refused = carrier_input(json!({"name": "Late", "version": 1}));
    world.services.carriers.update(&world.admin, &twilio.id, &refused).await.unwrap_err();
    world.delete_carrier(&twilio).await;
    let mut tx = world.services.store().read().await.unwrap();
    let events = tx.audit_of(&world.admin.account_id, twilio.id.as_str()).await.unwrap();
    let actions: Vec<_> = events.iter().map(|event| event.action).collect();
    assert_eq!(actions, [AuditAction::Created, AuditAction::Updated, AuditAction::Deleted]);
    assert!(events.iter().all(|event| event.actor.as_ref() == Some(&world.admin.id())));
    let (before, after) = (events[1].before.as_ref().unwrap(), events[1].after.as_ref().unwrap());
    assert_eq!((&before["name"], &after["name"]), (&json!("Twilio"), &json!("Renamed")));
    assert_ne!(before["auth_password"], after["auth_password"]);
    assert_eq!((&events[0].before, &events[2].after), (&None, &None));
}

#[tokio::test]
async fn first_start_audits_the_account() {
    let world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    let account = &world.admin.account_id;
    let mut tx = world.services.store().read().await.unwrap();
    let events = tx.audit_of(account, account.as_str()).await.unwrap();
    let [event] = &events[..] else { panic!("{events:?}") };
    assert_eq!((event.action, &event.actor, event.actor_name.as_str()), (AuditAction::Created, &None, "command line"));
    assert_eq!(event.after, Some(json!({"name": "Main"})));
    drop(tx);
    let (folder, clock) = world.dependencies();
    let restarted = services(folder, clock).await;
    let mut tx = restarted.store().read().await.unwrap();
    assert_eq!(tx.audit_of(account, account.as_str()).await.unwrap().len(), 1, "a further start creates nothing");
}

#[tokio::test]
async fn runtime_configuration_is_audited_without_secrets() {
    let world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    let bot = world.bot("Concierge").await;
    let tools = json!([{"name": "crm", "apiToken": "t-123"}]);
    world.update_bot(&bot, json!({"runtime_config": {"system_prompt": "Hello", "tools": tools}})).await;
    world.update_bot(&bot, json!({"sip_header_config": {"enabled": true, "allowed_headers": ["X-Tier"]}})).await;
    let mut tx = world.services.store().read().await.unwrap();
    let events = tx.audit_of(&world.admin.account_id, bot.id.as_str()).await.unwrap();
    let after = |index: usize| events[index].after.as_ref().unwrap();
    assert_eq!(after(1)["runtime_config"]["system_prompt"], "Hello");
    assert_eq!(after(1)["runtime_config"]["tools"][0], json!({"name": "crm", "apiToken": MASK}));
    assert_eq!((&after(2)["sip_headers"], &after(2)["allowed_headers"]), (&json!(true), &json!(["X-Tier"])));
    assert_eq!(after(2).get("runtime_config"), None, "it has not changed");
}

#[tokio::test]
async fn did_and_bot_changes_are_audited() {
    let world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    let (twilio, bot) = (world.carrier("Twilio").await, world.bot("Concierge").await);
    let number = world.add_did(&twilio, 1, Some(&bot)).await;
    world.assign_bot(&number, None).await;
    world.remove_did(&number).await;
    world.update_bot(&bot, json!({"name": "Renamed"})).await;
    world.delete_bot(&bot).await;
    let mut tx = world.services.store().read().await.unwrap();
    for subject in [number.id.as_str(), bot.id.as_str()] {
        let events = tx.audit_of(&world.admin.account_id, subject).await.unwrap();
        let actions: Vec<_> = events.iter().map(|event| event.action).collect();
        assert_eq!(actions, [AuditAction::Created, AuditAction::Updated, AuditAction::Deleted], "{subject}");
    }
}

#[tokio::test]
async fn refused_change_writes_nothing() {
    let world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    let (twilio, plivo) = (world.carrier("Twilio").await, world.carrier("Plivo").await);
    world.add_did(&twilio, 1, None).await;
    world.add_did_with(&plivo, json!({"number": world.number(1)})).await.unwrap_err();
    let store = world.services.store();
    let page = world.services.carriers.list(&world.admin, &Default::default()).await.unwrap();
    assert_eq!(page.number_total, 1);
    let backlog = store.read().await.unwrap().sync_backlog().await.unwrap();
    assert_eq!(backlog, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn database_contains_no_plain_secret() {
    let mut world = World::new().await;
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    world.assert_in_sync().await;
    world.update_carrier(&twilio, json!({"auth_password": "changed-sip-secret"})).await;
    world.assert_in_sync().await;
    world.user("ops@example.com", "correct horse battery").await;
    let session =
        world.services.sessions.log_in(&login("ops@example.com", "correct horse battery"), Some(HERE)).await.unwrap();
    world.delete_carrier(&twilio).await;
    world.assert_in_sync().await;
    world.stop_reconciler().await;
    let raw = world.raw_database();
    let contains = |text: &str| raw.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(contains("ops@example.com") && contains("Concierge"));
    for secret in [SIP_PASSWORD, "changed-sip-secret", "correct horse", session.access_token.as_str()] {
        assert!(!contains(secret), "{secret}");
    }
}
