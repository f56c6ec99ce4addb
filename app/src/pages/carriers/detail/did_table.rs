use api_types::{
    Problem,
    input::DidQuery,
    view::{ChangedNoun, DidPage, DidRow},
};
use domain::{Action, Country, Direction, IntoEnumIterator};
use leptos::prelude::*;

use super::{
    bulk_dialogs::BulkDialogs,
    context::{CarrierContext, use_carrier},
    did_dialog::DidDialogs,
};
use crate::{
    components::{
        carrier::DirectionBadge,
        table::{
            Bulk, BulkAction, Column, DataTable, Filter, PAGE_SIZE, Row, TablePage, TableQuery, Width, no_value,
            use_selection,
        },
        ui::{Badge, EmptyState, HASH, PENCIL, PLUS, TRASH, Tone, WARNING, grouped, icon},
    },
    live::{on_any_change, on_change},
    server_fns::{did::list_dids, read},
    session::use_session,
    urls,
};

/// The page of DIDs that is shown.
pub type Dids = Resource<Result<DidPage, Problem>>;

/// The carrier's phone numbers, and the dialogs that change them.
#[component]
pub fn DidTable() -> impl IntoView {
    let context = use_carrier();
    let CarrierContext { id, table, row, .. } = context;
    let may_change = use_session().may(Action::UpdateDid);
    let dids: Dids =
        Resource::new(move || table.get(), move |query| read(list_dids(id.get_value(), did_query(&query))));
    on_change(ChangedNoun::Carrier, id.get_value().to_string(), move || dids.refetch());
    on_any_change(&[ChangedNoun::Bot], move || dids.refetch());
    let selection = use_selection();
    let bulk = may_change.then(|| Bulk {
        selection,
        actions: vec![
            BulkAction::new("assign-bot", "Assign Bot…"),
            BulkAction::new("change-direction", "Change Direction…"),
            BulkAction::new("remove-selected", "Remove…").danger(),
        ],
    });
    let count = Memo::new(move |_| row.current.with(|row| row.carrier.did_count));
    let heading = view! {
        // Gets the focus after a number was removed together with its buttons.
        <h2 id="numbers" class="text-[14px] font-medium" tabindex="-1">
            "Phone Numbers " <span class="num font-normal text-ink-2 ml-1">{move || grouped(count.get())}</span>
        </h2>
    };
    let add = may_change.then(|| {
        view! {
            <a
                class="btn"
                id="add-number"
                href=move || context.href(&[("did", "new")])
                data-noscroll=""
                aria-keyshortcuts="n"
            >
                {icon(PLUS)}
                "Add Number"
            </a>
        }
    });
    let name = |did: &DidRow| did.did.formatted.clone();
    view! {
        <div class="mt-4">
            <DataTable
                query=table
                label="Phone Numbers"
                noun=("number", "numbers")
                columns=columns(context, may_change)
                page=dids
                row=move |did: &DidRow| Row::new(&did.did.id, name(did))
                empty=move || no_dids(context, may_change)
                search="Search Number, Label or Bot"
                filters=filters(context)
                bulk
                heading=heading.into_any()
            >
                {add}
            </DataTable>
        </div>
        <DidDialogs dids/>
        <BulkDialogs dids selection/>
    }
    .into_any()
}

fn did_query(query: &TableQuery) -> DidQuery {
    DidQuery {
        q: query.q.clone(),
        direction: query.filter("direction").to_owned(),
        bot_id: query.filter("bot_id").to_owned(),
        sort: query.sort.clone(),
        limit: PAGE_SIZE.to_string(),
        cursor: query.cursor().unwrap_or_default(),
    }
}

impl From<DidPage> for TablePage<DidRow> {
    fn from(page: DidPage) -> Self {
        Self { items: page.items, next_cursor: page.next_cursor, total: Some(page.total), searched_to: None }
    }
}

