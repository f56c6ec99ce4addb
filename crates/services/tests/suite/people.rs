//! Set-up, sessions, passwords and throttling.

use std::net::{IpAddr, Ipv4Addr};

use api_types::view::SetupInput;
use domain::{Role, Secret};
use services::{Error, Services};

use crate::{
    livekit_server::LiveKitServer,
    world::{HERE, World, login, services},
};

const EMAIL: &str = "ops@example.com";
const PASSWORD: &str = "correct horse battery";
const ELSEWHERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2));
const GUESSER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 3));

fn address(number: u8) -> IpAddr {
    [198, 51, 100, number].into()
}

async fn world() -> World {
    World::without_reconciler(LiveKitServer::sandbox().await).await
}

fn setup(token: &str, password: &str) -> SetupInput {
    SetupInput { token: Secret::new(token), email: EMAIL.into(), password: Secret::new(password) }
}

async fn create(services: &Services, token: &str, password: &str) -> services::Result<api_types::view::Login> {
    services.setup.create_administrator(&setup(token, password), &services.sessions, &Default::default()).await
}

#[tokio::test]
async fn session_ends_at_logout_or_expiry() {
    let world = world().await;
    world.user(EMAIL, PASSWORD).await;
    let sessions = &world.services.sessions;
    let (one, other) = (
        sessions.log_in(&login(" OPS@Example.com ", PASSWORD), Some(HERE)).await.unwrap(),
        sessions.log_in(&login(EMAIL, PASSWORD), Some(ELSEWHERE)).await.unwrap(),
    );
    let actor = sessions.authenticate(&one.access_token).await.unwrap().expect("a session");
    assert_eq!((actor.name().as_str(), actor.role()), (EMAIL, Role::Developer));
    sessions.log_out(&actor).await.unwrap();
    assert!(sessions.authenticate(&one.access_token).await.unwrap().is_none());
    assert!(sessions.authenticate(&other.access_token).await.unwrap().is_some());
    world.clock.advance(7 * 24 * 3_600_000);
    assert!(sessions.authenticate(&other.access_token).await.unwrap().is_none());
}

#[tokio::test]
async fn forged_token_is_rejected() {
    let world = world().await;
    world.user(EMAIL, PASSWORD).await;
    let sessions = &world.services.sessions;
    let token = sessions.log_in(&login(EMAIL, PASSWORD), Some(HERE)).await.unwrap().access_token;
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let (header, _) = signed.split_once('.').unwrap();
    let flipped: String = signature.chars().rev().collect();
    for forged in
        [String::new(), format!("{signed}."), format!("{signed}.{flipped}"), format!("{header}.e30.{signature}")]
    {
        assert!(sessions.authenticate(&forged).await.unwrap().is_none(), "{forged}");
    }
}

#[tokio::test]
async fn changed_password_ends_sessions() {
    let world = world().await;
    world.user(EMAIL, PASSWORD).await;
    let sessions = &world.services.sessions;
    let token = sessions.log_in(&login(EMAIL, PASSWORD), Some(HERE)).await.unwrap().access_token;
    let new = domain::Password::new(Secret::new("battery staple horse")).unwrap();
    world.services.users.set_password(&EMAIL.parse().unwrap(), &new).await.unwrap();
    assert!(sessions.authenticate(&token).await.unwrap().is_none());
    assert!(matches!(sessions.log_in(&login(EMAIL, PASSWORD), Some(HERE)).await, Err(Error::WrongPassword)));
    sessions.log_in(&login(EMAIL, "battery staple horse"), Some(HERE)).await.unwrap();
}

#[tokio::test]
async fn guesses_throttle_even_the_right_password() {
    let world = world().await;
    world.user(EMAIL, PASSWORD).await;
    let sessions = &world.services.sessions;
    for _ in 0..5 {
        assert!(matches!(sessions.log_in(&login(EMAIL, "wrong"), Some(GUESSER)).await, Err(Error::WrongPassword)));
    }
    let tried = sessions.log_in(&login(EMAIL, PASSWORD), Some(GUESSER)).await;
    assert!(matches!(tried, Err(Error::Throttled { retry_after_seconds: 1..=2 })), "{tried:?}");
    world.clock.advance(2_000);
    sessions.log_in(&login(EMAIL, PASSWORD), Some(GUESSER)).await.unwrap();
}

#[tokio::test]
async fn guesses_from_one_address_do_not_keep_the_owner_out() {
    let world = world().await;
    world.user(EMAIL, PASSWORD).await;
    let sessions = &world.services.sessions;
    for _ in 0..5 {
        assert!(matches!(sessions.log_in(&login(EMAIL, "wrong"), Some(GUESSER)).await, Err(Error::WrongPassword)));
    }
    sessions.log_in(&login(EMAIL, PASSWORD), Some(HERE)).await.unwrap();
    assert!(matches!(sessions.log_in(&login(EMAIL, PASSWORD), Some(GUESSER)).await, Err(Error::Throttled { .. })));
}

