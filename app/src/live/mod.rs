//! Pages load again when the server publishes a change of what they show.

#[cfg(feature = "hydrate")]
mod subscription;

use std::{sync::Arc, time::Duration};

use api_types::view::{Change, ChangeKind, ChangedNoun};
use leptos::prelude::*;

/// Changes come in bursts; one request covers them all.
const DEBOUNCE: Duration = Duration::from_millis(120);

type Listener = Arc<dyn Fn(&Change) + Send + Sync>;

#[derive(Clone, Copy)]
struct Live {
    listeners: StoredValue<Vec<(u32, Listener)>>,
    next_key: StoredValue<u32>,
}

/// Subscribes to the server's events until the caller's owner is disposed.
pub fn provide_live() {
    let live = Live { listeners: StoredValue::new(Vec::new()), next_key: StoredValue::new(0) };
    provide_context(live);
    #[cfg(feature = "hydrate")]
    let revision = crate::session::use_session().revision;
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| {
        let (subscription, handle) =
            futures::future::abortable(subscription::subscribe(revision.clone(), move |change| {
                // A copy, because a listener may add or remove one.
                let listeners = live.listeners.try_get_value().unwrap_or_default();
                listeners.iter().for_each(|(_, listener)| listener(&change));
            }));
        leptos::task::spawn_local(async move {
            let _ = subscription.await;
        });
        on_cleanup(move || handle.abort());
    });
}

/// Runs `refresh` shortly after a change of that row. Not after its deletion, when there is nothing to load.
pub fn on_change(noun: ChangedNoun, id: String, refresh: impl Fn() + Clone + Send + Sync + 'static) {
    let matches = move |change: &Change| change.noun == noun && change.id == id && change.kind != ChangeKind::Deleted;
    on_changes(DEBOUNCE, matches, refresh);
}

/// Whether that row has changed since the value was last taken: a row that is still being loaded may be read before a change
/// whose event arrives before the row does.
pub fn note_changes(noun: ChangedNoun, id: Memo<String>) -> StoredValue<bool> {
    let changed = StoredValue::new(false);
    subscribe(Arc::new(move |change: &Change| {
        let matches = change.noun == noun && id.try_get_untracked().is_some_and(|id| id == change.id);
        if matches || change.noun == ChangedNoun::All {
            let _ = changed.try_set_value(true);
        }
    }));
    changed
}

/// Runs `refresh` once, `delay` after the first change that matches.
pub fn on_changes(
    delay: Duration,
    matches: impl Fn(&Change) -> bool + Send + Sync + 'static,
    refresh: impl Fn() + Clone + Send + Sync + 'static,
) {
    let scheduled = StoredValue::new(false);
    let listener = move |change: &Change| {
        let matches = change.noun == ChangedNoun::All || matches(change);
        if !matches || scheduled.try_get_value() != Some(false) {
            return;
        }
        scheduled.set_value(true);
        let refresh = refresh.clone();
        set_timeout(
            move || {
                if scheduled.try_set_value(false).is_none() {
                    refresh();
                }
            },
            delay,
        );
    };
    subscribe(Arc::new(listener));
}

/// Runs `refresh` shortly after a change of any row of these nouns.
pub fn on_any_change(nouns: &'static [ChangedNoun], refresh: impl Fn() + Clone + Send + Sync + 'static) {
    on_changes(DEBOUNCE, |change| nouns.contains(&change.noun), refresh);
}

/// Runs `refresh` shortly after a change of rows that belong to this one, also after the deletion of some of them.
pub fn on_change_of(noun: ChangedNoun, id: String, refresh: impl Fn() + Clone + Send + Sync + 'static) {
    on_changes(DEBOUNCE, move |change| change.noun == noun && change.id == id, refresh);
}

/// Runs `deleted` at once when that row is deleted.
pub fn on_deleted(noun: ChangedNoun, id: String, deleted: impl Fn() + Send + Sync + 'static) {
    subscribe(Arc::new(move |change: &Change| {
        if change.noun == noun && change.kind == ChangeKind::Deleted && change.id == id {
            deleted();
        }
    }));
}

fn subscribe(listener: Listener) {
    let Some(live) = use_context::<Live>() else { return };
    let key = live.next_key.get_value();
    live.next_key.set_value(key + 1);
    live.listeners.update_value(|listeners| listeners.push((key, listener)));
    on_cleanup(move || {
        let _ = live.listeners.try_update_value(|listeners| listeners.retain(|(other, _)| *other != key));
    });
}
