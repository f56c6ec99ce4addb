//! The columns of carriers and DIDs that lookups read: those of the whole account at the start, and of single rows after.

use domain::{AccountId, BotId, Burst, CarrierId, Channels, Country, Cps, DidId, Direction, PhoneNumber, SyncStatus};
use sqlx::{Database, Encode, QueryBuilder, Type};
use sqlx_macros::FromRow;

use crate::{
    Error, Result, Tx,
    row::{LIST_LIMIT, parse, parse_optional, push_list},
    statement::statements,
    tx::fetch,
};

const CARRIERS: &str = "carriers";
const DIDS: &str = "dids";

/// SELECT with the columns of [`CarrierRow`].
macro_rules! select_carriers {
    () => {
        "SELECT id, destination_country, lk_sync_status, lk_outbound_trunk_id, outbound_cps, outbound_burst, \
         outbound_channels FROM carriers"
    };
}

/// SELECT with the columns of [`DidRow`].
macro_rules! select_dids {
    () => {
        "SELECT id, carrier_id, number, e164, number_key, direction, bot_id FROM dids"
    };
}

statements! {
    ALL_CARRIERS = concat!(select_carriers!(), " WHERE account_id = $1");
    CALLING_CARRIERS = concat!(
        select_carriers!(),
        " WHERE account_id = $1 AND EXISTS (SELECT 1 FROM dids WHERE dids.carrier_id = carriers.id \
          AND dids.direction IN ('both', 'outbound'))"
    );
    /// In the order of the unique index.
    DIDS_AFTER = concat!(
        select_dids!(),
        " WHERE account_id = $1 AND number_key > $2 ORDER BY number_key LIMIT $3"
    );
    DIDS_OF = concat!(select_dids!(), " WHERE carrier_id = $1");
    COUNT_CALLING = "SELECT COUNT(*) FROM dids WHERE carrier_id = $1 AND direction IN ('both', 'outbound')";
    CALLING_AT = concat!(
        select_dids!(),
        " WHERE carrier_id = $1 AND direction IN ('both', 'outbound') ORDER BY number_key LIMIT 1 OFFSET $2"
    );
}

/// What lookups need of a carrier.
#[derive(Clone, Debug, PartialEq)]
pub struct LookupCarrier {
    /// Id of the row.
    pub id: CarrierId,
    /// In whose national form the carrier may write its numbers.
    pub country: Option<Country>,
    /// How far LiveKit has followed.
    pub status: SyncStatus,
    /// LiveKit's id of the outbound trunk.
    pub outbound_trunk_id: Option<String>,
    /// New outbound calls per second.
    pub cps: Cps,
    /// New outbound calls at once.
    pub burst: Burst,
    /// Simultaneous outbound calls.
    pub channels: Channels,
}

/// What lookups need of a DID.
#[derive(Clone, Debug, PartialEq)]
pub struct LookupDid {
    /// Id of the row.
    pub id: DidId,
    /// The carrier that has the number.
    pub carrier_id: CarrierId,
    /// The number.
    pub number: PhoneNumber,
    /// Which calls use it.
    pub direction: Direction,
    /// The bot that answers.
    pub bot_id: Option<BotId>,
}

