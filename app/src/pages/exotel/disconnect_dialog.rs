use api_types::view::ExotelSummary;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use crate::{
    components::{
        form::{ConfirmDialog, Form, focus},
        ui::{counted, use_toasts},
    },
    server_fns::exotel::disconnect_exotel,
    urls,
};

/// Confirms the disconnection and says what stays.
#[component]
pub fn DisconnectDialog(summary: RwSignal<ExotelSummary>) -> impl IntoView {
    let form = Form::new("disconnect");
    let toasts = use_toasts();
    let navigate = use_navigate();
    let ExotelSummary { account_sid, numbers_imported, .. } = summary.get_untracked();
    let stays = match numbers_imported {
        0 => "No number has been imported, so nothing else changes.".to_owned(),
        1 => "The 1 imported number stays on its carrier, and its calls go on.".to_owned(),
        several => format!(
            "The {} stay on their carriers, and their calls go on.",
            counted(several, "imported number", "imported numbers")
        ),
    };
    let disconnect = move |()| {
        let navigate = navigate.clone();
        form.send(disconnect_exotel(), move |()| {
            toasts.success("Disconnected Exotel.");
            summary.update(|summary| {
                let ExotelSummary { numbers_imported, livekit_sip_host, .. } = std::mem::take(summary);
                *summary = ExotelSummary { numbers_imported, livekit_sip_host, ..ExotelSummary::default() };
            });
            navigate(urls::EXOTEL, Default::default());
            focus("content".to_owned());
        });
    };
    view! {
        <ConfirmDialog
            form
            title="Disconnect Exotel"
            address=format!("{}?disconnect=1", urls::EXOTEL)
            close=urls::EXOTEL
            label="Disconnect"
            busy_label="Disconnecting…"
            on_confirm=disconnect
        >
            <p>
                "Deletes the API key and API token of "
                <strong class="font-semibold">{account_sid.unwrap_or_default()}</strong>
                ". Its numbers cannot be listed or imported until they are entered again. "
                {stays}
            </p>
        </ConfirmDialog>
    }
    .into_any()
}
