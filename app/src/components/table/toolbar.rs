use std::{sync::Arc, time::Duration};

use leptos::{
    ev::SubmitEvent,
    html,
    leptos_dom::helpers::debounce,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{FormData, HtmlFormElement},
};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

use super::{TableQuery, column::Head};
use crate::components::ui::{SEARCH, icon};

/// How long a search waits for the next letter.
const PAUSE: Duration = Duration::from_millis(200);

/// A control that filters the rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    /// One of the filters of the table's URL.
    pub name: &'static str,
    pub label: &'static str,
    control: Control,
}

#[derive(Clone, Debug, PartialEq)]
enum Control {
    /// Values with their texts.
    Select(Vec<(String, String)>),
    Text,
    Date,
}

impl Filter {
    /// A select. The first option has the empty value: "All Carriers".
    pub fn new(
        name: &'static str,
        label: &'static str,
        options: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Self {
        let options = options.into_iter().map(|(value, text)| (value.into(), text.into())).collect();
        Self { name, label, control: Control::Select(options) }
    }

    /// A field whose text takes effect when it is left, or by Enter.
    pub fn text(name: &'static str, label: &'static str) -> Self {
        Self { name, label, control: Control::Text }
    }

    /// A day such as `2026-11-20`. An address may name a time as well; the field shows its day.
    pub fn date(name: &'static str, label: &'static str) -> Self {
        Self { name, label, control: Control::Date }
    }
}

/// Goes to another state of the table; `true` replaces the entry in the history.
type Go = Callback<(TableQuery, bool)>;

/// Search, filters, the order on narrow screens, and the count of rows. A form with GET, so that it works without
/// JavaScript.
#[component]
pub fn Toolbar(
    query: Memo<TableQuery>,
    heads: Arc<[Head]>,
    search: &'static str,
    filters: Vec<Filter>,
    heading: Option<AnyView>,
    count: AnyView,
    actions: Option<AnyView>,
) -> impl IntoView {
    let go = use_go(query);
    let names: Vec<&'static str> = filters.iter().map(|filter| filter.name).collect();
    let submit = move |event: SubmitEvent| {
        let form = event.target().and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        let Some(fields) = form.and_then(|form| FormData::new_with_form(&form).ok()) else { return };
        event.prevent_default();
        let query = query.read_untracked();
        let value = |name: &str| fields.get(&query.name(name)).as_string().unwrap_or_default();
        let searched = query.searching(&value("q"));
        go.run((names.iter().fold(searched, |query, name| query.filtered(name, value(name).trim())), true));
    };
    let orders = orders(&heads);
    let has_controls = !search.is_empty() || !filters.is_empty() || !orders.is_empty();
    let search = (!search.is_empty()).then(|| view! { <Search query go label=search/> });
    let order = (!orders.is_empty()).then(|| {
        let sort = Signal::derive(move || {
            let query = query.read();
            let (key, descending) = query.order();
            format!("{}{key}", if descending { "-" } else { "" })
        });
        let choose = Callback::new(move |sort: String| go.run((query.read_untracked().sorted(&sort), false)));
        let name = query.read_untracked().name("sort");
        view! { <Select name label="Order" class="field field-select toolbar-order" options=orders value=sort choose/> }
    });
    let filters = filters
        .into_iter()
        .map(|Filter { name, label, control }| {
            let value = Signal::derive(move || query.read().filter(name).to_owned());
            let choose =
                Callback::new(move |value: String| go.run((query.read_untracked().filtered(name, &value), false)));
            let name = query.read_untracked().name(name);
            match control {
                Control::Select(options) => {
                    view! { <Select name label class="field field-select w-auto" options value choose/> }.into_any()
                }
                Control::Text => view! { <Field name label value choose/> }.into_any(),
                Control::Date => view! { <Field name label value choose is_date=true/> }.into_any(),
            }
        })
        .collect_view();
    let kept = move || {
        let kept = query.read().fixed();
        kept.into_iter()
            .map(|(name, value)| view! { <input type="hidden" name=name value=value autocomplete="off"/> })
            .collect_view()
    };
    let path = query.read_untracked().path().to_owned();
    let form = has_controls.then(|| {
        view! {
            <form class="toolbar-form" role="search" method="get" action=path on:submit=submit>
                {kept}
                {search}
                {filters}
                {order}
                <button type="submit" class="btn without-js">"Apply"</button>
            </form>
        }
    });
    view! {
        <div class="toolbar">
            {heading}
            {form}
            <p class="toolbar-count num" role="status">{count}</p>
            {actions.map(|actions| view! { <div class="toolbar-actions">{actions}</div> })}
        </div>
    }
    .into_any()
}

fn use_go(query: Memo<TableQuery>) -> Go {
    let navigate = use_navigate();
    let pathname = use_location().pathname;
    Callback::new(move |(to, replace): (TableQuery, bool)| {
        // A pause in typing may end after the page was left.
        let here = query.try_get_untracked().filter(|here| pathname.get_untracked() == here.path());
        if here.is_some_and(|here| here != to) {
            navigate(&to.href(), NavigateOptions { replace, scroll: false, ..NavigateOptions::default() });
        }
    })
}

/// A search that starts while one types. The frame's shortcut `/` focuses it.
#[component]
fn Search(query: Memo<TableQuery>, go: Go, label: &'static str) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let search = move |text: String| {
        if let Some(query) = query.try_get_untracked().filter(|query| query.q != text.trim()) {
            go.run((query.searching(&text), true));
        }
    };
    Effect::new(move |before: Option<()>| {
        let wanted = query.read().q.clone();
        let Some(input) = input.get() else { return };
        if input.value() == wanted {
            return;
        }
        if before.is_none() {
            // Typed before the page was hydrated.
            search(input.value());
        } else if document().active_element().as_ref() != Some(input.as_ref()) {
            // The address changed by other means: by Back, or by a link that clears the search.
            input.set_value(&wanted);
        }
    });
    let mut later = debounce(PAUSE, search);
    let (name, initial) = query.with_untracked(|query| (query.name("q"), query.q.clone()));
    view! {
        <div class="search">
            {icon(SEARCH)}
            <input
                node_ref=input
                class="field search-field"
                type="search"
                name=name
                value=initial
                placeholder=label
                aria-label=label
                aria-keyshortcuts="/"
                autocomplete="off"
                spellcheck="false"
                on:input=move |event| later(event_target_value(&event))
            />
            <kbd class="needs-js" aria-hidden="true">"/"</kbd>
        </div>
    }
    .into_any()
}

