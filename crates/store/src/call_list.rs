//! Pages of the list of calls.
//!
//! Each filter has an index in the order of the list. Where several have to match, the most selective one's index is read, at
//! most [`CALL_WINDOW`] calls for a page, and the others are compared: a page costs the same however many calls there are.

use domain::{AccountId, Call, CallFilter, Timestamp};
use sqlx::{Database, Encode, QueryBuilder, Type};

use crate::{
    Cursor, Result, Tx,
    call::{CallRow, call_columns},
    page::Key,
    tx::fetch,
};

/// Calls that one page reads at most where several filters have to match.
pub const CALL_WINDOW: u32 = 5_000;

/// Name of the only order, the newest first.
const SORT: &str = "-created_at";
const ORDER: &str = " ORDER BY created_at DESC, id DESC";

/// One page of calls.
#[derive(Debug)]
pub struct CallRows {
    /// The newest first.
    pub calls: Vec<Call>,
    /// Where the next page begins; None after the last one.
    pub next: Option<Cursor>,
    /// Set where [`CALL_WINDOW`] ended the page before its limit: the time back to which calls were read.
    pub searched_to: Option<Timestamp>,
}

/// A column and its value.
type Equality = (&'static str, String);

struct Search<'f> {
    account: &'f AccountId,
    filter: &'f CallFilter,
    after: Option<&'f Cursor>,
    /// Read by an index each. One empty list reads all calls.
    sources: Vec<Vec<Equality>>,
    compared: Vec<Equality>,
}

impl<'f> Search<'f> {
    /// `number_keys`: what the filter's number may be stored as; unused where the filter has none.
    fn new(account: &'f AccountId, filter: &'f CallFilter, number_keys: &[String], after: Option<&'f Cursor>) -> Self {
        let mut equalities: Vec<Equality> = Vec::new();
        equalities.extend(filter.bot.as_ref().map(|bot| ("bot_id", bot.to_string())));
        equalities.extend(filter.carrier.as_ref().map(|carrier| ("carrier_id", carrier.to_string())));
        equalities.extend(filter.outcome.map(|outcome| ("outcome", outcome.as_str().to_owned())));
        equalities.extend(filter.direction.map(|direction| ("direction", direction.as_str().to_owned())));
        if filter.number.is_empty() {
            let rest = equalities.split_off(equalities.len().min(1));
            return Self { account, filter, after, sources: vec![equalities], compared: rest };
        }
        let columns = |key: &String| ["from_key", "to_key"].map(|column| vec![(column, key.clone())]);
        Self { account, filter, after, sources: number_keys.iter().flat_map(columns).collect(), compared: equalities }
    }

    /// Calls that each source reads.
    fn depth(&self) -> i64 {
        if self.compared.is_empty() { i64::from(self.filter.limit) + 1 } else { i64::from(CALL_WINDOW) }
    }

    fn page<DB: Database>(&self, window: Option<&(i64, String)>) -> QueryBuilder<DB>
    where
        String: for<'t> Encode<'t, DB> + Type<DB>,
        i64: for<'t> Encode<'t, DB> + Type<DB>,
    {
        let mut query = QueryBuilder::new(concat!("SELECT ", call_columns!(), " FROM ("));
        for (index, source) in self.sources.iter().enumerate() {
            // A call that two sources find is listed once.
            query.push(if index == 0 { "" } else { " UNION " });
            query.push("SELECT * FROM (SELECT * FROM calls WHERE ");
            self.push_source(&mut query, source);
            query.push(ORDER).push(" LIMIT ").push_bind(self.depth()).push(") AS source_").push(index.to_string());
        }
        query.push(") AS read_calls WHERE 1 = 1");
        for (column, value) in &self.compared {
            query.push(" AND ").push(*column).push(" = ").push_bind(value.clone());
        }
        if let Some((at, id)) = window {
            query.push(" AND (created_at, id) >= (").push_bind(*at).push(", ").push_bind(id.clone()).push(")");
        }
        query.push(ORDER).push(" LIMIT ").push_bind(i64::from(self.filter.limit) + 1);
        query
    }

    /// The newest of the calls at which the sources end before they have read all.
    fn window_end<DB: Database>(&self) -> QueryBuilder<DB>
    where
        String: for<'t> Encode<'t, DB> + Type<DB>,
        i64: for<'t> Encode<'t, DB> + Type<DB>,
    {
        let mut query = QueryBuilder::new("SELECT created_at, id FROM (");
        for (index, source) in self.sources.iter().enumerate() {
            query.push(if index == 0 { "" } else { " UNION " });
            query.push("SELECT * FROM (SELECT created_at, id FROM calls WHERE ");
            self.push_source(&mut query, source);
            query.push(ORDER).push(" LIMIT 1 OFFSET ").push_bind(self.depth() - 1);
            query.push(") AS source_").push(index.to_string());
        }
        query.push(") AS ends").push(ORDER).push(" LIMIT 1");
        query
    }

