use domain::view::ExotelSummary;
use leptos::{ev::SubmitEvent, prelude::*};

use crate::{
    api::{self, http::row},
    components::{
        form::Form,
        ui::{Banner, CHECK, LOADER, PLUG, RelativeTime, Tone, icon, use_toasts},
    },
    urls,
};

/// A button that asks Exotel whether the credentials are good. Without JavaScript it posts.
#[component]
pub fn TestForm(shown: RwSignal<ExotelSummary>) -> impl IntoView {
    let toasts = use_toasts();
    let form = Form::button("test");
    let test = move |event: SubmitEvent| {
        event.prevent_default();
        form.send(api::integration::test(), move |summary| {
            toasts.say("Exotel lets Trunkline in.");
            shown.set(summary);
        });
    };
    // The banner shows what went wrong; the message only says that it did.
    Effect::new(move |_| {
        let Some(problem) = form.problem.get() else { return };
        match problem.current.as_ref().and_then(row::<ExotelSummary>) {
            Some(summary) => {
                toasts.warn("The test failed.");
                shown.set(summary);
            }
            None => toasts.warn(problem.detail),
        }
    });
    view! {
        <form method="post" action=format!("{}/test", urls::EXOTEL) class="contents" on:submit=test>
            <button type="submit" class="btn" aria-disabled=move || form.busy.get().then_some("true")>
                {move || if form.busy.get() { icon(LOADER) } else { icon(PLUG) }}
                {move || if form.busy.get() { "Testing…" } else { "Test connection" }}
            </button>
        </form>
    }
    .into_any()
}

/// How the last question to Exotel went, and what to do.
#[component]
pub fn Status(shown: RwSignal<ExotelSummary>) -> impl IntoView {
    let check = Memo::new(move |_| {
        shown.with(|shown| (shown.connected, shown.last_checked_at, shown.last_check_error.clone()))
    });
    move || match check.get() {
        (false, ..) => ().into_any(),
        (true, None, _) => view! {
            <Banner tone=Tone::Info title="Not tested yet">
                "Test the connection: Exotel then says whether key, account and subdomain belong together."
            </Banner>
        }
        .into_any(),
        (true, Some(at), Some(error)) => view! {
            <Banner tone=Tone::Error title="Exotel did not answer as hoped">
                <span class="break-words">{error}</span>
                " Asked "
                <RelativeTime at/>
                "."
            </Banner>
        }
        .into_any(),
        (true, Some(at), None) => view! {
            <div class="in-step">
                <span class="text-ok inline-flex items-center gap-1.5 font-medium">
                    {icon(CHECK)} "Exotel lets Trunkline in"
                </span>
                <span class="num">"Last asked " <RelativeTime at/></span>
            </div>
        }
        .into_any(),
    }
}
