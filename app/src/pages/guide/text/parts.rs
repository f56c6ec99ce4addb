//! Building blocks of the topics.

use api_types::view::Signalling;
use leptos::prelude::*;

use crate::{
    components::ui::{COPY, LINK, icon},
    pages::guide::topics::TOPICS,
    urls,
};

/// Heading, button to copy the link, text, and a link to the next topic.
pub fn topic(id: &str, name: &'static str, text: AnyView) -> AnyView {
    let address = urls::guide_topic(id);
    let at = TOPICS.iter().position(|(known, _)| *known == id).unwrap_or_default();
    let next = TOPICS.get(at + 1).map(|(id, name)| {
        view! { <p class="guide-next">"Next: " {link(id, name)}</p> }
    });
    view! {
        <header class="guide-head">
            <h3 tabindex="-1">{name}</h3>
            {copy(address, format!("Copy the link to “{name}”"), true)}
        </header>
        {text}
        {next}
    }
    .into_any()
}

/// A link to another topic.
pub fn link(id: &str, text: &'static str) -> AnyView {
    view! { <a class="link" href=urls::guide_topic(id) data-noscroll="">{text}</a> }.into_any()
}

fn copy(text: String, label: String, is_link: bool) -> AnyView {
    view! {
        <button type="button" class="icon-btn needs-js" data-copy=text aria-label=label.clone() title=label>
            {icon(if is_link { LINK } else { COPY })}
        </button>
    }
    .into_any()
}

/// A value to enter elsewhere, with a button to copy it.
pub fn field(label: &'static str, value: impl Into<String>) -> AnyView {
    let value = value.into();
    view! {
        <div class="guide-field">
            <dt>{label}</dt>
            <dd><code>{value.clone()}</code> {copy(value, format!("Copy: {label}"), false)}</dd>
        </div>
    }
    .into_any()
}

/// A value to choose.
pub fn choice(label: &'static str, what: impl IntoView + 'static) -> AnyView {
    view! { <div class="guide-field"><dt>{label}</dt> <dd><span>{what.into_view()}</span></dd></div> }.into_any()
}

pub fn fields(fields: Vec<AnyView>) -> AnyView {
    view! { <dl class="guide-fields">{fields}</dl> }.into_any()
}

/// A badge and its meaning.
pub fn term(badge: impl IntoView + 'static, meaning: &'static str) -> AnyView {
    view! { <div><dt>{badge.into_view()}</dt> <dd>{meaning}</dd></div> }.into_any()
}

pub fn terms(terms: Vec<AnyView>) -> AnyView {
    view! { <dl class="guide-terms">{terms}</dl> }.into_any()
}

/// The steps of a call as a diagram.
pub fn route(label: &'static str, stations: &[(&'static str, &'static str)]) -> AnyView {
    let stations = stations
        .iter()
        .map(|(name, what)| view! { <li><strong>{*name}</strong> <span>{*what}</span></li> })
        .collect_view();
    view! { <ol class="guide-route" aria-label=label>{stations}</ol> }.into_any()
}

/// A step of a call, and why the call may end there.
pub fn step(what: impl IntoView + 'static, ends: &'static str) -> AnyView {
    let ends = (!ends.is_empty()).then(|| view! { <p class="guide-ends"><strong>"Ends here if "</strong> {ends}</p> });
    view! { <li><p>{what.into_view()}</p> {ends}</li> }.into_any()
}

pub fn steps(steps: Vec<AnyView>) -> AnyView {
    view! { <ol class="guide-steps">{steps}</ol> }.into_any()
}

/// A provider's signalling addresses, with a button to copy them and their source.
pub fn signalling(label: &'static str, signalling: &Signalling) -> AnyView {
    let ranges: Vec<&str> = signalling.ranges.iter().map(|entry| entry.range.as_str()).collect();
    let rows = signalling
        .ranges
        .iter()
        .map(|entry| view! { <li><code>{entry.range.clone()}</code> " " {entry.region.clone()}</li> })
        .collect_view();
    view! {
        <div class="guide-field">
            <dt>{label}</dt>
            <dd>
                <div class="min-w-0">
                    <ul class="guide-ranges">{rows}</ul>
                    <p class="hint">
                        <a class="link" href=signalling.source.clone() target="_blank" rel="noopener">"As published"</a>
                        ", retrieved "
                        <time datetime=signalling.retrieved_on.clone()>{signalling.retrieved_on.clone()}</time>
                        ". Copied, they can be pasted into the field all at once."
                    </p>
                </div>
                {copy(ranges.join("\n"), format!("Copy: {label}"), false)}
            </dd>
        </div>
    }
    .into_any()
}

/// A link to the form filled in from the provider.
pub fn start_from(provider: &str, text: &'static str) -> AnyView {
    view! { <p><a class="btn" href=urls::create_carrier_from(provider)>{text}</a></p> }.into_any()
}
