//! Pages of the list of carriers.

use domain::{AccountId, Attention, Carrier, CarrierSort};
use sqlx::{Database, Encode, QueryBuilder, Type};

use crate::{
    Cursor, Result, Tx, attention,
    carrier::{CarrierRow, select_carriers},
    page::{Key, like},
    tx::fetch,
};

/// One page of the list.
#[derive(Clone, Debug)]
pub struct CarrierFilter {
    /// Part of the name or the SIP address; empty for all.
    pub q: String,
    /// Or a DID with one of these keys ([`PhoneNumber::key`](domain::PhoneNumber::key)), where `q` is not empty.
    pub number_keys: Vec<String>,
    /// Only carriers that need attention for this reason.
    pub attention: Option<Attention>,
    /// The order.
    pub sort: CarrierSort,
    /// Reverses the order.
    pub descending: bool,
    /// Rows on the page.
    pub limit: u32,
    /// Where the page before ended.
    pub after: Option<Cursor>,
}

impl CarrierFilter {
    /// The cursor, if it belongs to this order.
    pub fn accepts(&self, cursor: Cursor) -> Option<Cursor> {
        let fits = match self.sort {
            CarrierSort::Name | CarrierSort::SipAddress | CarrierSort::Status => matches!(cursor.key, Key::Text(_)),
            CarrierSort::Dids | CarrierSort::LastSynced | CarrierSort::CreatedAt => {
                matches!(cursor.key, Key::Integer(_))
            }
            CarrierSort::Cps => matches!(cursor.key, Key::Real(_)),
        };
        (fits && cursor.sort == self.order()).then_some(cursor)
    }

    fn order(&self) -> String {
        format!("{}{}", if self.descending { "-" } else { "" }, self.sort.as_str())
    }

    fn column(&self) -> &'static str {
        match self.sort {
            CarrierSort::Name => "name_key",
            CarrierSort::SipAddress => "sip_address",
            CarrierSort::Dids => "did_count",
            CarrierSort::Cps => "outbound_cps",
            CarrierSort::Status => "lk_sync_status",
            CarrierSort::LastSynced => "lk_last_synced_at",
            CarrierSort::CreatedAt => "created_at",
        }
    }

    fn cursor_at(&self, row: &CarrierRow) -> Cursor {
        let key = match self.sort {
            CarrierSort::Name => Key::Text(row.name_key.clone()),
            CarrierSort::SipAddress => Key::Text(row.sip_address.clone()),
            CarrierSort::Dids => Key::Integer(row.did_count),
            CarrierSort::Cps => Key::Real(row.outbound_cps),
            CarrierSort::Status => Key::Text(row.lk_sync_status.clone()),
            CarrierSort::LastSynced => Key::Integer(row.lk_last_synced_at),
            CarrierSort::CreatedAt => Key::Integer(row.created_at),
        };
        Cursor { sort: self.order(), key, id: row.id.clone() }
    }

    /// Appends which carriers, on all pages.
    fn push_condition<DB: Database>(&self, query: &mut QueryBuilder<DB>, account: &AccountId)
    where
        String: for<'t> Encode<'t, DB> + Type<DB>,
    {
        query.push(" WHERE carriers.account_id = ").push_bind(account.to_string());
        if !self.q.is_empty() {
            let pattern = like(&self.q);
            query.push(" AND (name_key LIKE ").push_bind(pattern.clone()).push(" ESCAPE '!'");
            query.push(" OR sip_address LIKE ").push_bind(pattern).push(" ESCAPE '!'");
            if !self.number_keys.is_empty() {
                query.push(" OR carriers.id IN (SELECT carrier_id FROM dids WHERE account_id = ");
                query.push_bind(account.to_string()).push(" AND number_key IN (");
                let mut keys = query.separated(", ");
                for key in &self.number_keys {
                    keys.push_bind(key.clone());
                }
                query.push("))");
            }
            query.push(")");
        }
        if let Some(kind) = self.attention {
            attention::push_condition(query, kind, account);
        }
    }

    pub(crate) fn page<DB: Database>(&self, account: &AccountId) -> QueryBuilder<DB>
    where
        String: for<'t> Encode<'t, DB> + Type<DB>,
        i64: for<'t> Encode<'t, DB> + Type<DB>,
        f64: for<'t> Encode<'t, DB> + Type<DB>,
    {
        let column = self.column();
        let (comparison, direction) = if self.descending { ("<", "DESC") } else { (">", "ASC") };
        let mut query = QueryBuilder::new(select_carriers!());
        self.push_condition(&mut query, account);
        if let Some(cursor) = &self.after {
            query.push(format_args!(" AND ({column}, carriers.id) {comparison} ("));
            match &cursor.key {
                Key::Text(text) => query.push_bind(text.clone()),
                Key::Integer(number) => query.push_bind(*number),
                Key::Real(number) => query.push_bind(*number),
            };
            query.push(", ").push_bind(cursor.id.clone()).push(")");
        }
        // One row more than the page, to see whether there is another page.
        query
            .push(format_args!(" ORDER BY {column} {direction}, carriers.id {direction} LIMIT "))
            .push_bind(i64::from(self.limit) + 1);
        query
    }

    pub(crate) fn count<DB: Database>(&self, account: &AccountId) -> QueryBuilder<DB>
    where
        String: for<'t> Encode<'t, DB> + Type<DB>,
    {
        let mut query = QueryBuilder::new("SELECT COUNT(*) FROM carriers");
        self.push_condition(&mut query, account);
        query
    }
}

