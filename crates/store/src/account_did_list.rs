//! Pages of the list of an account's DIDs, on all carriers.

use domain::{AccountDidFilter, AccountId, CarrierId, CarrierProvider, Did, DidId, DidState, Direction, SyncStatus};
use sqlx::{Database, Encode, QueryBuilder, Type};
use sqlx_macros::FromRow;

use crate::{
    Cursor, Result, Tx,
    did::did_columns,
    did_list::{ListedRow, push_order},
    did_search::{push_filter, push_terms},
    row::parse,
    tx::fetch,
};

/// DIDs of an account.
#[derive(Clone, Debug)]
pub struct AccountDidSearch {
    /// Whose DIDs.
    pub account_id: AccountId,
    /// Which of them.
    pub filter: AccountDidFilter,
    /// Keys ([`PhoneNumber::key`](domain::PhoneNumber::key)) of the numbers that the search may be a spelling of.
    pub number_keys: Vec<String>,
}

/// One page of an account's DIDs.
#[derive(Debug)]
pub struct AccountDidRows {
    /// The DIDs of the page.
    pub dids: Vec<AccountDid>,
    /// Where the next page begins; None after the last one.
    pub next: Option<Cursor>,
}

/// A DID with what its list shows beside it.
#[derive(Debug)]
pub struct AccountDid {
    /// The DID.
    pub did: Did,
    /// The name of its bot.
    pub bot_name: Option<String>,
    /// The name of its carrier.
    pub carrier_name: String,
    /// The provider of its carrier.
    pub provider: CarrierProvider,
    /// The sync status of its carrier.
    pub sync_status: SyncStatus,
}

impl AccountDidSearch {
    fn push_condition<DB: Database>(&self, query: &mut QueryBuilder<DB>)
    where
        String: for<'t> Encode<'t, DB> + Type<DB>,
    {
        let AccountDidFilter { did, carrier, provider, state } = &self.filter;
        query.push(" WHERE dids.account_id = ").push_bind(self.account_id.to_string());
        if let Some(carrier) = carrier {
            query.push(" AND dids.carrier_id = ").push_bind(carrier.to_string());
        }
        if let Some(provider) = provider {
            query.push(" AND carriers.provider = ").push_bind(provider.as_str().to_owned());
        }
        match state {
            None => {}
            Some(DidState::NoBot) => {
                query.push(" AND dids.bot_id IS NULL AND dids.direction <> ");
                query.push_bind(Direction::Outbound.as_str().to_owned());
            }
            Some(state) => drop(query.push(" AND carriers.lk_sync_status = ").push_bind(state.as_str().to_owned())),
        }
        push_filter(query, did);
        push_terms(query, &did.q, &self.number_keys);
    }

    /// Whether the condition reads the carrier's row.
    fn reads_carriers(&self) -> bool {
        self.filter.provider.is_some() || self.filter.state.is_some_and(|state| state != DidState::NoBot)
    }
}

const JOIN: &str = " JOIN carriers ON carriers.id = dids.carrier_id";

fn page<DB: Database>(search: &AccountDidSearch, after: Option<&Cursor>) -> QueryBuilder<DB>
where
    String: for<'t> Encode<'t, DB> + Type<DB>,
    i64: for<'t> Encode<'t, DB> + Type<DB>,
{
    let mut query = QueryBuilder::new(concat!(
        "SELECT ",
        did_columns!(),
        ", dids.label_key, dids.bot_key, (SELECT name FROM bots WHERE bots.id = dids.bot_id) AS bot_name, \
         carriers.name AS carrier_name, carriers.provider, carriers.lk_sync_status FROM dids"
    ));
    query.push(JOIN);
    search.push_condition(&mut query);
    push_order(&mut query, &search.filter.did, after);
    query
}

fn count<DB: Database>(search: &AccountDidSearch) -> QueryBuilder<DB>
where
    String: for<'t> Encode<'t, DB> + Type<DB>,
{
    let mut query = QueryBuilder::new("SELECT COUNT(*) FROM dids");
    query.push(if search.reads_carriers() { JOIN } else { "" });
    search.push_condition(&mut query);
    query
}

/// The matching DIDs with their carriers, in the order of the carriers.
fn matching<DB: Database>(search: &AccountDidSearch) -> QueryBuilder<DB>
where
    String: for<'t> Encode<'t, DB> + Type<DB>,
{
    let mut query = QueryBuilder::new("SELECT dids.carrier_id, dids.id FROM dids");
    query.push(if search.reads_carriers() { JOIN } else { "" });
    search.push_condition(&mut query);
    query.push(" ORDER BY dids.carrier_id, dids.number_key");
    query
}

