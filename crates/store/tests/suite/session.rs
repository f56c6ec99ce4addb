//! Users and their sessions.

use domain::{Session, SessionId, User};

use store::Tx;

use crate::{
    database::Database,
    rows::{NOW, account, saved_user, ulid},
};

async fn insert(tx: &mut Tx, id: &SessionId, user: &User, lives: i64) {
    let session = Session {
        id: id.clone(),
        user_id: user.id.clone(),
        address: Some("192.0.2.1".to_owned()),
        user_agent: None,
        created_at: NOW,
        last_used_at: NOW,
        expires_at: NOW.plus_millis(lives),
    };
    assert!(tx.insert_session(&session, &user.password_hash).await.unwrap());
}

async fn session_is_valid_until_it_expires(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let user = saved_user(&store, &account, "ops@example.com").await;
    let session = SessionId::new(ulid());
    let mut tx = store.write().await.unwrap();
    insert(&mut tx, &session, &user, 100).await;
    assert_eq!(tx.session_user(&session, NOW.plus_millis(99)).await.unwrap().unwrap().id, user.id);
    assert!(tx.session_user(&session, NOW.plus_millis(100)).await.unwrap().is_none());
    assert!(tx.session_user(&SessionId::new(ulid()), NOW).await.unwrap().is_none());
}

async fn logout_ends_one_session_and_the_expired(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let user = saved_user(&store, &account, "ops@example.com").await;
    let [gone, stays, expired] = [(); 3].map(|()| SessionId::new(ulid()));
    let mut tx = store.write().await.unwrap();
    for (session, lives) in [(&gone, 100), (&stays, 100), (&expired, 10)] {
        insert(&mut tx, session, &user, lives).await;
    }
    tx.end_session(&gone, NOW.plus_millis(10)).await.unwrap();
    assert!(tx.session_user(&gone, NOW).await.unwrap().is_none());
    assert!(tx.session_user(&stays, NOW).await.unwrap().is_some());
    tx.commit().await.unwrap();
    assert_eq!(database.count("sessions").await, 1);
}

async fn new_password_ends_the_sessions_of_that_user(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let (one, other) = (
        saved_user(&store, &account, "one@example.com").await,
        saved_user(&store, &account, "other@example.com").await,
    );
    let [gone, stays] = [(); 2].map(|()| SessionId::new(ulid()));
    let mut tx = store.write().await.unwrap();
    insert(&mut tx, &gone, &one, 100).await;
    insert(&mut tx, &stays, &other, 100).await;
    tx.set_password(&one.id, "$new$", NOW).await.unwrap();
    assert!(tx.session_user(&gone, NOW).await.unwrap().is_none());
    assert!(tx.session_user(&stays, NOW).await.unwrap().is_some());
    assert_eq!(tx.user_by_email(&one.email).await.unwrap().unwrap().password_hash, "$new$");
}

async fn disabled_user_has_no_session_and_no_link(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let user = saved_user(&store, &account, "ops@example.com").await;
    let [open, late] = [(); 2].map(|()| SessionId::new(ulid()));
    let mut tx = store.write().await.unwrap();
    insert(&mut tx, &open, &user, 100).await;
    tx.set_password_link(&user.id, "hash", NOW, NOW.plus_millis(100)).await.unwrap();
    let disabled = User { is_active: false, version: 2, ..user.clone() };
    assert!(tx.update_user(&disabled, NOW).await.unwrap());
    assert!(!tx.update_user(&disabled, NOW).await.unwrap(), "the version is stale");
    assert!(tx.session_user(&open, NOW).await.unwrap().is_none());
    assert!(tx.user_by_password_link("hash", NOW).await.unwrap().is_none());
    let session = Session { id: late, ..tx.sessions_of(&user.id, NOW).await.unwrap().remove(0) };
    assert!(!tx.insert_session(&session, &user.password_hash).await.unwrap());
}

