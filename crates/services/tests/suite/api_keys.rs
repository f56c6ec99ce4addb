//! API keys: creating, authenticating, revoking, and the time of the last use.

use std::{net::IpAddr, time::Duration};

use api_types::{
    input::{ApiKeyInput, AuditQuery},
    view::{ApiKeyCreated, ApiKeyView},
};
use domain::{ActorId, ApiKeyExpiry, AuditAction, AuditKind, Role, Secret};
use serde_json::{Value, json};
use services::{Actor, Credential, Error};
use tokio::time::timeout;

use crate::{
    livekit_server::LiveKitServer,
    world::{HERE, World, login},
};

/// An event is enough to end a stream; without one it takes 15 seconds.
const NOTIFIED_WITHIN: Duration = Duration::from_secs(5);

async fn world() -> World {
    let world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    world.save_admin().await;
    world
}

fn input(body: Value) -> ApiKeyInput {
    serde_json::from_value(body).unwrap()
}

fn credential(key: &ApiKeyCreated) -> Credential {
    Credential::ApiKey(key.key.clone())
}

impl World {
    async fn api_key(&self, body: Value) -> ApiKeyCreated {
        self.services.api_keys.create(&self.admin, &input(body)).await.unwrap()
    }

    async fn change_api_key(&self, key: &ApiKeyCreated, body: Value) -> ApiKeyView {
        self.services.api_keys.update(&self.admin, &key.row.id, &input(body)).await.unwrap()
    }

    async fn authenticated(&self, key: &ApiKeyCreated) -> services::Result<Actor> {
        let actor = self.services.authentication.authenticate(&credential(key), Some(HERE)).await?;
        Ok(actor.expect("a key is accepted or refused"))
    }

    async fn refusal(&self, key: &ApiKeyCreated, address: Option<IpAddr>) -> String {
        let outcome = self.services.authentication.authenticate(&credential(key), address).await;
        outcome.map_or_else(|error| error.to_string(), |_| "accepted".to_owned())
    }

    async fn last_used(&self, key: &ApiKeyCreated) -> Option<domain::Timestamp> {
        self.services.api_keys.get(&self.admin, &key.row.id).await.unwrap().last_used_at
    }
}

#[tokio::test]
async fn key_acts_with_its_role() {
    let world = world().await;
    for (role, expected) in
        [(json!("viewer"), Role::Viewer), (Value::Null, Role::Developer), (json!("admin"), Role::Admin)]
    {
        let key = world.api_key(json!({"name": "CRM", "role": role})).await;
        let actor = world.authenticated(&key).await.unwrap();
        assert_eq!((actor.role(), actor.account_id.clone()), (expected, world.admin.account_id.clone()));
        assert_eq!(world.services.api_keys.list(&actor).await.is_ok(), expected == Role::Admin);
        let bot = crate::world::bot_input(json!({"name": "B", "agent_name": "b"}));
        assert_eq!(world.services.bots.create(&actor, &bot).await.is_ok(), expected >= Role::Developer);
        assert!(world.services.bots.list(&actor).await.is_ok());
    }
}

#[tokio::test]
async fn carrier_of_a_key_belongs_to_the_user_behind_it() {
    let world = world().await;
    let user = world.admin.user_id().cloned();
    let first = world.api_key(json!({"name": "First", "role": "admin"})).await;
    let creator = world.authenticated(&first).await.unwrap();
    let second = input(json!({"name": "Second", "role": "developer"}));
    let second = world.services.api_keys.create(&creator, &second).await.unwrap();
    world.services.api_keys.delete(&world.admin, &first.row.id).await.unwrap();
    let second = world.authenticated(&second).await.unwrap();
    for actor in [&world.admin, &second] {
        let carrier = crate::world::carrier_input(json!({"name": "T", "sip_address": "a.b"}));
        let created = world.services.carriers.create(actor, &carrier).await.unwrap();
        assert!(user.is_some());
        assert_eq!(created.created_by, user);
    }
}

#[tokio::test]
async fn text_of_a_key_is_in_no_file() {
    let world = world().await;
    let key = world.api_key(json!({"name": "CRM"})).await;
    let text = key.key.expose();
    assert!(text.starts_with("tl_") && text.len() == 35 && text.starts_with(&key.row.prefix), "{}", key.row.prefix);
    assert_eq!(key.row.prefix.len(), 7);
    world.authenticated(&key).await.unwrap();
    world.change_api_key(&key, json!({"name": "ERP"})).await;
    let raw = world.raw_database();
    assert!(!raw.windows(text.len()).any(|window| window == text.as_bytes()));
    assert!(!format!("{key:?} {:?}", credential(&key)).contains(&text[7..]));
}

