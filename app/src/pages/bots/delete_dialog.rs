use api_types::view::BotView;
use leptos::prelude::*;

use crate::{
    components::{
        form::{Form, ProblemBanner, SubmitButton},
        ui::{Dialog, counted},
    },
    urls,
};

/// Confirms the deletion and says how many numbers lose their bot.
#[component]
pub fn DeleteDialog(bot: BotView) -> impl IntoView {
    let form = Form::new("delete-bot");
    let page = urls::bot(&bot.id);
    let consequence = match bot.did_count {
        0 => "No number is answered by it.".to_owned(),
        1 => "One number loses its bot: calls to it are rejected until it gets another one.".to_owned(),
        several => format!(
            "{} lose their bot: calls to them are rejected until they get another one.",
            counted(several, "number", "numbers")
        ),
    };
    let done = format!("Deleted {}.", bot.name);
    let action = format!("{page}/delete");
    view! {
        <Dialog title=format!("Delete {}", bot.name) close=page.clone() class="dialog dialog-small">
            <form method="post" action=action data-done=done>
                <div class="dialog-body grid gap-3">
                    <ProblemBanner form/>
                    <p>
                        "Deletes the bot " <strong class="font-semibold">{bot.name}</strong>
                        {format!(" and its dispatch rules in LiveKit. {consequence}")}
                    </p>
                </div>
                <footer class="dialog-foot">
                    <a class="btn" href=page data-noscroll="" autofocus>"Keep it"</a>
                    <SubmitButton label="Delete bot" busy_label="Deleting…" busy=form.busy class="btn-danger-solid"/>
                </footer>
            </form>
        </Dialog>
    }
    .into_any()
}
