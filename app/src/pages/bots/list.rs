use std::cmp::Ordering;

use api_types::view::{BotPage, BotView, ChangedNoun};
use domain::{Action, AnsweredBy};
use leptos::prelude::*;

use crate::{
    components::{
        layout::PageHeader,
        table::{Column, DataTable, Row, TablePage, TableQuery, TableUrl, Width, use_table_query},
        ui::{BOT, EmptyState, PLUS, counted, grouped, icon},
    },
    live::on_any_change,
    server_fns::{bot::list_bots, read},
    session::use_session,
    urls,
};

/// All bots on one page, because there are few; search and order are applied to the whole list.
#[component]
pub fn BotListPage() -> impl IntoView {
    let query = use_table_query(TableUrl::new(urls::BOTS, &["name", "agent_name", "did_count"]));
    let page = Resource::new(
        move || query.get(),
        |query| async move { read(list_bots()).await.map(|page| select(&query, page)) },
    );
    on_any_change(&[ChangedNoun::Bot, ChangedNoun::Carrier], move || page.refetch());
    let may_change = use_session().may(Action::CreateBot);
    let columns = vec![
        Column::text("Name", |bot: &BotView| bot.name.clone()).sort("name").width(Width::Wide),
        Column::code("Agent Name", |bot: &BotView| agent_name(bot).to_owned()).sort("agent_name"),
        Column::number("Numbers Answered", |bot: &BotView| grouped(bot.did_count)).sort("did_count"),
        Column::text("Answered By", |bot: &BotView| bot.answered_by.label().to_owned()),
    ];
    let summary =
        move || Suspend::new(async move { page.await.ok().map(|page| counted(page.total, "bot", "bots") + ".") });
    let summary = view! { <Transition fallback=|| "\u{a0}">{summary}</Transition> };
    view! {
        <PageHeader title="Bots" summary=summary.into_any()>
            {may_change.then(|| view! {
                <a class="btn-primary" href=urls::CREATE_BOT aria-keyshortcuts="n">{icon(PLUS)} "Add Bot"</a>
            })}
        </PageHeader>
        <DataTable
            query
            label="Bots"
            noun=("bot", "bots")
            columns
            page
            row=|bot: &BotView| Row::new(&bot.id, &bot.name).href(urls::bot(&bot.id))
            search="Search Name or Agent Name"
            empty=move || no_bots(may_change)
        />
    }
}

impl From<BotPage> for TablePage<BotView> {
    fn from(page: BotPage) -> Self {
        Self { items: page.items, next_cursor: None, total: Some(page.total), searched_to: None }
    }
}

/// The LiveKit agent that is dispatched; empty where the fleet answers.
fn agent_name(bot: &BotView) -> &str {
    bot.agent_name.as_deref().filter(|_| bot.answered_by == AnsweredBy::Agent).unwrap_or_default()
}

/// The bots that the search finds, in the order of the query.
fn select(query: &TableQuery, page: BotPage) -> BotPage {
    let words: Vec<String> = query.q.split_whitespace().map(str::to_lowercase).collect();
    let matches = |bot: &BotView| {
        let text = format!("{} {}", bot.name, agent_name(bot)).to_lowercase();
        words.iter().all(|word| text.contains(word.as_str()))
    };
    let (key, descending) = query.order();
    let compare = |one: &BotView, other: &BotView| -> Ordering {
        let name = |bot: &BotView| bot.name.to_lowercase();
        let ordering = match key {
            "agent_name" => agent_name(one).cmp(agent_name(other)),
            "did_count" => one.did_count.cmp(&other.did_count),
            _ => name(one).cmp(&name(other)),
        };
        let ordering = if descending { ordering.reverse() } else { ordering };
        ordering.then_with(|| one.id.cmp(&other.id))
    };
    let mut items: Vec<BotView> = page.items.into_iter().filter(matches).collect();
    items.sort_by(compare);
    BotPage { total: i64::try_from(items.len()).unwrap_or(i64::MAX), items }
}

fn no_bots(may_change: bool) -> AnyView {
    let add =
        may_change.then(|| view! { <a class="btn-primary" href=urls::CREATE_BOT>{icon(PLUS)} "Add the First Bot"</a> });
    view! {
        <EmptyState
            glyph=BOT
            title="No bots yet"
            text="A bot names the LiveKit agent that joins when a number is called. Without one, calls to a number are rejected."
        >
            {add}
        </EmptyState>
    }
    .into_any()
}
