use std::cmp::Ordering;

use api_types::view::{ApiKeyPage, ApiKeyView, ChangedNoun};
use domain::Action;
use leptos::prelude::*;

use super::status::{Expiry, LastUse, StatusBadge};
use crate::{
    components::{
        layout::PageHeader,
        table::{Column, DataTable, Row, TablePage, TableQuery, TableUrl, Width, use_table_query},
        ui::{EmptyState, KEY, PLUS, counted, icon},
    },
    live::on_any_change,
    server_fns::{api_key::list_api_keys, read},
    session::use_session,
    urls,
};

/// All keys on one page, because there are few; search and order are applied to the whole list.
#[component]
pub fn ApiKeyListPage() -> impl IntoView {
    let query = use_table_query(TableUrl::new(urls::API_KEYS, &["name", "role", "last_used_at", "created_by"]));
    let page = Resource::new(
        move || query.get(),
        |query| async move { read(list_api_keys()).await.map(|page| select(&query, page)) },
    );
    on_any_change(&[ChangedNoun::ApiKey], move || page.refetch());
    let may_manage = use_session().may(Action::ManageApiKeys);
    let columns = vec![
        Column::text("Name", |key: &ApiKeyView| key.name.clone()).sort("name").width(Width::Wide),
        Column::view("Status", |key: &ApiKeyView| view! { <StatusBadge key=key.clone()/> }.into_any()).on_top(),
        Column::code("Key", |key: &ApiKeyView| format!("{}…", key.prefix)),
        Column::text("Role", |key: &ApiKeyView| key.role.label().to_owned()).sort("role"),
        Column::view("Expires", |key: &ApiKeyView| view! { <Expiry key=key.clone()/> }.into_any()),
        Column::view("Last Used", |key: &ApiKeyView| view! { <LastUse at=key.last_used_at/> }.into_any())
            .sort("last_used_at")
            .descending_first(),
        Column::text("Created By", |key: &ApiKeyView| key.created_by_name.clone()).sort("created_by"),
    ];
    let summary = move || {
        Suspend::new(async move { page.await.ok().map(|page| counted(page.total, "API key", "API keys") + ".") })
    };
    let summary = view! { <Transition fallback=|| "\u{a0}">{summary}</Transition> };
    view! {
        <PageHeader title="API Keys" summary=summary.into_any()>
            {may_manage.then(|| view! {
                <a class="btn-primary" href=urls::CREATE_API_KEY aria-keyshortcuts="n">{icon(PLUS)} "Create API Key"</a>
            })}
        </PageHeader>
        <DataTable
            query
            label="API keys"
            noun=("API key", "API keys")
            columns
            page
            row=|key: &ApiKeyView| Row::new(&key.id, &key.name).href(urls::api_key(&key.id))
            search="Search Name, Key or Creator"
            empty=no_keys
        />
    }
}

impl From<ApiKeyPage> for TablePage<ApiKeyView> {
    fn from(page: ApiKeyPage) -> Self {
        Self { items: page.items, next_cursor: None, total: Some(page.total), searched_to: None }
    }
}

/// The keys that the search finds, in the order of the query. A whole key finds its row by the prefix.
fn select(query: &TableQuery, page: ApiKeyPage) -> ApiKeyPage {
    let words: Vec<String> = query.q.split_whitespace().map(str::to_lowercase).collect();
    let matches = |key: &ApiKeyView| {
        let prefix = key.prefix.to_lowercase();
        let text = format!("{} {prefix} {}", key.name, key.created_by_name).to_lowercase();
        words.iter().all(|word| text.contains(word.as_str()) || word.starts_with(&prefix))
    };
    let (key, descending) = query.order();
    let compare = |one: &ApiKeyView, other: &ApiKeyView| -> Ordering {
        let name = |key: &ApiKeyView| key.name.to_lowercase();
        let ordering = match key {
            "role" => one.role.cmp(&other.role),
            "last_used_at" => one.last_used_at.cmp(&other.last_used_at),
            "created_by" => one.created_by_name.cmp(&other.created_by_name),
            _ => name(one).cmp(&name(other)),
        };
        let ordering = if descending { ordering.reverse() } else { ordering };
        ordering.then_with(|| one.id.cmp(&other.id))
    };
    let mut items: Vec<ApiKeyView> = page.items.into_iter().filter(matches).collect();
    items.sort_by(compare);
    ApiKeyPage { total: i64::try_from(items.len()).unwrap_or(i64::MAX), items }
}

fn no_keys() -> AnyView {
    view! {
        <EmptyState
            glyph=KEY
            title="No API keys yet"
            text="A program, such as a CRM, calls the API with a key instead of a person's login."
        >
            <a class="btn-primary" href=urls::CREATE_API_KEY>{icon(PLUS)} "Create the First API Key"</a>
        </EmptyState>
    }
    .into_any()
}