/// A select whose choice takes effect at once.
#[component]
fn Select(
    name: String,
    label: &'static str,
    class: &'static str,
    options: Vec<(String, String)>,
    value: Signal<String>,
    choose: Callback<String>,
) -> impl IntoView {
    let node = NodeRef::<html::Select>::new();
    Effect::new(move |before: Option<()>| {
        let wanted = value.get();
        let Some(select) = node.get() else { return };
        if select.value() == wanted {
            return;
        }
        if before.is_none() {
            // Chosen before the page was hydrated.
            choose.run(select.value());
        } else {
            select.set_value(&wanted);
        }
    });
    let initial = value.get_untracked();
    let options = options
        .into_iter()
        .map(|(value, text)| {
            let selected = value == initial;
            view! { <option value=value selected=selected>{text}</option> }
        })
        .collect_view();
    view! {
        <select
            node_ref=node
            class=class
            name=name
            aria-label=label
            autocomplete="off"
            on:change=move |event| choose.run(event_target_value(&event))
        >
            {options}
        </select>
    }
    .into_any()
}

/// A text or a day, which takes effect when the field is left, or by Enter.
#[component]
fn Field(
    name: String,
    label: &'static str,
    value: Signal<String>,
    choose: Callback<String>,
    #[prop(optional)] is_date: bool,
) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    let shown = Signal::derive(move || if is_date { day(&value.read()) } else { value.get() });
    Effect::new(move |before: Option<()>| {
        let wanted = shown.get();
        let Some(input) = node.get() else { return };
        if input.value() == wanted {
            return;
        }
        if before.is_none() {
            // Typed before the page was hydrated.
            choose.run(input.value().trim().to_owned());
        } else {
            input.set_value(&wanted);
        }
    });
    let initial = shown.get_untracked();
    let field = view! {
        <input
            node_ref=node
            class="field toolbar-field"
            type=if is_date { "date" } else { "text" }
            name=name
            value=initial
            placeholder=(!is_date).then_some(label)
            aria-label=(!is_date).then_some(label)
            autocomplete="off"
            spellcheck="false"
            on:change=move |event| choose.run(event_target_value(&event).trim().to_owned())
        />
    };
    if is_date {
        view! { <label class="toolbar-date"><span>{label}</span> {field}</label> }.into_any()
    } else {
        field.into_any()
    }
}

/// The day of a day or a time; empty if it is neither.
fn day(value: &str) -> String {
    value.get(..10).filter(|day| day.as_bytes()[4] == b'-').unwrap_or_default().to_owned()
}

/// Narrow screens show no column heads to sort by.
fn orders(heads: &[Head]) -> Vec<(String, String)> {
    let sortable = heads.iter().filter_map(|head| Some((head.sort?, head)));
    let both = |(key, head): (&str, &Head)| {
        let ascending = (key.to_owned(), format!("{}, Ascending", head.label));
        let descending = (format!("-{key}"), format!("{}, Descending", head.label));
        if head.descending { [descending, ascending] } else { [ascending, descending] }
    };
    sortable.flat_map(both).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::table::Column;

    #[test]
    fn date_field_shows_the_day_of_a_time() {
        assert_eq!(day("2026-11-20T10:00:00Z"), "2026-11-20");
        assert_eq!(day("2026-11-20"), "2026-11-20");
        assert_eq!(day("soon"), "");
        assert_eq!(day("übermorgen früh"), "");
    }

    #[test]
    fn narrow_order_offers_both_directions_of_each_sortable_column() {
        let heads = [
            Column::text("Name", |name: &String| name.clone()).sort("name").head,
            Column::number("DIDs", |name: &String| name.clone()).sort("dids").head,
            Column::text("Auth", |name: &String| name.clone()).head,
        ];
        let values: Vec<String> = orders(&heads).into_iter().map(|(value, _)| value).collect();
        assert_eq!(values, ["name", "-name", "-dids", "dids"]);
    }
}