fn by_ids<DB: Database>(account: &AccountId, ids: &[DidId]) -> QueryBuilder<DB>
where
    String: for<'t> Encode<'t, DB> + Type<DB>,
{
    let mut query = QueryBuilder::new("SELECT carrier_id, id FROM dids WHERE account_id = ");
    query.push_bind(account.to_string()).push(" AND id IN (");
    let mut list = query.separated(", ");
    for id in ids {
        list.push_bind(id.to_string());
    }
    query.push(") ORDER BY carrier_id, number_key");
    query
}

#[derive(FromRow)]
struct AccountRow {
    #[sqlx(flatten)]
    listed: ListedRow,
    carrier_name: String,
    provider: String,
    lk_sync_status: String,
}

impl Tx {
    /// A page of the account's DIDs that match, behind the cursor.
    pub async fn account_did_page(
        &mut self,
        search: &AccountDidSearch,
        after: Option<&Cursor>,
    ) -> Result<AccountDidRows> {
        let mut rows = fetch!(self, connection => async {
            page(search, after).build_query_as::<AccountRow>().fetch_all(connection).await
        })?;
        let limit = usize::try_from(search.filter.did.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|last| last.listed.cursor(&search.filter.did));
        let did = |row: AccountRow| {
            let carrier = row.listed.did.carrier_id.clone();
            Ok(AccountDid {
                did: row.listed.did.try_into()?,
                bot_name: row.listed.bot_name,
                carrier_name: row.carrier_name,
                provider: parse("carriers", &carrier, &row.provider)?,
                sync_status: parse("carriers", &carrier, &row.lk_sync_status)?,
            })
        };
        Ok(AccountDidRows { dids: rows.into_iter().map(did).collect::<Result<_>>()?, next })
    }

    /// How many of the account's DIDs match. Without a filter the account's row has the count.
    pub async fn count_account_dids(&mut self, search: &AccountDidSearch) -> Result<i64> {
        fetch!(self, connection => async { count(search).build_query_scalar().fetch_one(connection).await })
    }

    /// The DIDs that match, each with its carrier and in their order.
    pub async fn matching_account_dids(&mut self, search: &AccountDidSearch) -> Result<Vec<(CarrierId, DidId)>> {
        let rows = fetch!(self, connection => async {
            matching(search).build_query_as::<(String, String)>().fetch_all(connection).await
        })?;
        rows.iter().map(with_carrier).collect()
    }

    /// Of these DIDs those that the account has, each with its carrier and in their order.
    pub async fn account_dids_by_ids(&mut self, account: &AccountId, ids: &[DidId]) -> Result<Vec<(CarrierId, DidId)>> {
        let rows = fetch!(self, connection => async {
            by_ids(account, ids).build_query_as::<(String, String)>().fetch_all(connection).await
        })?;
        rows.iter().map(with_carrier).collect()
    }
}

fn with_carrier((carrier, did): &(String, String)) -> Result<(CarrierId, DidId)> {
    Ok((parse("dids", did, carrier)?, parse("dids", did, did)?))
}

#[cfg(test)]
fn searches() -> Vec<AccountDidSearch> {
    use domain::{BotFilter, DidFilter, DidSort, IntoEnumIterator};

    let search = |filter| AccountDidSearch {
        account_id: "acc_01hgw2bbg00000000000000000".parse().expect("an id"),
        filter,
        number_keys: vec!["1".to_owned()],
    };
    let mut searches: Vec<_> = DidSort::iter()
        .map(|sort| search(AccountDidFilter { did: DidFilter { sort, ..DidFilter::default() }, ..Default::default() }))
        .collect();
    searches.extend(DidState::iter().map(|state| {
        search(AccountDidFilter {
            did: DidFilter { q: "sales 5550".to_owned(), bot: Some(BotFilter::NoBot), ..DidFilter::default() },
            carrier: "car_01hgw2bbg00000000000000000".parse().ok(),
            provider: Some(CarrierProvider::Twilio),
            state: Some(state),
        })
    }));
    searches
}

