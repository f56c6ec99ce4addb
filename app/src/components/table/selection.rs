use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use super::TableQuery;
use crate::components::ui::{counted, grouped};

/// The chosen rows of a table: some of this page, or all that match its search and filters.
#[derive(Clone, Copy)]
pub struct Selection {
    ids: RwSignal<Vec<String>>,
    all: RwSignal<bool>,
    /// The rows that are shown, and how many match in all.
    shown: RwSignal<Shown>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Shown {
    pub ids: Vec<String>,
    pub total: Option<i64>,
}

/// Starts with what the form of a table sent, which works without JavaScript.
pub fn use_selection() -> Selection {
    use_query_map().with_untracked(Selection::read)
}

impl Selection {
    fn read(params: &ParamsMap) -> Self {
        Self {
            ids: RwSignal::new(params.get_all("ids").unwrap_or_default()),
            all: RwSignal::new(params.get_str("all") == Some("true")),
            shown: RwSignal::new(Shown::default()),
        }
    }

    /// The ids of the chosen rows. Empty if all that match are chosen.
    pub fn ids(self) -> Vec<String> {
        if self.all.get() { Vec::new() } else { self.ids.get() }
    }

    /// Whether all rows that match the search and the filters are chosen, also those of other pages.
    pub fn is_all(self) -> bool {
        self.all.get()
    }

    pub fn is_empty(self) -> bool {
        !self.all.get() && self.ids.read().is_empty()
    }

    /// "3 phone numbers", "all 217 phone numbers that match".
    pub fn describe(self, one: &str, many: &str) -> String {
        if !self.all.get() {
            return counted(self.ids.with(count), one, many);
        }
        match self.shown.read().total {
            Some(total) => format!("all {} {many} that match", grouped(total)),
            None => format!("all {many} that match"),
        }
    }

    pub fn clear(self) {
        let _ = self.ids.try_set(Vec::new());
        let _ = self.all.try_set(false);
    }

    pub(super) fn contains(self, id: &str) -> bool {
        self.all.get() || self.ids.read().iter().any(|chosen| chosen == id)
    }

    pub(super) fn choose(self, id: String, chosen: bool) {
        if self.all.get_untracked() {
            // One of all is taken out: the choice is of this page again.
            self.all.set(false);
            self.ids.set(self.shown.read_untracked().ids.clone());
        }
        self.ids.update(|ids| {
            ids.retain(|other| *other != id);
            if chosen {
                ids.push(id);
            }
        });
    }

    /// Every row of the page, or none.
    pub(super) fn choose_page(self, chosen: bool) {
        self.all.set(false);
        self.ids.set(if chosen { self.shown.read_untracked().ids.clone() } else { Vec::new() });
    }

    pub(super) fn choose_all(self, all: bool) {
        self.all.set(all);
        if all {
            self.ids.set(self.shown.read_untracked().ids.clone());
        }
    }

    /// The rows that are shown now. Rows that are gone are no longer chosen.
    pub(super) fn show(self, shown: Shown) {
        if *self.shown.read_untracked() == shown {
            return;
        }
        if self.ids.read_untracked().iter().any(|id| !shown.ids.contains(id)) {
            self.ids.update(|ids| ids.retain(|id| shown.ids.contains(id)));
        }
        self.shown.set(shown);
    }

    pub(super) fn chosen_on_page(self) -> i64 {
        if self.all.get() { self.shown.with(|shown| count(&shown.ids)) } else { self.ids.with(count) }
    }

    pub(super) fn shown(self) -> i64 {
        self.shown.with(|shown| count(&shown.ids))
    }

    /// How many rows match, if the server counts them.
    pub fn total(self) -> Option<i64> {
        self.shown.read().total
    }
}

#[expect(clippy::ptr_arg, reason = "the signal's type")]
fn count(ids: &Vec<String>) -> i64 {
    i64::try_from(ids.len()).unwrap_or(i64::MAX)
}

/// Hidden fields of a dialog's form that say which rows it is about: `ids`, or `all=true` with the search and the filters
/// of the table by their plain names.
#[component]
pub fn SelectionFields(selection: Selection, query: Memo<TableQuery>) -> impl IntoView {
    move || {
        let fields: Vec<(&str, String)> = if selection.is_all() {
            let conditions = query.read().conditions();
            std::iter::once(("all", "true".to_owned())).chain(conditions).collect()
        } else {
            selection.ids().into_iter().map(|id| ("ids", id)).collect()
        };
        fields
            .into_iter()
            .map(|(name, value)| view! { <input type="hidden" name=name value=value autocomplete="off"/> })
            .collect_view()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selection(params: &[(&'static str, &str)], shown: &[&str], total: i64) -> Selection {
        let selection = Selection::read(&params.iter().copied().collect());
        selection.show(Shown { ids: shown.iter().map(|id| (*id).to_owned()).collect(), total: Some(total) });
        selection
    }

    #[test]
    fn scope_is_some_of_the_page_or_all_that_match() {
        Owner::new().with(|| {
            let selection = selection(&[("ids", "b")], &["a", "b"], 217);
            assert_eq!((selection.ids(), selection.is_all()), (vec!["b".to_owned()], false));
            assert_eq!(selection.describe("number", "numbers"), "1 number");
            selection.choose_all(true);
            assert_eq!((selection.ids(), selection.is_all()), (vec![], true));
            assert_eq!(selection.describe("number", "numbers"), "all 217 numbers that match");
        });
    }

    #[test]
    fn unchecking_one_of_all_chooses_the_rest_of_the_page() {
        Owner::new().with(|| {
            let selection = selection(&[("all", "true")], &["a", "b", "c"], 217);
            selection.choose("b".to_owned(), false);
            assert_eq!((selection.ids(), selection.is_all()), (vec!["a".to_owned(), "c".to_owned()], false));
        });
    }

    #[test]
    fn row_that_is_gone_is_not_chosen() {
        Owner::new().with(|| {
            let selection = selection(&[("ids", "a"), ("ids", "b")], &["b", "c"], 2);
            assert_eq!(selection.ids(), ["b"]);
        });
    }
}
