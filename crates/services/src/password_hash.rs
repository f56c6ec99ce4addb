//! argon2id (RFC 9106), off the threads that serve.

use std::sync::LazyLock;

use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    task::spawn_blocking,
};

/// Each hash takes 19 MiB and tens of milliseconds; more at once would only let strangers slow everybody down.
const AT_ONCE: usize = 2;
/// Checks that are under way or wait for their turn: about a second's work.
const QUEUE: usize = 64;

static TURNS: Turns = Turns::new(AT_ONCE, QUEUE);

/// What an unknown address is compared with, so that it costs as much as a known one.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now("nobody has this password"));

/// A PHC string, with the crate's defaults (19 MiB, two passes) and a fresh salt. Who sets a password waits for as long as
/// it takes.
pub(crate) async fn hash(password: String) -> String {
    let turn = TURNS.at_once.acquire().await;
    let hashing = spawn_blocking(move || {
        let _turn = turn;
        hash_now(&password)
    });
    hashing.await.expect("hashing does not panic")
}

/// `stored` is None for an address that nobody has: the work is done all the same, and the answer is no. None: too many
/// wait for theirs, and nothing was looked at.
pub(crate) async fn verify(password: String, stored: Option<String>) -> Option<bool> {
    let turn = TURNS.take().await?;
    let verifying = spawn_blocking(move || {
        // Kept until the work is done, also where nobody waits for its answer any more.
        let _turn = turn;
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| NOBODY.clone());
        let matches = PasswordHash::new(&stored)
            .is_ok_and(|stored| Argon2::default().verify_password(password.as_bytes(), &stored).is_ok());
        matches && known
    });
    Some(verifying.await.expect("hashing does not panic"))
}

/// Who may hash now, and who may wait for it.
struct Turns {
    at_once: Semaphore,
    queue: Semaphore,
}

impl Turns {
    const fn new(at_once: usize, queue: usize) -> Self {
        Self { at_once: Semaphore::const_new(at_once), queue: Semaphore::const_new(queue) }
    }

    /// Waits for a turn; None where the queue is full.
    async fn take(&self) -> Option<[SemaphorePermit<'_>; 2]> {
        let place = self.queue.try_acquire().ok()?;
        let turn = self.at_once.acquire().await.ok()?;
        Some([place, turn])
    }
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
        assert_eq!(verify("correct horse".to_owned(), Some(stored.clone())).await, Some(true));
        assert_eq!(verify("battery staple".to_owned(), Some(stored)).await, Some(false));
        assert_eq!(verify("nobody has this password".to_owned(), None).await, Some(false));
    }

    #[tokio::test]
    async fn who_comes_to_a_full_queue_is_sent_away_and_leaving_makes_room() {
        static SMALL: Turns = Turns::new(1, 3);
        let turns = &SMALL;
        let first = turns.take().await.unwrap();
        let mut waiting: Vec<_> = (0..2).map(|_| tokio::spawn(turns.take())).collect();
        while turns.queue.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert!(turns.take().await.is_none());
        // One gives up; another takes the place.
        let gone = waiting.pop().unwrap();
        gone.abort();
        assert!(gone.await.is_err());
        let late = tokio::spawn(turns.take());
        drop(first);
        drop(waiting.pop().unwrap().await.unwrap());
        drop(late.await.unwrap().unwrap());
        assert_eq!((turns.at_once.available_permits(), turns.queue.available_permits()), (1, 3));
    }
}