/// The statements that depend on their arguments, for the test that prepares every statement.
#[cfg(test)]
pub(crate) fn builders<DB: Database>() -> Vec<QueryBuilder<DB>>
where
    String: for<'t> Encode<'t, DB> + Type<DB>,
    i64: for<'t> Encode<'t, DB> + Type<DB>,
{
    let mut builders = Vec::new();
    for search in searches() {
        builders.extend([page(&search, None), count(&search), matching(&search)]);
    }
    let ids = ["did_01hgw2bbg00000000000000000".parse().expect("an id")];
    builders.push(by_ids(&"acc_01hgw2bbg00000000000000000".parse().expect("an id"), &ids));
    builders
}

#[cfg(test)]
mod tests {
    use domain::{DidFilter, DidSort, IntoEnumIterator};
    use sqlx::{AssertSqlSafe, Executor, Postgres, Row, Sqlite};

    use super::*;
    use crate::test_database::{self, Postgresql};

    /// 20,000 DIDs of 200 carriers, in SQL that both databases read.
    const ROWS: &str = "
        INSERT INTO accounts (id, name, created_at) VALUES ('acc_1', 'A', 0);
        INSERT INTO carriers (id, account_id, name, name_key, sip_address, transport, allowed_addresses, inbound_auth,
            accept_any_source, outbound_cps, outbound_burst, outbound_channels, did_count, lk_sync_status,
            lk_last_synced_at, created_at, updated_at, version)
        WITH RECURSIVE carrier (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM carrier WHERE i < 199)
        SELECT 'car_' || i, 'acc_1', 'C', 'c', 'c.example.com', 'auto', '', 'credentials', 0, 1, 5, 10, 100, 'synced', 1,
            i, i, 1 FROM carrier;
        INSERT INTO dids (id, account_id, carrier_id, number, e164, number_key, direction, label_key, bot_key, created_at,
            updated_at, version)
        WITH RECURSIVE did (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM did WHERE i < 19999)
        SELECT 'did_' || i, 'acc_1', 'car_' || (i % 200), '+' || (14155500000 + i), '+' || (14155500000 + i),
            CAST(14155500000 + i AS TEXT), CASE i % 2 WHEN 0 THEN 'both' ELSE 'outbound' END, 'l' || (i % 7),
            'b' || (i % 50), 0, 0, 1 FROM did;
        ANALYZE;
    ";

    fn sorted<DB: Database>(sort: DidSort) -> String
    where
        String: for<'t> Encode<'t, DB> + Type<DB>,
        i64: for<'t> Encode<'t, DB> + Type<DB>,
    {
        let account_id = "acc_01hgw2bbg00000000000000000".parse().unwrap();
        let filter = AccountDidFilter { did: DidFilter { sort, ..DidFilter::default() }, ..Default::default() };
        page::<DB>(&AccountDidSearch { account_id, filter, number_keys: Vec::new() }, None).into_string()
    }

    #[tokio::test]
    async fn page_of_20000_dids_reads_its_index_on_sqlite() {
        let (_folder, mut connection) = test_database::sqlite().await;
        connection.execute(sqlx::raw_sql(ROWS)).await.unwrap();
        for sort in DidSort::iter() {
            let sql = format!("EXPLAIN QUERY PLAN {}", sorted::<Sqlite>(sort));
            let rows = connection.fetch_all(AssertSqlSafe(sql)).await.unwrap();
            let plan = rows.iter().map(|row| row.get::<String, _>("detail")).collect::<Vec<_>>().join("\n");
            assert!(plan.contains("SEARCH dids USING INDEX") && plan.contains("(account_id=?)"), "{sort:?}: {plan}");
            assert!(!plan.contains("TEMP B-TREE") && !plan.contains("SCAN"), "{sort:?}: {plan}");
        }
    }

    #[tokio::test]
    async fn page_of_20000_dids_reads_its_index_on_postgresql() {
        let Some(mut database) = Postgresql::create("account_dids").await else { return };
        let connection = &mut database.connection;
        connection.execute(sqlx::raw_sql(ROWS)).await.unwrap();
        for sort in DidSort::iter() {
            let sql = sorted::<Postgres>(sort).replace("$1", "'acc_1'").replace("$2", "51");
            let rows = connection.fetch_all(sqlx::raw_sql(AssertSqlSafe(format!("EXPLAIN {sql}")))).await.unwrap();
            let plan = rows.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<_>>().join("\n");
            assert!(plan.contains("on dids") && !plan.contains("Seq Scan on dids"), "{sort:?}: {plan}");
            assert!(!plan.contains("Sort Key"), "{sort:?}: {plan}");
        }
        database.drop().await;
    }
}
