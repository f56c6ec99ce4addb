//! Audit events.

use domain::{ActorId, AuditAction, AuditEvent, EventId, IntoEnumIterator, UserId};
use serde_json::json;

use crate::{
    database::Database,
    rows::{NOW, account, ulid},
};

async fn events_are_read_as_written_oldest_first(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let mut tx = store.write().await.unwrap();
    let mut written = Vec::new();
    for (later, action) in AuditAction::iter().enumerate() {
        let event = AuditEvent {
            id: EventId::new(ulid()),
            account_id: account.clone(),
            actor: (later % 2 == 0).then(|| ActorId::User(UserId::new(ulid()))),
            actor_name: "ops@example.com".to_owned(),
            action,
            subject_id: "car_1".to_owned(),
            subject_name: "Twilio 電話".to_owned(),
            before: (later > 0).then(|| json!({"name": "old", "rates": [0.1, null]})),
            after: Some(json!({"name": "ünï"})),
            at: NOW.plus_millis(later as i64),
        };
        tx.insert_audit(&event).await.unwrap();
        written.push(event);
    }
    assert_eq!(tx.audit_of(&account, "car_1").await.unwrap(), written);
    assert_eq!(tx.audit_of(&account, "car_2").await.unwrap(), []);
}

async fn deleted_name_is_known_in_its_account_alone(database: &Database) {
    let store = database.open().await;
    let (mine, theirs) = (account(&store).await, account(&store).await);
    let mut tx = store.write().await.unwrap();
    for (later, action, name) in [
        (0, AuditAction::Created, "First"),
        (1, AuditAction::Deleted, "First"),
        (2, AuditAction::Created, "Second"),
        (3, AuditAction::Deleted, "Second"),
    ] {
        let event = AuditEvent {
            id: EventId::new(ulid()),
            account_id: mine.clone(),
            actor: None,
            actor_name: "command line".to_owned(),
            action,
            subject_id: "car_1".to_owned(),
            subject_name: name.to_owned(),
            before: None,
            after: None,
            at: NOW.plus_millis(later),
        };
        tx.insert_audit(&event).await.unwrap();
        let expected = [None, Some("First"), Some("First"), Some("Second")][later as usize];
        assert_eq!(tx.deleted_name(&mine, "car_1").await.unwrap().as_deref(), expected);
    }
    assert_eq!(tx.deleted_name(&theirs, "car_1").await.unwrap(), None);
    assert_eq!(tx.deleted_name(&mine, "car_2").await.unwrap(), None);
}

crate::on_both! {
    events_are_read_as_written_oldest_first
    deleted_name_is_known_in_its_account_alone
}
