//! The pacing of outbound calls: each carrier's token bucket, and leases of its channels.
//!
//! Times are the database's, so that the servers' clocks do not matter. A lease counts until it expires or its call ends.

use domain::{CallId, CarrierId, DidId, TokenBucket};
use sqlx_macros::FromRow;

use crate::{
    Error, Result, Tx,
    row::parse,
    statement::statements,
    tx::{execute, fetch},
};

const TABLE: &str = "channel_leases";

statements! {
    BUCKET = "SELECT tokens, filled_at FROM outbound_buckets WHERE carrier_id = $1";
    SAVE_BUCKET = "INSERT INTO outbound_buckets (carrier_id, tokens, filled_at) VALUES ($1, $2, $3) \
                   ON CONFLICT (carrier_id) DO UPDATE SET tokens = excluded.tokens, filled_at = excluded.filled_at";
    IN_USE = "SELECT COUNT(*) FROM channel_leases WHERE carrier_id = $1 AND expires_at > $2 \
              AND NOT EXISTS (SELECT 1 FROM calls WHERE calls.id = channel_leases.call_id AND calls.ended_at > 0)";
    INSERT = "INSERT INTO channel_leases (call_id, carrier_id, did_id, expires_at) VALUES ($1, $2, $3, $4)";
    RENEW = "UPDATE channel_leases SET expires_at = $1 WHERE expires_at > $2 AND expires_at < $1 AND EXISTS (\
             SELECT 1 FROM calls WHERE calls.id = channel_leases.call_id AND calls.ended_at = 0 \
             AND calls.state IN ('ringing', 'answered'))";
    REMOVE = "DELETE FROM channel_leases WHERE expires_at <= $1 \
              OR EXISTS (SELECT 1 FROM calls WHERE calls.id = channel_leases.call_id AND calls.ended_at > 0)";
    ANY = "SELECT COUNT(*) FROM (SELECT call_id FROM channel_leases LIMIT 1) AS leases";
    ALL = "SELECT call_id, carrier_id, did_id FROM channel_leases";
}

/// A channel of a carrier that a call uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelLease {
    /// The call.
    pub call_id: CallId,
    /// The carrier that places it.
    pub carrier_id: CarrierId,
    /// The number that it comes from.
    pub did_id: DidId,
}

impl Tx {
    /// The carrier's bucket; None before its first call.
    pub async fn outbound_bucket(&mut self, carrier: &CarrierId) -> Result<Option<TokenBucket>> {
        let row = fetch!(
            self,
            connection =>
                sqlx::query_as::<_, (i64, i64)>(BUCKET).bind(carrier.as_str()).fetch_optional(connection)
        )?;
        Ok(row.map(|(tokens, filled_at)| TokenBucket { tokens, filled_at }))
    }

    /// Writes the carrier's bucket.
    pub async fn save_outbound_bucket(&mut self, carrier: &CarrierId, bucket: TokenBucket) -> Result<()> {
        execute!(self, sqlx::query(SAVE_BUCKET).bind(carrier.as_str()).bind(bucket.tokens).bind(bucket.filled_at))?;
        Ok(())
    }

    /// How many channels of the carrier are in use at `now`.
    pub async fn channels_in_use(&mut self, carrier: &CarrierId, now: i64) -> Result<i64> {
        fetch!(
            self,
            connection => sqlx::query_scalar(IN_USE).bind(carrier.as_str()).bind(now).fetch_one(connection)
        )
    }

    /// Adds the lease of a call that is about to be placed.
    pub async fn insert_channel_lease(&mut self, lease: &ChannelLease, expires_at: i64) -> Result<()> {
        execute!(
            self,
            sqlx::query(INSERT)
                .bind(lease.call_id.as_str())
                .bind(lease.carrier_id.as_str())
                .bind(lease.did_id.as_str())
                .bind(expires_at)
        )?;
        Ok(())
    }

    /// Whether there are leases, expired ones included.
    pub async fn has_channel_leases(&mut self) -> Result<bool> {
        let count: i64 = fetch!(self, connection => sqlx::query_scalar(ANY).fetch_one(connection))?;
        Ok(count > 0)
    }

    /// Extends the leases of calls that ring or are answered until `until`, and removes those of calls that have ended and
    /// those that expired before `now`. Returns the others.
    pub async fn renew_channel_leases(&mut self, now: i64, until: i64) -> Result<Vec<ChannelLease>> {
        execute!(self, sqlx::query(RENEW).bind(until).bind(now))?;
        execute!(self, sqlx::query(REMOVE).bind(now))?;
        let rows = fetch!(self, connection => sqlx::query_as::<_, LeaseRow>(ALL).fetch_all(connection))?;
        rows.into_iter().map(TryInto::try_into).collect()
    }
}

#[derive(FromRow)]
struct LeaseRow {
    call_id: String,
    carrier_id: String,
    did_id: String,
}

impl TryFrom<LeaseRow> for ChannelLease {
    type Error = Error;

    fn try_from(row: LeaseRow) -> Result<Self> {
        let id = &row.call_id;
        Ok(Self {
            call_id: parse(TABLE, id, id)?,
            carrier_id: parse(TABLE, id, &row.carrier_id)?,
            did_id: parse(TABLE, id, &row.did_id)?,
        })
    }
}
