use std::time::Duration;

use api_types::{
    input::CallQuery,
    view::{CallFilters, CallPage, CallView, ChangedNoun},
};
use domain::{Action, CallDirection, CallOutcome, IntoEnumIterator};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    badges::{CallDirectionBadge, OutcomeBadge, duration, number},
    retention_dialog::RetentionDialog,
};
use crate::{
    components::{
        layout::PageHeader,
        table::{Column, DataTable, Filter, Row, TablePage, TableQuery, TableUrl, no_value, use_table_query},
        ui::{CLOCK, EmptyState, PHONE, RelativeTime, SEARCH, icon},
    },
    live::on_changes,
    server_fns::{
        call::{get_call_filters, get_call_settings, list_calls},
        read,
    },
    session::use_session,
    urls,
};

/// A busy system has many changes a second; the list follows once in a while.
const DEBOUNCE: Duration = Duration::from_millis(500);
const FILTERS: &[&str] = &["direction", "outcome", "carrier", "bot", "from", "to"];

/// All calls, the newest first. Filters and page are part of the address.
#[component]
pub fn CallListPage() -> impl IntoView {
    let query = use_table_query(TableUrl::new(urls::CALLS, &[]).filters(FILTERS));
    let page = Resource::new(move || query.get(), |query| read(list_calls(call_query(&query))));
    let options = Resource::new(|| (), |()| read(get_call_filters()));
    let settings = Resource::new(|| (), |()| read(get_call_settings()));
    on_changes(
        DEBOUNCE,
        |change| change.noun == ChangedNoun::Call,
        move || {
            // New calls belong to the first page; the others stay as they are.
            if query.try_get_untracked().is_some_and(|query| query.is_first()) {
                page.refetch();
            }
        },
    );
    let may_administer = use_session().may(Action::UpdateCallSettings);
    let params = use_query_map();
    let dialog = Memo::new(move |_| may_administer && params.with(|params| params.get_str("retention").is_some()));
    let retention = may_administer.then(|| {
        view! {
            <a class="btn" href=move || query.get().href_with(&[("retention", "1")]) data-noscroll="">
                {icon(CLOCK)}
                "Retention"
            </a>
        }
    });
    let table = move || {
        Suspend::new(async move {
            // Without the lists the calls can be filtered all the same: by address, and by all other filters.
            let filters = filter_controls(options.await.unwrap_or_default(), &query.get_untracked());
            // Without the setting there is nothing to edit: the page stays usable.
            let settings = settings.await.ok().map(RwSignal::new);
            let retention_dialog = move || {
                let settings = settings.filter(|_| dialog.get())?;
                Some(view! { <RetentionDialog settings close=query.get_untracked().href()/> })
            };
            view! {
                <DataTable
                    query
                    label="Calls"
                    noun=("call", "calls")
                    columns=columns()
                    page
                    row=|call: &CallView| Row::new(&call.id, title(call)).href(urls::call(&call.id))
                    search="Search Phone Number"
                    filters
                    empty=no_calls
                />
                {retention_dialog}
            }
            .into_any()
        })
    };
    view! {
        <PageHeader title="Calls" summary="What became of each call, newest first. Times are in UTC.".into_any()>
            <a class="btn" href=urls::CALL_WHY>{icon(SEARCH)} "Why Was a Call Rejected?"</a>
            {retention}
        </PageHeader>
        <Transition fallback=|| ()>{table}</Transition>
    }
    .into_any()
}

fn call_query(query: &TableQuery) -> CallQuery {
    let filter = |name| query.filter(name).to_owned();
    CallQuery {
        number: query.q.clone(),
        carrier: filter("carrier"),
        bot: filter("bot"),
        direction: filter("direction"),
        outcome: filter("outcome"),
        from: filter("from"),
        to: filter("to"),
        limit: String::new(),
        cursor: query.cursor().unwrap_or_default(),
    }
}

impl From<CallPage> for TablePage<CallView> {
    fn from(page: CallPage) -> Self {
        Self { items: page.items, next_cursor: page.next_cursor, total: None, searched_to: page.searched_to }
    }
}

fn filter_controls(options: CallFilters, query: &TableQuery) -> Vec<Filter> {
    let directions = CallDirection::iter().map(|direction| (direction.as_str(), direction.label()));
    let outcomes = CallOutcome::iter().map(|outcome| (outcome.as_str(), outcome.label()));
    let carriers = options.carriers.into_iter().map(|carrier| (carrier.id.to_string(), carrier.name));
    let bots = options.bots.into_iter().map(|bot| (bot.id.to_string(), bot.name));
    vec![
        Filter::new("direction", "Direction", [("", "All Directions")].into_iter().chain(directions)),
        Filter::new("outcome", "Outcome", [("", "All Outcomes")].into_iter().chain(outcomes)),
        Filter::new("carrier", "Carrier", with_chosen("All Carriers", carriers, query.filter("carrier"))),
        Filter::new("bot", "Bot", with_chosen("All Bots", bots, query.filter("bot"))),
        Filter::date("from", "From"),
        Filter::date("to", "To"),
    ]
}

/// The options, and the chosen row if it is none of them: it was deleted, or there are too many to list.
fn with_chosen(all: &str, options: impl Iterator<Item = (String, String)>, chosen: &str) -> Vec<(String, String)> {
    let mut options: Vec<_> = std::iter::once((String::new(), all.to_owned())).chain(options).collect();
    if !options.iter().any(|(value, _)| value == chosen) {
        options.push((chosen.to_owned(), chosen.to_owned()));
    }
    options
}

fn title(call: &CallView) -> String {
    format!("{} to {}", number(&call.from), number(&call.to))
}

fn columns() -> Vec<Column<CallView>> {
    vec![
        Column::view("Started", started),
        Column::view("Direction", |call: &CallView| {
            view! { <CallDirectionBadge direction=call.direction/> }.into_any()
        }),
        Column::code("From", |call: &CallView| number(&call.from)),
        Column::code("To", |call: &CallView| number(&call.to)),
        Column::text("Carrier", |call: &CallView| call.carrier.as_ref().map_or("", |carrier| &carrier.name).to_owned()),
        Column::text("Bot", |call: &CallView| call.bot.as_ref().map_or("", |bot| &bot.name).to_owned()),
        Column::view("Outcome", outcome).on_top(),
        Column::view("Duration", |call: &CallView| match call.duration_seconds {
            Some(seconds) => view! { <span class="num">{duration(seconds)}</span> }.into_any(),
            None => no_value(),
        }),
    ]
}

fn started(call: &CallView) -> AnyView {
    view! {
        <span class="num">
            <RelativeTime at=call.created_at/>
            <span class="when-exact">{call.created_at.readable()}</span>
        </span>
    }
    .into_any()
}

/// The reason of a failure is the badge's title; the call's page says it in full.
fn outcome(call: &CallView) -> AnyView {
    let title = call.failure.clone().unwrap_or_default();
    view! { <span title=title><OutcomeBadge call=call.clone()/></span> }.into_any()
}

fn no_calls() -> AnyView {
    view! {
        <EmptyState
            glyph=PHONE
            title="No calls yet"
            text="Calls appear here when LiveKit reports them: configure its webhook with this console's address and the path /api/v1/livekit/webhook."
        />
    }
    .into_any()
}
