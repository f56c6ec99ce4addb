use api_types::Problem;
use domain::{SyncStatus, Timestamp};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::stage::{Sample, Theme, sample, state};
use crate::{
    clock::use_clock,
    components::{
        carrier::SyncBadge,
        table::*,
        ui::{EmptyState, PENCIL, PLUS, ROUTE, RelativeTime, TRASH, grouped, icon},
    },
    urls,
};

pub fn samples() -> Vec<Sample> {
    vec![
        sample("DataTable", "table/data_table.rs", tables).wide(),
        sample("TableSkeleton", "table/skeleton.rs", |theme| example(theme, Case::Loading)).wide(),
    ]
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Line {
    id: String,
    name: String,
    sip_address: String,
    dids: i64,
    cps: i64,
    status: SyncStatus,
    synced: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Lines {
    items: Vec<Line>,
    next_cursor: Option<String>,
    total: i64,
}

impl From<Lines> for TablePage<Line> {
    fn from(lines: Lines) -> Self {
        Self { items: lines.items, next_cursor: lines.next_cursor, total: Some(lines.total), searched_to: None }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Case {
    Rows,
    NothingFound,
    NothingLeft,
    None,
    Failed,
    Loading,
}

fn lines(now: Timestamp) -> Vec<Line> {
    const NAMES: [(&str, &str); 6] = [
        ("Twilio US East", "acme.pstn.ashburn.twilio.com"),
        ("Plivo Mumbai", "21784123.zt.plivo.com:5060"),
        (
            "TWILIO_ELASTIC_TRUNK_PRODUCTION_US_EAST_1_PRIMARY_FAILOVER_GROUP_FOR_THE_CUSTOMER_SERVICE_LINES_2026",
            "very-long-host-name-of-a-session-border-controller.signalling.frankfurt.provider.example:5061",
        ),
        ("Telnyx Frankfurt", "sip.telnyx.eu:5061"),
        ("Überweisung São Paulo, customer service for the German market", "203.0.113.20"),
        ("Gamma", "sip.gamma.example"),
    ];
    (0_i64..117)
        .map(|index| {
            let (name, sip_address) = NAMES[usize::try_from(index).unwrap_or_default() % NAMES.len()];
            Line {
                id: index.to_string(),
                name: if index < 6 { name.to_owned() } else { format!("{name} {index}") },
                sip_address: sip_address.to_owned(),
                dids: index * 37 % 1_300,
                cps: 1 + index % 10,
                status: [SyncStatus::Synced, SyncStatus::Synced, SyncStatus::Pending, SyncStatus::Error]
                    [usize::try_from(index).unwrap_or_default() % 4],
                synced: (index % 7 != 3).then(|| now.plus_millis(-index * 400_000)),
            }
        })
        .collect()
}

/// What a server would answer, three rows a page.
fn read(query: &TableQuery, case: Case, now: Timestamp) -> Result<Lines, Problem> {
    const ROWS: usize = 6;
    let text = query.q.to_lowercase();
    let mut items = match case {
        Case::Failed => {
            return Err(Problem::new(0, "offline", "No Connection", "The server does not respond."));
        }
        Case::Rows => lines(now),
        _ => Vec::new(),
    };
    items.retain(|line| line.name.to_lowercase().contains(&text));
    items.retain(|line| query.filter("status").is_empty() || line.status.as_str() == query.filter("status"));
    match query.order().0 {
        "dids" => items.sort_by_key(|line| line.dids),
        "synced" => items.sort_by_key(|line| line.synced),
        _ => items.sort_by(|one, other| one.name.cmp(&other.name)),
    }
    if query.order().1 {
        items.reverse();
    }
    let total = i64::try_from(items.len()).unwrap_or_default();
    let start = query.cursor().and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
    let next_cursor = (start + ROWS < items.len()).then(|| (start + ROWS).to_string());
    let items = items.into_iter().skip(start).take(ROWS).collect();
    Ok(Lines { items, next_cursor, total })
}

fn tables(theme: Theme) -> AnyView {
    view! {
        {state("Rows", example(theme, Case::Rows))}
        {state("Nothing found", example(theme, Case::NothingFound))}
        {state("A later page whose rows are gone", example(theme, Case::NothingLeft))}
        {state("None at all", example(theme, Case::None))}
        {state("Failed", example(theme, Case::Failed))}
    }
    .into_any()
}

fn example(theme: Theme, case: Case) -> AnyView {
    let prefix: &'static str = Box::leak(format!("{}{}-", theme.0, case as u8).into_boxed_str());
    let url =
        TableUrl::new(urls::DESIGN, &["name", "dids", "-synced"]).filters(&["status"]).prefix(prefix).keep(&["tab"]);
    let query = match case {
        Case::NothingFound => fixed(url, "q", "nobody", prefix),
        Case::NothingLeft => fixed(url, "cursor", "6", prefix),
        _ => use_table_query(url),
    };
    let now = use_clock();
    let page = Resource::new(
        move || query.get(),
        move |query| async move {
            // The row's times need a clock, which the first rendering shares with the server.
            let now = untrack(|| now.now());
            read(&query, case, now)
        },
    );
    let columns = vec![
        Column::text("Name", |line: &Line| line.name.clone()).sort("name").width(Width::Wide),
        Column::code("SIP Address", |line: &Line| line.sip_address.clone()),
        Column::number("DIDs", |line: &Line| grouped(line.dids)).sort("dids"),
        Column::view("CPS", |line: &Line| {
            view! { {line.cps} "/s " <span class="whitespace-nowrap text-ink-2">{format!("· burst {}", 5 * line.cps)}</span> }
                .into_any()
        }),
        Column::view("LiveKit", |line: &Line| view! { <SyncBadge status=line.status/> }.into_any()).on_top(),
        Column::view("Last Synced", |line: &Line| match line.synced {
            Some(at) => view! { <RelativeTime at/> }.into_any(),
            None => no_value(),
        })
        .sort("synced")
        .descending_first(),
        Column::actions(|line: &Line| {
            let name = line.name.clone();
            view! {
                <span class="inline-flex gap-1">
                    <button type="button" class="icon-btn" aria-label=format!("Edit {name}") title="Edit">{icon(PENCIL)}</button>
                    <button type="button" class="icon-btn" aria-label=format!("Remove {name}") title="Remove">{icon(TRASH)}</button>
                </span>
            }
            .into_any()
        }),
    ];
    if case == Case::Loading {
        return view! { <div class="card data-table"><TableSkeleton label="Carriers" columns checkboxes=true/></div> }
            .into_any();
    }
    let statuses = [("", "All Statuses"), ("synced", "Synced"), ("pending", "Pending"), ("error", "Error")];
    let empty = || {
        view! {
            <EmptyState glyph=ROUTE title="No carriers yet" text="What a carrier is, and what adding one does.">
                <button type="button" class="btn-primary">{icon(PLUS)} "Add Carrier"</button>
            </EmptyState>
        }
    };
    let selection = use_selection();
    let chosen = (case == Case::Rows).then(|| {
        view! {
            <form class="hint">
                "A dialog about them says: " {move || selection.describe("carrier", "carriers")}
                <SelectionFields selection query/>
            </form>
        }
    });
    let bulk = Bulk {
        selection,
        actions: vec![BulkAction::new("assign", "Assign Bot…"), BulkAction::new("remove", "Remove…").danger()],
    };
    let heading = view! { <h2 class="toolbar-title">"Carriers"</h2> }.into_any();
    view! {
        <DataTable
            query
            label="Carriers"
            noun=("carrier", "carriers")
            columns
            page
            row=|line: &Line| Row::new(&line.id, &line.name).href(format!("{}?row={}", urls::DESIGN, line.id))
            search="Search Name"
            filters=vec![Filter::new("status", "Status", statuses)]
            bulk
            heading
            empty
        >
            <button type="button" class="btn">{icon(PLUS)} "Add Carrier"</button>
        </DataTable>
        {chosen}
    }
    .into_any()
}

/// A state that does not follow the address.
fn fixed(url: TableUrl, name: &str, value: &str, prefix: &str) -> Memo<TableQuery> {
    let params = [(format!("{prefix}{name}"), value.to_owned())].into_iter().collect();
    let query = TableQuery::read(url, &params);
    Memo::new(move |_| query.clone())
}
