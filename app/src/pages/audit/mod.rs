//! The audit log: who changed what.

mod cells;

use std::time::Duration;

use api_types::{
    input::AuditQuery,
    view::{AuditItem, AuditPage, Change, ChangeKind, ChangedNoun},
};
use domain::{AuditAction, AuditKind};
use leptos::prelude::*;

use self::cells::{actor, changes, event, time};
use crate::{
    components::{
        layout::PageHeader,
        table::{Column, DataTable, Filter, Row, TablePage, TableQuery, TableUrl, use_table_query},
        ui::{EmptyState, SEARCH},
    },
    live::on_changes,
    server_fns::{audit::list_audit, read},
    urls,
};

/// Changes often come in groups.
const DEBOUNCE: Duration = Duration::from_millis(300);

/// All entries, newest first. Filters and page are part of the address.
#[component]
pub fn AuditPage() -> impl IntoView {
    let filters = &["actor", "kind", "action", "from", "to"];
    let query = use_table_query(TableUrl::new(urls::AUDIT, &[]).filters(filters).keep(&["subject"]));
    let page = Resource::new(move || query.get(), |query| read(list_audit(audit_query(&query))));
    let is_audited = |change: &Change| {
        change.kind != ChangeKind::Synced && !matches!(change.noun, ChangedNoun::LiveKit | ChangedNoun::Call)
    };
    on_changes(DEBOUNCE, is_audited, move || {
        // New entries belong to the first page; the others stay as they are.
        if query.try_get_untracked().is_some_and(|query| query.is_first()) {
            page.refetch();
        }
    });
    let subject = move || {
        let id = query.read().kept("subject")?.to_owned();
        Some(view! { <Subject id page/> })
    };
    view! {
        <PageHeader title="Audit" summary="Who changed what, newest first. Times are in UTC.".into_any()/>
        {subject}
        <DataTable
            query
            label="Audit"
            noun=("entry", "entries")
            columns=columns()
            page
            row=|item: &AuditItem| Row::new(format!("{}-{}", item.id, item.subject.exists), item.subject.name.clone())
            search="Search Name or Number"
            filters=filter_controls()
            append_only=true
            empty=|| view! { <EmptyState glyph=SEARCH title="No entries yet" text="Each change is recorded here."/> }
        />
    }
    .into_any()
}

/// The row whose history is shown, and a link to all entries.
#[component]
fn Subject(id: String, page: Resource<Result<AuditPage, api_types::Problem>>) -> impl IntoView {
    let name = move || {
        let id = id.clone();
        Suspend::new(async move {
            let items = page.await.map(|page| page.items).unwrap_or_default();
            items.into_iter().find(|item| item.subject.id == id).map_or(id, |item| item.subject.name)
        })
    };
    view! {
        <p class="audit-note">
            <span>
                "Only the history of "
                <strong class="font-medium text-ink wrap-anywhere"><Transition fallback=|| "…">{name}</Transition></strong>
            </span>
            <a class="link" href=urls::AUDIT data-noscroll="">"Show All"</a>
        </p>
    }
    .into_any()
}

fn audit_query(query: &TableQuery) -> AuditQuery {
    let filter = |name| query.filter(name).to_owned();
    AuditQuery {
        q: query.q.clone(),
        actor: filter("actor"),
        kind: filter("kind"),
        subject: query.kept("subject").unwrap_or_default().to_owned(),
        action: filter("action"),
        from: filter("from"),
        to: filter("to"),
        limit: String::new(),
        cursor: query.cursor().unwrap_or_default(),
    }
}

impl From<AuditPage> for TablePage<AuditItem> {
    fn from(page: AuditPage) -> Self {
        Self { items: page.items, next_cursor: page.next_cursor, total: None, searched_to: page.searched_to }
    }
}

fn filter_controls() -> Vec<Filter> {
    let kinds = AuditKind::filters().map(|kind| (kind.as_str(), kind.label()));
    let actions = <AuditAction as domain::IntoEnumIterator>::iter().map(|action| (action.as_str(), action.label()));
    vec![
        Filter::text("actor", "User"),
        Filter::new("kind", "Type", [("", "All Types")].into_iter().chain(kinds)),
        Filter::new("action", "Action", [("", "All Actions")].into_iter().chain(actions)),
        Filter::date("from", "From"),
        Filter::date("to", "To"),
    ]
}

fn columns() -> Vec<Column<AuditItem>> {
    vec![
        Column::view("Time", time),
        Column::view("User", actor),
        Column::view("Event", event),
        Column::view("Changes", changes),
    ]
}
