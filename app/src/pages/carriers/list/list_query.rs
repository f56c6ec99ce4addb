use api_types::view::CarrierQuery;
use domain::{Attention, CarrierSort};
use leptos_router::params::ParamsMap;

use crate::urls;

/// Carriers on a page.
pub const PAGE_SIZE: u32 = 50;

/// How many steps back are kept in the address; before that there is the first page.
const STEPS_BACK: usize = 20;

/// Which part of the list is shown. It is read from the address, and every link of the list writes it there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub q: String,
    /// Only carriers with which that is the matter.
    pub attention: Option<Attention>,
    /// As in [`CarrierQuery`]; empty for the usual order.
    pub sort: String,
    cursor: String,
    /// Cursors of the pages before this one, the nearest last. The first page has none.
    before: Vec<String>,
    /// Counted from 0; only for showing which rows these are.
    pub page: u32,
}

impl Place {
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

    pub fn query(&self) -> CarrierQuery {
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
        self.href_and(&[])
    }

    pub fn href_with_guide(&self) -> String {
        self.href_and(&[("guide", "1")])
    }

    fn href_and(&self, more: &[(&str, &str)]) -> String {
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

    /// What the list is sorted by, and whether that is turned round.
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
        before.drain(..before.len().saturating_sub(STEPS_BACK));
        Self { cursor: cursor.to_owned(), before, page: self.page + 1, ..self.clone() }
    }

    /// The page before; the first one where the steps back do not reach further.
    pub fn previous(&self) -> Self {
        let mut before = self.before.clone();
        let Some(cursor) = before.pop() else {
            return self.showing(self.attention);
        };
        Self { cursor, before, page: self.page.saturating_sub(1), ..self.clone() }
    }

    /// Whether [`Self::previous`] is the page before rather than the far first one.
    pub fn reaches_back(&self) -> bool {
        !self.before.is_empty() || self.page <= 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forth_and_back_is_the_same_place() {
        let first = Place { q: "twilio".to_owned(), ..Place::default() };
        let second = first.next("c2");
        let third = second.next("c3");
        assert_eq!(third.previous(), second);
        assert_eq!(second.previous(), first);
        assert!(third.href().ends_with("?q=twilio&cursor=c3&page=2&before=c2"));
    }

    #[test]
    fn what_needs_attention_stays_through_search_order_and_pages() {
        let place = Place::default().showing(Some(Attention::Open));
        assert_eq!(place.href(), "/dashboard/carriers?attention=open");
        assert_eq!(place.searching("x").sorted("-dids").href(), "/dashboard/carriers?q=x&attention=open&sort=-dids");
        assert_eq!(place.next("c2").previous(), place);
        assert_eq!(place.next("c2").showing(None).href(), "/dashboard/carriers");
    }

    #[test]
    fn a_search_keeps_the_order_and_leaves_the_page() {
        let place = Place { sort: "-outbound_cps".to_owned(), ..Place::default() }.next("c2");
        assert_eq!(place.searching(" plivo ").href(), "/dashboard/carriers?q=plivo&sort=-outbound_cps");
    }
}
