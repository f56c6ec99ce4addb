use api_types::view::BotView;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use crate::{
    components::{
        form::{ConfirmDialog, Form},
        ui::{counted, use_toasts},
    },
    pages::row_page::Deletion,
    server_fns::bot::delete_bot,
    urls,
};

/// Confirms the deletion and says how many numbers lose their bot.
#[component]
pub fn DeleteDialog(bot: BotView, deletion: Deletion) -> impl IntoView {
    let form = Form::new("delete-bot");
    let toasts = use_toasts();
    let navigate = StoredValue::new(use_navigate());
    let page = urls::bot(&bot.id);
    let consequence = match bot.did_count {
        0 => "No number is assigned to it.".to_owned(),
        1 => "One number loses its bot: calls to it are rejected until another bot is assigned.".to_owned(),
        several => format!(
            "{} lose their bot: calls to them are rejected until another bot is assigned.",
            counted(several, "number", "numbers")
        ),
    };
    let deleted = StoredValue::new(bot.clone());
    let delete = move |()| {
        let BotView { id, name, .. } = deleted.get_value();
        form.send(deletion.execute(delete_bot(id)), move |()| {
            toasts.success(format!("Deleted {name}."));
            navigate.with_value(|navigate| navigate(urls::BOTS, Default::default()));
        });
    };
    view! {
        <ConfirmDialog
            form
            title=format!("Delete {}", bot.name)
            address=format!("{page}?delete=1")
            close=page
            label="Delete Bot"
            busy_label="Deleting…"
            on_confirm=delete
        >
            <p>
                "Deletes the bot " <strong class="font-semibold">{bot.name}</strong>
                {format!(" and its dispatch rules in LiveKit. {consequence}")}
            </p>
        </ConfirmDialog>
    }
    .into_any()
}
