//! Users: who may change them at the moment of the change, and the links that API keys may create.

use api_types::{
    input::{ApiKeyInput, InvitationInput, PasswordLinkInput, UserInput},
    view::{ApiKeyCreated, ChangeKind, ChangedNoun},
};
use domain::{Role, Secret, UserId};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use services::{Actor, Credential, Error, NewPasswordLink, Result};
use sqlx::{Connection, Executor, SqliteConnection};

use crate::{
    livekit_server::LiveKitServer,
    world::{HERE, World, login},
};

const PASSWORD: &str = "correct horse battery";

async fn world() -> World {
    let world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    world.save_admin().await;
    world
}

fn input<T: DeserializeOwned>(body: Value) -> T {
    serde_json::from_value(body).unwrap()
}

impl World {
    async fn key(&self) -> (ApiKeyCreated, Actor) {
        let settings: ApiKeyInput = input(json!({"name": "CRM", "role": "admin"}));
        let key = self.services.api_keys.create(&self.admin, &settings).await.unwrap();
        let credential = Credential::ApiKey(key.key.clone());
        let actor = self.services.authentication.authenticate(&credential, Some(HERE)).await.unwrap().unwrap();
        (key, actor)
    }

    async fn invite(&self, actor: &Actor, email: &str, role: &str) -> Result<NewPasswordLink> {
        let invitation: InvitationInput = input(json!({"email": email, "role": role}));
        self.services.users.invite(actor, &invitation).await
    }

    /// Changes the administrator's row past the services.
    async fn change_admin(&self, role: Role, is_active: bool) {
        let mut tx = self.services.store().write().await.unwrap();
        let id = self.admin.user_id().unwrap();
        let user = tx.user(&self.admin.account_id, id).await.unwrap().unwrap();
        let changed = domain::User { role, is_active, version: user.version + 1, ..user };
        assert!(tx.update_user(&changed, self.clock.now()).await.unwrap());
        tx.commit().await.unwrap();
    }

    /// What each change of users and API keys answers.
    async fn changes(&self, actor: &Actor, user: &UserId, key: &ApiKeyCreated) -> Vec<Result<()>> {
        let (users, keys) = (&self.services.users, &self.services.api_keys);
        let settings: ApiKeyInput = input(json!({"name": "ERP", "role": "viewer"}));
        let renamed: ApiKeyInput = input(json!({"name": "Renamed"}));
        let promoted: UserInput = input(json!({"role": "developer"}));
        vec![
            self.invite(actor, "new@example.com", "viewer").await.map(drop),
            users.update(actor, user, &promoted).await.map(drop),
            users.create_link(actor, user).await.map(drop),
            users.end_sessions(actor, user).await,
            users.delete(actor, user).await,
            keys.create(actor, &settings).await.map(drop),
            keys.update(actor, &key.row.id, &renamed).await.map(drop),
            keys.delete(actor, &key.row.id).await,
        ]
    }
}

/// The actors were authenticated before the change, as those of requests that wait for the database.
#[tokio::test]
async fn waiting_request_has_the_current_role() {
    let world = world().await;
    let (key, of_key) = world.key().await;
    let user = world.invite(&world.admin, "viewer@example.com", "viewer").await.unwrap().user.id;
    world.change_admin(Role::Developer, true).await;
    for actor in [&world.admin, &of_key] {
        for outcome in world.changes(actor, &user, &key).await {
            assert!(matches!(outcome, Err(Error::Forbidden { needs: Role::Admin })), "{outcome:?}");
        }
    }
    world.change_admin(Role::Admin, false).await;
    for outcome in world.changes(&world.admin, &user, &key).await {
        assert!(matches!(outcome, Err(Error::Unauthenticated)), "{outcome:?}");
    }
    for outcome in world.changes(&of_key, &user, &key).await {
        assert!(matches!(outcome, Err(Error::ApiKeyRefused(_))), "{outcome:?}");
    }
    world.change_admin(Role::Admin, true).await;
    let off: ApiKeyInput = input(json!({"is_active": false}));
    world.services.api_keys.update(&world.admin, &key.row.id, &off).await.unwrap();
    for outcome in world.changes(&of_key, &user, &key).await {
        assert!(matches!(outcome, Err(Error::ApiKeyRefused(_))), "{outcome:?}");
    }
    assert_eq!(world.services.users.list(&world.admin).await.unwrap().total, 2);
}

#[tokio::test]
async fn api_key_gives_no_access_to_an_administrator() {
    let world = world().await;
    let (_, key) = world.key().await;
    let refused = world.invite(&key, "admin@example.org", "admin").await;
    assert!(matches!(refused, Err(Error::SessionRequired)), "{refused:?}");
    let refused = world.services.users.create_link(&key, world.admin.user_id().unwrap()).await;
    assert!(matches!(refused, Err(Error::SessionRequired)), "{refused:?}");
    let user = world.invite(&key, "viewer@example.com", "viewer").await.unwrap().user.id;
    let change = |role: &str| input::<UserInput>(json!({"role": role}));
    let refused = world.services.users.update(&key, &user, &change("admin")).await;
    assert!(matches!(refused, Err(Error::SessionRequired)), "{refused:?}");
    world.services.users.update(&key, &user, &change("developer")).await.unwrap();
    world.services.users.create_link(&key, &user).await.unwrap();
    world.services.users.update(&world.admin, &user, &change("admin")).await.unwrap();
}

#[tokio::test]
async fn link_stays_valid_where_the_session_fails() {
    let world = world().await;
    let link = world.invite(&world.admin, "viewer@example.com", "viewer").await.unwrap();
    let accepted = PasswordLinkInput { token: link.token.clone(), password: Secret::new(PASSWORD) };
    let (folder, _) = world.dependencies();
    let url = format!("sqlite://{}", folder.path().join("trunkline.db").display());
    let mut database = SqliteConnection::connect(&url).await.unwrap();
    let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON sessions BEGIN SELECT RAISE(ABORT, 'refused'); END";
    database.execute(refuse).await.unwrap();
    world.services.password_links.accept(&accepted, &Default::default()).await.unwrap_err();
    database.execute("DROP TRIGGER refuse").await.unwrap();
    let opened = world.services.password_links.accept(&accepted, &Default::default()).await.unwrap();
    assert!(world.services.sessions.authenticate(&opened.access_token).await.unwrap().is_some());
}

#[tokio::test]
async fn count_of_sessions_and_keys_is_published() {
    let world = world().await;
    let colleague = world.user("ops@example.com", PASSWORD).await;
    let token = world.services.sessions.log_in(&login("ops@example.com", PASSWORD), Some(HERE)).await.unwrap();
    let session = world.services.sessions.authenticate(&token.access_token).await.unwrap().unwrap();
    let mut changes = world.services.events.subscribe();
    let mut updated = || {
        let changes: Vec<_> = std::iter::from_fn(|| changes.try_recv().ok()).collect();
        let updated = changes.iter().filter(|change| change.noun == ChangedNoun::User);
        updated.map(|change| (change.kind, change.id.clone())).collect::<Vec<_>>()
    };
    world.services.sessions.log_out(&session).await.unwrap();
    assert_eq!(updated(), [(ChangeKind::Updated, colleague.id.to_string())]);
    let admin = (ChangeKind::Updated, world.admin.user_id().unwrap().to_string());
    let (key, _) = world.key().await;
    assert_eq!(updated(), std::slice::from_ref(&admin));
    world.services.api_keys.delete(&world.admin, &key.row.id).await.unwrap();
    assert_eq!(updated(), [admin]);
}
