use leptos::{
    ev::SubmitEvent,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{FormData, HtmlFormElement},
};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use crate::{
    components::ui::{SEARCH, icon},
    urls,
};

/// A field of a [`QueryForm`].
#[derive(Clone)]
pub struct QueryField {
    /// The parameter of the address.
    pub name: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    /// The parameter's value.
    pub value: Signal<String>,
}

/// A form with GET: its fields become the query of the address.
#[component]
pub fn QueryForm(
    /// The page's address.
    action: &'static str,
    fields: Vec<QueryField>,
    /// The button.
    label: &'static str,
) -> impl IntoView {
    let names = fields.iter().map(|field| field.name).collect();
    let submit = submit_query(action, names);
    view! {
        <form class="card why-form" method="get" action=action on:submit=submit>
            {fields.into_iter().map(query_field).collect_view()}
            <div class="why-submit">
                <button type="submit" class="btn-primary">{icon(SEARCH)} {label}</button>
            </div>
        </form>
    }
    .into_any()
}

/// Navigates to the address with the form's values as its query. To be called while the form is rendered.
pub fn submit_query(action: &'static str, names: Vec<&'static str>) -> impl Fn(SubmitEvent) + 'static {
    let navigate = use_navigate();
    move |event| {
        let form = event.target().and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        let Some(values) = form.and_then(|form| FormData::new_with_form(&form).ok()) else { return };
        event.prevent_default();
        let values: Vec<(&str, String)> =
            names.iter().map(|name| (*name, values.get(name).as_string().unwrap_or_default())).collect();
        let pairs: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.trim())).collect();
        let href = action.to_owned() + &urls::query(&pairs);
        navigate(&href, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    }
}

/// A text field with its label and hint.
pub fn query_field(QueryField { name, label, hint, value }: QueryField) -> AnyView {
    let id = format!("query-{name}");
    let hint_id = format!("{id}-hint");
    view! {
        <div class="min-w-0">
            <label class="label" for=id.clone()>{label}</label>
            <input
                id=id
                class="field font-mono text-[13px]"
                name=name
                value=value.get_untracked()
                prop:value=value
                aria-describedby=hint_id.clone()
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
            />
            <p class="hint" id=hint_id>{hint}</p>
        </div>
    }
    .into_any()
}
