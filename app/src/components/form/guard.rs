//! Nobody loses what they typed by a slip: leaving a changed form asks first.

use std::sync::Arc;

use leptos::prelude::*;

/// A form that is being filled in.
#[derive(Clone)]
struct Guarded {
    key: u32,
    /// The address it is at: path and query.
    address: String,
    changed: Arc<dyn Fn() -> bool + Send + Sync>,
    /// Whether the form is still there at that path with its query.
    stays: Arc<dyn Fn(&str) -> bool + Send + Sync>,
}

#[derive(Clone, Copy)]
struct Guards {
    forms: StoredValue<Vec<Guarded>>,
    next_key: StoredValue<u32>,
}

impl Guards {
    /// The form that would lose something by going to the target, or by closing the page (None).
    fn loser(self, target: Option<&str>) -> Option<Guarded> {
        let forms = self.forms.get_value();
        forms
            .into_iter()
            .find(|form| untrack(|| (form.changed)()) && !target.is_some_and(|target| (form.stays)(target)))
    }
}

/// To be called before the router is made: browsers tell of a step back in the order in which they were asked to.
pub fn provide_guards() {
    let guards = Guards { forms: StoredValue::new(Vec::new()), next_key: StoredValue::new(0) };
    provide_context(guards);
    if cfg!(feature = "hydrate") {
        browser::listen(guards);
    }
}

/// While `changed`, asks before the page is closed, before a link leads elsewhere, and before the way back. `stays` says
/// of a path with its query whether the form, which is at `address` now, is still on it.
pub fn guard_leaving(
    address: String,
    changed: impl Fn() -> bool + Send + Sync + 'static,
    stays: impl Fn(&str) -> bool + Send + Sync + 'static,
) {
    let Guards { forms, next_key } = expect_context();
    let key = next_key.get_value();
    next_key.set_value(key + 1);
    let form = Guarded { key, address, changed: Arc::new(changed), stays: Arc::new(stays) };
    forms.update_value(|forms| forms.push(form));
    on_cleanup(move || {
        let _ = forms.try_update_value(|forms| forms.retain(|form| form.key != key));
    });
}

mod browser {
    use leptos::{
        ev,
        prelude::{window, window_event_listener},
        wasm_bindgen::{JsCast, JsValue, closure::Closure},
        web_sys::{Element, Event, HtmlAnchorElement, MouseEvent},
    };

    use super::Guards;

    const QUESTION: &str = "Leave without saving? What you changed here will be lost.";

    /// For as long as the page lives.
    pub fn listen(guards: Guards) {
        let _ = window_event_listener(ev::beforeunload, move |event| {
            if guards.loser(None).is_some() {
                event.prevent_default();
            }
        });
        hear_first("click", move |event| {
            let Some(target) = link_target(&event) else { return };
            if guards.loser(Some(&target)).is_some() && !leave() {
                event.prevent_default();
                event.stop_immediate_propagation();
            }
        });
        // The address has changed already when the browser tells of a step back: it is put back where it was.
        hear_first("popstate", move |event| {
            let Some(form) = guards.loser(Some(&here())) else { return };
            if !leave() {
                event.stop_immediate_propagation();
                if let Ok(history) = window().history() {
                    let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&form.address));
                }
            }
        });
    }

    fn leave() -> bool {
        window().confirm_with_message(QUESTION).unwrap_or(true)
    }

    fn here() -> String {
        let location = window().location();
        location.pathname().unwrap_or_default() + &location.search().unwrap_or_default()
    }

    /// Path and query of the link that an ordinary click follows within this console.
    fn link_target(event: &Event) -> Option<String> {
        let mouse = event.dyn_ref::<MouseEvent>()?;
        if mouse.button() != 0 || mouse.meta_key() || mouse.ctrl_key() || mouse.shift_key() || mouse.alt_key() {
            return None;
        }
        let element = event.target()?.dyn_into::<Element>().ok()?;
        let link = element.closest("a[href]").ok()??.dyn_into::<HtmlAnchorElement>().ok()?;
        if !link.target().is_empty() || link.origin() != window().location().origin().ok()? {
            return None;
        }
        Some(link.pathname() + &link.search())
    }

    fn hear_first(name: &str, listener: impl Fn(Event) + 'static) {
        let callback = Closure::<dyn Fn(Event)>::new(listener).into_js_value();
        let _ = window().add_event_listener_with_callback_and_bool(name, callback.unchecked_ref(), true);
    }
}
