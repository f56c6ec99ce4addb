//! The audit list: descriptions, filters, pages, and links to subjects that still exist.

use api_types::{input::AuditQuery, view::AuditItem};
use domain::{ActorId, AuditAction, AuditKind, Role};
use serde_json::json;
use services::Error;

use crate::{
    livekit_server::LiveKitServer,
    world::{HERE, SIP_PASSWORD, World, login},
};

async fn read(world: &World, query: AuditQuery) -> Vec<AuditItem> {
    let page = world.services.audit.list(&world.admin, &query).await.unwrap();
    assert!(page.next_cursor.is_none());
    page.items
}

/// "Label: before -> after"
fn changes(item: &AuditItem) -> Vec<String> {
    let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let line = |change: &domain::AuditChange| {
        format!("{}: {} -> {}", change.label, shown(&change.before), shown(&change.after))
    };
    item.changes.iter().map(line).collect()
}

#[tokio::test]
async fn carrier_history_describes_its_and_its_dids_changes() {
    let world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    let (twilio, plivo) = (world.carrier("Twilio").await, world.carrier("Plivo").await);
    let bot = world.bot("Concierge").await;
    let number = world.add_did(&twilio, 1, None).await;
    world.add_did(&plivo, 2, None).await;
    world.assign_bot(&number, Some(&bot)).await;
    let change = json!({"outbound_cps": 7, "inbound_auth": "ip", "allowed_addresses": ["192.0.2.1"],
        "auth_password": "changed-sip-secret"});
    world.update_carrier(&twilio, change).await;
    world.delete_bot(&bot).await;

    let items = read(&world, AuditQuery { subject: twilio.id.to_string(), ..AuditQuery::default() }).await;
    let entries: Vec<_> = items.iter().map(|item| (item.subject.kind, item.action)).collect();
    assert_eq!(
        entries,
        [
            (AuditKind::Carrier, AuditAction::Updated),
            (AuditKind::Did, AuditAction::Updated),
            (AuditKind::Did, AuditAction::Created),
            (AuditKind::Carrier, AuditAction::Created),
        ]
    );
    assert_eq!(
        changes(&items[0]),
        [
            "Password: set -> changed",
            "Inbound authentication: Credentials -> IP allowlist",
            "Inbound IP Allowlist: - -> 192.0.2.1",
            "Outbound CPS: 1 -> 7",
        ]
    );
    assert_eq!(changes(&items[1]), ["Assigned bot: - -> Concierge (deleted)"]);
    let digits = world.number(1);
    assert_eq!(
        changes(&items[2]),
        [format!("Phone number: - -> {digits}"), "Carrier: - -> Twilio".into(), "Direction: - -> Both".into()]
    );
    assert!(changes(&items[3]).contains(&"Password: - -> set".to_owned()));
    assert!(items.iter().all(|item| item.actor.name == world.admin.name()));
    assert!(items.iter().all(|item| item.subject.exists));
    assert_eq!((items[0].subject.id.as_str(), &items[0].subject.carrier_id), (twilio.id.as_str(), &None));
    let did = &items[1].subject;
    assert_eq!((did.id.as_str(), did.carrier_id.as_ref()), (number.id.as_str(), Some(&twilio.id)));
    let text = serde_json::to_string(&items).unwrap();
    assert!(!text.contains(SIP_PASSWORD) && !text.contains("changed-sip-secret") && !text.contains("***"), "{text}");
}

#[tokio::test]
async fn deleted_subject_does_not_exist_and_keeps_its_name() {
    let world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    let twilio = world.carrier("Twilio").await;
    let number = world.add_did(&twilio, 1, None).await;
    world.delete_carrier(&twilio).await;
    let items = read(&world, AuditQuery { subject: twilio.id.to_string(), ..AuditQuery::default() }).await;
    assert_eq!(items.len(), 3);
    assert!(items.iter().all(|item| !item.subject.exists && item.subject.carrier_id.is_none()));
    assert_eq!(items[0].subject.name, "Twilio");
    assert!(changes(&items[0]).contains(&format!("Phone numbers: {} -> -", number.number)));
    assert!(changes(&items[1]).contains(&"Carrier: - -> Twilio (deleted)".to_owned()));
}

#[tokio::test]
async fn entries_are_filtered_by_actor() {
    let world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    let user = world.user("ops@example.com", "correct horse battery").await;
    world.services.sessions.log_in(&login("ops@example.com", "correct horse battery"), Some(HERE)).await.unwrap();
    world.carrier("Twilio").await;
    for actor in [user.id.as_str(), "OPS@example.com"] {
        let items = read(&world, AuditQuery { actor: actor.to_owned(), ..AuditQuery::default() }).await;
        assert_eq!(items.len(), 1, "{actor}");
        assert_eq!(
            (items[0].action, items[0].actor.id.as_ref()),
            (AuditAction::LoggedIn, Some(&ActorId::User(user.id.clone())))
        );
        assert_eq!((items[0].subject.kind, items[0].subject.exists), (AuditKind::User, true));
    }
    let items = read(&world, AuditQuery { actor: "system".to_owned(), ..AuditQuery::default() }).await;
    // The user, and the account of the first start.
    assert_eq!(items.len(), 2);
    assert_eq!((items[0].actor.name.as_str(), &items[0].actor.id), ("command line", &None));
    assert_eq!(changes(&items[0]), ["E-mail: - -> ops@example.com", "Role: - -> Developer", "Active: - -> On"]);
}

#[tokio::test]
async fn viewer_may_list_and_invalid_filters_are_named() {
    let world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    world.carrier("Twilio").await;
    let viewer = world.actor(Role::Viewer).await;
    let audit = &world.services.audit;
    assert_eq!(audit.list(&viewer, &AuditQuery::default()).await.unwrap().items.len(), 2);
    let invalid = AuditQuery { kind: "trunk".into(), from: "soon".into(), cursor: "x".into(), ..AuditQuery::default() };
    let Err(Error::Invalid(errors)) = audit.list(&viewer, &invalid).await else { panic!("refused") };
    let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["kind", "from", "cursor"]);
}

#[tokio::test]
async fn list_pages_by_cursor() {
    let world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    for index in 0..5 {
        world.bot(&format!("Bot {index}")).await;
    }
    let (mut names, mut cursor) = (Vec::new(), String::new());
    loop {
        let query = AuditQuery { limit: "2".into(), cursor, ..AuditQuery::default() };
        let page = world.services.audit.list(&world.admin, &query).await.unwrap();
        names.extend(page.items.into_iter().map(|item| item.subject.name));
        let Some(next) = page.next_cursor else { break };
        cursor = next;
    }
    assert_eq!(names, ["Bot 4", "Bot 3", "Bot 2", "Bot 1", "Bot 0", "Main"]);
}
