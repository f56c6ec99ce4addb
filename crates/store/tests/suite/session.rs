//! Users and their sessions.

use domain::SessionId;

use crate::{
    database::Database,
    rows::{NOW, account, saved_user, ulid},
};

async fn session_is_valid_until_it_expires(database: &Database) {
    let store = database.open().await;
    let account = account(&store).await;
    let user = saved_user(&store, &account, "ops@example.com").await;
    let session = SessionId::new(ulid());
    let mut tx = store.write().await.unwrap();
    tx.insert_session(&session, &user.id, &user.password_hash, NOW, NOW.plus_millis(100)).await.unwrap();
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
        tx.insert_session(session, &user.id, &user.password_hash, NOW, NOW.plus_millis(lives)).await.unwrap();
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
    tx.insert_session(&gone, &one.id, &one.password_hash, NOW, NOW.plus_millis(100)).await.unwrap();
    tx.insert_session(&stays, &other.id, &other.password_hash, NOW, NOW.plus_millis(100)).await.unwrap();
    tx.set_password(&one.id, "$new$", NOW).await.unwrap();
    assert!(tx.session_user(&gone, NOW).await.unwrap().is_none());
    assert!(tx.session_user(&stays, NOW).await.unwrap().is_some());
    assert_eq!(tx.user_by_email(&one.email).await.unwrap().unwrap().password_hash, "$new$");
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
    email_address_is_unique
}
