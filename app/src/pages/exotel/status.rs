use api_types::view::ExotelSummary;
use domain::Timestamp;
use leptos::prelude::*;

use crate::{
    components::ui::{Banner, CHECK, PLUG, RelativeTime, Tone, icon},
    urls,
};

/// A button that tests the credentials with a request to Exotel.
pub fn test_form() -> AnyView {
    view! {
        <form method="post" action=urls::EXOTEL class="contents">
            <button type="submit" class="btn" id="exotel-test" data-busy="Testing…">{icon(PLUG)} "Test connection"</button>
        </form>
    }
    .into_any()
}

/// Announced after each test. The time makes two equal outcomes different texts.
fn announcement(outcome: &str, at: Timestamp) -> String {
    format!("{outcome}. Asked at {}.", at.readable())
}

/// The result of the last request to Exotel, and what to do about it.
pub fn status(summary: &ExotelSummary) -> AnyView {
    match (summary.last_checked_at, summary.last_check_error.clone()) {
        (None, _) => view! {
            <Banner tone=Tone::Info title="Not tested yet">
                "Test the connection: Exotel then says whether key, account and subdomain belong together."
            </Banner>
        }
        .into_any(),
        (Some(at), Some(error)) => view! {
            <div class="contents" data-announcement=announcement("Exotel did not answer as hoped", at)>
                <Banner tone=Tone::Error title="Exotel did not answer as hoped">
                    <span class="break-words">{error}</span>
                    " Asked "
                    <RelativeTime at/>
                    "."
                </Banner>
            </div>
        }
        .into_any(),
        (Some(at), None) => view! {
            <div class="sync-line" data-announcement=announcement("Exotel lets Trunkline in", at)>
                <span class="text-ok inline-flex items-center gap-1.5 font-medium">
                    {icon(CHECK)} "Exotel lets Trunkline in"
                </span>
                <span class="num">"Last asked " <RelativeTime at/></span>
            </div>
        }
        .into_any(),
    }
}
