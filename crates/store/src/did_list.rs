//! Pages of the list of a carrier's DIDs.

use domain::{Did, DidFilter, DidSort};
use sqlx::{Database, Encode, QueryBuilder, Type};
use sqlx_macros::FromRow;

use crate::{
    Cursor, DidSearch, Result, Tx,
    did::{DidRow, did_columns},
    page::Key,
    tx::fetch,
};

/// One page of a carrier's DIDs.
#[derive(Debug)]
pub struct DidRows {
    /// Each with its bot's name.
    pub dids: Vec<(Did, Option<String>)>,
    /// Where the next page begins; None after the last one.
    pub next: Option<Cursor>,
}

impl Cursor {
    /// The cursor, if it belongs to a list of DIDs in this order.
    pub fn for_dids(self, filter: &DidFilter) -> Option<Self> {
        (self.sort == order(filter) && matches!(self.key, Key::Text(_))).then_some(self)
    }
}

fn order(filter: &DidFilter) -> String {
    format!("{}{}", if filter.descending { "-" } else { "" }, filter.sort.as_str())
}

/// The column of the order. DIDs with the same value are in the order of their numbers.
fn column(sort: DidSort) -> &'static str {
    match sort {
        DidSort::Number => "dids.number_key",
        DidSort::Label => "dids.label_key",
        DidSort::Direction => "dids.direction",
        DidSort::Bot => "dids.bot_key",
    }
}

fn page<DB: Database>(search: &DidSearch, after: Option<&Cursor>) -> QueryBuilder<DB>
where
    String: for<'t> Encode<'t, DB> + Type<DB>,
    i64: for<'t> Encode<'t, DB> + Type<DB>,
{
    let mut query = QueryBuilder::new(concat!(
        "SELECT ",
        did_columns!(),
        ", dids.label_key, dids.bot_key, (SELECT name FROM bots WHERE bots.id = dids.bot_id) AS bot_name FROM dids"
    ));
    search.push_condition(&mut query);
    push_order(&mut query, &search.filter, after);
    query
}

/// Appends where the page begins, its order, and one row more than it has, to see whether there is another page. The condition
/// before it gives rows whose `number_key` is unique.
pub(crate) fn push_order<DB: Database>(query: &mut QueryBuilder<DB>, filter: &DidFilter, after: Option<&Cursor>)
where
    String: for<'t> Encode<'t, DB> + Type<DB>,
    i64: for<'t> Encode<'t, DB> + Type<DB>,
{
    let column = column(filter.sort);
    let (comparison, direction) = if filter.descending { ("<", "DESC") } else { (">", "ASC") };
    if let Some(Cursor { key: Key::Text(key), id, .. }) = after {
        if filter.sort == DidSort::Number {
            query.push(format_args!(" AND dids.number_key {comparison} ")).push_bind(key.clone());
        } else {
            query.push(format_args!(" AND ({column}, dids.number_key) {comparison} ("));
            query.push_bind(key.clone()).push(", ").push_bind(id.clone()).push(")");
        }
    }
    query.push(format_args!(" ORDER BY {column} {direction}"));
    if filter.sort != DidSort::Number {
        query.push(format_args!(", dids.number_key {direction}"));
    }
    query.push(" LIMIT ").push_bind(i64::from(filter.limit) + 1);
}

fn count<DB: Database>(search: &DidSearch) -> QueryBuilder<DB>
where
    String: for<'t> Encode<'t, DB> + Type<DB>,
{
    let mut query = QueryBuilder::new("SELECT COUNT(*) FROM dids");
    search.push_condition(&mut query);
    query
}

impl Tx {
    /// A page of the carrier's DIDs that match, behind the cursor.
    pub async fn did_page(&mut self, search: &DidSearch, after: Option<&Cursor>) -> Result<DidRows> {
        let mut rows = fetch!(self, connection => async {
            page(search, after).build_query_as::<ListedRow>().fetch_all(connection).await
        })?;
        let limit = usize::try_from(search.filter.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|last| last.cursor(&search.filter));
        let dids = rows.into_iter().map(|row| Ok((row.did.try_into()?, row.bot_name))).collect::<Result<_>>()?;
        Ok(DidRows { dids, next })
    }

    /// How many of the carrier's DIDs match. Without a filter the carrier's row has the count.
    pub async fn count_dids(&mut self, search: &DidSearch) -> Result<i64> {
        fetch!(self, connection => async { count(search).build_query_scalar().fetch_one(connection).await })
    }
}

#[derive(FromRow)]
pub(crate) struct ListedRow {
    #[sqlx(flatten)]
    pub did: DidRow,
    label_key: String,
    bot_key: String,
    pub bot_name: Option<String>,
}

impl ListedRow {
    pub fn cursor(&self, filter: &DidFilter) -> Cursor {
        let key = match filter.sort {
            DidSort::Number => &self.did.number_key,
            DidSort::Label => &self.label_key,
            DidSort::Direction => &self.did.direction,
            DidSort::Bot => &self.bot_key,
        };
        Cursor { sort: order(filter), key: Key::Text(key.clone()), id: self.did.number_key.clone() }
    }
}

#[cfg(test)]
fn search(filter: DidFilter, number_keys: &[&str]) -> DidSearch {
    DidSearch {
        carrier_id: "car_01hgw2bbg00000000000000000".parse().expect("an id"),
        filter,
        number_keys: number_keys.iter().map(ToString::to_string).collect(),
    }
}

