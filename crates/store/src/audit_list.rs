//! Pages of the audit log.

use std::collections::BTreeMap;

use domain::{AccountId, ActorFilter, AuditEvent, AuditFilter, DidId, Timestamp};
use sqlx::{Database, Encode, QueryBuilder, Type};

use crate::{
    Cursor, Result, Tx,
    audit::{AuditRow, audit_columns},
    page::{Key, like},
    row::{LIST_LIMIT, push_list},
    tx::fetch,
};

/// Events that one page reads at most where several filters have to match, of which an index serves one: the cost of a page
/// does not grow with the log, and a page may be short.
pub const AUDIT_WINDOW: u32 = 5_000;

/// No subscriber's number is shorter, with its country code.
const SUBSCRIBER_DIGITS: usize = 7;

/// Name of the only order, the newest first.
const SORT: &str = "-at";
const ORDER: &str = " ORDER BY at DESC, id DESC";

/// One page of the audit log.
#[derive(Debug)]
pub struct AuditRows {
    /// The newest first.
    pub events: Vec<AuditEvent>,
    /// Where the next page begins; None after the last one.
    pub next: Option<Cursor>,
    /// Set where [`AUDIT_WINDOW`] ended the page before its limit: the time of the last event that was read.
    pub searched_to: Option<Timestamp>,
}

/// A column's condition, for one of the log's indexes.
enum Equality<'f> {
    IsNull(&'static str),
    Equal(&'static str, &'f str),
}

/// The filter's equalities, the most selective first.
fn equalities(filter: &AuditFilter) -> Vec<Equality<'_>> {
    let mut equalities = Vec::new();
    if let Some(subject) = &filter.subject {
        let column = if subject.starts_with(DidId::PREFIX) { "subject_id" } else { "history_id" };
        equalities.push(Equality::Equal(column, subject.as_str()));
    }
    match &filter.actor {
        None => {}
        Some(ActorFilter::System) => equalities.push(Equality::IsNull("actor_id")),
        Some(ActorFilter::Id(id)) => equalities.push(Equality::Equal("actor_id", id.as_str())),
        Some(ActorFilter::Email(email)) => equalities.push(Equality::Equal("actor_name", email.as_str())),
    }
    equalities.extend(filter.action.map(|action| Equality::Equal("action", action.as_str())));
    equalities.extend(filter.kind.map(|kind| Equality::Equal("substr(subject_id, 1, 4)", kind.prefix())));
    equalities
}

/// What the search matches: part of the name; of a phone number, however it is punctuated, its digits without the zeros of
/// a national or international prefix.
fn patterns(q: &str) -> Vec<String> {
    let mut patterns = Vec::new();
    if q.is_empty() {
        return patterns;
    }
    patterns.push(like(q));
    let digits: String = q.chars().filter(char::is_ascii_digit).collect();
    if digits.len() > 2 && !q.chars().any(char::is_alphabetic) {
        let rest = digits.trim_start_matches('0');
        // What is shorter is part of a number, whose zeros may be meant.
        patterns.push(like(if rest.len() >= SUBSCRIBER_DIGITS { rest } else { &digits }));
    }
    patterns
}

/// A filter, split into what an index finds and what has to be compared in each event that it finds.
struct Search<'f> {
    account: &'f AccountId,
    filter: &'f AuditFilter,
    after: Option<&'f Cursor>,
    indexed: Option<Equality<'f>>,
    compared: Vec<Equality<'f>>,
    patterns: Vec<String>,
}

impl<'f> Search<'f> {
    fn new(account: &'f AccountId, filter: &'f AuditFilter, after: Option<&'f Cursor>) -> Self {
        let mut equalities = equalities(filter).into_iter();
        let indexed = equalities.next();
        let patterns = patterns(&filter.q);
        Self { account, filter, after, indexed, compared: equalities.collect(), patterns }
    }

    fn is_indexed_alone(&self) -> bool {
        self.compared.is_empty() && self.patterns.is_empty()
    }

    fn page<DB: Database>(&self) -> QueryBuilder<DB>
    where
        String: for<'t> Encode<'t, DB> + Type<DB>,
        i64: for<'t> Encode<'t, DB> + Type<DB>,
    {
        let most = i64::from(self.filter.limit) + 1;
        let mut query = QueryBuilder::new(concat!("SELECT ", audit_columns!()));
        if self.is_indexed_alone() {
            query.push(" FROM audit_events WHERE ");
            self.push_indexed(&mut query);
        } else {
            query.push(" FROM (SELECT * FROM audit_events WHERE ");
            self.push_indexed(&mut query);
            query.push(ORDER).push(" LIMIT ").push_bind(i64::from(AUDIT_WINDOW)).push(") AS read_events WHERE 1 = 1");
            for equality in &self.compared {
                query.push(" AND ");
                push_equality(&mut query, equality);
            }
            self.push_patterns(&mut query);
        }
        query.push(ORDER).push(" LIMIT ").push_bind(most);
        query
    }

