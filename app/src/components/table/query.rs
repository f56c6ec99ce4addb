//! Search, filters, order and page of a table, as its address has them.

use leptos::prelude::*;
use leptos_router::{
    hooks::{use_location, use_query_map},
    params::ParamsMap,
};

use crate::urls;

/// Rows on a page.
pub const PAGE_SIZE: u32 = 50;

/// How many previous cursors the address keeps; beyond them, "previous" leads to the first page.
const MAX_PREVIOUS: usize = 20;

/// Which query parameters belong to a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableUrl {
    path: String,
    prefix: &'static str,
    sorts: &'static [&'static str],
    filters: &'static [&'static str],
    keep: &'static [&'static str],
}

impl TableUrl {
    /// A table on the page at this path. `sorts` are the sort keys; the first is the default order, with `-` before it if
    /// that is descending.
    pub fn new(path: impl Into<String>, sorts: &'static [&'static str]) -> Self {
        Self { path: path.into(), sorts, ..Self::default() }
    }

    /// The names of the parameters that filter.
    #[must_use]
    pub fn filters(self, filters: &'static [&'static str]) -> Self {
        Self { filters, ..self }
    }

    /// Put before the name of each of the table's parameters, for a page that has others of the same name.
    #[must_use]
    pub fn prefix(self, prefix: &'static str) -> Self {
        Self { prefix, ..self }
    }

    /// Parameters of the page that the table's links keep.
    #[must_use]
    pub fn keep(self, keep: &'static [&'static str]) -> Self {
        Self { keep, ..self }
    }

    fn name(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }
}

/// The state of a table. Methods that change it answer a new one, whose [`href`](Self::href) is a link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableQuery {
    url: TableUrl,
    kept: Vec<(&'static str, String)>,
    /// The search text.
    pub q: String,
    /// A sort key, with `-` before it if descending; empty for the default order.
    pub sort: String,
    /// In the order of the URL's filters.
    filters: Vec<String>,
    cursor: String,
    /// Cursors of the previous pages, the nearest last; none on the first page.
    before: Vec<String>,
    /// From 0; only to show the positions of the rows.
    pub page: u32,
}

impl TableQuery {
    pub fn read(url: TableUrl, params: &ParamsMap) -> Self {
        let get = |name: &str| params.get(&url.name(name)).unwrap_or_default();
        let kept = url.keep.iter().filter_map(|name| Some((*name, params.get(name)?)));
        let is_known = |sort: &String| url.sorts.iter().any(|known| key_of(known) == key_of(sort));
        Self {
            kept: kept.collect(),
            q: get("q"),
            sort: Some(get("sort")).filter(is_known).unwrap_or_default(),
            filters: url.filters.iter().map(|name| get(name)).collect(),
            cursor: get("cursor"),
            before: params.get_all(&url.name("before")).unwrap_or_default(),
            page: get("page").parse().unwrap_or_default(),
            url,
        }
    }

    /// The value of a filter; empty if it is not set.
    pub fn filter(&self, name: &str) -> &str {
        let index = self.url.filters.iter().position(|known| *known == name);
        index.and_then(|index| self.filters.get(index)).map_or("", String::as_str)
    }