/// The statements that depend on their arguments, for the test that prepares every statement.
#[cfg(test)]
pub(crate) fn builders<DB: Database>() -> Vec<QueryBuilder<DB>>
where
    String: for<'t> Encode<'t, DB> + Type<DB>,
    i64: for<'t> Encode<'t, DB> + Type<DB>,
{
    use domain::{BotFilter, Direction, IntoEnumIterator};

    let after = Cursor { sort: String::new(), key: Key::Text("a".to_owned()), id: "1".to_owned() };
    let bot = BotFilter::Bot("bot_01hgw2bbg00000000000000000".parse().expect("an id"));
    let mut builders = Vec::new();
    for sort in DidSort::iter() {
        for (q, bot) in [("", None), ("sales +1 415", Some(bot.clone())), ("1 (415) 5550134", Some(BotFilter::NoBot))] {
            let direction = bot.as_ref().map(|_| Direction::Both);
            let filter = DidFilter { q: q.to_owned(), bot, direction, sort, descending: true, limit: 1 };
            let search = search(filter, &["1", "2"]);
            builders.extend([page(&search, None), page(&search, Some(&after)), count(&search)]);
        }
    }
    builders
}

#[cfg(test)]
mod tests {
    use domain::{BotFilter, Direction};
    use sqlx::{AssertSqlSafe, Connection, Executor, Row, Sqlite, SqliteConnection};

    use super::*;
    use crate::{Store, Vault};

    /// 20,000 DIDs of one carrier, half of them outbound, and a quarter with bots.
    const ROWS: &str = "
        INSERT INTO accounts (id, name, created_at) VALUES ('acc', 'Main', 0);
        WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 100)
            INSERT INTO bots (id, account_id, name, name_key, agent_name, metadata, created_at, updated_at, version)
            SELECT 'bot' || n, 'acc', 'Bot ' || n, 'bot ' || n, 'concierge', '', 0, 0, 1 FROM many;
        INSERT INTO carriers (id, account_id, name, name_key, sip_address, transport, allowed_addresses, inbound_auth,
            accept_any_source, outbound_cps, outbound_burst, outbound_channels, did_count, lk_sync_status,
            lk_last_synced_at, created_at, updated_at, version)
            VALUES ('car', 'acc', 'T', 't', 'a.b', 'auto', '', 'credentials', 0, 1, 1, 1, 20000, 'synced', 0, 0, 0, 1);
        WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 20000)
            INSERT INTO dids (id, account_id, carrier_id, number, number_key, label, label_key, direction, bot_id, bot_key,
                created_at, updated_at, version)
            SELECT 'did' || n, 'acc', 'car', '+1' || n, '1' || n, 'L' || n % 7, 'l' || n % 7,
                CASE n % 2 WHEN 0 THEN 'both' ELSE 'outbound' END, CASE n % 4 WHEN 0 THEN 'bot' || (n % 100 + 1) END,
                CASE n % 4 WHEN 0 THEN 'bot ' || (n % 100 + 1) ELSE '' END, 0, 0, 1 FROM many;";

    async fn plan(connection: &mut SqliteConnection, query: QueryBuilder<Sqlite>) -> String {
        // Parameters that are not bound are NULL, which changes no plan.
        let sql = format!("EXPLAIN QUERY PLAN {}", query.into_string());
        let rows = connection.fetch_all(AssertSqlSafe(sql)).await.unwrap();
        rows.iter().map(|row| row.get::<String, _>("detail")).collect::<Vec<_>>().join("\n")
    }

    #[tokio::test]
    async fn pages_of_20000_dids_read_their_index_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("trunkline.db").display());
        Store::open(&url, Vault::new(&[7; 32])).await.unwrap().close().await;
        let mut connection = SqliteConnection::connect(&url).await.unwrap();
        connection.execute(sqlx::raw_sql(ROWS)).await.unwrap();
        let after = Cursor { sort: String::new(), key: Key::Text("a".to_owned()), id: "1".to_owned() };
        let bot = BotFilter::Bot("bot_01hgw2bbg00000000000000000".parse().unwrap());
        let by = |sort| DidFilter { sort, ..DidFilter::default() };
        let filters = [
            ("dids_by_carrier", by(DidSort::Number)),
            ("dids_by_label", by(DidSort::Label)),
            ("dids_by_direction", by(DidSort::Direction)),
            ("dids_by_bot_name", by(DidSort::Bot)),
            ("dids_by_bot", DidFilter { bot: Some(bot), ..DidFilter::default() }),
            ("dids_by_bot", DidFilter { bot: Some(BotFilter::NoBot), ..DidFilter::default() }),
            ("dids_by_direction", DidFilter { direction: Some(Direction::Both), ..DidFilter::default() }),
        ];
        for (index, filter) in filters {
            for descending in [false, true] {
                for after in [None, Some(&after)] {
                    let search = search(DidFilter { descending, ..filter.clone() }, &[]);
                    let plan = plan(&mut connection, page(&search, after)).await;
                    assert!(plan.contains(&format!("SEARCH dids USING INDEX {index} (")), "{search:?}\n{plan}");
                    assert!(!plan.contains("TEMP B-TREE") && !plan.contains("SCAN"), "{search:?}\n{plan}");
                }
            }
            let plan = plan(&mut connection, count(&search(filter, &[]))).await;
            assert!(plan.contains("USING COVERING INDEX") && !plan.contains("SCAN"), "{plan}");
        }
        // A part of a label or a number is compared in the carrier's rows alone, in the order of the page.
        let filter = DidFilter { q: "sales 5550".to_owned(), ..by(DidSort::Label) };
        let plan = plan(&mut connection, page(&search(filter, &["1"]), Some(&after))).await;
        assert!(plan.contains("SEARCH dids USING INDEX dids_by_label (") && !plan.contains("TEMP B-TREE"), "{plan}");
    }
}