    /// The last event that the page reads.
    fn window_end<DB: Database>(&self) -> QueryBuilder<DB>
    where
        String: for<'t> Encode<'t, DB> + Type<DB>,
        i64: for<'t> Encode<'t, DB> + Type<DB>,
    {
        let mut query = QueryBuilder::new("SELECT at, id FROM audit_events WHERE ");
        self.push_indexed(&mut query);
        query.push(ORDER).push(" LIMIT 1 OFFSET ").push_bind(i64::from(AUDIT_WINDOW) - 1);
        query
    }

    fn push_indexed<DB: Database>(&self, query: &mut QueryBuilder<DB>)
    where
        String: for<'t> Encode<'t, DB> + Type<DB>,
        i64: for<'t> Encode<'t, DB> + Type<DB>,
    {
        query.push("account_id = ").push_bind(self.account.to_string());
        if let Some(equality) = &self.indexed {
            query.push(" AND ");
            push_equality(query, equality);
        }
        if let Some(from) = self.filter.from {
            query.push(" AND at >= ").push_bind(from.millis());
        }
        if let Some(before) = self.filter.before {
            query.push(" AND at < ").push_bind(before.millis());
        }
        if let Some(Cursor { key: Key::Integer(at), id, .. }) = self.after {
            query.push(" AND (at, id) < (").push_bind(*at).push(", ").push_bind(id.clone()).push(")");
        }
    }

    fn push_patterns<DB: Database>(&self, query: &mut QueryBuilder<DB>)
    where
        String: for<'t> Encode<'t, DB> + Type<DB>,
    {
        for (index, pattern) in self.patterns.iter().enumerate() {
            query.push(if index == 0 { " AND (" } else { " OR " });
            query.push("subject_key LIKE ").push_bind(pattern.clone()).push(" ESCAPE '!'");
        }
        if !self.patterns.is_empty() {
            query.push(")");
        }
    }
}

