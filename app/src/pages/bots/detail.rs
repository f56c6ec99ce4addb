use api_types::view::BotView;
use domain::BotId;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::{
    delete_dialog::DeleteDialog,
    form::{BotFields, BotForm, conflicting},
};
use crate::{
    api,
    components::{
        form::{ActionBar, ConflictDialog, ProblemBanner, ReadValues},
        layout::PageHeader,
        ui::{BOT, EmptyState, Failure, LIST, TRASH, counted, icon},
    },
    session::use_session,
    status::set_status,
    urls,
};

/// One bot: a form, or read-only without the role to change it.
#[component]
pub fn BotPage() -> impl IntoView {
    let id = use_params_map().get_untracked().get_str("id").and_then(|id| id.parse::<BotId>().ok());
    let deleting = use_query_map().get_untracked().get_str("delete").is_some();
    let page = async move {
        let Some(id) = id else { return no_bot() };
        match api::bot::get(id).await {
            Ok(bot) => view! { <Detail bot deleting/> }.into_any(),
            Err(problem) if problem.status == 404 => no_bot(),
            Err(problem) => {
                set_status(problem.status);
                view! {
                    <PageHeader title="Bot" parent=(urls::BOTS, "Bots")/>
                    <div class="card"><Failure problem retry=|| ()/></div>
                }
                .into_any()
            }
        }
    };
    view! { <Suspense>{Suspend::new(page)}</Suspense> }
}

#[component]
fn Detail(bot: BotView, deleting: bool) -> impl IntoView {
    let may_change = use_session().may_change();
    let name = Signal::stored(bot.name.clone());
    let answers = match bot.did_count {
        0 => "Answers no number yet.".to_owned(),
        count => format!("Answers {}.", counted(count, "number", "numbers")),
    };
    let delete = may_change.then(|| {
        let href = format!("{}?delete=1", urls::bot(&bot.id));
        view! { <a class="btn-danger" href=href data-noscroll="">{icon(TRASH)} "Delete"</a> }
    });
    let history = urls::history(bot.id.as_str());
    let dialog = (may_change && deleting).then(|| view! { <DeleteDialog bot=bot.clone()/> });
    let body = if may_change { view! { <EditForm bot/> }.into_any() } else { view! { <Facts bot/> }.into_any() };
    view! {
        <PageHeader title=name parent=(urls::BOTS, "Bots") crumb=name summary=answers.into_any()>
            <a class="btn-quiet" href=history>{icon(LIST)} "History"</a>
            {delete}
        </PageHeader>
        {body}
        {dialog}
    }
    .into_any()
}

#[component]
fn EditForm(bot: BotView) -> impl IntoView {
    let fields = BotForm::new(Some(&bot));
    let form = fields.form;
    let version = fields.version.unwrap_or_default();
    let page = urls::bot(&bot.id);
    view! {
        <form
            id=form.element_id()
            method="post"
            action=page.clone()
            novalidate
            class="form-page"
            data-done="Saved {name}."
        >
            <ReadValues form version/>
            <ProblemBanner form/>
            <div class="card px-5"><BotFields fields/></div>
            <ActionBar form label="Save changes" busy_label="Saving…" cancel=urls::BOTS/>
        </form>
        <ConflictDialog form noun="bot" read=conflicting version reload=page save=|()| ()/>
    }
    .into_any()
}

#[component]
fn Facts(bot: BotView) -> impl IntoView {
    view! {
        <section class="card p-4">
            <dl class="facts">
                <div class="fact">
                    <dt>"Agent name"</dt>
                    <dd><code class="font-mono text-[12.5px]">{bot.agent_name}</code></dd>
                </div>
                <div class="fact">
                    <dt>"Metadata"</dt>
                    <dd><code class="font-mono text-[12.5px] whitespace-pre-wrap break-words">{bot.metadata}</code></dd>
                </div>
            </dl>
        </section>
    }
    .into_any()
}

fn no_bot() -> AnyView {
    set_status(404);
    view! {
        <PageHeader title="Not found" parent=(urls::BOTS, "Bots")/>
        <div class="card">
            <EmptyState glyph=BOT title="There is no such bot" text="It may have been deleted. The numbers that it answered reject calls until they get another one.">
                <a class="btn" href=urls::BOTS>"Back to the bots"</a>
            </EmptyState>
        </div>
    }
    .into_any()
}
