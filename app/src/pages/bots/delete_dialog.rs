use api_types::view::BotView;
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::hooks::use_navigate;

use crate::{
    components::{
        form::{Form, ProblemBanner, SubmitButton},
        ui::{Dialog, counted, use_toasts},
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
    let navigate = use_navigate();
    let page = urls::bot(&bot.id);
    let consequence = match bot.did_count {
        0 => "No number is assigned to it.".to_owned(),
        1 => "One number loses its bot: calls to it are rejected until another bot is assigned.".to_owned(),
        several => format!(
            "{} lose their bot: calls to them are rejected until another bot is assigned.",
            counted(several, "number", "numbers")
        ),
    };
    let action = format!("{page}?delete=1");
    let (id, name) = (bot.id.clone(), bot.name.clone());
    let delete = move |event: SubmitEvent| {
        event.prevent_default();
        let (name, navigate) = (name.clone(), navigate.clone());
        form.send(deletion.execute(delete_bot(id.clone())), move |()| {
            toasts.success(format!("Deleted {name}."));
            navigate(urls::BOTS, Default::default());
        });
    };
    view! {
        <Dialog title=format!("Delete {}", bot.name) close=page.clone() class="dialog dialog-small">
            <form method="post" action=action on:submit=delete>
                <div class="dialog-body grid gap-3">
                    <ProblemBanner form/>
                    <p>
                        "Deletes the bot " <strong class="font-semibold">{bot.name}</strong>
                        {format!(" and its dispatch rules in LiveKit. {consequence}")}
                    </p>
                </div>
                <footer class="dialog-foot">
                    <a class="btn" href=page data-noscroll="" autofocus>"Cancel"</a>
                    <SubmitButton label="Delete Bot" busy_label="Deleting…" busy=form.busy class="btn-danger-solid"/>
                </footer>
            </form>
        </Dialog>
    }
    .into_any()
}
