use api_types::view::ExotelSummary;
use leptos::{ev::SubmitEvent, prelude::*};

use crate::{
    components::{
        form::{Form, SubmitButton},
        ui::{Banner, CHECK, RelativeTime, Tone, icon, use_toasts},
    },
    server_fns::exotel::test_exotel,
    urls,
};

/// A button that tests the credentials with a request to Exotel.
#[component]
pub fn TestForm(form: Form, summary: RwSignal<ExotelSummary>) -> impl IntoView {
    let toasts = use_toasts();
    let test = move |event: SubmitEvent| {
        event.prevent_default();
        form.send(test_exotel(), move |tested| {
            // The page shows the reason of a failure.
            if tested.last_check_error.is_some() {
                toasts.error("Connection test failed.");
            } else {
                toasts.success("Connected to Exotel.");
            }
            summary.set(tested);
        });
    };
    view! {
        <form method="post" action=urls::EXOTEL class="contents" on:submit=test>
            <SubmitButton label="Test Connection" busy_label="Testing…" busy=form.busy class="btn"/>
        </form>
    }
    .into_any()
}

/// The result of the last request to Exotel.
#[component]
pub fn Status(summary: RwSignal<ExotelSummary>) -> impl IntoView {
    let check = Memo::new(move |_| {
        summary.with(|summary| (summary.connected, summary.last_checked_at, summary.last_check_error.clone()))
    });
    move || {
        match check.get() {
        (false, ..) => ().into_any(),
        (true, None, _) => view! {
            <Banner tone=Tone::Info title="Not tested yet">
                "Test the connection: Exotel then checks whether the API key, API token, account and subdomain belong together."
            </Banner>
        }
        .into_any(),
        (true, Some(at), Some(error)) => view! {
            <Banner tone=Tone::Error title="Connection test failed">
                <span class="break-words">{error}</span>
                " Tested "
                <RelativeTime at/>
                "."
            </Banner>
        }
        .into_any(),
        (true, Some(at), None) => view! {
            <div class="sync-line">
                <span class="text-ok inline-flex items-center gap-1.5 font-medium">
                    {icon(CHECK)} "Connected to Exotel"
                </span>
                <span class="num">"Last checked " <RelativeTime at/></span>
            </div>
        }
        .into_any(),
    }
    }
}
