use leptos::prelude::*;

use super::form::{BotFields, BotForm};
use crate::{
    components::{
        form::{ActionBar, ProblemBanner},
        layout::PageHeader,
    },
    urls,
};

#[component]
pub fn CreateBotPage() -> impl IntoView {
    let fields = BotForm::new(None);
    let form = fields.form;
    view! {
        <PageHeader title="Add a bot" parent=(urls::BOTS, "Bots")/>
        <form method="post" action=urls::CREATE_BOT novalidate class="form-page" data-done="Added {name}.">
            <ProblemBanner form/>
            <div class="card px-5"><BotFields fields/></div>
            <ActionBar form label="Create bot" busy_label="Creating…" cancel=urls::BOTS/>
        </form>
    }
}