impl Tx {
    /// A page of carriers with their counts of DIDs, and the cursor behind it.
    pub async fn carriers(
        &mut self,
        account: &AccountId,
        filter: &CarrierFilter,
    ) -> Result<(Vec<(Carrier, i64)>, Option<Cursor>)> {
        let mut rows = fetch!(self, connection => async {
            filter.page(account).build_query_as::<CarrierRow>().fetch_all(connection).await
        })?;
        let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|last| filter.cursor_at(last));
        let open = |row: CarrierRow| {
            let dids = row.did_count;
            Ok((row.open(&self.vault)?, dids))
        };
        Ok((rows.into_iter().map(open).collect::<Result<_>>()?, next))
    }

    /// How many carriers match on all pages; for a filtered list, since without a filter [`Tx::totals`] has the count.
    pub async fn count_carriers(&mut self, account: &AccountId, filter: &CarrierFilter) -> Result<i64> {
        fetch!(self, connection => async { filter.count(account).build_query_scalar().fetch_one(connection).await })
    }
}

/// The statements that depend on their arguments, for the test that prepares every statement.
#[cfg(test)]
pub(crate) fn builders<DB: Database>() -> Vec<QueryBuilder<DB>>
where
    String: for<'t> Encode<'t, DB> + Type<DB>,
    i64: for<'t> Encode<'t, DB> + Type<DB>,
    f64: for<'t> Encode<'t, DB> + Type<DB>,
{
    use domain::IntoEnumIterator;

    let account: AccountId = "acc_01hgw2bbg00000000000000000".parse().expect("an id");
    let mut builders = Vec::new();
    for attention in Attention::iter().map(Some).chain([None]) {
        for sort in CarrierSort::iter() {
            let key = match sort {
                CarrierSort::Name | CarrierSort::SipAddress | CarrierSort::Status => Key::Text("a".to_owned()),
                CarrierSort::Dids | CarrierSort::LastSynced | CarrierSort::CreatedAt => Key::Integer(1),
                CarrierSort::Cps => Key::Real(1.0),
            };
            let after = Some(Cursor { sort: String::new(), key, id: "a".to_owned() });
            let (q, number_keys) = ("a".to_owned(), vec!["1".to_owned(), "2".to_owned()]);
            let filter = CarrierFilter { q, number_keys, attention, sort, descending: true, limit: 1, after };
            builders.extend([filter.page(&account), filter.count(&account)]);
        }
    }
    builders
}
