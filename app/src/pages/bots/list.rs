use api_types::{
    Problem,
    view::{BotPage, BotView, ChangedNoun},
};
use leptos::prelude::*;

use crate::{
    components::{
        layout::PageHeader,
        ui::{BOT, EmptyState, Failure, NEXT, PLUS, Skeleton, counted, grouped, icon},
    },
    live::on_any_change,
    server_fns::{bot::list_bots, read},
    session::use_session,
    status::set_status,
    urls,
};

/// All bots on one page, because there are few.
#[component]
pub fn BotListPage() -> impl IntoView {
    let bots = Resource::new(|| (), |()| read(list_bots()));
    on_any_change(&[ChangedNoun::Bot, ChangedNoun::Carrier], move || bots.refetch());
    let may_change = use_session().may_change();
    let heading = move || Suspend::new(async move { bots.await.ok().map(|page| summary(&page)) });
    let list =
        move || Suspend::new(async move { contents(bots.await, may_change, Callback::new(move |()| bots.refetch())) });
    let summary = view! { <Transition fallback=|| "\u{a0}">{heading}</Transition> };
    view! {
        <PageHeader title="Bots" summary=summary.into_any()>
            {may_change.then(|| view! { <a class="btn-primary" href=urls::CREATE_BOT aria-keyshortcuts="n">{icon(PLUS)} "Add Bot"</a> })}
        </PageHeader>
        <section class="card overflow-hidden" aria-label="Bots">
            <Transition fallback=|| view! { <Skeleton rows=4/> }>{list}</Transition>
        </section>
    }
}

fn contents(page: Result<BotPage, Problem>, may_change: bool, retry: Callback<()>) -> AnyView {
    match page {
        Ok(page) if page.items.is_empty() => view! { <NoBots may_change/> }.into_any(),
        Ok(page) => view! { <Table bots=page.items/> }.into_any(),
        Err(problem) => {
            set_status(problem.status);
            view! { <Failure problem retry=move || retry.run(())/> }.into_any()
        }
    }
}

fn summary(page: &BotPage) -> String {
    let answering = page.items.iter().filter(|bot| bot.did_count > 0).count();
    let answering = i64::try_from(answering).unwrap_or(i64::MAX);
    if answering == page.total && answering > 0 {
        return format!("{} calls.", counted(answering, "bot answers", "bots answer"));
    }
    format!("{}; {} calls.", counted(page.total, "bot", "bots"), counted(answering, "answers", "answer"))
}

#[component]
fn Table(bots: Vec<BotView>) -> impl IntoView {
    view! {
        <table class="table" role="table">
            <caption class="sr-only">"Bots"</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th class="th" role="columnheader" scope="col">"Name"</th>
                    <th class="th" role="columnheader" scope="col">"Agent name"</th>
                    <th class="th" role="columnheader" scope="col">"Numbers answered"</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{bots.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn row(bot: BotView) -> AnyView {
    view! {
        <tr role="row" class="row row-bot">
            <td role="cell" class="td cell-name"><a class="row-link" href=urls::bot(&bot.id)>{bot.name}</a></td>
            <td role="cell" class="td cell-address">{bot.agent_name}</td>
            <td role="cell" class="td cell-answers num">
                <span class="flex items-center justify-between gap-2">
                    <span>
                        {grouped(bot.did_count)}
                        <span class="cell-unit">{if bot.did_count == 1 { " number" } else { " numbers" }}</span>
                    </span>
                    <span class="cell-next">{icon(NEXT)}</span>
                </span>
            </td>
        </tr>
    }
    .into_any()
}

#[component]
fn NoBots(may_change: bool) -> impl IntoView {
    let add =
        may_change.then(|| view! { <a class="btn-primary" href=urls::CREATE_BOT>{icon(PLUS)} "Add the first bot"</a> });
    view! {
        <EmptyState
            glyph=BOT
            title="No bots yet"
            text="A bot names the LiveKit agent that joins when a number rings. Without one, calls to a number are rejected."
        >
            {add}
        </EmptyState>
    }
    .into_any()
}
