//! argon2id (RFC 9106), on threads that may block.

use std::sync::LazyLock;

use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    task::spawn_blocking,
};

/// Each hash takes 19 MiB and tens of milliseconds; more at once would let unauthenticated clients slow down all requests.
const CONCURRENT: usize = 2;
/// Verifications that are under way or wait: about a second's work.
const QUEUE: usize = 64;

static LIMIT: Limit = Limit::new(CONCURRENT, QUEUE);

/// What the password of an unknown user is compared with, so that it takes as long as a known one's.
static UNKNOWN_USER: LazyLock<String> = LazyLock::new(|| hash_now("not the password of any user"));

/// A PHC string, with the crate's defaults (19 MiB, two passes) and a fresh salt. Waits as long as it takes.
pub(crate) async fn hash(password: String) -> String {
    let permit = LIMIT.concurrent.acquire().await;
    let hashing = spawn_blocking(move || {
        let _permit = permit;
        hash_now(&password)
    });
    hashing.await.expect("hashing does not panic")
}

/// Too many verifications wait: the password was not checked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct QueueFull;

/// Whether the password is the stored one. `stored` is None for an unknown user: the work is done all the same, and the
/// result is false.
pub(crate) async fn verify(password: String, stored: Option<String>) -> Result<bool, QueueFull> {
    let permits = LIMIT.acquire().await?;
    let verifying = spawn_blocking(move || {
        // Until the work is done, also where the request was abandoned.
        let _permits = permits;
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| UNKNOWN_USER.clone());
        let matches = PasswordHash::new(&stored)
            .is_ok_and(|stored| Argon2::default().verify_password(password.as_bytes(), &stored).is_ok());
        matches && known
    });
    Ok(verifying.await.expect("hashing does not panic"))
}

/// How many may hash, and how many may wait for it.
struct Limit {
    concurrent: Semaphore,
    queue: Semaphore,
}

impl Limit {
    const fn new(concurrent: usize, queue: usize) -> Self {
        Self { concurrent: Semaphore::const_new(concurrent), queue: Semaphore::const_new(queue) }
    }

    /// Waits for a permit to hash.
    async fn acquire(&self) -> Result<[SemaphorePermit<'_>; 2], QueueFull> {
        let queued = self.queue.try_acquire().map_err(|_| QueueFull)?;
        let permit = self.concurrent.acquire().await.expect("the semaphore is never closed");
        Ok([queued, permit])
    }
}

fn hash_now(password: &str) -> String {
    Argon2::default().hash_password(password.as_bytes()).expect("the defaults are valid parameters").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn hash_verifies_its_own_password_alone() {
        let stored = hash("correct horse".to_owned()).await;
        assert!(stored.starts_with("$argon2id$"));
        assert_eq!(verify("correct horse".to_owned(), Some(stored.clone())).await, Ok(true));
        assert_eq!(verify("battery staple".to_owned(), Some(stored)).await, Ok(false));
        assert_eq!(verify("not the password of any user".to_owned(), None).await, Ok(false));
    }

    #[tokio::test]
    async fn full_queue_refuses_until_one_leaves() {
        static SMALL: Limit = Limit::new(1, 3);
        let limit = &SMALL;
        let first = limit.acquire().await.unwrap();
        let mut waiting: Vec<_> = (0..2).map(|_| tokio::spawn(limit.acquire())).collect();
        while limit.queue.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(limit.acquire().await.err(), Some(QueueFull));
        // One is abandoned, and makes room for another.
        let abandoned = waiting.pop().unwrap();
        abandoned.abort();
        assert!(abandoned.await.is_err());
        let late = tokio::spawn(limit.acquire());
        drop(first);
        drop(waiting.pop().unwrap().await.unwrap());
        drop(late.await.unwrap().unwrap());
        assert_eq!((limit.concurrent.available_permits(), limit.queue.available_permits()), (1, 3));
    }
}
