use domain::{AuditAction, AuditKind, input::AuditQuery};
use leptos::{
    ev::SubmitEvent,
    html,
    prelude::*,
    wasm_bindgen::JsValue,
    web_sys::{HtmlFormElement, js_sys::Reflect},
};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::href;
use crate::{
    components::{form::focus, ui::SEARCH, ui::icon},
    urls,
};

/// A form whose address is the page's: it works as plain HTML, and without loading the page anew once it is alive.
#[component]
pub fn Filters(query: Memo<AuditQuery>) -> impl IntoView {
    // Turning the page leaves the form as it is.
    let filters = Memo::new(move |_| AuditQuery { cursor: String::new(), ..query.get() });
    let form = NodeRef::<html::Form>::new();
    let navigate = StoredValue::new(use_navigate());
    let apply = move |event: SubmitEvent| {
        let Some(form) = form.get_untracked() else { return };
        event.prevent_default();
        let typed = AuditQuery {
            q: value(&form, "q"),
            actor: value(&form, "actor"),
            kind: value(&form, "kind"),
            subject: value(&form, "subject"),
            action: value(&form, "action"),
            from: value(&form, "from"),
            to: value(&form, "to"),
            ..AuditQuery::default()
        };
        let options = NavigateOptions { scroll: false, ..NavigateOptions::default() };
        navigate.with_value(|navigate| navigate(&href(&typed), options));
        // The form is drawn anew with what was understood.
        focus("audit-apply".to_owned());
    };
    let kinds = [("", "Any")].into_iter().chain(AuditKind::ALL.map(|kind| (kind.as_str(), kind.label()))).collect();
    let actions =
        [("", "Any")].into_iter().chain(AuditAction::ALL.map(|action| (action.as_str(), action.label()))).collect();
    let choices: StoredValue<(Vec<_>, Vec<_>)> = StoredValue::new((kinds, actions));
    move || {
        let now = filters.get();
        let (kinds, actions) = choices.get_value();
        view! {
            <form class="audit-filters" role="search" method="get" action=urls::AUDIT node_ref=form on:submit=apply>
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
}

fn text(name: &'static str, label: &'static str, mut value: String, kind: &'static str) -> AnyView {
    // Browsers complain about a date that is none; of a time they take the day.
    if kind == "date" {
        value = value.get(..10).filter(|day| day.as_bytes()[4] == b'-').unwrap_or_default().to_owned();
    }
    let id = format!("audit-{name}");
    let labelled = id.clone();
    view! {
        <div class="min-w-0">
            <label class="label" for=labelled>{label}</label>
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
    let labelled = id.clone();
    let options = options
        .into_iter()
        .map(|(option, text)| view! { <option value=option selected=option == value>{text}</option> })
        .collect_view();
    view! {
        <div class="min-w-0">
            <label class="label" for=labelled>{label}</label>
            <select id=id class="field field-select" name=name autocomplete="off">{options}</select>
        </div>
    }
    .into_any()
}

fn value(form: &HtmlFormElement, name: &str) -> String {
    let element = form.query_selector(&format!("[name={name}]")).ok().flatten();
    let value = element.and_then(|element| Reflect::get(&element, &JsValue::from_str("value")).ok());
    value.and_then(|value| value.as_string()).unwrap_or_default().trim().to_owned()
}
