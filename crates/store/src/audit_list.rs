//! Pages of the record of who changed what.

use std::collections::BTreeMap;

use domain::{AccountId, AuditEvent, DidId, Timestamp};
use domain::{AuditFilter, AuditWho};
use sqlx::{AssertSqlSafe, Row, any::AnyRow};

use crate::{
    Cursor, Result, Tx, audit,
    page::{Key, like},
};

/// Events that one page looks at where several filters have to fit, of which an index helps with one: a page costs the
/// same however long the record is, and may be short.
pub const AUDIT_WINDOW: u32 = 5_000;

/// No subscriber's number is shorter, with the code of its country.
const SUBSCRIBER_DIGITS: usize = 7;

/// The only order, the newest first.
const SORT: &str = "-at";
const ORDER: &str = "ORDER BY at DESC, id DESC";

#[derive(Debug)]
pub struct AuditFound {
    pub events: Vec<AuditEvent>,
    /// What follows begins behind it.
    pub next: Option<Cursor>,
    /// The page is short because the window ended here.
    pub searched_to: Option<Timestamp>,
}

#[derive(Clone)]
enum Bound {
    Text(String),
    Integer(i64),
}

impl From<&str> for Bound {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Timestamp> for Bound {
    fn from(time: Timestamp) -> Self {
        Self::Integer(time.millis())
    }
}

/// Conditions that all have to hold, and the values of their placeholders.
#[derive(Default)]
struct Where {
    conditions: Vec<String>,
    values: Vec<Bound>,
}

impl Where {
    /// `column = ` and the like, before its value.
    fn and(&mut self, condition: &str, value: impl Into<Bound>) {
        let place = self.place(value);
        self.conditions.push(format!("{condition} {place}"));
    }

    fn place(&mut self, value: impl Into<Bound>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    fn sql(&self) -> String {
        self.conditions.join(" AND ")
    }
}

/// What a row of the record has to be equal to; the one that finds the fewest first.
fn equalities(filter: &AuditFilter) -> Vec<(&'static str, Option<&str>)> {
    let mut equal = Vec::new();
    if let Some(subject) = &filter.subject {
        let column = if subject.starts_with(DidId::PREFIX) { "subject_id =" } else { "history_id =" };
        equal.push((column, Some(subject.as_str())));
    }
    match &filter.actor {
        None => {}
        Some(AuditWho::System) => equal.push(("actor_id IS NULL", None)),
        Some(AuditWho::User(id)) => equal.push(("actor_id =", Some(id.as_str()))),
        Some(AuditWho::Email(email)) => equal.push(("actor_name =", Some(email.as_str()))),
    }
    equal.extend(filter.action.map(|action| ("action =", Some(action.as_str()))));
    equal.extend(filter.kind.map(|kind| ("substr(subject_id, 1, 4) =", Some(kind.prefix()))));
    equal
}

fn add(conditions: &mut Where, (condition, value): (&str, Option<&str>)) {
    match value {
        Some(value) => conditions.and(condition, value),
        None => conditions.conditions.push(condition.to_owned()),
    }
}

/// Part of the name; of a phone number, however it is punctuated, and with the zeros in front that stand for the country
/// or for another place in it.
fn search(conditions: &mut Where, q: &str) {
    let digits: String = q.chars().filter(char::is_ascii_digit).collect();
    let mut any = vec![like(q)];
    if digits.len() > 2 && !q.chars().any(char::is_alphabetic) {
        let rest = digits.trim_start_matches('0');
        // What is shorter is part of a number, and its zeros may be meant.
        any.push(like(if rest.len() >= SUBSCRIBER_DIGITS { rest } else { &digits }));
    }
    let any: Vec<String> =
        any.iter().map(|text| format!("subject_key LIKE {} ESCAPE '!'", conditions.place(text.as_str()))).collect();
    conditions.conditions.push(format!("({})", any.join(" OR ")));
}

impl Tx {
    /// A page of what fits the filter, behind the cursor.
    pub async fn audit(
        &mut self,
        account: &AccountId,
        filter: &AuditFilter,
        after: Option<&Cursor>,
    ) -> Result<AuditFound> {
        let mut equal = equalities(filter).into_iter();
        // What an index finds…
        let mut indexed = Where::default();
        indexed.and("account_id =", account.as_str());
        if let Some(first) = equal.next() {
            add(&mut indexed, first);
        }
        if let Some(from) = filter.from {
            indexed.and("at >=", from);
        }
        if let Some(before) = filter.before {
            indexed.and("at <", before);
        }
        if let Some(Cursor { key: Key::Integer(at), id, .. }) = after {
            let (at, id) = (indexed.place(Timestamp::from_millis(*at)), indexed.place(id.as_str()));
            indexed.conditions.push(format!("(at, id) < ({at}, {id})"));
        }
        // … and what is left to be looked at in each event that it finds.
        let mut rest = Where { conditions: Vec::new(), values: indexed.values.clone() };
        equal.for_each(|more| add(&mut rest, more));
        if !filter.q.is_empty() {
            search(&mut rest, &filter.q);
        }

        let (found, most) = (indexed.sql(), filter.limit + 1);
        let whole = rest.conditions.is_empty();
        let sql = if whole {
            format!("SELECT * FROM audit_events WHERE {found} {ORDER} LIMIT {most}")
        } else {
            format!(
                "SELECT * FROM (SELECT * FROM audit_events WHERE {found} {ORDER} LIMIT {AUDIT_WINDOW}) AS observed_at \
                 WHERE {} {ORDER} LIMIT {most}",
                rest.sql()
            )
        };
        let rows = self.fetch(sql, &rest.values).await?;
        let mut events = rows.iter().map(audit::read).collect::<Result<Vec<_>>>()?;
        let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        if events.len() > limit {
            events.truncate(limit);
            let next = events.last().map(|last| cursor(last.at, last.id.as_str()));
            return Ok(AuditFound { events, next, searched_to: None });
        }
        let end = if whole { None } else { self.window_end(&indexed).await? };
        let next = end.as_ref().map(|(at, id)| cursor(*at, id));
        Ok(AuditFound { events, next, searched_to: end.map(|(at, _)| at) })
    }

