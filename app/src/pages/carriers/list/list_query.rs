use api_types::view::CarrierQuery;
use domain::{Attention, CarrierSort};
use leptos_router::params::ParamsMap;

use crate::urls;

/// Rows on a page.
pub const PAGE_SIZE: u32 = 50;

/// How many previous cursors the address keeps; beyond them, "previous" leads to the first page.
const MAX_PREVIOUS: usize = 20;

/// Search, filter, order and page of the list, as its address has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    pub q: String,
    /// Only carriers that need this kind of attention.
    pub attention: Option<Attention>,
    /// As in [`CarrierQuery`]; empty for the default order.
    pub sort: String,
    cursor: String,
    /// Cursors of the previous pages, the nearest last; none on the first page.
    before: Vec<String>,
    /// From 0; only to show the positions of the rows.
    pub page: u32,
}

impl ListQuery {
    pub fn read(params: &ParamsMap) -> Self {
        Self {
            q: params.get("q").unwrap_or_default(),
            attention: params.get_str("attention").and_then(|kind| kind.parse().ok()),
            sort: params.get("sort").filter(|sort| CarrierSort::parse(sort).is_some()).unwrap_or_default(),
            cursor: params.get("cursor").unwrap_or_default(),
            before: params.get_all("before").unwrap_or_default(),
            page: params.get_str("page").and_then(|page| page.parse().ok()).unwrap_or_default(),
        }
    }

    pub fn carrier_query(&self) -> CarrierQuery {
        CarrierQuery {
            q: self.q.clone(),
            attention: self.attention().to_owned(),
            sort: self.sort.clone(),
            limit: Some(PAGE_SIZE),
            cursor: Some(self.cursor.clone()).filter(|cursor| !cursor.is_empty()),
            include_dids: Some(false),
        }
    }

    pub fn href(&self) -> String {
        self.href_with(&[])
    }

    pub fn href_with_guide(&self) -> String {
        self.href_with(&[("guide", "1")])
    }

    fn href_with(&self, more: &[(&str, &str)]) -> String {
        let page = if self.page == 0 { String::new() } else { self.page.to_string() };
        let attention = self.attention();
        let mut pairs = vec![
            ("q", self.q.as_str()),
            ("attention", attention),
            ("sort", &self.sort),
            ("cursor", &self.cursor),
            ("page", &page),
        ];
        pairs.extend(self.before.iter().map(|cursor| ("before", cursor.as_str())));
        pairs.extend(more);
        format!("{}{}", urls::CARRIERS, urls::query(&pairs))
    }

    /// Another search or order starts at the first page.
    pub fn searching(&self, q: &str) -> Self {
        Self { q: q.trim().to_owned(), attention: self.attention, sort: self.sort.clone(), ..Self::default() }
    }

    pub fn showing(&self, attention: Option<Attention>) -> Self {
        Self { attention, q: self.q.clone(), sort: self.sort.clone(), ..Self::default() }
    }

    /// As in the query; empty for all carriers.
    pub fn attention(&self) -> &'static str {
        self.attention.map_or("", Attention::as_str)
    }

    pub fn sorted(&self, sort: &str) -> Self {
        Self { q: self.q.clone(), attention: self.attention, sort: sort.to_owned(), ..Self::default() }
    }

    /// The sort key, and whether it is descending.
    pub fn order(&self) -> (CarrierSort, bool) {
        CarrierSort::parse(&self.sort).unwrap_or_default()
    }

    pub fn is_first(&self) -> bool {
        self.cursor.is_empty()
    }

    pub fn next(&self, cursor: &str) -> Self {
        let mut before = self.before.clone();
        if !self.is_first() {
            before.push(self.cursor.clone());
        }
        before.drain(..before.len().saturating_sub(MAX_PREVIOUS));
        Self { cursor: cursor.to_owned(), before, page: self.page + 1, ..self.clone() }
    }

    /// The previous page, or the first one if its cursor is not kept.
    pub fn previous(&self) -> Self {
        let mut before = self.before.clone();
        let Some(cursor) = before.pop() else {
            return self.showing(self.attention);
        };
        Self { cursor, before, page: self.page.saturating_sub(1), ..self.clone() }
    }

    /// Whether [`Self::previous`] is the page before this one.
    pub fn has_previous_cursor(&self) -> bool {
        !self.before.is_empty() || self.page <= 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn previous_of_next_is_the_same_query() {
        let first = ListQuery { q: "twilio".to_owned(), ..ListQuery::default() };
        let second = first.next("c2");
        let third = second.next("c3");
        assert_eq!(third.previous(), second);
        assert_eq!(second.previous(), first);
        assert!(third.href().ends_with("?q=twilio&cursor=c3&page=2&before=c2"));
    }

    #[test]
    fn attention_filter_is_kept_by_search_order_and_pages() {
        let query = ListQuery::default().showing(Some(Attention::Open));
        assert_eq!(query.href(), "/dashboard/carriers?attention=open");
        assert_eq!(query.searching("x").sorted("-dids").href(), "/dashboard/carriers?q=x&attention=open&sort=-dids");
        assert_eq!(query.next("c2").previous(), query);
        assert_eq!(query.next("c2").showing(None).href(), "/dashboard/carriers");
    }

    #[test]
    fn search_keeps_the_order_and_starts_at_the_first_page() {
        let query = ListQuery { sort: "-outbound_cps".to_owned(), ..ListQuery::default() }.next("c2");
        assert_eq!(query.searching(" plivo ").href(), "/dashboard/carriers?q=plivo&sort=-outbound_cps");
    }
}
