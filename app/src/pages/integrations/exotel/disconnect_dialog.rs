use domain::view::ExotelSummary;
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::hooks::use_navigate;

use crate::{
    api,
    components::{
        form::{Form, ProblemBanner, SubmitButton},
        ui::{Dialog, counted, use_toasts},
    },
    urls,
};

/// Names what is lost, and what stays.
#[component]
pub fn DisconnectDialog(shown: RwSignal<ExotelSummary>) -> impl IntoView {
    let form = Form::new("disconnect");
    let toasts = use_toasts();
    let navigate = use_navigate();
    let summary = shown.get_untracked();
    let stays = match summary.numbers_imported {
        0 => "No number has been imported, so nothing else changes.".to_owned(),
        1 => "The 1 imported number stays on its carrier, and so do its calls.".to_owned(),
        several => format!(
            "The {} stay on their carriers, and so do their calls.",
            counted(several, "imported number", "imported numbers")
        ),
    };
    let disconnect = move |event: SubmitEvent| {
        event.prevent_default();
        let navigate = navigate.clone();
        form.send(api::integration::disconnect(), move |()| {
            toasts.say("Disconnected Exotel.");
            let imported = shown.with_untracked(|shown| shown.numbers_imported);
            let host = shown.with_untracked(|shown| shown.livekit_sip_host.clone());
            shown.set(ExotelSummary { numbers_imported: imported, livekit_sip_host: host, ..ExotelSummary::default() });
            navigate(urls::EXOTEL, Default::default());
        });
    };
    view! {
        <Dialog title="Disconnect Exotel" close=urls::EXOTEL class="dialog dialog-small">
            <form method="post" action=format!("{}/disconnect", urls::EXOTEL) on:submit=disconnect>
                <div class="dialog-body grid gap-3">
                    <ProblemBanner problem=form.problem.into()/>
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
