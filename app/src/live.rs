//! Changes that others made, or a sync that ended: pages hear of them and ask again.

use std::{sync::Arc, time::Duration};

use api_types::view::{Change, ChangeKind, ChangedNoun};
use leptos::prelude::*;

/// Changes come in bursts; one question answers them all.
const GATHER: Duration = Duration::from_millis(120);

type Listener = Arc<dyn Fn(&Change) + Send + Sync>;

#[derive(Clone, Copy)]
struct Live {
    listeners: StoredValue<Vec<(u32, Listener)>>,
    next_key: StoredValue<u32>,
}

/// Listens to the server's events for as long as the caller's owner lives.
pub fn provide_live() {
    let live = Live { listeners: StoredValue::new(Vec::new()), next_key: StoredValue::new(0) };
    provide_context(live);
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| {
        let (listening, handle) = futures::future::abortable(crate::api::events::listen(move |change| {
            // A copy, because a listener may add or remove one.
            let listeners = live.listeners.try_get_value().unwrap_or_default();
            listeners.iter().for_each(|(_, listener)| listener(&change));
        }));
        leptos::task::spawn_local(async move {
            let _ = listening.await;
        });
        on_cleanup(move || handle.abort());
    });
}

/// Runs `refresh` shortly after a change of that row, but for its deletion: there is nothing left to ask for.
pub fn on_change(noun: ChangedNoun, id: String, refresh: impl Fn() + Clone + Send + Sync + 'static) {
    let wanted = move |change: &Change| change.noun == noun && change.id == id && change.kind != ChangeKind::Deleted;
    on_changes(GATHER, wanted, refresh);
}

/// Runs `refresh` that long after the first of several changes that are wanted.
pub fn on_changes(
    gather: Duration,
    wanted: impl Fn(&Change) -> bool + Send + Sync + 'static,
    refresh: impl Fn() + Clone + Send + Sync + 'static,
) {
    let due = StoredValue::new(false);
    let listener = move |change: &Change| {
        let wanted = change.noun == ChangedNoun::All || wanted(change);
        if !wanted || due.try_get_value() != Some(false) {
            return;
        }
        due.set_value(true);
        let refresh = refresh.clone();
        set_timeout(
            move || {
                if due.try_set_value(false).is_none() {
                    refresh();
                }
            },
            gather,
        );
    };
    listen(Arc::new(listener));
}

fn listen(listener: Listener) {
    let Some(live) = use_context::<Live>() else { return };
    let key = live.next_key.get_value();
    live.next_key.set_value(key + 1);
    live.listeners.update_value(|listeners| listeners.push((key, listener)));
    on_cleanup(move || {
        let _ = live.listeners.try_update_value(|listeners| listeners.retain(|(other, _)| *other != key));
    });
}
