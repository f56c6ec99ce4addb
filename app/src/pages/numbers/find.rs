use api_types::input::{NumberSearchQuery, Text};
use domain::{Country, IntoEnumIterator, NumberProviderKind, NumberType};
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

use super::found::{FoundNumbers, failure};
use crate::{
    components::{
        form::{QueryField, query_field, submit_query},
        layout::PageHeader,
        ui::{SEARCH, Skeleton, icon},
    },
    server_fns::{number_search::search_numbers, read},
    status::set_status,
    urls,
};

const FIELDS: [&str; 5] = ["provider", "country_code", "area_code", "pattern", "number_type"];

/// Numbers that a provider sells: a form with GET, and what the provider answers.
#[component]
pub fn FindNumberPage() -> impl IntoView {
    let (params, pathname) = (use_query_map(), use_location().pathname);
    // While the page is being left, the address is another page's.
    let query = Memo::new(move |before: Option<&NumberSearchQuery>| match before {
        Some(before) if pathname.with(|path| path != urls::FIND_NUMBER) => before.clone(),
        _ => params.with(|params| {
            let get = |name| Text(params.get(name).unwrap_or_default());
            NumberSearchQuery {
                provider: get("provider"),
                country_code: get("country_code"),
                area_code: get("area_code"),
                pattern: get("pattern"),
                number_type: get("number_type"),
            }
        }),
    });
    let found = Resource::new(
        move || query.get(),
        |query| async move {
            // A link from an integration has the provider alone: the form asks for the country.
            if query.country_code.is_blank() { None } else { Some(read(search_numbers(query)).await) }
        },
    );
    let result = move || {
        Suspend::new(async move {
            match found.await {
                None => ().into_any(),
                Some(Ok(found)) => view! { <FoundNumbers found/> }.into_any(),
                Some(Err(problem)) if !problem.errors.is_empty() => {
                    set_status(problem.status);
                    let messages = problem.errors.iter().map(|error| {
                        view! { <li>{error.message.clone()}</li> }
                    });
                    view! { <ul class="card find-errors" role="alert">{messages.collect_view()}</ul> }.into_any()
                }
                Some(Err(problem)) => failure(problem, move || found.refetch()),
            }
        })
    };
    view! {
        <PageHeader title="Find Numbers" summary="Phone numbers that a connected provider sells.".into_any()/>
        <FindForm query/>
        <Transition fallback=|| view! { <div class="card mt-4"><Skeleton rows=6/></div> }>{result}</Transition>
    }
    .into_any()
}

#[component]
fn FindForm(query: Memo<NumberSearchQuery>) -> impl IntoView {
    let submit = submit_query(urls::FIND_NUMBER, FIELDS.to_vec());
    let providers = NumberProviderKind::iter().map(|kind| (kind.as_str().to_owned(), kind.name().to_owned()));
    let countries = Country::all().map(|country| (country.to_string(), country.name().to_owned()));
    let countries = std::iter::once((String::new(), "Choose a country".to_owned())).chain(countries);
    let types = NumberType::iter().map(|one| (one.as_str().to_owned(), one.label().to_owned()));
    let types = std::iter::once((String::new(), "All Types".to_owned())).chain(types);
    view! {
        <form class="card find-form" method="get" action=urls::FIND_NUMBER on:submit=submit>
            {choice(query, "provider", "Provider", providers.collect(), |query| &query.provider)}
            {choice(query, "country_code", "Country", countries.collect(), |query| &query.country_code)}
            {field(query, ("area_code", "Area Code", "US and Canada only, such as 650"), |query| &query.area_code)}
            {field(query, ("pattern", "Pattern", "Digits; + in front begins, $ behind ends with them"), |query| &query.pattern)}
            {choice(query, "number_type", "Type", types.collect(), |query| &query.number_type)}
            <div class="find-submit">
                <button type="submit" class="btn-primary">{icon(SEARCH)} "Find Numbers"</button>
            </div>
        </form>
    }
    .into_any()
}

fn field(
    query: Memo<NumberSearchQuery>,
    (name, label, hint): (&'static str, &'static str, &'static str),
    value: fn(&NumberSearchQuery) -> &Text,
) -> AnyView {
    let value = Signal::derive(move || query.with(|query| value(query).0.clone()));
    query_field(QueryField { name, label, hint, value })
}

fn choice(
    query: Memo<NumberSearchQuery>,
    name: &'static str,
    label: &'static str,
    options: Vec<(String, String)>,
    value: fn(&NumberSearchQuery) -> &Text,
) -> AnyView {
    let id = format!("find-{name}");
    let options = options.into_iter().map(|(option, text)| {
        let chosen = option.clone();
        let selected = move || query.with(|query| value(query).0.trim().eq_ignore_ascii_case(&chosen));
        view! { <option value=option selected=selected>{text}</option> }
    });
    view! {
        <div class="min-w-0">
            <label class="label" for=id.clone()>{label}</label>
            <select id=id class="field field-select" name=name autocomplete="off">{options.collect_view()}</select>
        </div>
    }
    .into_any()
}