#[tokio::test]
async fn unknown_key_is_refused() {
    let world = world().await;
    let key = world.api_key(json!({"name": "CRM"})).await;
    let swapped: String = key.key.expose().chars().rev().collect();
    for text in [
        String::new(),
        "tl_".to_owned(),
        key.row.prefix.clone(),
        swapped,
        format!("{}x", key.key.expose()),
        "tl_ABCDEFGHIJKLMNOPQRSTUVWXYZ-_0123".to_owned(),
    ] {
        let wrong = Credential::ApiKey(Secret::new(text.clone()));
        let outcome = world.services.authentication.authenticate(&wrong, Some(HERE)).await;
        assert!(matches!(outcome, Err(Error::UnknownApiKey)), "{text}");
    }
}

#[tokio::test]
async fn refused_key_is_not_used() {
    let world = world().await;
    let key = world.api_key(json!({"name": "CRM", "allowed_addresses": ["203.0.113.0/24"]})).await;
    assert_eq!(world.refusal(&key, Some(HERE)).await, "API key is not allowed from 192.0.2.1");
    assert!(world.refusal(&key, None).await.contains("unknown address"));
    world.change_api_key(&key, json!({"expires_at": "2020-01-01T00:00:00", "allowed_addresses": []})).await;
    assert_eq!(world.refusal(&key, Some(HERE)).await, "API key has expired");
    world.change_api_key(&key, json!({"is_active": false})).await;
    assert_eq!(world.refusal(&key, Some(HERE)).await, "API key is inactive");
    world.services.api_keys.save_uses().await.unwrap();
    assert_eq!(world.last_used(&key).await, None);
    world.change_api_key(&key, json!({"is_active": true, "expires_at": null})).await;
    assert_eq!(world.refusal(&key, Some(HERE)).await, "accepted");
    world.services.api_keys.delete(&world.admin, &key.row.id).await.unwrap();
    assert_eq!(world.refusal(&key, Some(HERE)).await, "unknown API key");
}

