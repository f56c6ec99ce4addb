use domain::{
    BotId, Problem,
    view::{BotView, ChangedNoun},
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};

use super::{
    delete_dialog::DeleteDialog,
    form::{BotFields, BotForm, conflicting, current},
};
use crate::{
    api,
    components::{
        form::{ActionBar, ConflictDialog, ProblemBanner, guard_leaving},
        layout::PageHeader,
        ui::{BOT, EmptyState, Failure, LIST, Skeleton, TRASH, counted, icon, use_toasts},
    },
    live::on_change,
    pages::{answer_status, deletion::Deletion},
    session::use_session,
    urls,
};

/// One bot, by the id in the address.
#[component]
pub fn BotPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get_str("id").and_then(|id| id.parse::<BotId>().ok())));
    let bot = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => api::bot::get(id).await,
                None => Err(Problem::new(404, "not_found", "Not found", "This is no bot's id.")),
            }
        },
    );
    let read = move || {
        Suspend::new(async move {
            match bot.await {
                Ok(bot) => {
                    let loaded = vec![bot];
                    view! {
                        <For each=move || loaded.clone() key=|bot| bot.id.clone() let:bot>
                            <Detail bot/>
                        </For>
                    }
                    .into_any()
                }
                Err(problem) if problem.status == 404 => {
                    answer_status(404);
                    view! { <Gone title="There is no such bot"/> }.into_any()
                }
                Err(problem) => {
                    answer_status(problem.status);
                    view! {
                        <PageHeader title="Bot" parent=(urls::BOTS, "Bots")/>
                        <div class="card"><Failure problem retry=move || bot.refetch()/></div>
                    }
                    .into_any()
                }
            }
        })
    };
    view! { <Transition fallback=|| view! { <div class="card"><Skeleton rows=4/></div> }>{read}</Transition> }
}

/// What others save shows at once, except where something is typed already: then it is told when that is saved.
#[component]
fn Detail(bot: BotView) -> impl IntoView {
    let page = urls::bot(&bot.id);
    let id = StoredValue::new(bot.id.clone());
    let shown = RwSignal::new(bot.clone());
    let deletion = Deletion::watch(ChangedNoun::Bot, bot.id.to_string());
    let refresh = move || {
        if deletion.under_way() {
            return;
        }
        spawn_local(async move {
            match api::bot::get(id.get_value()).await {
                Ok(bot) => drop(shown.try_set(bot)),
                Err(problem) if problem.status == 404 => deletion.found(),
                Err(_) => {}
            }
        });
    };
    on_change(ChangedNoun::Bot, Some(bot.id.to_string()), refresh);
    on_change(ChangedNoun::Carrier, None, refresh);

    let may_change = use_session().may_change();
    let params = use_query_map();
    let deleting = Memo::new(move |_| may_change && params.with(|params| params.get_str("delete").is_some()));
    let answers = move || {
        let count = shown.with(|bot| bot.did_count);
        if count == 0 {
            "Answers no number yet.".to_owned()
        } else {
            format!("Answers {}.", counted(count, "number", "numbers"))
        }
    };
    let name = Signal::derive(move || shown.try_with(|bot| bot.name.clone()).unwrap_or_default());
    let history = urls::history(bot.id.as_str());
    let delete_href = format!("{page}?delete=1");
    move || {
        if deletion.gone.get() {
            return view! { <Gone title="This bot was deleted"/> }.into_any();
        }
        let delete = may_change.then(|| {
            view! { <a class="btn-danger" href=delete_href.clone() data-noscroll="">{icon(TRASH)} "Delete"</a> }
        });
        let history = view! { <a class="btn-quiet" href=history.clone()>{icon(LIST)} "History"</a> };
        let body = if may_change {
            view! { <EditForm bot=bot.clone() shown/> }.into_any()
        } else {
            view! { <Facts bot=bot.clone()/> }.into_any()
        };
        view! {
            <PageHeader title=name parent=(urls::BOTS, "Bots") crumb=name summary=answers.into_any()>
                {history}
                {delete}
            </PageHeader>
            {body}
            {move || deleting.get().then(|| view! { <DeleteDialog bot=shown.get_untracked() deletion/> })}
        }
        .into_any()
    }
}

#[component]
fn EditForm(bot: BotView, shown: RwSignal<BotView>) -> impl IntoView {
    let fields = BotForm::new(Some(&bot));
    let form = fields.form;
    let version = fields.version.unwrap_or_default();
    let page = StoredValue::new(urls::bot(&bot.id));
    let id = StoredValue::new(bot.id);
    Effect::new(move |before: Option<()>| {
        let newest = shown.get();
        if before.is_some() {
            form.follow(current(newest), version);
        }
    });
    let toasts = use_toasts();
    let navigate = StoredValue::new(use_navigate());
    guard_leaving(
        page.get_value(),
        move || form.changed(),
        move |target| page.with_value(|page| target.starts_with(page.as_str())),
    );

    let save = move || {
        if let Err(errors) = fields.check() {
            form.refuse_fields(&errors);
            return;
        }
        form.send(api::bot::update(id.get_value(), fields.input()), move |bot| {
            toasts.say(format!("Saved {}.", bot.name));
            navigate.with_value(|navigate| navigate(urls::BOTS, Default::default()));
        });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        save();
    };
    view! {
        <form method="post" action=page.get_value() novalidate class="form-page" on:submit=submit>
            <input type="hidden" name="version" value=move || version.get()/>
            <ProblemBanner problem=form.problem.into()/>
            <div class="card px-5"><BotFields fields/></div>
            <ActionBar form label="Save changes" busy_label="Saving…" cancel=urls::BOTS/>
        </form>
        <ConflictDialog form noun="bot" read=conflicting version reload=page.get_value() save/>
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

#[component]
fn Gone(title: &'static str) -> impl IntoView {
    view! {
        <PageHeader title="Not found" parent=(urls::BOTS, "Bots")/>
        <div class="card">
            <EmptyState glyph=BOT title text="Numbers that a deleted bot answered reject calls until they get another one.">
                <a class="btn" href=urls::BOTS>"Back to the bots"</a>
            </EmptyState>
        </div>
    }
}
