use api_types::input::AuditQuery;
use domain::{AuditAction, AuditKind, IntoEnumIterator};
use leptos::prelude::*;

use crate::{
    components::ui::{SEARCH, icon},
    urls,
};

/// A form with GET: the filters are part of the address.
pub fn filters(now: AuditQuery) -> AnyView {
    let kinds =
        [("", "Any")].into_iter().chain(AuditKind::filters().map(|kind| (kind.as_str(), kind.label()))).collect();
    let actions =
        [("", "Any")].into_iter().chain(AuditAction::iter().map(|action| (action.as_str(), action.label()))).collect();
    view! {
        <form class="audit-filters" role="search" method="get" action=urls::AUDIT>
            {text("q", "Name or number", now.q, "search")}
            {text("actor", "Person (e-mail)", now.actor, "text")}
            {select("kind", "What", now.kind, kinds)}
            {select("action", "Action", now.action, actions)}
            {text("from", "From", now.from, "date")}
            {text("to", "To", now.to, "date")}
            <input type="hidden" name="subject" value=now.subject/>
            <button type="submit" class="btn h-8.5 justify-center col-span-2 lg:col-span-1" id="audit-apply">
                {icon(SEARCH)}
                "Filter"
            </button>
        </form>
    }
    .into_any()
}

fn text(name: &'static str, label: &'static str, mut value: String, kind: &'static str) -> AnyView {
    // A date input accepts only a date, so the time of a timestamp is cut off.
    if kind == "date" {
        value = value.get(..10).filter(|day| day.as_bytes()[4] == b'-').unwrap_or_default().to_owned();
    }
    let id = format!("audit-{name}");
    let label_for = id.clone();
    view! {
        <div class="min-w-0">
            <label class="label" for=label_for>{label}</label>
            <input id=id class="field" type=kind name=name value=value autocomplete="off" spellcheck="false"/>
        </div>
    }
    .into_any()
}

fn select(
    name: &'static str,
    label: &'static str,
    value: String,
    options: Vec<(&'static str, &'static str)>,
) -> AnyView {
    let id = format!("audit-{name}");
    let label_for = id.clone();
    let options = options
        .into_iter()
        .map(|(option, text)| view! { <option value=option selected=option == value>{text}</option> })
        .collect_view();
    view! {
        <div class="min-w-0">
            <label class="label" for=label_for>{label}</label>
            <select id=id class="field field-select" name=name autocomplete="off">{options}</select>
        </div>
    }
    .into_any()
}