#[tokio::test]
async fn guesses_from_many_addresses_are_slowed() {
    let world = world().await;
    world.user(EMAIL, PASSWORD).await;
    let sessions = &world.services.sessions;
    for guess in 0..20 {
        let client = Some(address(guess));
        assert!(matches!(sessions.log_in(&login(EMAIL, "wrong"), client).await, Err(Error::WrongPassword)));
    }
    let tried = sessions.log_in(&login(EMAIL, "wrong"), Some(address(20))).await;
    assert!(matches!(tried, Err(Error::Throttled { retry_after_seconds: 1..=2 })), "{tried:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_session_with_the_old_password_survives_a_new_one() {
    let world = world().await;
    world.user(EMAIL, PASSWORD).await;
    let (services, new) = (&world.services, domain::Password::new(Secret::new("battery staple horse")).unwrap());
    let email = EMAIL.parse().unwrap();
    let input = login(EMAIL, PASSWORD);
    // The logins read the old hash at once, and most are still being verified when the new password is saved.
    let logins = (0..12).map(|client| services.sessions.log_in(&input, Some(address(client))));
    let (changed, logins) = tokio::join!(services.users.set_password(&email, &new), futures::future::join_all(logins));
    changed.unwrap();
    let mut refused = 0;
    for login in logins {
        match login {
            Ok(login) => assert!(services.sessions.authenticate(&login.access_token).await.unwrap().is_none()),
            Err(Error::WrongPassword) => refused += 1,
            Err(error) => panic!("{error:?}"),
        }
    }
    assert!(refused > 0, "no login was under way when the password was changed");
}

#[tokio::test]
async fn client_guessing_many_accounts_is_throttled_alone() {
    let world = world().await;
    world.user(EMAIL, PASSWORD).await;
    let sessions = &world.services.sessions;
    for guess in 0..5 {
        let address = format!("unknown{guess}@example.com");
        assert!(matches!(sessions.log_in(&login(&address, "wrong"), Some(GUESSER)).await, Err(Error::WrongPassword)));
    }
    assert!(matches!(sessions.log_in(&login(EMAIL, PASSWORD), Some(GUESSER)).await, Err(Error::Throttled { .. })));
    sessions.log_in(&login(EMAIL, PASSWORD), Some(HERE)).await.unwrap();
}

#[tokio::test]
async fn blank_login_fields_are_named() {
    let world = world().await;
    let Err(Error::Invalid(errors)) = world.services.sessions.log_in(&login("", ""), Some(HERE)).await else {
        panic!()
    };
    assert!(errors.message("email").is_some() && errors.message("password").is_some());
}

#[tokio::test]
async fn setup_token_is_valid_once() {
    let world = world().await;
    let services = &world.services;
    let token = services.setup.token().await.unwrap().expect("no user exists");
    assert!(matches!(create(services, "guess", PASSWORD).await, Err(Error::SetupClosed)));
    assert!(matches!(create(services, "", PASSWORD).await, Err(Error::SetupClosed)));
    // A refused password leaves the token valid.
    assert!(matches!(create(services, &token, "short").await, Err(Error::Invalid(_))));
    let login = create(services, &token, PASSWORD).await.unwrap();
    assert_eq!(login.user.role, Role::Admin);
    assert!(services.sessions.authenticate(&login.access_token).await.unwrap().is_some());
    assert!(matches!(create(services, &token, PASSWORD).await, Err(Error::SetupClosed)));
    assert_eq!(services.setup.token().await.unwrap(), None);
    assert!(!services.setup.is_open().await.unwrap());
}

#[tokio::test]
async fn restart_replaces_the_setup_token() {
    let world = world().await;
    let old = world.services.setup.token().await.unwrap().unwrap();
    let (folder, clock) = world.dependencies();
    let restarted = services(folder, clock).await;
    let new = restarted.setup.token().await.unwrap().unwrap();
    assert!(matches!(create(&restarted, &old, PASSWORD).await, Err(Error::SetupClosed)));
    create(&restarted, &new, PASSWORD).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_concurrent_setups_succeeds() {
    let world = world().await;
    let services = &world.services;
    let token = services.setup.token().await.unwrap().unwrap();
    let (one, other) = tokio::join!(create(services, &token, PASSWORD), create(services, &token, PASSWORD));
    assert_eq!([one, other].iter().filter(|outcome| outcome.is_ok()).count(), 1);
}

#[tokio::test]
async fn unattended_administrator_needs_an_empty_database() {
    let world = world().await;
    let password = domain::Password::new(Secret::new(PASSWORD)).unwrap();
    let setup = &world.services.setup;
    assert!(setup.ensure_administrator(&EMAIL.parse().unwrap(), &password).await.unwrap());
    assert!(!setup.ensure_administrator(&"second@example.com".parse().unwrap(), &password).await.unwrap());
    world.services.sessions.log_in(&login(EMAIL, PASSWORD), Some(HERE)).await.unwrap();
}

#[tokio::test]
async fn duplicate_email_is_named_by_field() {
    let world = world().await;
    world.user(EMAIL, PASSWORD).await;
    let password = domain::Password::new(Secret::new(PASSWORD)).unwrap();
    let taken = world.services.users.add(&EMAIL.parse().unwrap(), &password, Role::Viewer).await;
    let Err(Error::Invalid(errors)) = taken else { panic!("{taken:?}") };
    assert!(errors.message("email").is_some());
}