    /// The last event that a page looks at; None where the record ends before.
    async fn window_end(&mut self, indexed: &Where) -> Result<Option<(Timestamp, String)>> {
        let last = AUDIT_WINDOW - 1;
        let sql = format!("SELECT at, id FROM audit_events WHERE {} {ORDER} LIMIT 1 OFFSET {last}", indexed.sql());
        let found = self.fetch(sql, &indexed.values).await?;
        Ok(found.first().map(|end| (Timestamp::from_millis(end.get("at")), end.get("id"))))
    }

    /// What rows that may be gone by now were called last, by their ids.
    pub async fn last_names(&mut self, account: &AccountId, ids: &[String]) -> Result<BTreeMap<String, String>> {
        let mut names = BTreeMap::new();
        for id in ids {
            let sql = format!(
                "SELECT subject_name FROM audit_events WHERE account_id = $1 AND subject_id = $2 {ORDER} LIMIT 1"
            );
            let found = self.fetch(sql, &[account.as_str().into(), id.as_str().into()]).await?;
            names.extend(found.first().map(|found| (id.clone(), found.get("subject_name"))));
        }
        Ok(names)
    }

    /// Of these carriers and bots those that are there, by id, with their names.
    pub async fn present(&mut self, account: &AccountId, ids: &[String]) -> Result<BTreeMap<String, String>> {
        let mut names = self.pairs("id, name FROM carriers", account, ids).await?;
        names.append(&mut self.pairs("id, name FROM bots", account, ids).await?);
        Ok(names)
    }

    /// Of these numbers those that are there, by id, with their carriers' ids.
    pub async fn present_dids(&mut self, account: &AccountId, ids: &[String]) -> Result<BTreeMap<String, String>> {
        self.pairs("id, carrier_id FROM dids", account, ids).await
    }

    async fn pairs(&mut self, what: &str, account: &AccountId, ids: &[String]) -> Result<BTreeMap<String, String>> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut conditions = Where::default();
        conditions.and("account_id =", account.as_str());
        let places: Vec<String> = ids.iter().map(|id| conditions.place(id.as_str())).collect();
        let sql = format!("SELECT {what} WHERE {} AND id IN ({})", conditions.sql(), places.join(", "));
        let found = self.fetch(sql, &conditions.values).await?;
        Ok(found.iter().map(|found| (found.get(0), found.get(1))).collect())
    }

    async fn fetch(&mut self, sql: String, values: &[Bound]) -> Result<Vec<AnyRow>> {
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for value in values {
            query = match value {
                Bound::Text(text) => query.bind(text.clone()),
                Bound::Integer(number) => query.bind(*number),
            };
        }
        Ok(query.fetch_all(self.connection()).await?)
    }
}

impl Cursor {
    /// The cursor of a query for the record; None where it belongs to another list.
    pub fn for_audit(self) -> Option<Self> {
        (self.sort == SORT && matches!(self.key, Key::Integer(_))).then_some(self)
    }
}

fn cursor(at: Timestamp, id: &str) -> Cursor {
    Cursor { sort: SORT.to_owned(), key: Key::Integer(at.millis()), id: id.to_owned() }
}
