//! What needs attention. The conditions are those of partial indexes (`migrations/0004_audit.sql`) to the letter, so that
//! both databases read the index and nothing else.

use domain::{AccountId, Attention, Did};
use sqlx::{Database, Encode, QueryBuilder, Type};
use sqlx_macros::FromRow;

use crate::{
    Result, Tx,
    did::{DidRow, did_columns},
    statement::statements,
    tx::fetch,
};

/// A DID with inbound calls and no bot.
macro_rules! is_unanswered {
    () => {
        "bot_id IS NULL AND direction <> 'outbound'"
    };
}

statements! {
    COUNT_UNANSWERED = concat!("SELECT COUNT(*) FROM dids WHERE account_id = $1 AND ", is_unanswered!());
    UNANSWERED = concat!(
        "SELECT ", did_columns!(), ", (SELECT name FROM carriers WHERE carriers.id = dids.carrier_id) AS carrier_name \
         FROM dids WHERE account_id = $1 AND ", is_unanswered!(), " ORDER BY number_key LIMIT $2",
    );
}

/// Appends which carriers; on columns of `carriers`.
pub(crate) fn push_condition<DB: Database>(query: &mut QueryBuilder<DB>, kind: Attention, account: &AccountId)
where
    String: for<'t> Encode<'t, DB> + Type<DB>,
{
    match kind {
        Attention::SyncError => query.push(" AND lk_sync_status = 'error'"),
        Attention::NoNumbers => query.push(" AND did_count = 0"),
        // The same as `domain::SourcePolicy::Any`.
        Attention::Open => query.push(
            " AND accept_any_source = 1 AND allowed_addresses = '' \
             AND (inbound_auth <> 'credentials' OR auth_username IS NULL)",
        ),
        Attention::NoBot => query
            .push(" AND carriers.id IN (SELECT carrier_id FROM dids WHERE account_id = ")
            .push_bind(account.to_string())
            .push(concat!(" AND ", is_unanswered!(), ")")),
    };
}

#[derive(FromRow)]
struct UnansweredRow {
    #[sqlx(flatten)]
    did: DidRow,
    carrier_name: String,
}

impl Tx {
    /// How many DIDs with inbound calls have no bot.
    pub async fn count_unanswered(&mut self, account: &AccountId) -> Result<i64> {
        fetch!(self, connection => sqlx::query_scalar(COUNT_UNANSWERED).bind(account.as_str()).fetch_one(connection))
    }

    /// The first of them, in order, each with its carrier's name.
    pub async fn unanswered(&mut self, account: &AccountId, limit: u32) -> Result<Vec<(Did, String)>> {
        let rows = fetch!(
            self,
            connection => sqlx::query_as::<_, UnansweredRow>(UNANSWERED)
                .bind(account.as_str())
                .bind(i64::from(limit))
                .fetch_all(connection)
        )?;
        rows.into_iter().map(|row| Ok((row.did.try_into()?, row.carrier_name))).collect()
    }
}
