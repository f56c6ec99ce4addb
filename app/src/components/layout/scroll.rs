//! Back leads to the same place: the scroll position and the link that was followed.
//!
//! Browsers restore the scroll position at once, when the page's rows are not loaded yet. So that is turned off, and the
//! position is restored when the page is tall enough. It is part of the history entry's state, which survives a reload.

/// To be called before the router is created and after the guards, so that a navigation that a guard refuses changes
/// nothing.
pub fn provide_scroll_restoration() {
    if cfg!(feature = "hydrate") {
        browser::listen();
    }
}

mod browser {
    use std::{cell::Cell, rc::Rc};

    use leptos::{
        prelude::{document, request_animation_frame, window},
        wasm_bindgen::{JsCast, JsValue, closure::Closure},
        web_sys::{
            Element, Event, FocusOptions, HtmlAnchorElement, HtmlElement, PopStateEvent, ScrollRestoration,
            js_sys::{Array, Date},
        },
    };

    /// The page that is left stays for a moment, and may look like the one that comes.
    const AT_LEAST: f64 = 300.0;
    /// Rows that take longer to load are not waited for, in milliseconds.
    const AT_MOST: f64 = 4_000.0;

    /// Counts what the user does, because a later scroll would disturb it.
    type Inputs = Rc<Cell<u32>>;

    #[derive(Clone)]
    struct Goal {
        y: f64,
        /// Address and text of the link that was followed.
        link: Option<(String, String)>,
        since: f64,
    }

    /// Never removed: the listeners belong to the page.
    pub fn listen() {
        let inputs = Inputs::default();
        set_restoration(ScrollRestoration::Manual);
        // A reload is restored by the browser, since its document is complete.
        add_listener("pagehide", |_| set_restoration(ScrollRestoration::Auto));
        add_listener("pageshow", |_| set_restoration(ScrollRestoration::Manual));
        for input in ["wheel", "touchmove", "keydown", "mousedown"] {
            let inputs = inputs.clone();
            add_listener(input, move |_| inputs.set(inputs.get() + 1));
        }
        add_listener("click", |event| {
            if let Some(link) = followed_link(&event) {
                save(&link);
            }
        });
        let path = Cell::new(window().location().pathname().unwrap_or_default());
        add_listener("popstate", move |event| {
            let here = window().location().pathname().unwrap_or_default();
            let same_page = path.replace(here.clone()) == here;
            let state = event.dyn_ref::<PopStateEvent>().map(PopStateEvent::state);
            // Without a position it is a page that was not left by a link; a dialog of the same page does not scroll.
            let Some(goal) = state.and_then(|state| goal(&state)).or_else(|| (!same_page).then(Goal::top)) else {
                return;
            };
            inputs.set(inputs.get() + 1);
            restore(goal, inputs.clone(), inputs.get());
        });
    }

    impl Goal {
        fn top() -> Self {
            Self { y: 0.0, link: None, since: Date::now() }
        }
    }

    fn save(link: &HtmlAnchorElement) {
        let y = window().scroll_y().unwrap_or_default();
        let state = Array::of3(&y.into(), &attribute(link).into(), &link.text_content().unwrap_or_default().into());
        if let Ok(history) = window().history() {
            let _ = history.replace_state(&state, "");
        }
    }

    fn goal(state: &JsValue) -> Option<Goal> {
        let state = state.dyn_ref::<Array>()?;
        let link = state.get(1).as_string().zip(state.get(2).as_string());
        Some(Goal { y: state.get(0).as_f64()?, link, since: Date::now() })
    }

    fn restore(goal: Goal, inputs: Inputs, count: u32) {
        request_animation_frame(move || {
            if inputs.get() != count {
                return;
            }
            let waited = Date::now() - goal.since;
            let link = goal.link.as_ref().map(|(href, text)| find(href, text));
            let is_complete = link.as_ref().is_none_or(Option::is_some) && can_scroll_to(goal.y);
            if is_complete || waited > AT_MOST {
                window().scroll_to_with_x_and_y(0.0, goal.y);
                if let Some(link) = link.flatten() {
                    focus(&link);
                }
            }
            if waited < if is_complete { AT_LEAST } else { AT_MOST } {
                restore(goal, inputs, count);
            }
        });
    }

    fn can_scroll_to(y: f64) -> bool {
        let window_height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
        let height = document().document_element().map_or(0, |root| root.scroll_height());
        f64::from(height) - window_height + 1.0 >= y
    }

    fn find(href: &str, text: &str) -> Option<HtmlElement> {
        let links = document().query_selector_all("a[href]").ok()?;
        (0..links.length())
            .filter_map(|index| links.get(index)?.dyn_into::<HtmlAnchorElement>().ok())
            .find(|link| attribute(link) == href && link.text_content().as_deref() == Some(text))
            .map(Into::into)
    }

    fn focus(link: &HtmlElement) {
        if document().active_element().as_ref() != Some(link.as_ref()) {
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            let _ = link.focus_with_options(&options);
        }
    }

    /// The link within this console that the click follows in this window.
    fn followed_link(event: &Event) -> Option<HtmlAnchorElement> {
        let mouse = event.dyn_ref::<leptos::web_sys::MouseEvent>()?;
        if mouse.button() != 0 || mouse.meta_key() || mouse.ctrl_key() || mouse.shift_key() || mouse.alt_key() {
            return None;
        }
        let element = event.target()?.dyn_into::<Element>().ok()?;
        let link = element.closest("a[href]").ok()??.dyn_into::<HtmlAnchorElement>().ok()?;
        (link.target().is_empty() && link.origin() == window().location().origin().ok()?).then_some(link)
    }

    fn attribute(link: &HtmlAnchorElement) -> String {
        link.get_attribute("href").unwrap_or_default()
    }

    fn set_restoration(mode: ScrollRestoration) {
        if let Ok(history) = window().history() {
            let _ = history.set_scroll_restoration(mode);
        }
    }

    fn add_listener(name: &str, listener: impl Fn(Event) + 'static) {
        let callback = Closure::<dyn Fn(Event)>::new(listener).into_js_value();
        let _ = window().add_event_listener_with_callback_and_bool(name, callback.unchecked_ref(), true);
    }
}
