use api_types::view::ExotelSummary;
use leptos::prelude::*;

use crate::{
    components::{
        form::{Form, ProblemBanner, SubmitButton},
        ui::{Dialog, counted},
    },
    urls,
};

/// Confirms the disconnection and says what stays.
#[component]
pub fn DisconnectDialog(summary: ExotelSummary) -> impl IntoView {
    let form = Form::new("disconnect");
    let stays = match summary.numbers_imported {
        0 => "No number has been imported, so nothing else changes.".to_owned(),
        1 => "The 1 imported number stays on its carrier, and so do its calls.".to_owned(),
        several => format!(
            "The {} stay on their carriers, and so do their calls.",
            counted(several, "imported number", "imported numbers")
        ),
    };
    view! {
        <Dialog title="Disconnect Exotel" close=urls::EXOTEL class="dialog dialog-small">
            <form method="post" action=format!("{}?disconnect=1", urls::EXOTEL) data-done="Disconnected Exotel.">
                <div class="dialog-body grid gap-3">
                    <ProblemBanner form/>
                    <p>
                        "Forgets the API key and token of "
                        <strong class="font-semibold">{summary.account_sid.unwrap_or_default()}</strong>
                        ". Its numbers cannot be listed or imported until they are entered again. "
                        {stays}
                    </p>
                </div>
                <footer class="dialog-foot">
                    <a class="btn" href=urls::EXOTEL data-noscroll="" autofocus>"Keep it"</a>
                    <SubmitButton label="Disconnect" busy_label="Disconnecting…" busy=form.busy class="btn-danger-solid"/>
                </footer>
            </form>
        </Dialog>
    }
    .into_any()
}
