use leptos::prelude::*;

use super::form::{BotFields, BotForm};
use crate::{
    components::{
        form::{ActionBar, ProblemBanner},
        layout::PageHeader,
        ui::{Banner, Tone},
    },
    session::use_session,
    urls,
};

#[component]
pub fn CreateBotPage() -> impl IntoView {
    let content = if use_session().may_change() {
        view! { <CreateForm/> }.into_any()
    } else {
        view! { <Banner tone=Tone::Warn>"Adding a bot takes the role developer."</Banner> }.into_any()
    };
    view! {
        <PageHeader title="Add a bot" parent=(urls::BOTS, "Bots")/>
        {content}
    }
}

#[component]
fn CreateForm() -> impl IntoView {
    let fields = BotForm::new(None);
    let form = fields.form;
    view! {
        <form method="post" action=urls::CREATE_BOT novalidate class="form-page" data-done="Added {name}.">
            <ProblemBanner form/>
            <div class="card px-5"><BotFields fields/></div>
            <ActionBar form label="Create bot" busy_label="Creating…" cancel=urls::BOTS/>
        </form>
    }
}
