use api_types::{Problem, view::ExotelSummary};
use leptos::prelude::*;

use crate::{
    components::ui::{NEXT, counted, icon},
    urls,
};

/// Providers with an API, and the state of their connection.
pub fn integrations(exotel: Result<ExotelSummary, Problem>) -> AnyView {
    let state = exotel.map_or_else(|_| "Its state could not be read".to_owned(), |summary| describe(&summary));
    view! {
        <section class="card p-4 self-start" aria-labelledby="integrations">
            <h2 id="integrations" class="text-[14px] font-medium mb-3">"Integrations"</h2>
            <a class="integration" href=urls::EXOTEL>
                <span class="integration-mark" aria-hidden="true">"Ex"</span>
                <span class="min-w-0 grow">
                    <span class="block font-medium">"Exotel"</span>
                    <span class="block text-[12.5px] text-ink-2 break-words">
                        {state}
                    </span>
                </span>
                {icon(NEXT)}
            </a>
            <p class="hint mt-3">"Exotel has its own page: credentials, numbers and what to enter on their side."</p>
        </section>
    }
    .into_any()
}

/// "Connected as acme1 · 26 numbers"
fn describe(summary: &ExotelSummary) -> String {
    let Some(account) = &summary.account_sid else { return "Not connected".to_owned() };
    let numbers = counted(summary.numbers_imported, "number", "numbers");
    match (summary.last_checked_at, &summary.last_check_error) {
        (_, Some(_)) => format!("{account} needs attention · {numbers}"),
        (None, None) => format!("{account}, not tested yet · {numbers}"),
        (Some(_), None) => format!("Connected as {account} · {numbers}"),
    }
}
