//! Carriers, as far as the routing of the SIP edge reads them: without secrets, and without LiveKit's objects.

use domain::{AccountId, CarrierId, CarrierName, IpRange, SipAddress, SourcePolicy, Transport};
use sqlx::{Database, Encode, QueryBuilder, Type};
use sqlx_macros::FromRow;

use crate::{
    Error, Result, Tx,
    row::{LIST_LIMIT, parse, push_list},
    statement::statements,
    tx::fetch,
};

const TABLE: &str = "carriers";

/// SELECT with the columns of [`EdgeCarrierRow`].
macro_rules! select {
    () => {
        "SELECT id, name, sip_address, transport, auth_username, allowed_addresses, inbound_auth, accept_any_source, \
         outbound_channels FROM carriers"
    };
}

statements! {
    ALL = concat!(select!(), " WHERE account_id = $1");
}

/// What the routing of the edge needs of a carrier.
#[derive(Clone, Debug, PartialEq)]
pub struct EdgeCarrier {
    /// Id of the row.
    pub id: CarrierId,
    /// Its name on pages.
    pub name: CarrierName,
    /// Where outbound calls are sent.
    pub address: SipAddress,
    /// How SIP messages travel there.
    pub transport: Transport,
    /// Simultaneous outbound calls.
    pub channels: u32,
    /// Who may send inbound calls.
    pub source_policy: SourcePolicy,
    /// The sources of inbound calls.
    pub allowed: Vec<IpRange>,
}

impl Tx {
    /// All carriers of the account.
    pub async fn edge_carriers(&mut self, account: &AccountId) -> Result<Vec<EdgeCarrier>> {
        let rows = fetch!(
            self,
            connection => sqlx::query_as::<_, EdgeCarrierRow>(ALL).bind(account.as_str()).fetch_all(connection)
        )?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// The carriers with these ids; those that are gone are left out.
    pub async fn edge_carriers_by_ids(&mut self, ids: &[&str]) -> Result<Vec<EdgeCarrier>> {
        let mut carriers = Vec::new();
        for ids in ids.chunks(LIST_LIMIT) {
            let rows = fetch!(self, connection => async {
                by_ids(ids).build_query_as::<EdgeCarrierRow>().fetch_all(connection).await
            })?;
            for row in rows {
                carriers.push(row.try_into()?);
            }
        }
        Ok(carriers)
    }
}

fn by_ids<DB: Database>(ids: &[&str]) -> QueryBuilder<DB>
where
    for<'t> &'t str: Encode<'t, DB> + Type<DB>,
{
    let mut query = QueryBuilder::new(concat!(select!(), " WHERE id IN "));
    push_list(&mut query, ids);
    query
}

#[derive(FromRow)]
struct EdgeCarrierRow {
    id: String,
    name: String,
    sip_address: String,
    transport: String,
    auth_username: Option<String>,
    allowed_addresses: String,
    inbound_auth: String,
    accept_any_source: i64,
    outbound_channels: i64,
}

impl TryFrom<EdgeCarrierRow> for EdgeCarrier {
    type Error = Error;

    fn try_from(row: EdgeCarrierRow) -> Result<Self> {
        let id = &row.id;
        let allowed: Vec<IpRange> =
            row.allowed_addresses.lines().map(|line| parse(TABLE, id, line)).collect::<Result<_>>()?;
        let source_policy = SourcePolicy::new(
            parse(TABLE, id, &row.inbound_auth)?,
            row.auth_username.is_some(),
            !allowed.is_empty(),
            row.accept_any_source != 0,
        );
        Ok(Self {
            id: parse(TABLE, id, id)?,
            name: parse(TABLE, id, &row.name)?,
            address: parse(TABLE, id, &row.sip_address)?,
            transport: parse(TABLE, id, &row.transport)?,
            channels: parse::<domain::Channels>(TABLE, id, &row.outbound_channels.to_string())?.get(),
            source_policy,
            allowed,
        })
    }
}

/// The statements that depend on their arguments, for the test that prepares every statement.
#[cfg(test)]
pub(crate) fn builders<DB: Database>() -> Vec<QueryBuilder<DB>>
where
    for<'t> &'t str: Encode<'t, DB> + Type<DB>,
{
    vec![by_ids(&["a", "b"])]
}