#[tokio::test]
async fn unreadable_stored_expiry_is_refused() {
    let world = world().await;
    let key = world.api_key(json!({"name": "CRM"})).await;
    let mut tx = world.services.store().write().await.unwrap();
    let mut row = tx.api_key(&world.admin.account_id, &key.row.id).await.unwrap().unwrap();
    row.settings.expires_at = Some(ApiKeyExpiry::stored("next year"));
    row.version += 1;
    assert!(tx.update_api_key(&row).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(world.refusal(&key, Some(HERE)).await, "API key has invalid expiry");
}

#[tokio::test]
async fn key_expires_by_the_clock() {
    let world = world().await;
    let expires_at = world.clock.now().plus_millis(60_000).rfc3339();
    let key = world.api_key(json!({"name": "CRM", "expires_at": expires_at})).await;
    assert_eq!(world.refusal(&key, Some(HERE)).await, "accepted");
    world.clock.advance(60_000);
    assert_eq!(world.refusal(&key, Some(HERE)).await, "API key has expired");
}

#[tokio::test]
async fn last_use_is_written_in_batches_and_never_set_back() {
    let world = world().await;
    let (key, other) = (world.api_key(json!({"name": "CRM"})).await, world.api_key(json!({"name": "ERP"})).await);
    let before = world.clock.now();
    for _ in 0..3 {
        world.authenticated(&key).await.unwrap();
        world.clock.advance(1_000);
    }
    assert_eq!(world.last_used(&key).await, None, "a request does not write");
    let mut changes = world.services.events.subscribe();
    world.services.api_keys.save_uses().await.unwrap();
    let used = world.last_used(&key).await.expect("it was used");
    assert!(used >= before.plus_millis(2_000) && used <= world.clock.now(), "{used}");
    assert_eq!(changes.recv().await.unwrap().id, key.row.id.as_str());
    assert!(changes.try_recv().is_err(), "one event for three uses");
    assert_eq!(world.last_used(&other).await, None);

    // Another server has written a later use meanwhile.
    world.authenticated(&key).await.unwrap();
    let later = world.clock.now().plus_millis(60_000);
    let mut tx = world.services.store().write().await.unwrap();
    assert!(tx.set_api_key_last_used(&key.row.id, later).await.unwrap());
    tx.commit().await.unwrap();
    world.services.api_keys.save_uses().await.unwrap();
    assert_eq!(world.last_used(&key).await, Some(later));
}

#[tokio::test]
async fn only_administrators_manage_keys() {
    let world = world().await;
    let key = world.api_key(json!({"name": "CRM"})).await;
    for role in [Role::Viewer, Role::Developer] {
        let actor = world.actor(role).await;
        let keys = &world.services.api_keys;
        let (id, settings) = (&key.row.id, input(json!({"name": "X", "role": "viewer"})));
        let refused = |outcome: services::Result<()>| matches!(outcome, Err(Error::Forbidden { needs: Role::Admin }));
        assert!(refused(keys.list(&actor).await.map(drop)));
        assert!(refused(keys.get(&actor, id).await.map(drop)));
        assert!(refused(keys.create(&actor, &settings).await.map(drop)));
        assert!(refused(keys.update(&actor, id, &settings).await.map(drop)));
        assert!(refused(keys.delete(&actor, id).await));
    }
    assert_eq!(world.services.api_keys.list(&world.admin).await.unwrap().total, 1);
}

#[tokio::test]
async fn audit_names_the_key_as_actor_and_as_subject() {
    let world = world().await;
    let key = world.api_key(json!({"name": "CRM", "role": "admin"})).await;
    let actor = world.authenticated(&key).await.unwrap();
    let made = world.services.api_keys.create(&actor, &input(json!({"name": "ERP"}))).await.unwrap();
    let name = format!("CRM ({})", key.row.prefix);
    let id = ActorId::ApiKey(key.row.id.clone());
    assert_eq!((made.row.created_by.as_ref(), &made.row.created_by_name), (Some(&id), &name));
    world.services.api_keys.delete(&actor, &made.row.id).await.unwrap();

    let query = AuditQuery { actor: key.row.id.to_string(), ..AuditQuery::default() };
    let items = world.services.audit.list(&world.admin, &query).await.unwrap().items;
    let actions: Vec<_> = items.iter().map(|item| (item.action, item.subject.kind, item.subject.exists)).collect();
    assert_eq!(
        actions,
        [(AuditAction::Deleted, AuditKind::ApiKey, false), (AuditAction::Created, AuditKind::ApiKey, false)]
    );
    assert!(items.iter().all(|item| item.actor.id.as_ref() == Some(&id) && item.actor.name == name));
    assert!(!format!("{items:?}").contains(made.key.expose()));
    let created: Vec<_> =
        items[1].changes.iter().map(|change| (change.label.as_str(), change.after.as_deref())).collect();
    assert_eq!(
        created,
        [
            ("Name", Some("ERP")),
            ("Role", Some("Developer")),
            ("Key prefix", Some(made.row.prefix.as_str())),
            ("Active", Some("On"))
        ]
    );
}

#[tokio::test]
async fn stale_version_is_rejected() {
    let world = world().await;
    let key = world.api_key(json!({"name": "CRM"})).await;
    world.change_api_key(&key, json!({"name": "ERP", "version": 1})).await;
    let stale = input(json!({"name": "X", "version": 1}));
    let outcome = world.services.api_keys.update(&world.admin, &key.row.id, &stale).await;
    assert!(matches!(outcome, Err(Error::Stale(_))), "{outcome:?}");
    assert_eq!(world.change_api_key(&key, json!({"name": "ERP"})).await.version, 2, "nothing has changed");
}

#[tokio::test]
async fn key_ends_no_session() {
    let world = world().await;
    let key = world.api_key(json!({"name": "CRM", "role": "admin"})).await;
    let actor = world.authenticated(&key).await.unwrap();
    assert!(matches!(world.services.sessions.log_out(&actor).await, Err(Error::NoSession)));
}

#[tokio::test(flavor = "multi_thread")]
async fn change_of_a_key_revokes_open_streams() {
    for change in [
        json!({"is_active": false}),
        json!({"expires_at": "2020-01-01"}),
        json!({"allowed_addresses": ["203.0.113.1"]}),
        Value::Null,
    ] {
        let world = world().await;
        let key = world.api_key(json!({"name": "CRM"})).await;
        let actor = world.authenticated(&key).await.unwrap();
        let services = world.services.clone();
        let credential = credential(&key);
        let stream =
            tokio::spawn(async move { services.authentication.revoked(&actor, &credential, Some(HERE)).await });
        world.change_api_key(&key, json!({"name": "Renamed"})).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(!stream.is_finished(), "another name revokes nothing");
        if change.is_null() {
            world.services.api_keys.delete(&world.admin, &key.row.id).await.unwrap();
        } else {
            world.change_api_key(&key, change.clone()).await;
        }
        assert!(timeout(NOTIFIED_WITHIN, stream).await.is_ok(), "{change}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stream_ends_when_its_key_expires() {
    let world = world().await;
    let expires_at = world.clock.now().plus_millis(300).rfc3339();
    let key = world.api_key(json!({"name": "CRM", "expires_at": expires_at})).await;
    let actor = world.authenticated(&key).await.unwrap();
    let credential = credential(&key);
    let revoked = world.services.authentication.revoked(&actor, &credential, Some(HERE));
    assert!(timeout(NOTIFIED_WITHIN, revoked).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn logout_revokes_the_streams_of_its_session() {
    let world = world().await;
    world.user("ops@example.com", "correct horse battery").await;
    let input = login("ops@example.com", "correct horse battery");
    let token = world.services.sessions.log_in(&input, Some(HERE)).await.unwrap().access_token;
    let credential = Credential::SessionToken(Secret::new(token));
    let authentication = &world.services.authentication;
    let actor = authentication.authenticate(&credential, Some(HERE)).await.unwrap().expect("a session");
    let (revoked, ended) = tokio::join!(
        timeout(NOTIFIED_WITHIN, authentication.revoked(&actor, &credential, Some(HERE))),
        world.services.sessions.log_out(&actor)
    );
    assert!(revoked.is_ok() && ended.is_ok());
}
