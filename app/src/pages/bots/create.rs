use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::hooks::use_navigate;

use super::form::{BotFields, BotForm};
use crate::{
    api,
    components::{
        form::{ActionBar, ProblemBanner, guard_leaving},
        layout::PageHeader,
        ui::use_toasts,
    },
    urls,
};

#[component]
pub fn CreateBotPage() -> impl IntoView {
    let fields = BotForm::new(None);
    let form = fields.form;
    let navigate = use_navigate();
    let toasts = use_toasts();
    guard_leaving(urls::CREATE_BOT.to_owned(), move || form.changed(), |target| target.starts_with(urls::CREATE_BOT));

    let save = move |event: SubmitEvent| {
        event.prevent_default();
        if let Err(errors) = fields.check() {
            form.refuse_fields(&errors);
            return;
        }
        let navigate = navigate.clone();
        form.send(api::bot::create(fields.input()), move |bot| {
            toasts.say(format!("Added {}.", bot.name));
            navigate(urls::BOTS, Default::default());
        });
    };
    view! {
        <PageHeader title="Add a bot" parent=(urls::BOTS, "Bots")/>
        <form method="post" action=urls::CREATE_BOT novalidate class="form-page" on:submit=save>
            <ProblemBanner problem=form.problem.into()/>
            <div class="card px-5"><BotFields fields/></div>
            <ActionBar form label="Create bot" busy_label="Creating…" cancel=urls::BOTS/>
        </form>
    }
}
