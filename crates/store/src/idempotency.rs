//! Idempotency keys: which requests are executed or were executed, and their responses.

use domain::Timestamp;
use sqlx_macros::FromRow;

use crate::{
    Result, Tx,
    statement::statements,
    tx::{execute, fetch},
};

statements! {
    EXPIRE = "DELETE FROM idempotency_keys WHERE expires_at <= $1";
    RESERVE = "INSERT INTO idempotency_keys (actor_id, operation, idempotency_key, body_hash, expires_at) \
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT (actor_id, operation, idempotency_key) DO NOTHING";
    GET = "SELECT body_hash, status, location, body FROM idempotency_keys \
           WHERE actor_id = $1 AND operation = $2 AND idempotency_key = $3";
    SAVE = "UPDATE idempotency_keys SET status = $1, location = $2, body = $3, expires_at = $4 \
            WHERE actor_id = $5 AND operation = $6 AND idempotency_key = $7 AND body_hash = $8";
    RELEASE = "DELETE FROM idempotency_keys \
               WHERE actor_id = $1 AND operation = $2 AND idempotency_key = $3 AND body_hash = $4 AND status IS NULL";
}

/// A request, as it is recognised when it is sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotentRequest {
    /// Id of the actor.
    pub actor_id: String,
    /// Method and path.
    pub operation: String,
    /// The client's `Idempotency-Key`.
    pub key: String,
    /// SHA-256 of the body, in hex.
    pub body_hash: String,
}

/// A response that is returned again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedResponse {
    /// HTTP status.
    pub status: u16,
    /// The `Location` header.
    pub location: Option<String>,
    /// The JSON body.
    pub body: String,
}

/// What is known of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reservation {
    /// It is new, and now reserved for the caller, who executes it.
    New,
    /// Its key was sent with another body.
    OtherBody,
    /// It is being executed.
    InProgress,
    /// It was executed.
    Done(SavedResponse),
}

#[derive(FromRow)]
struct KeyRow {
    body_hash: String,
    status: Option<i64>,
    location: Option<String>,
    body: Option<String>,
}

impl Tx {
    /// Reserves a request's key until `expires_at`, unless it is known. Removes the expired keys first.
    pub async fn reserve_key(
        &mut self,
        request: &IdempotentRequest,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<Reservation> {
        let IdempotentRequest { actor_id, operation, key, body_hash } = request;
        execute!(self, sqlx::query(EXPIRE).bind(now.millis()))?;
        let reserved = execute!(
            self,
            sqlx::query(RESERVE).bind(actor_id).bind(operation).bind(key).bind(body_hash).bind(expires_at.millis())
        )?;
        if reserved == 1 {
            return Ok(Reservation::New);
        }
        let row = fetch!(
            self,
            connection => sqlx::query_as::<_, KeyRow>(GET).bind(actor_id).bind(operation).bind(key).fetch_optional(connection)
        )?;
        Ok(match row {
            // Released by a concurrent request in between.
            None => Reservation::InProgress,
            Some(row) if row.body_hash != *body_hash => Reservation::OtherBody,
            Some(KeyRow { status: None, .. }) => Reservation::InProgress,
            Some(KeyRow { status: Some(status), location, body, .. }) => Reservation::Done(SavedResponse {
                status: u16::try_from(status).unwrap_or_default(),
                location,
                body: body.unwrap_or_default(),
            }),
        })
    }

    /// Saves the response of a request, to be returned again until `expires_at`.
    pub async fn save_response(
        &mut self,
        request: &IdempotentRequest,
        response: &SavedResponse,
        expires_at: Timestamp,
    ) -> Result<()> {
        let IdempotentRequest { actor_id, operation, key, body_hash } = request;
        execute!(
            self,
            sqlx::query(SAVE)
                .bind(i64::from(response.status))
                .bind(&response.location)
                .bind(&response.body)
                .bind(expires_at.millis())
                .bind(actor_id)
                .bind(operation)
                .bind(key)
                .bind(body_hash)
        )?;
        Ok(())
    }

    /// Releases the key of a request that failed, so that it can be sent again.
    pub async fn release_key(&mut self, request: &IdempotentRequest) -> Result<()> {
        let IdempotentRequest { actor_id, operation, key, body_hash } = request;
        execute!(self, sqlx::query(RELEASE).bind(actor_id).bind(operation).bind(key).bind(body_hash))?;
        Ok(())
    }
}
