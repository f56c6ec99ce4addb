//! The carrier guide: what the settings mean and what carriers expect, in a dialog over the page.
//!
//! The texts stay on the server ([`text`]), so that they do not add to the size of the WebAssembly. A topic in the address
//! is rendered with the page; a topic that is opened by a click is fetched.

#[cfg(feature = "ssr")]
pub mod text;
mod topics;

use api_types::Problem;
use leptos::{ev::MouseEvent, html, prelude::*, task::spawn_local, wasm_bindgen::JsCast, web_sys::Element};
use leptos_router::hooks::use_query_map;

pub use self::topics::TOPICS;
use crate::{
    components::ui::{Dialog, Failure, copy_text},
    server_fns::{guide::guide_topic, read},
    urls,
};

#[component]
pub fn Guide(#[prop(into)] close: String) -> impl IntoView {
    let params = use_query_map();
    let topic = Memo::new(move |_| {
        params.with(|params| {
            let id = params.get_str("guide").unwrap_or_default();
            TOPICS.iter().find(|(known, _)| *known == id).map_or(TOPICS[0].0, |(known, _)| *known)
        })
    });
    let prefix = StoredValue::new(prefix(&close));
    let scroller = NodeRef::<html::Div>::new();
    let text = NodeRef::<html::Article>::new();
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let copied = RwSignal::new(None::<&str>);
    let again = RwSignal::new(());
    Effect::new(move |before: Option<()>| {
        let wanted = topic.get();
        again.track();
        copied.set(None);
        let Some(element) = text.get() else { return };
        if before.is_none() && element.first_element_child().is_some() {
            // Rendered by the server already.
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let answer = read(guide_topic(wanted.to_owned())).await;
            // The guide was closed or shows another topic by now.
            if topic.try_get_untracked() != Some(wanted) {
                return;
            }
            busy.set(false);
            let (html, failed) = match answer {
                Ok(html) => (prefix.with_value(|prefix| rebase(&html, prefix)), None),
                Err(failed) => (String::new(), Some(failed)),
            };
            element.set_inner_html(&html);
            problem.set(failed);
            if before.is_some() {
                // The clicked link may be gone, so the focus moves to the heading.
                if let Some(scroller) = scroller.get_untracked() {
                    scroller.set_scroll_top(0);
                }
                let heading = element.query_selector("h3").ok().flatten();
                if let Some(heading) = heading.and_then(|heading| heading.dyn_into::<web_sys::HtmlElement>().ok()) {
                    let _ = heading.focus();
                }
            }
        });
    });
    let copy = move |event: MouseEvent| {
        let pressed = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let button = pressed.and_then(|element| element.closest("[data-copy]").ok().flatten());
        if let Some(text) = button.and_then(|button| button.get_attribute("data-copy")) {
            let origin = if text.starts_with('/') { window().location().origin() } else { Ok(String::new()) };
            let done = copy_text(&(origin.unwrap_or_default() + &text));
            copied.set(Some(if done {
                "Copied."
            } else {
                "This browser copies over https only: select the text instead."
            }));
        }
    };
    let links = TOPICS
        .map(|(id, name)| {
            let href = prefix.with_value(|prefix| format!("{prefix}{id}"));
            let current = move || (topic.get() == id).then_some("page");
            view! { <li><a class="guide-link" href=href data-noscroll="" aria-current=current>{name}</a></li> }
        })
        .collect_view();
    let rendered = prefix.with_value(|prefix| rendered(topic.get_untracked(), prefix));
    view! {
        <Dialog title="Carrier guide" close class="dialog dialog-guide">
            <div node_ref=scroller class="dialog-body guide" tabindex="0" role="region" aria-label="Carrier guide">
                <nav class="guide-nav" aria-label="Topics"><ul>{links}</ul></nav>
                <div class="guide-page" aria-busy=move || busy.get().then_some("true")>
                    <article node_ref=text class="guide-text" inner_html=rendered on:click=copy></article>
                    {move || {
                        problem.get().map(|problem| view! { <Failure problem retry=move || again.set(())/> })
                    }}
                </div>
            </div>
            <p role="status" class="guide-status">{move || copied.get()}</p>
        </Dialog>
    }
    .into_any()
}

/// Address of a topic on this page, without its id.
fn prefix(close: &str) -> String {
    format!("{close}{}guide=", if close.contains('?') { '&' } else { '?' })
}

/// Rewrites links to other topics to links on this page.
fn rebase(html: &str, prefix: &str) -> String {
    html.replace(&format!("href=\"{}", urls::guide_topic("")), &format!("href=\"{}", prefix.replace('&', "&amp;")))
}

/// In the browser the element keeps the server's HTML.
#[cfg(feature = "ssr")]
fn rendered(topic: &str, prefix: &str) -> String {
    text::html(topic).map_or_else(String::new, |html| rebase(html, prefix))
}

#[cfg(not(feature = "ssr"))]
fn rendered(_topic: &str, _prefix: &str) -> String {
    String::new()
}