async fn link_is_valid_until_it_expires_or_is_replaced(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let user = saved_user(&store, &account, "ops@example.com").await;
    let mut tx = store.write().await.unwrap();
    tx.set_password_link(&user.id, "one", NOW, NOW.plus_millis(100)).await.unwrap();
    assert!(tx.user_by_password_link("one", NOW.plus_millis(99)).await.unwrap().is_some());
    assert!(tx.user_by_password_link("one", NOW.plus_millis(100)).await.unwrap().is_none());
    tx.set_password_link(&user.id, "other", NOW, NOW.plus_millis(100)).await.unwrap();
    assert!(tx.user_by_password_link("one", NOW).await.unwrap().is_none());
    let entry = tx.user_entry(&account, &user.id, NOW).await.unwrap().unwrap();
    assert_eq!(entry.link_expires_at, Some(NOW.plus_millis(100)));
    tx.end_password_link(&user.id).await.unwrap();
    assert!(tx.user_by_password_link("other", NOW).await.unwrap().is_none());
}

async fn last_use_of_a_session_is_the_newest(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let user = saved_user(&store, &account, "ops@example.com").await;
    let session = SessionId::new(ulid());
    let mut tx = store.write().await.unwrap();
    insert(&mut tx, &session, &user, 100).await;
    for (at, newest) in [(50, 50), (20, 50), (60, 60)] {
        tx.set_session_last_used(&session, NOW.plus_millis(at)).await.unwrap();
        assert_eq!(tx.sessions_of(&user.id, NOW).await.unwrap()[0].last_used_at, NOW.plus_millis(newest));
        let entry = tx.user_entry(&account, &user.id, NOW).await.unwrap().unwrap();
        assert_eq!((entry.last_seen_at, entry.sessions), (Some(NOW.plus_millis(newest)), 1));
    }
    assert!(!tx.end_session_of(&domain::UserId::new(ulid()), &session).await.unwrap());
    assert!(tx.end_session_of(&user.id, &session).await.unwrap());
    assert!(tx.sessions_of(&user.id, NOW).await.unwrap().is_empty());
}

async fn changed_password_keeps_one_session(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let user = saved_user(&store, &account, "ops@example.com").await;
    let [kept, other] = [(); 2].map(|()| SessionId::new(ulid()));
    let mut tx = store.write().await.unwrap();
    insert(&mut tx, &kept, &user, 100).await;
    insert(&mut tx, &other, &user, 100).await;
    assert!(!tx.change_password(&user.id, "$another$", "$new$", &kept, NOW).await.unwrap());
    assert!(tx.change_password(&user.id, &user.password_hash, "$new$", &kept, NOW).await.unwrap());
    assert!(tx.session_user(&kept, NOW).await.unwrap().is_some());
    assert!(tx.session_user(&other, NOW).await.unwrap().is_none());
}

async fn administrators_who_can_log_in_are_counted(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let admin = saved_user(&store, &account, "one@example.com").await;
    let other = saved_user(&store, &account, "other@example.com").await;
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.other_administrators(&account, &admin.id).await.unwrap(), 0, "the other one is a developer");
    let promoted = User { role: domain::Role::Admin, version: 2, ..other.clone() };
    assert!(tx.update_user(&promoted, NOW).await.unwrap());
    assert_eq!(tx.other_administrators(&account, &admin.id).await.unwrap(), 1);
    tx.set_password(&other.id, "", NOW).await.unwrap();
    assert_eq!(tx.other_administrators(&account, &admin.id).await.unwrap(), 0, "the invited one has no password");
    assert!(tx.delete_user(&account, &other.id).await.unwrap());
    assert!(!tx.delete_user(&account, &other.id).await.unwrap());
    assert_eq!(tx.users(&account, NOW).await.unwrap().len(), 1);
}

async fn email_address_is_unique(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    assert!(!store.read().await.unwrap().any_user().await.unwrap());
    let mut user = saved_user(&store, &account, "ops@example.com").await;
    user.id = domain::UserId::new(ulid());
    let mut tx = store.write().await.unwrap();
    assert!(!tx.insert_user(&user, NOW).await.unwrap());
    assert!(tx.any_user().await.unwrap());
    assert!(tx.user_by_email(&"OPS@example.com".parse().unwrap()).await.unwrap().is_some());
}

crate::on_both! {
    session_is_valid_until_it_expires
    logout_ends_one_session_and_the_expired
    new_password_ends_the_sessions_of_that_user
    disabled_user_has_no_session_and_no_link
    link_is_valid_until_it_expires_or_is_replaced
    last_use_of_a_session_is_the_newest
    changed_password_keeps_one_session
    administrators_who_can_log_in_are_counted
    email_address_is_unique
}