    /// The value of a parameter of the page that the table's links keep.
    pub fn kept(&self, name: &str) -> Option<&str> {
        self.kept
            .iter()
            .find(|(kept, _)| *kept == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// The cursor to load this page with; none for the first page.
    pub fn cursor(&self) -> Option<String> {
        Some(self.cursor.clone()).filter(|cursor| !cursor.is_empty())
    }

    pub fn is_first(&self) -> bool {
        self.cursor.is_empty()
    }

    /// Whether a search or a filter leaves rows out.
    pub fn is_narrowed(&self) -> bool {
        !self.q.is_empty() || self.filters.iter().any(|value| !value.is_empty())
    }

    /// The key that orders the rows, and whether it is descending.
    pub fn order(&self) -> (&str, bool) {
        let sort = if self.sort.is_empty() { self.url.sorts.first().copied().unwrap_or_default() } else { &self.sort };
        (key_of(sort), sort.starts_with('-'))
    }

    /// Another search starts at the first page, as do other filters and orders.
    #[must_use]
    pub fn searching(&self, q: &str) -> Self {
        Self { q: q.trim().to_owned(), ..self.first_page() }
    }

    #[must_use]
    pub fn filtered(&self, name: &str, value: &str) -> Self {
        let mut query = self.first_page();
        if let Some(index) = self.url.filters.iter().position(|known| *known == name) {
            value.clone_into(&mut query.filters[index]);
        }
        query
    }

    #[must_use]
    pub fn sorted(&self, sort: &str) -> Self {
        let is_default = self.url.sorts.first() == Some(&sort);
        Self { sort: if is_default { String::new() } else { sort.to_owned() }, ..self.first_page() }
    }

    /// Without search and filters.
    #[must_use]
    pub fn cleared(&self) -> Self {
        Self { q: String::new(), filters: vec![String::new(); self.filters.len()], ..self.first_page() }
    }

    #[must_use]
    pub fn next(&self, cursor: &str) -> Self {
        let mut before = self.before.clone();
        if !self.is_first() {
            before.push(self.cursor.clone());
        }
        before.drain(..before.len().saturating_sub(MAX_PREVIOUS));
        Self { cursor: cursor.to_owned(), before, page: self.page + 1, ..self.clone() }
    }

    /// The previous page, or the first one if its cursor is not kept.
    #[must_use]
    pub fn previous(&self) -> Self {
        let mut before = self.before.clone();
        match before.pop() {
            Some(cursor) => Self { cursor, before, page: self.page.saturating_sub(1), ..self.clone() },
            None => self.first_page(),
        }
    }

    /// Whether [`Self::previous`] is the page before this one.
    pub fn has_previous_cursor(&self) -> bool {
        !self.before.is_empty() || self.page <= 1
    }

    #[must_use]
    fn first_page(&self) -> Self {
        Self { cursor: String::new(), before: Vec::new(), page: 0, ..self.clone() }
    }

    /// The address of this state.
    pub fn href(&self) -> String {
        self.href_with(&[])
    }

    /// The same with more parameters, such as the one that opens a dialog.
    pub fn href_with(&self, more: &[(&str, &str)]) -> String {
        let page = if self.page == 0 { String::new() } else { self.page.to_string() };
        let mut pairs = self.fixed();
        pairs.extend([(self.name("q"), self.q.clone()), (self.name("sort"), self.sort.clone())]);
        pairs.extend(self.filter_pairs());
        pairs.extend([(self.name("cursor"), self.cursor.clone()), (self.name("page"), page)]);
        pairs.extend(self.before.iter().map(|cursor| (self.name("before"), cursor.clone())));
        let mut pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        pairs.extend(more);
        format!("{}{}", self.url.path, urls::query(&pairs))
    }

    /// The page's path, for a form with GET.
    pub(super) fn path(&self) -> &str {
        &self.url.path
    }

    /// The name of the table's parameter in the query.
    pub(super) fn name(&self, name: &str) -> String {
        self.url.name(name)
    }

    /// The parameters that a form of the table passes on.
    pub(super) fn fixed(&self) -> Vec<(String, String)> {
        self.kept.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    }

    fn filter_pairs(&self) -> impl Iterator<Item = (String, String)> {
        self.url.filters.iter().zip(&self.filters).map(|(name, value)| (self.name(name), value.clone()))
    }

    /// The search and the filters by their plain names, which select the rows that match.
    pub(super) fn conditions(&self) -> Vec<(&'static str, String)> {
        let filters = self.url.filters.iter().copied().zip(self.filters.iter().cloned());
        std::iter::once(("q", self.q.clone())).chain(filters).collect()
    }

    /// The parameters of the whole state, for a form that leads back to the same page of the table.
    pub(super) fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs = self.fixed();
        pairs.extend([(self.name("q"), self.q.clone()), (self.name("sort"), self.sort.clone())]);
        pairs.extend(self.filter_pairs());
        pairs.push((self.name("cursor"), self.cursor.clone()));
        pairs.push((self.name("page"), if self.page == 0 { String::new() } else { self.page.to_string() }));
        pairs.extend(self.before.iter().map(|cursor| (self.name("before"), cursor.clone())));
        pairs.retain(|(_, value)| !value.is_empty());
        pairs
    }
}

fn key_of(sort: &str) -> &str {
    sort.strip_prefix('-').unwrap_or(sort)
}

/// The state of the table at the page's address. It stays as it was while the page is being left: the address changes
/// before the page is gone.
pub fn use_table_query(url: TableUrl) -> Memo<TableQuery> {
    let params = use_query_map();
    let pathname = use_location().pathname;
    Memo::new(move |before: Option<&TableQuery>| match before {
        Some(before) if pathname.with(|path| *path != url.path) => before.clone(),
        _ => params.with(|params| TableQuery::read(url.clone(), params)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carriers() -> TableUrl {
        TableUrl::new("/carriers", &["name", "dids", "outbound_cps"]).filters(&["attention", "transport"])
    }

    fn read(url: TableUrl, params: &[(&'static str, &str)]) -> TableQuery {
        TableQuery::read(url, &params.iter().copied().collect())
    }

    #[test]
    fn previous_of_next_is_the_same_query() {
        let first = read(carriers(), &[("q", "twilio")]);
        let second = first.next("c2");
        let third = second.next("c3");
        assert_eq!(third.previous(), second);
        assert_eq!(second.previous(), first);
        assert_eq!(third.href(), "/carriers?q=twilio&cursor=c3&page=2&before=c2");
    }

    #[test]
    fn previous_without_a_cursor_is_the_first_page() {
        let far = read(carriers(), &[("q", "x"), ("cursor", "c9"), ("page", "8")]);
        assert!(!far.has_previous_cursor());
        assert_eq!(far.previous().href(), "/carriers?q=x");
    }

    #[test]
    fn previous_cursors_are_limited() {
        let mut query = read(carriers(), &[]);
        for page in 0..30 {
            query = query.next(&format!("c{page}"));
        }
        assert_eq!(query.before.len(), MAX_PREVIOUS);
        assert_eq!(query.before.last().map(String::as_str), Some("c28"));
    }

    #[test]
    fn address_is_read_as_it_was_written() {
        let query = read(carriers(), &[("attention", "open")]).sorted("-dids").searching("a&b").next("c2").next("c3");
        let written = query.href();
        let pairs: ParamsMap = written
            .split_once('?')
            .unwrap()
            .1
            .split('&')
            .map(|pair| pair.split_once('=').unwrap())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        assert_eq!(TableQuery::read(carriers(), &pairs), query);
    }

    #[test]
    fn search_keeps_sort_and_starts_at_the_first_page() {
        let query = read(carriers(), &[("sort", "-outbound_cps"), ("attention", "open")]).next("c2");
        assert_eq!(query.searching(" plivo ").href(), "/carriers?q=plivo&sort=-outbound_cps&attention=open");
    }

    #[test]
    fn filter_keeps_search_and_other_filters() {
        let query = read(carriers(), &[("q", "x"), ("attention", "open")]).next("c2").filtered("transport", "tls");
        assert_eq!(query.href(), "/carriers?q=x&attention=open&transport=tls");
        assert_eq!(query.filtered("attention", "").href(), "/carriers?q=x&transport=tls");
        assert_eq!(query.filter("transport"), "tls");
        assert_eq!(query.cleared().href(), "/carriers");
        assert!(query.is_narrowed() && !query.cleared().is_narrowed());
    }

    #[test]
    fn default_order_is_not_in_the_address() {
        let query = read(carriers(), &[("sort", "-name")]);
        assert_eq!(query.order(), ("name", true));
        assert_eq!(query.sorted("name").href(), "/carriers");
        assert_eq!(query.sorted("name").order(), ("name", false));
    }

    #[test]
    fn unknown_sort_is_the_default_order() {
        assert_eq!(read(carriers(), &[("sort", "-password")]).order(), ("name", false));
    }

    #[test]
    fn other_parameters_are_kept() {
        let dids = TableUrl::new("/carriers/1", &["number"]).prefix("dids-").keep(&["tab"]);
        let query = read(dids, &[("tab", "dids"), ("q", "of the page"), ("dids-q", "415"), ("edit", "1")]);
        assert_eq!(query.q, "415");
        assert_eq!(query.next("c2").href(), "/carriers/1?tab=dids&dids-q=415&dids-cursor=c2&dids-page=1");
        assert_eq!(query.href_with(&[("did", "new")]), "/carriers/1?tab=dids&dids-q=415&did=new");
    }
}
