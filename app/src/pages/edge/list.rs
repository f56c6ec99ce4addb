use api_types::view::{ChangedNoun, EdgeObjectPage as Page, EdgeObjectRow};
use domain::edge::{Control, EdgeKind, FieldInfo};
use leptos::prelude::*;

use super::{
    frame::section_tabs,
    wording::{Wording, choice_label, field_label, wording},
};
use crate::{
    components::{
        layout::PageHeader,
        table::{Column, DataTable, Row, TablePage, TableUrl, use_table_query},
        ui::{Badge, EmptyState, PLUS, ROUTE, Tone, icon},
    },
    live::on_any_change,
    pages::not_found::NotFound,
    server_fns::{edge_object::list_edge_objects, read},
    session::use_session,
    urls,
};

/// All objects of the kind in the address.
#[component]
pub fn EdgeObjectListPage() -> impl IntoView {
    let kind = urls::use_edge_kind();
    move || match kind.get().filter(|kind| *kind != EdgeKind::Settings) {
        Some(kind) => list(kind),
        None => view! { <NotFound/> }.into_any(),
    }
}

fn list(kind: EdgeKind) -> AnyView {
    let Wording { title, noun, label, purpose, columns, .. } = wording(kind);
    let query = use_table_query(TableUrl::new(urls::edge_objects(kind), &[]));
    let page = Resource::new(
        move || query.get(),
        move |query| {
            let cursor = query.cursor().unwrap_or_default();
            read(list_edge_objects(kind.path().to_owned(), query.q.clone(), cursor))
        },
    );
    on_any_change(&[ChangedNoun::Edge], move || page.refetch());
    let may_change = use_session().may(kind.manage());
    let create = urls::create_edge_object(kind);
    let add = {
        let create = create.clone();
        may_change.then(|| {
            view! { <a class="btn-primary" href=create aria-keyshortcuts="n">{icon(PLUS)} {format!("Add {label}")}</a> }
        })
    };
    let fields = kind.fields();
    let mut shown = vec![Column::text("Name", |row: &EdgeObjectRow| row.name.clone())];
    shown.extend(
        columns.iter().filter_map(|column| fields.iter().find(|field| field.name == *column)).cloned().map(column),
    );
    view! {
        <PageHeader title=title summary=purpose.into_any()>{add}</PageHeader>
        {section_tabs(kind)}
        <DataTable
            query
            label=title
            noun
            columns=shown
            page
            row=|row: &EdgeObjectRow| Row::new(&row.id, &row.name).href(urls::edge_object(&row.id))
            search="Search Name"
            empty=move || empty(noun.1, label, purpose, may_change.then(|| create.clone()))
        />
    }
    .into_any()
}

fn column(field: FieldInfo) -> Column<EdgeObjectRow> {
    let label = field_label(field.name);
    if field.name == "status" {
        return Column::view(label, |row: &EdgeObjectRow| status(row.text("status"))).on_top();
    }
    Column::text(label, move |row: &EdgeObjectRow| shown(&field, row))
}

fn status(text: &str) -> AnyView {
    let tone = if text == "active" { Tone::Ok } else { Tone::Quiet };
    view! { <Badge tone text=choice_label(text)/> }.into_any()
}

/// The value as a reader understands it: names instead of ids.
fn shown(field: &FieldInfo, row: &EdgeObjectRow) -> String {
    let text = row.text(field.name);
    let named = || row.named(field.name).unwrap_or(text).to_owned();
    match &field.control {
        Control::Choice(_) => choice_label(text),
        Control::Switch if text == "true" => "Yes".to_owned(),
        Control::Switch => "No".to_owned(),
        Control::Lines | Control::Rows(_) => named().replace('\n', ", "),
        _ => named(),
    }
}

impl From<Page> for TablePage<EdgeObjectRow> {
    fn from(page: Page) -> Self {
        Self { items: page.items, next_cursor: page.next_cursor, total: None, searched_to: None }
    }
}

fn empty(many: &'static str, label: &'static str, purpose: &'static str, create: Option<String>) -> AnyView {
    let add = create
        .map(|href| view! { <a class="btn-primary" href=href>{icon(PLUS)} {format!("Add the First {label}")}</a> });
    view! { <EmptyState glyph=ROUTE title=format!("No {many} yet") text=purpose>{add}</EmptyState> }.into_any()
}
