//! argon2id (RFC 9106), off the threads that serve.

use std::sync::LazyLock;

use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// Each hash takes 19 MiB and tens of milliseconds; more at once would only let strangers slow everybody down.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// What an unknown address is compared with, so that it costs as much as a known one.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now("nobody has this password"));

/// A PHC string, with the crate's defaults (19 MiB, two passes) and a fresh salt.
pub(crate) async fn hash(password: String) -> String {
    let _permit = AT_ONCE.acquire().await;
    spawn_blocking(move || hash_now(&password)).await.expect("hashing does not panic")
}

/// `stored` is None for an address that nobody has: the work is done all the same, and the answer is no.
pub(crate) async fn verify(password: String, stored: Option<String>) -> bool {
    let _permit = AT_ONCE.acquire().await;
    spawn_blocking(move || {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| NOBODY.clone());
        let matches = PasswordHash::new(&stored)
            .is_ok_and(|stored| Argon2::default().verify_password(password.as_bytes(), &stored).is_ok());
        matches && known
    })
    .await
    .expect("hashing does not panic")
}

fn hash_now(password: &str) -> String {
    Argon2::default().hash_password(password.as_bytes()).expect("the defaults are good parameters").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_knows_its_password_and_no_other() {
        let stored = hash("correct horse".to_owned()).await;
        assert!(stored.starts_with("$argon2id$"));
        assert!(verify("correct horse".to_owned(), Some(stored.clone())).await);
        assert!(!verify("battery staple".to_owned(), Some(stored)).await);
        assert!(!verify("nobody has this password".to_owned(), None).await);
    }
}