impl Tx {
    /// All carriers of the account.
    pub async fn lookup_carriers(&mut self, account: &AccountId) -> Result<Vec<LookupCarrier>> {
        let rows = fetch!(
            self,
            connection =>
                sqlx::query_as::<_, CarrierRow>(ALL_CARRIERS).bind(account.as_str()).fetch_all(connection)
        )?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// The carriers with these ids; those that are gone are left out.
    pub async fn lookup_carriers_by_ids(&mut self, ids: &[&str]) -> Result<Vec<LookupCarrier>> {
        let mut carriers = Vec::new();
        for ids in ids.chunks(LIST_LIMIT) {
            let rows = fetch!(self, connection => async {
                carriers_by_ids(ids).build_query_as::<CarrierRow>().fetch_all(connection).await
            })?;
            for row in rows {
                carriers.push(row.try_into()?);
            }
        }
        Ok(carriers)
    }

    /// The carriers that have a DID for outbound calls, whatever their state.
    pub async fn lookup_calling_carriers(&mut self, account: &AccountId) -> Result<Vec<LookupCarrier>> {
        let rows = fetch!(
            self,
            connection =>
                sqlx::query_as::<_, CarrierRow>(CALLING_CARRIERS).bind(account.as_str()).fetch_all(connection)
        )?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// At most `limit` DIDs of the account behind the one with the key `after`, in the order of their keys.
    pub async fn lookup_dids_after(&mut self, account: &AccountId, after: &str, limit: u32) -> Result<Vec<LookupDid>> {
        let rows = fetch!(
            self,
            connection => sqlx::query_as::<_, DidRow>(DIDS_AFTER)
                .bind(account.as_str())
                .bind(after)
                .bind(i64::from(limit))
                .fetch_all(connection)
        )?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// All DIDs of a carrier.
    pub async fn lookup_dids_of(&mut self, carrier: &CarrierId) -> Result<Vec<LookupDid>> {
        let rows = fetch!(
            self,
            connection => sqlx::query_as::<_, DidRow>(DIDS_OF).bind(carrier.as_str()).fetch_all(connection)
        )?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// The DIDs with these ids; those that are gone are left out.
    pub async fn lookup_dids_by_ids(&mut self, ids: &[&str]) -> Result<Vec<LookupDid>> {
        let mut dids = Vec::new();
        for ids in ids.chunks(LIST_LIMIT) {
            let rows = fetch!(self, connection => async {
                dids_by_ids(ids).build_query_as::<DidRow>().fetch_all(connection).await
            })?;
            for row in rows {
                dids.push(row.try_into()?);
            }
        }
        Ok(dids)
    }

    /// The DIDs of the account with these keys ([`PhoneNumber::key`]).
    pub async fn lookup_dids_by_keys(&mut self, account: &AccountId, keys: &[&str]) -> Result<Vec<LookupDid>> {
        let mut dids = Vec::new();
        for keys in keys.chunks(LIST_LIMIT) {
            let rows = fetch!(self, connection => async {
                dids_by_keys(account.as_str(), keys).build_query_as::<DidRow>().fetch_all(connection).await
            })?;
            for row in rows {
                dids.push(row.try_into()?);
            }
        }
        Ok(dids)
    }

    /// How many DIDs for outbound calls a carrier has.
    pub async fn count_calling_dids(&mut self, carrier: &CarrierId) -> Result<i64> {
        fetch!(self, connection => sqlx::query_scalar(COUNT_CALLING).bind(carrier.as_str()).fetch_one(connection))
    }

    /// One of these DIDs: that number `offset` in the order of their keys.
    pub async fn lookup_calling_did(&mut self, carrier: &CarrierId, offset: i64) -> Result<Option<LookupDid>> {
        let row = fetch!(
            self,
            connection => sqlx::query_as::<_, DidRow>(CALLING_AT)
                .bind(carrier.as_str())
                .bind(offset)
                .fetch_optional(connection)
        )?;
        row.map(TryInto::try_into).transpose()
    }
}

fn carriers_by_ids<DB: Database>(ids: &[&str]) -> QueryBuilder<DB>
where
    for<'t> &'t str: Encode<'t, DB> + Type<DB>,
{
    let mut query = QueryBuilder::new(concat!(select_carriers!(), " WHERE id IN "));
    push_list(&mut query, ids);
    query
}

fn dids_by_ids<DB: Database>(ids: &[&str]) -> QueryBuilder<DB>
where
    for<'t> &'t str: Encode<'t, DB> + Type<DB>,
{
    let mut query = QueryBuilder::new(concat!(select_dids!(), " WHERE id IN "));
    push_list(&mut query, ids);
    query
}

fn dids_by_keys<DB: Database>(account: &str, keys: &[&str]) -> QueryBuilder<DB>
where
    for<'t> &'t str: Encode<'t, DB> + Type<DB>,
{
    let mut query = QueryBuilder::new(concat!(select_dids!(), " WHERE account_id = "));
    query.push_bind(account).push(" AND number_key IN ");
    push_list(&mut query, keys);
    query
}

#[derive(FromRow)]
struct CarrierRow {
    id: String,
    destination_country: Option<String>,
    lk_sync_status: String,
    lk_outbound_trunk_id: Option<String>,
    outbound_cps: f64,
    outbound_burst: i64,
    outbound_channels: i64,
}

impl TryFrom<CarrierRow> for LookupCarrier {
    type Error = Error;

    fn try_from(row: CarrierRow) -> Result<Self> {
        let id = &row.id;
        Ok(Self {
            id: parse(CARRIERS, id, id)?,
            country: parse_optional(CARRIERS, id, row.destination_country.as_deref())?,
            status: parse(CARRIERS, id, &row.lk_sync_status)?,
            cps: parse(CARRIERS, id, &row.outbound_cps.to_string())?,
            burst: parse(CARRIERS, id, &row.outbound_burst.to_string())?,
            channels: parse(CARRIERS, id, &row.outbound_channels.to_string())?,
            outbound_trunk_id: row.lk_outbound_trunk_id,
        })
    }
}

#[derive(FromRow)]
struct DidRow {
    id: String,
    carrier_id: String,
    number: String,
    e164: Option<String>,
    number_key: String,
    direction: String,
    bot_id: Option<String>,
}

impl TryFrom<DidRow> for LookupDid {
    type Error = Error;

    fn try_from(row: DidRow) -> Result<Self> {
        let id = &row.id;
        Ok(Self {
            id: parse(DIDS, id, id)?,
            carrier_id: parse(DIDS, id, &row.carrier_id)?,
            direction: parse(DIDS, id, &row.direction)?,
            bot_id: parse_optional(DIDS, id, row.bot_id.as_deref())?,
            number: PhoneNumber::restore(row.number, row.e164, row.number_key),
        })
    }
}

/// The statements that depend on their arguments, for the test that prepares every statement.
#[cfg(test)]
pub(crate) fn builders<DB: Database>() -> Vec<QueryBuilder<DB>>
where
    for<'t> &'t str: Encode<'t, DB> + Type<DB>,
{
    vec![carriers_by_ids(&["a", "b"]), dids_by_ids(&["a", "b"]), dids_by_keys("a", &["1", "2"])]
}
