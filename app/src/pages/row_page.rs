//! A page of one row, by the id in its address.

use std::pin::Pin;

use api_types::{Problem, view::ChangedNoun};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    components::{
        form::use_guards,
        layout::PageHeader,
        ui::{Failure, Skeleton},
    },
    live::{note_changes, on_change, on_deleted},
    status::set_status,
};

/// A read of a row.
pub type Load<T> = fn(String) -> Pin<Box<dyn Future<Output = Result<T, Problem>> + Send>>;

/// The row of the page: as it was loaded, and as it is saved now. Refreshing it does not render the page again, so that
/// nothing typed is lost.
pub struct LiveRow<T: 'static> {
    pub current: RwSignal<T>,
    pub deletion: Deletion,
    id: StoredValue<String>,
    load: Load<T>,
}

impl<T> Clone for LiveRow<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for LiveRow<T> {}

impl<T: Clone + PartialEq + Send + Sync> LiveRow<T> {
    fn new(noun: ChangedNoun, id: String, loaded: T, load: Load<T>) -> Self {
        let deletion = Deletion::watch(noun, id.clone());
        let row = Self { current: RwSignal::new(loaded), deletion, id: StoredValue::new(id.clone()), load };
        on_change(noun, id, move || row.refresh());
        row
    }

    /// Loads the row again. After a failure it stays as it is: the next event loads it once more.
    pub fn refresh(self) {
        if self.deletion.is_known() {
            return;
        }
        let Some(id) = self.id.try_get_value() else { return };
        spawn_local(async move {
            match (self.load)(id).await {
                Ok(row) => self.show(row),
                Err(problem) if problem.status == 404 => self.deletion.deleted_by_others(),
                Err(_) => {}
            }
        });
    }

    /// Shows what was just saved or loaded.
    pub fn show(self, row: T) {
        if self.current.try_with_untracked(|current| *current != row) == Some(true) {
            self.current.set(row);
        }
    }
}

/// Whether the row was deleted. The page says so if others did it; after the user's own deletion it navigates away.
#[derive(Clone, Copy)]
pub struct Deletion {
    by_others: RwSignal<bool>,
    /// The user's deletion is executed, or has been.
    own: StoredValue<bool>,
}

impl Deletion {
    fn watch(noun: ChangedNoun, id: String) -> Self {
        let deletion = Self { by_others: RwSignal::new(false), own: StoredValue::new(false) };
        on_deleted(noun, id, move || deletion.deleted_by_others());
        deletion
    }

    /// Whether others deleted the row. Tracks.
    pub fn by_others(self) -> bool {
        self.by_others.get()
    }

    fn deleted_by_others(self) {
        if self.own.try_get_value() == Some(false) {
            let _ = self.by_others.try_set(true);
        }
    }

    fn is_known(self) -> bool {
        self.own.try_get_value() != Some(false) || self.by_others.try_get_untracked() != Some(false)
    }

    /// Executes the user's deletion. Its event may arrive before its response.
    pub async fn execute<T, E>(self, request: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        let _ = self.own.try_set_value(true);
        let outcome = request.await;
        let _ = self.own.try_set_value(outcome.is_ok());
        outcome
    }
}

/// Loads the row and shows `page`. Another id is another page: no state of the one before remains.
#[component]
pub fn RowPage<T>(
    noun: ChangedNoun,
    /// The title while there is no row: "Bot".
    title: &'static str,
    /// Address and name of the list that the row belongs to.
    parent: (&'static str, &'static str),
    load: Load<T>,
    page: fn(LiveRow<T>) -> AnyView,
    /// Shown if the row does not exist, or (true) does not any more.
    missing: fn(bool) -> AnyView,
) -> impl IntoView
where
    T: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let changed = note_changes(noun, id);
    let row = Resource::new(move || id.get(), load);
    let live = move |id: String, loaded: T| {
        let row = LiveRow::new(noun, id, loaded, load);
        if changed.try_update_value(std::mem::take) == Some(true) {
            row.refresh();
        }
        live_page(row, page, missing)
    };
    let content = move || {
        Suspend::new(async move {
            match row.await {
                Ok(loaded) => {
                    let loaded = vec![(id.get_untracked(), loaded)];
                    view! {
                        <For
                            each=move || loaded.clone()
                            key=|(id, _)| id.clone()
                            children=move |(id, loaded)| live(id, loaded)
                        />
                    }
                    .into_any()
                }
                Err(problem) if problem.status == 404 => {
                    set_status(404);
                    missing(false)
                }
                Err(problem) => {
                    set_status(problem.status);
                    view! {
                        <PageHeader title parent/>
                        <div class="card"><Failure problem retry=move || row.refetch()/></div>
                    }
                    .into_any()
                }
            }
        })
    };
    let fallback = move || {
        view! {
            <PageHeader title parent/>
            <div class="card"><Skeleton rows=6/></div>
        }
    };
    view! { <Transition fallback>{content}</Transition> }.into_any()
}

fn live_page<T: Clone + Send + Sync>(
    row: LiveRow<T>,
    page: fn(LiveRow<T>) -> AnyView,
    missing: fn(bool) -> AnyView,
) -> AnyView {
    let guards = use_guards();
    // What is typed in a form of the page stays, and the form says that it cannot be saved.
    let is_missing =
        Memo::new(move |_| row.deletion.by_others.get() && !guards.is_some_and(|guards| guards.has_unsaved_changes()));
    (move || if is_missing.get() { missing(true) } else { page(row) }).into_any()
}
