//! Asks for confirmation before a changed form is left.

use std::sync::Arc;

use leptos::{prelude::*, web_sys::HtmlAnchorElement};
use send_wrapper::SendWrapper;

/// A form that may have unsaved changes.
#[derive(Clone)]
struct Guarded {
    key: u32,
    /// The form's path and query.
    address: String,
    changed: Arc<dyn Fn() -> bool + Send + Sync>,
    /// Whether that path and query show the same form.
    is_same_form: Arc<dyn Fn(&str) -> bool + Send + Sync>,
}

#[derive(Clone, Copy)]
pub struct Guards {
    forms: StoredValue<Vec<Guarded>>,
    next_key: StoredValue<u32>,
    /// The navigation that waits for the user's decision.
    pub(super) waiting: RwSignal<Option<Navigation>>,
    /// The user has decided to leave.
    decided: StoredValue<bool>,
}

/// How the form would be left.
#[derive(Clone)]
pub(super) enum Navigation {
    Link(SendWrapper<HtmlAnchorElement>),
    Back,
}

impl Guards {
    pub fn has_unsaved_changes(self) -> bool {
        self.unsaved_form(None).is_some()
    }

    /// Leaves the form, as the user decided.
    pub(super) fn leave(self) {
        let Some(navigation) = self.waiting.get_untracked() else { return };
        self.waiting.set(None);
        self.decided.set_value(true);
        match navigation {
            Navigation::Link(link) => {
                link.click();
                self.decided.set_value(false);
            }
            // Its event comes later.
            Navigation::Back => {
                let _ = window().history().and_then(|history| history.back());
            }
        }
    }

    /// The form whose changes would be lost by going to the target, or by closing the page (`None`).
    fn unsaved_form(self, target: Option<&str>) -> Option<Guarded> {
        let forms = self.forms.get_value();
        forms
            .into_iter()
            .find(|form| untrack(|| (form.changed)()) && !target.is_some_and(|target| (form.is_same_form)(target)))
    }
}

/// The guards of the page, from before an await, after which the context is gone.
pub fn use_guards() -> Option<Guards> {
    use_context()
}

/// To be called before the router is created: `popstate` listeners run in the order of their registration.
pub fn provide_guards() {
    let guards = Guards {
        forms: StoredValue::new(Vec::new()),
        next_key: StoredValue::new(0),
        waiting: RwSignal::new(None),
        decided: StoredValue::new(false),
    };
    provide_context(guards);
    if cfg!(feature = "hydrate") {
        browser::listen(guards);
    }
}

/// While `changed`, asks before the page is closed, a link is followed or the browser goes back. `is_same_form` says
/// whether a path with its query shows the form that is at `address` now.
pub fn guard_leaving(
    address: String,
    changed: impl Fn() -> bool + Send + Sync + 'static,
    is_same_form: impl Fn(&str) -> bool + Send + Sync + 'static,
) {
    let Guards { forms, next_key, .. } = expect_context();
    let key = next_key.get_value();
    next_key.set_value(key + 1);
    let form = Guarded { key, address, changed: Arc::new(changed), is_same_form: Arc::new(is_same_form) };
    forms.update_value(|forms| forms.push(form));
    on_cleanup(move || {
        let _ = forms.try_update_value(|forms| forms.retain(|form| form.key != key));
    });
}

/// Whether the target shows the form that is at the address: the same path, and every parameter of the address, such as the
/// one that opens a dialog.
pub(super) fn is_same_form(address: &str, target: &str) -> bool {
    let parts = |address: &str| {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let pairs: Vec<String> = query.split('&').filter(|pair| !pair.is_empty()).map(str::to_owned).collect();
        (path.to_owned(), pairs)
    };
    let ((path, pairs), (target_path, target_pairs)) = (parts(address), parts(target));
    path == target_path && pairs.iter().all(|pair| target_pairs.contains(pair))
}

mod browser {
    use leptos::{
        ev,
        prelude::{GetValue, Set, SetValue, window, window_event_listener},
        wasm_bindgen::{JsCast, JsValue, closure::Closure},
        web_sys::{Element, Event, HtmlAnchorElement, MouseEvent},
    };
    use send_wrapper::SendWrapper;

    use super::{Guards, Navigation};

    /// Never removed: the listeners belong to the page.
    pub fn listen(guards: Guards) {
        let _ = window_event_listener(ev::beforeunload, move |event| {
            if guards.unsaved_form(None).is_some() {
                event.prevent_default();
            }
        });
        add_capturing_listener("click", move |event| {
            let Some(link) = followed_link(&event).filter(|_| !guards.decided.get_value()) else { return };
            if guards.unsaved_form(Some(&(link.pathname() + &link.search()))).is_some() {
                event.prevent_default();
                event.stop_immediate_propagation();
                guards.waiting.set(Some(Navigation::Link(SendWrapper::new(link))));
            }
        });
        // `popstate` fires after the address has changed, so the old address is restored.
        add_capturing_listener("popstate", move |event| {
            if guards.decided.get_value() {
                guards.decided.set_value(false);
                return;
            }
            let Some(form) = guards.unsaved_form(Some(&current_address())) else { return };
            event.stop_immediate_propagation();
            if let Ok(history) = window().history() {
                let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&form.address));
            }
            guards.waiting.set(Some(Navigation::Back));
        });
    }

    fn current_address() -> String {
        let location = window().location();
        location.pathname().unwrap_or_default() + &location.search().unwrap_or_default()
    }

    /// The link within this console that the click follows in this window.
    fn followed_link(event: &Event) -> Option<HtmlAnchorElement> {
        let mouse = event.dyn_ref::<MouseEvent>()?;
        if mouse.button() != 0 || mouse.meta_key() || mouse.ctrl_key() || mouse.shift_key() || mouse.alt_key() {
            return None;
        }
        let element = event.target()?.dyn_into::<Element>().ok()?;
        let link = element.closest("a[href]").ok()??.dyn_into::<HtmlAnchorElement>().ok()?;
        (link.target().is_empty() && link.origin() == window().location().origin().ok()?).then_some(link)
    }

    fn add_capturing_listener(name: &str, listener: impl Fn(Event) + 'static) {
        let callback = Closure::<dyn Fn(Event)>::new(listener).into_js_value();
        let _ = window().add_event_listener_with_callback_and_bool(name, callback.unchecked_ref(), true);
    }
}

#[cfg(test)]
mod tests {
    use super::is_same_form;

    #[test]
    fn form_is_the_same_while_its_path_and_parameters_stay() {
        assert!(is_same_form("/bots/1", "/bots/1?delete=1"));
        assert!(is_same_form("/carriers/1?edit=1", "/carriers/1?edit=1&guide=1"));
        assert!(!is_same_form("/carriers/1?edit=1", "/carriers/1"));
        assert!(!is_same_form("/carriers/1?did=did_1", "/carriers/1?did=did_2"));
        assert!(!is_same_form("/bots/1", "/bots"));
    }
}
