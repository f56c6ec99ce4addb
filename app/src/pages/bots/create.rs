use domain::Action;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::{form::BotForm, sections::BotFields};
use crate::{
    components::{
        form::FormPage,
        layout::PageHeader,
        ui::{Banner, Tone, use_toasts},
    },
    server_fns::bot::create_bot,
    session::use_session,
    urls,
};

#[component]
pub fn CreateBotPage() -> impl IntoView {
    let content = if use_session().may(Action::CreateBot) {
        view! { <CreateForm/> }.into_any()
    } else {
        view! { <Banner tone=Tone::Warn>"You need the Developer role to add a bot."</Banner> }.into_any()
    };
    view! {
        <PageHeader title="Add Bot" parent=(urls::BOTS, "Bots")/>
        {content}
    }
}

#[component]
fn CreateForm() -> impl IntoView {
    let fields = BotForm::new(None);
    let form = fields.form;
    let navigate = use_navigate();
    let toasts = use_toasts();
    let save = move |()| {
        if let Err(errors) = fields.check() {
            form.refuse_fields(&errors);
            return;
        }
        let navigate = navigate.clone();
        form.send(create_bot(fields.input()), move |bot| {
            toasts.success(format!("Added {}.", bot.name));
            navigate(urls::BOTS, Default::default());
        });
    };
    view! {
        <FormPage
            form
            address=urls::CREATE_BOT
            cancel=urls::BOTS
            label="Create Bot"
            busy_label="Creating…"
            on_submit=save
        >
            <div class="card px-5"><BotFields fields/></div>
        </FormPage>
    }
}
