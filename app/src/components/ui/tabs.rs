use leptos::{
    ev::KeyboardEvent,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, HtmlElement},
};

/// A tab: a link to its own address.
#[derive(Clone, Debug, PartialEq)]
pub struct Tab {
    /// What `current` names.
    pub key: &'static str,
    pub label: String,
    pub href: String,
    /// Beside the label: how many rows the tab has.
    pub count: Option<String>,
}

impl Tab {
    pub fn new(key: &'static str, label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { key, label: label.into(), href: href.into(), count: None }
    }

    #[must_use]
    pub fn count(self, count: impl Into<String>) -> Self {
        Self { count: Some(count.into()), ..self }
    }
}

/// Links to the parts of a page, which the address names. Arrow keys, Home and End move between them.
#[component]
pub fn Tabs(
    /// For screen readers: "Parts of the carrier".
    label: &'static str,
    tabs: Vec<Tab>,
    /// The key of the tab that is shown.
    #[prop(into)]
    current: Signal<String>,
) -> impl IntoView {
    let tabs = tabs
        .into_iter()
        .map(|Tab { key, label, href, count }| {
            let here = move || *current.read() == key;
            let count = count.map(|count| view! { <span class="tab-count num">{count}</span> });
            view! {
                <li>
                    <a
                        class=move || if here() { "tab tab-on" } else { "tab" }
                        href=href
                        aria-current=move || here().then_some("page")
                        data-noscroll=""
                    >
                        {label}
                        {count}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <nav aria-label=label><ul class="tabs" on:keydown=move_focus>{tabs}</ul></nav> }.into_any()
}

fn move_focus(event: KeyboardEvent) {
    let Some(focused) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let item = |element: &Element| element.closest("li").ok().flatten();
    let list = focused.closest("ul").ok().flatten();
    let next = match event.key().as_str() {
        "ArrowRight" => item(&focused).and_then(|item| item.next_element_sibling()),
        "ArrowLeft" => item(&focused).and_then(|item| item.previous_element_sibling()),
        "Home" => list.and_then(|list| list.first_element_child()),
        "End" => list.and_then(|list| list.last_element_child()),
        _ => return,
    };
    event.prevent_default();
    let link = next.and_then(|item| item.first_element_child()).and_then(|link| link.dyn_into::<HtmlElement>().ok());
    if let Some(link) = link {
        let _ = link.focus();
    }
}