fn columns(context: CarrierContext, may_change: bool) -> Vec<Column<DidRow>> {
    let country = context.row.current.with_untracked(|row| row.carrier.destination_country);
    let mut columns = vec![
        Column::view("Number", move |did: &DidRow| number(did, country)).sort("number"),
        Column::text("Label", |did: &DidRow| did.did.label.clone().unwrap_or_default())
            .sort("label")
            .width(Width::Wide),
        Column::view("Direction", |did: &DidRow| view! { <DirectionBadge direction=did.did.direction/> }.into_any())
            .sort("direction"),
        Column::view("Assigned Bot", bot).sort("bot").width(Width::Medium),
    ];
    if may_change {
        columns.push(Column::actions(move |did: &DidRow| actions(context, did)));
    }
    columns
}

/// Calls to the complete number do not reach an incomplete one, so it is marked.
fn number(did: &DidRow, country: Option<Country>) -> AnyView {
    let incomplete = did.did.e164.is_none().then(|| {
        let hint = match country {
            None => "No country code: set the carrier’s destination country to complete it.".to_owned(),
            Some(country) => format!("Incomplete: not a valid number in {}.", country.name()),
        };
        view! { <p class="hint font-normal whitespace-normal">{hint}</p> }
    });
    view! { <span class="num font-medium whitespace-nowrap">{did.did.formatted.clone()}</span> {incomplete} }.into_any()
}

/// The bot is a link. An inbound number without a bot is marked, because LiveKit rejects its calls.
fn bot(did: &DidRow) -> AnyView {
    let name = did.bot_name.clone().unwrap_or_else(|| "Deleted bot".to_owned());
    match &did.did.bot_id {
        _ if !did.did.direction.rings() => no_value(),
        Some(id) => {
            view! { <a class="link cell-text" href=urls::bot(id) title=name.clone()>{name.clone()}</a> }.into_any()
        }
        None => view! { <Badge tone=Tone::Warn glyph=WARNING text="No bot: calls are rejected"/> }.into_any(),
    }
}

fn actions(context: CarrierContext, did: &DidRow) -> AnyView {
    let (id, number) = (did.did.id.to_string(), did.did.formatted.clone());
    let (edited, removed) = (id.clone(), id.clone());
    view! {
        <span class="inline-flex gap-1">
            <a
                class="icon-btn"
                id=format!("edit-{id}")
                href=move || context.href(&[("did", &edited)])
                data-noscroll=""
                aria-label=format!("Edit {number}")
                title="Edit"
            >
                {icon(PENCIL)}
            </a>
            <a
                class="icon-btn"
                href=move || context.href(&[("remove", &removed)])
                data-noscroll=""
                aria-label=format!("Remove {number}")
                title="Remove"
            >
                {icon(TRASH)}
            </a>
        </span>
    }
    .into_any()
}

fn filters(context: CarrierContext) -> Vec<Filter> {
    let directions = Direction::iter().map(|direction| (direction.as_str().to_owned(), direction.label().to_owned()));
    let bots = context
        .row
        .current
        .with_untracked(|row| row.bots.iter().map(|bot| (bot.id.to_string(), bot.name.clone())).collect::<Vec<_>>());
    let option = |value: &str, text: &str| std::iter::once((value.to_owned(), text.to_owned()));
    vec![
        Filter::new("direction", "Direction", option("", "All Directions").chain(directions)),
        Filter::new("bot_id", "Bot", option("", "All Bots").chain(option(DidQuery::NO_BOT, "No Bot")).chain(bots)),
    ]
}

fn no_dids(context: CarrierContext, may_change: bool) -> AnyView {
    let add = may_change.then(|| {
        view! {
            <a class="btn-primary" href=move || context.href(&[("did", "new")]) data-noscroll="">
                {icon(PLUS)}
                "Add the First Number"
            </a>
        }
    });
    view! {
        <EmptyState
            glyph=HASH
            title="No phone numbers yet"
            text="LiveKit gets trunks for this carrier once it has a phone number: inbound ones are answered by a bot, outbound ones are caller IDs."
        >
            {add}
        </EmptyState>
    }
    .into_any()
}