    fn push_source<DB: Database>(&self, query: &mut QueryBuilder<DB>, source: &[Equality])
    where
        String: for<'t> Encode<'t, DB> + Type<DB>,
        i64: for<'t> Encode<'t, DB> + Type<DB>,
    {
        query.push("account_id = ").push_bind(self.account.to_string());
        for (column, value) in source {
            query.push(" AND ").push(*column).push(" = ").push_bind(value.clone());
        }
        if let Some(from) = self.filter.from {
            query.push(" AND created_at >= ").push_bind(from.millis());
        }
        if let Some(before) = self.filter.before {
            query.push(" AND created_at < ").push_bind(before.millis());
        }
        if let Some(Cursor { key: Key::Integer(at), id, .. }) = self.after {
            query.push(" AND (created_at, id) < (").push_bind(*at).push(", ").push_bind(id.clone()).push(")");
        }
    }
}

impl Tx {
    /// A page of the calls that match the filter, behind the cursor. `number_keys` are the keys that the filter's number may
    /// have ([`CallParty::key`](domain::CallParty)).
    pub async fn calls(
        &mut self,
        account: &AccountId,
        filter: &CallFilter,
        number_keys: &[String],
        after: Option<&Cursor>,
    ) -> Result<CallRows> {
        let search = Search::new(account, filter, number_keys, after);
        if search.sources.is_empty() {
            return Ok(CallRows { calls: Vec::new(), next: None, searched_to: None });
        }
        let window = if search.compared.is_empty() { None } else { self.call_window_end(&search).await? };
        let rows = fetch!(self, connection => async {
            search.page(window.as_ref()).build_query_as::<CallRow>().fetch_all(connection).await
        })?;
        let mut calls = rows.into_iter().map(TryInto::try_into).collect::<Result<Vec<Call>>>()?;
        let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        if calls.len() > limit {
            calls.truncate(limit);
            let next = calls.last().map(|last| cursor(last.created_at.millis(), last.id.as_str()));
            return Ok(CallRows { calls, next, searched_to: None });
        }
        let next = window.as_ref().map(|(at, id)| cursor(*at, id));
        Ok(CallRows { calls, next, searched_to: window.map(|(at, _)| Timestamp::from_millis(at)) })
    }

    async fn call_window_end(&mut self, search: &Search<'_>) -> Result<Option<(i64, String)>> {
        fetch!(self, connection => async {
            search.window_end().build_query_as::<(i64, String)>().fetch_optional(connection).await
        })
    }
}

impl Cursor {
    /// The cursor, if it belongs to the list of calls.
    pub fn for_calls(self) -> Option<Self> {
        (self.sort == SORT && matches!(self.key, Key::Integer(_))).then_some(self)
    }
}

fn cursor(at: i64, id: &str) -> Cursor {
    Cursor { sort: SORT.to_owned(), key: Key::Integer(at), id: id.to_owned() }
}

/// The statements that depend on their arguments, for the test that prepares every statement.
#[cfg(test)]
pub(crate) fn builders<DB: Database>() -> Vec<QueryBuilder<DB>>
where
    String: for<'t> Encode<'t, DB> + Type<DB>,
    i64: for<'t> Encode<'t, DB> + Type<DB>,
{
    let account: AccountId = "acc_01hgw2bbg00000000000000000".parse().expect("an id");
    let after = cursor(1, "a");
    samples()
        .iter()
        .flat_map(|filter| {
            let keys = ["14155550100".to_owned(), "914155550100".to_owned()];
            let search = Search::new(&account, filter, &keys, Some(&after));
            [search.page(Some(&(1, "a".to_owned()))), search.window_end()]
        })
        .collect()
}

/// A filter of each kind: none, each alone, by number, and all at once.
#[cfg(test)]
pub(crate) fn samples() -> Vec<CallFilter> {
    let all = CallFilter {
        number: "14155550100".to_owned(),
        carrier: Some("car_01hgw2bbg00000000000000000".parse().expect("an id")),
        bot: Some("bot_01hgw2bbg00000000000000000".parse().expect("an id")),
        direction: Some(domain::CallDirection::Inbound),
        outcome: Some(domain::CallOutcome::Failed),
        from: Some(Timestamp::from_millis(1)),
        before: Some(Timestamp::from_millis(2)),
        limit: 1,
    };
    let none = CallFilter { limit: 1, ..CallFilter::default() };
    vec![
        none.clone(),
        CallFilter { number: all.number.clone(), ..none.clone() },
        CallFilter { carrier: all.carrier.clone(), ..none.clone() },
        CallFilter { bot: all.bot.clone(), ..none.clone() },
        CallFilter { direction: all.direction, ..none.clone() },
        CallFilter { outcome: all.outcome, ..none },
        all,
    ]
}

/// The pages of [`samples`], for the test of their query plans.
#[cfg(test)]
pub(crate) fn sample_pages<DB: Database>() -> Vec<String>
where
    String: for<'t> Encode<'t, DB> + Type<DB>,
    i64: for<'t> Encode<'t, DB> + Type<DB>,
{
    builders::<DB>().into_iter().map(QueryBuilder::into_string).collect()
}
