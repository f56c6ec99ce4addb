use api_types::{
    Problem,
    view::{BotView, ChangedNoun},
};
use domain::Action;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::{
    delete_dialog::DeleteDialog,
    form::{BotForm, conflicting, current, pretty},
    sections::BotFields,
};
use crate::{
    components::{
        form::{Editing, FormPage},
        layout::PageHeader,
        ui::{BOT, EmptyState, LIST, TRASH, counted, icon, use_toasts},
    },
    live::on_any_change,
    pages::row_page::{LiveRow, RowPage},
    server_fns::{
        bot::{get_bot, update_bot},
        read,
    },
    session::use_session,
    urls,
};

/// One bot: a form, or read-only without the role to change it.
#[component]
pub fn BotPage() -> impl IntoView {
    view! {
        <RowPage
            noun=ChangedNoun::Bot
            title="Bot"
            parent=(urls::BOTS, "Bots")
            load=|id| Box::pin(load(id))
            page=detail
            missing
        />
    }
}

async fn load(id: String) -> Result<BotView, Problem> {
    let id = id.parse().map_err(|_| Problem::new(404, "not_found", "Not Found", "This is not the id of a bot."))?;
    read(get_bot(id)).await
}

fn detail(row: LiveRow<BotView>) -> AnyView {
    // A carrier's change may be one of the numbers that the bot answers.
    on_any_change(&[ChangedNoun::Carrier], move || row.refresh());
    let bot = row.current.get_untracked();
    let may_change = use_session().may(Action::UpdateBot);
    let params = use_query_map();
    let deleting = Memo::new(move |_| may_change && params.with(|params| params.get_str("delete").is_some()));
    let name = Signal::derive(move || row.current.with(|bot| bot.name.clone()));
    let summary = move || match row.current.with(|bot| bot.did_count) {
        0 => "Answers no number yet.".to_owned(),
        count => format!("Answers {}.", counted(count, "number", "numbers")),
    };
    let delete = may_change.then(|| {
        let href = format!("{}?delete=1", urls::bot(&bot.id));
        view! { <a class="btn-danger" href=href data-noscroll="">{icon(TRASH)} "Delete"</a> }
    });
    let history = urls::history(bot.id.as_str());
    let body = if may_change { view! { <EditForm bot row/> }.into_any() } else { view! { <Facts row/> }.into_any() };
    let dialog =
        move || deleting.get().then(|| view! { <DeleteDialog bot=row.current.get_untracked() deletion=row.deletion/> });
    view! {
        <PageHeader title=name parent=(urls::BOTS, "Bots") crumb=name summary=summary.into_any()>
            <a class="btn-quiet" href=history>{icon(LIST)} "History"</a>
            {delete}
        </PageHeader>
        {body}
        {dialog}
    }
    .into_any()
}

#[component]
fn EditForm(bot: BotView, row: LiveRow<BotView>) -> impl IntoView {
    let fields = BotForm::new(Some(&bot));
    let form = fields.form;
    let version = fields.version.unwrap_or_default();
    let page = urls::bot(&bot.id);
    let id = StoredValue::new(bot.id);
    Effect::new(move |before: Option<()>| {
        let newest = row.current.get();
        if before.is_some() {
            form.follow(current(newest), version);
        }
    });
    let toasts = use_toasts();
    let navigate = StoredValue::new(use_navigate());
    let save = move |()| {
        if let Err(errors) = fields.check() {
            form.refuse_fields(&errors);
            return;
        }
        form.send(update_bot(id.get_value(), fields.input()), move |bot| {
            toasts.success(format!("Saved {}.", bot.name));
            navigate.with_value(|navigate| navigate(urls::BOTS, Default::default()));
        });
    };
    view! {
        <FormPage
            form
            address=page
            cancel=urls::BOTS
            label="Save Changes"
            busy_label="Saving…"
            on_submit=save
            editing=Editing { noun: "bot", version, read: conflicting }
        >
            <div class="card px-5"><BotFields fields/></div>
        </FormPage>
    }
    .into_any()
}

#[component]
fn Facts(row: LiveRow<BotView>) -> impl IntoView {
    view! {
        <section class="card p-4">
            <dl class="facts">
                <div class="fact">
                    <dt>"Answered By"</dt>
                    <dd>{move || row.current.get().answered_by.label()}</dd>
                </div>
                <div class="fact">
                    <dt>"Agent Name"</dt>
                    <dd><code class="font-mono text-[12.5px]">{move || row.current.get().agent_name.unwrap_or_default()}</code></dd>
                </div>
                <div class="fact">
                    <dt>"Metadata"</dt>
                    <dd>
                        <code class="font-mono text-[12.5px] whitespace-pre-wrap break-words">
                            {move || row.current.get().metadata}
                        </code>
                    </dd>
                </div>
                <div class="fact">
                    <dt>"Allowed SIP Headers"</dt>
                    <dd>{move || allowed_headers(&row.current.get())}</dd>
                </div>
                <div class="fact">
                    <dt>"Runtime Configuration"</dt>
                    <dd>
                        <code class="font-mono text-[12.5px] whitespace-pre-wrap break-words">
                            {move || pretty(&row.current.get())}
                        </code>
                    </dd>
                </div>
            </dl>
        </section>
    }
    .into_any()
}

fn allowed_headers(bot: &BotView) -> String {
    let config = &bot.sip_header_config;
    if config.enabled && !config.allowed_headers.is_empty() {
        config.allowed_headers.texts().join(", ")
    } else {
        "None".to_owned()
    }
}

fn missing(deleted: bool) -> AnyView {
    let title = if deleted { "This bot was deleted" } else { "There is no such bot" };
    view! {
        <PageHeader title="Not Found" parent=(urls::BOTS, "Bots")/>
        <div class="card">
            <EmptyState glyph=BOT title text="Numbers that a deleted bot answered reject calls until another bot is assigned.">
                <a class="btn" href=urls::BOTS>"Back to Bots"</a>
            </EmptyState>
        </div>
    }
    .into_any()
}
