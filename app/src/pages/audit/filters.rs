use api_types::input::AuditQuery;
use domain::{AuditAction, AuditKind, IntoEnumIterator};
use leptos::{
    ev::SubmitEvent,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{FormData, HtmlFormElement},
};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::query::href;
use crate::{
    components::ui::{SEARCH, icon},
    urls,
};

type Value = fn(&AuditQuery) -> &String;

/// A form with GET: the filters are part of the address.
#[component]
pub fn Filters(query: Memo<AuditQuery>) -> impl IntoView {
    let kinds =
        [("", "Any")].into_iter().chain(AuditKind::filters().map(|kind| (kind.as_str(), kind.label()))).collect();
    let actions =
        [("", "Any")].into_iter().chain(AuditAction::iter().map(|action| (action.as_str(), action.label()))).collect();
    let navigate = use_navigate();
    let submit = move |event: SubmitEvent| {
        let form = event.target().and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        let Some(fields) = form.and_then(|form| FormData::new_with_form(&form).ok()) else { return };
        event.prevent_default();
        let text = |name: &str| fields.get(name).as_string().unwrap_or_default().trim().to_owned();
        let filters = AuditQuery {
            q: text("q"),
            actor: text("actor"),
            kind: text("kind"),
            action: text("action"),
            from: text("from"),
            to: text("to"),
            subject: text("subject"),
            ..AuditQuery::default()
        };
        navigate(&href(&filters), NavigateOptions { scroll: false, ..NavigateOptions::default() });
    };
    view! {
        <form class="audit-filters" role="search" method="get" action=urls::AUDIT on:submit=submit>
            {text(query, "q", "Name or Number", |query| &query.q, "search")}
            {text(query, "actor", "User", |query| &query.actor, "text")}
            {select(query, "kind", "Type", |query| &query.kind, kinds)}
            {select(query, "action", "Action", |query| &query.action, actions)}
            {text(query, "from", "From", |query| &query.from, "date")}
            {text(query, "to", "To", |query| &query.to, "date")}
            <input type="hidden" name="subject" value=move || query.get().subject/>
            <button type="submit" class="btn h-8.5 justify-center col-span-2 lg:col-span-1" id="audit-apply">
                {icon(SEARCH)}
                "Filter"
            </button>
        </form>
    }
    .into_any()
}

fn text(query: Memo<AuditQuery>, name: &'static str, label: &'static str, value: Value, kind: &'static str) -> AnyView {
    let value = move || {
        let mut value = query.with(|query| value(query).clone());
        // A date input accepts only a date, so the time of a timestamp is cut off.
        if kind == "date" {
            value = value.get(..10).filter(|day| day.as_bytes()[4] == b'-').unwrap_or_default().to_owned();
        }
        value
    };
    let id = format!("audit-{name}");
    let label_for = id.clone();
    let shortcut = (name == "q").then_some("/");
    view! {
        <div class="min-w-0">
            <label class="label" for=label_for>{label}</label>
            <input
                id=id
                class="field"
                type=kind
                name=name
                value=untrack(value)
                prop:value=value
                aria-keyshortcuts=shortcut
                autocomplete="off"
                spellcheck="false"
            />
        </div>
    }
    .into_any()
}

fn select(
    query: Memo<AuditQuery>,
    name: &'static str,
    label: &'static str,
    value: Value,
    options: Vec<(&'static str, &'static str)>,
) -> AnyView {
    let id = format!("audit-{name}");
    let label_for = id.clone();
    let value = move || query.with(|query| value(query).clone());
    let initial = untrack(value);
    let options = options
        .into_iter()
        .map(|(option, text)| view! { <option value=option selected=option == initial>{text}</option> })
        .collect_view();
    view! {
        <div class="min-w-0">
            <label class="label" for=label_for>{label}</label>
            <select id=id class="field field-select" name=name autocomplete="off" prop:value=value>{options}</select>
        </div>
    }
    .into_any()
}