fn push_equality<DB: Database>(query: &mut QueryBuilder<DB>, equality: &Equality<'_>)
where
    String: for<'t> Encode<'t, DB> + Type<DB>,
{
    match equality {
        Equality::IsNull(column) => query.push(*column).push(" IS NULL"),
        Equality::Equal(column, value) => query.push(*column).push(" = ").push_bind((*value).to_owned()),
    };
}

impl Tx {
    /// A page of the events that match the filter, behind the cursor.
    pub async fn audit(
        &mut self,
        account: &AccountId,
        filter: &AuditFilter,
        after: Option<&Cursor>,
    ) -> Result<AuditRows> {
        let search = Search::new(account, filter, after);
        let rows = fetch!(self, connection => async {
            search.page().build_query_as::<AuditRow>().fetch_all(connection).await
        })?;
        let mut events = rows.into_iter().map(TryInto::try_into).collect::<Result<Vec<AuditEvent>>>()?;
        let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        if events.len() > limit {
            events.truncate(limit);
            let next = events.last().map(|last| cursor(last.at, last.id.as_str()));
            return Ok(AuditRows { events, next, searched_to: None });
        }
        let end = if search.is_indexed_alone() { None } else { self.window_end(&search).await? };
        let next = end.as_ref().map(|(at, id)| cursor(*at, id));
        Ok(AuditRows { events, next, searched_to: end.map(|(at, _)| at) })
    }

    /// None where the log ends before the window does.
    async fn window_end(&mut self, search: &Search<'_>) -> Result<Option<(Timestamp, String)>> {
        let end = fetch!(self, connection => async {
            search.window_end().build_query_as::<(i64, String)>().fetch_optional(connection).await
        })?;
        Ok(end.map(|(at, id)| (Timestamp::from_millis(at), id)))
    }

    /// The last names of rows that may be deleted by now, by their ids.
    pub async fn last_names(&mut self, account: &AccountId, ids: &[String]) -> Result<BTreeMap<String, String>> {
        self.pairs(ids, |ids| Pairs::LastNames { account: account.as_str(), ids }).await
    }

    /// Of these carriers and bots those that exist, by id, with their names.
    pub async fn present(&mut self, account: &AccountId, ids: &[String]) -> Result<BTreeMap<String, String>> {
        let list = |from| move |ids| Pairs::Present { account: account.as_str(), from, ids };
        let mut names = self.pairs(ids, list("SELECT id, name FROM carriers")).await?;
        names.append(&mut self.pairs(ids, list("SELECT id, name FROM bots")).await?);
        names.append(&mut self.pairs(ids, list("SELECT id, name FROM api_keys")).await?);
        names.append(&mut self.pairs(ids, list("SELECT id, email FROM users")).await?);
        Ok(names)
    }

    /// Of these DIDs those that exist, by id, with their carriers' ids.
    pub async fn present_dids(&mut self, account: &AccountId, ids: &[String]) -> Result<BTreeMap<String, String>> {
        let from = "SELECT id, carrier_id FROM dids";
        self.pairs(ids, |ids| Pairs::Present { account: account.as_str(), from, ids }).await
    }

    async fn pairs<'a>(
        &mut self,
        ids: &'a [String],
        list: impl Fn(&'a [String]) -> Pairs<'a>,
    ) -> Result<BTreeMap<String, String>> {
        let mut pairs = BTreeMap::new();
        for ids in ids.chunks(LIST_LIMIT) {
            let list = list(ids);
            pairs.extend(fetch!(self, connection => async {
                list.query().build_query_as::<(String, String)>().fetch_all(connection).await
            })?);
        }
        Ok(pairs)
    }
}

/// Statements that give an id and a text for each id of a list.
enum Pairs<'a> {
    Present { account: &'a str, from: &'static str, ids: &'a [String] },
    LastNames { account: &'a str, ids: &'a [String] },
}

impl<'a> Pairs<'a> {
    fn query<DB: Database>(&self) -> QueryBuilder<DB>
    where
        for<'t> &'t str: Encode<'t, DB> + Type<DB>,
    {
        match self {
            Self::Present { account, from, ids } => {
                let mut query = QueryBuilder::new(*from);
                query.push(" WHERE account_id = ").push_bind(*account).push(" AND id IN ");
                push_list(&mut query, ids);
                query
            }
            // One search of the index for each id, however many events it has.
            Self::LastNames { account, ids } => {
                let mut query = QueryBuilder::new("WITH ids (key) AS (");
                query.push_values(ids.iter(), |mut value, id| {
                    value.push_bind(id.as_str());
                });
                query.push(
                    ") SELECT key, name FROM (SELECT key, (SELECT subject_name FROM audit_events WHERE account_id = ",
                );
                query.push_bind(*account).push(" AND subject_id = key").push(ORDER);
                query.push(" LIMIT 1) AS name FROM ids) AS names WHERE name IS NOT NULL");
                query
            }
        }
    }
}

impl Cursor {
    /// The cursor, if it belongs to the audit log.
    pub fn for_audit(self) -> Option<Self> {
        (self.sort == SORT && matches!(self.key, Key::Integer(_))).then_some(self)
    }
}

fn cursor(at: Timestamp, id: &str) -> Cursor {
    Cursor { sort: SORT.to_owned(), key: Key::Integer(at.millis()), id: id.to_owned() }
}

/// The statements that depend on their arguments, for the test that prepares every statement.
#[cfg(test)]
pub(crate) fn builders<DB: Database>() -> Vec<QueryBuilder<DB>>
where
    for<'t> &'t str: Encode<'t, DB> + Type<DB>,
    String: for<'t> Encode<'t, DB> + Type<DB>,
    i64: for<'t> Encode<'t, DB> + Type<DB>,
{
    let account: AccountId = "acc_01hgw2bbg00000000000000000".parse().expect("an id");
    let ids = ["a".to_owned(), "b".to_owned()];
    let after = cursor(Timestamp::from_millis(1), "a");
    let indexed = AuditFilter { limit: 1, ..AuditFilter::default() };
    let compared = AuditFilter {
        q: "0049 30 1234567".to_owned(),
        subject: Some("car_a".to_owned()),
        actor: Some(ActorFilter::System),
        kind: Some(domain::AuditKind::Did),
        action: Some(domain::AuditAction::Created),
        from: Some(Timestamp::from_millis(1)),
        before: Some(Timestamp::from_millis(2)),
        limit: 1,
    };
    let (indexed, compared) = (Search::new(&account, &indexed, None), Search::new(&account, &compared, Some(&after)));
    vec![
        indexed.page(),
        compared.page(),
        compared.window_end(),
        Pairs::Present { account: "a", from: "SELECT id, name FROM bots", ids: &ids }.query(),
        Pairs::Present { account: "a", from: "SELECT id, name FROM carriers", ids: &ids }.query(),
        Pairs::Present { account: "a", from: "SELECT id, carrier_id FROM dids", ids: &ids }.query(),
        Pairs::LastNames { account: "a", ids: &ids }.query(),
    ]
}
