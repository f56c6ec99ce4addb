//! Requests that are executed once, although a client sends them again: the `Idempotency-Key` of the APIs.

use std::sync::Arc;

use sha2::{Digest, Sha256};
use store::{IdempotentRequest, Reservation, SavedResponse};

use crate::{Actor, Result, context::Context};

/// How long a response is returned again, in milliseconds: one day.
const SAVED_FOR: i64 = 24 * 60 * 60 * 1000;
/// How long a request counts as being executed, in milliseconds. Longer than any request takes: afterwards the server that
/// executed it must have stopped.
const EXECUTED_WITHIN: i64 = 2 * 60 * 1000;

/// What a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Rows. A request of which a crash has left no response can be executed again.
    Rows,
    /// Something outside of the database, such as a call. It is not executed again, whatever became of it.
    Outside,
}

/// Reserves idempotency keys and saves responses.
#[derive(Clone)]
pub struct Idempotency {
    context: Arc<Context>,
}

impl Idempotency {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// A request as it is recognised when it is sent again. `operation` is its method and path.
    pub fn request(actor: &Actor, operation: String, key: String, body: &[u8]) -> IdempotentRequest {
        let body_hash = Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect();
        IdempotentRequest { actor_id: actor.id().to_string(), operation, key, body_hash }
    }

    /// Reserves the key, unless it is known.
    ///
    /// # Errors
    /// [`crate::Error::Store`] if the database fails.
    pub async fn reserve(&self, request: &IdempotentRequest, effect: Effect) -> Result<Reservation> {
        let reserved_for = match effect {
            Effect::Rows => EXECUTED_WITHIN,
            Effect::Outside => SAVED_FOR,
        };
        let now = self.context.clock.now();
        #[expect(
            clippy::disallowed_methods,
            reason = "about a request, not about a row: nothing to audit or to publish"
        )]
        let mut tx = self.context.store.write().await?;
        let reservation = tx.reserve_key(request, now, now.plus_millis(reserved_for)).await?;
        tx.commit().await?;
        Ok(reservation)
    }

    /// Saves a response that is final, or releases the key of a request that had no effect, so that it can be sent again.
    ///
    /// # Errors
    /// [`crate::Error::Store`] if the database fails.
    pub async fn finish(&self, request: &IdempotentRequest, response: Option<&SavedResponse>) -> Result<()> {
        #[expect(
            clippy::disallowed_methods,
            reason = "about a request, not about a row: nothing to audit or to publish"
        )]
        let mut tx = self.context.store.write().await?;
        match response {
            Some(response) => {
                tx.save_response(request, response, self.context.clock.now().plus_millis(SAVED_FOR)).await?;
            }
            None => tx.release_key(request).await?,
        }
        tx.commit().await?;
        Ok(())
    }
}
