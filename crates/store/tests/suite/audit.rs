//! Who changed what.

use domain::{AuditAction, AuditEvent, EventId, UserId};
use serde_json::json;

use crate::{
    database::Database,
    rows::{NOW, account, ulid},
};

async fn an_event_is_read_as_it_was_written_the_oldest_first(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let mut tx = store.write().await.unwrap();
    let mut written = Vec::new();
    for (later, action) in AuditAction::ALL.into_iter().enumerate() {
        let event = AuditEvent {
            id: EventId::new(ulid()),
            account_id: account.clone(),
            actor: (later % 2 == 0).then(|| UserId::new(ulid())),
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

crate::on_both! { an_event_is_read_as_it_was_written_the_oldest_first }
