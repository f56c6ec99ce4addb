use api_types::view::{ChangedNoun, ExotelSummary};
use leptos::prelude::*;

use crate::{
    components::ui::{NEXT, counted, icon},
    live::on_any_change,
    server_fns::{exotel::get_exotel_summary, read},
    urls,
};

/// Providers with an API, and the state of their connection.
#[component]
pub fn Integrations() -> impl IntoView {
    let exotel = Resource::new(|| (), |()| read(get_exotel_summary()));
    on_any_change(&[ChangedNoun::Integration, ChangedNoun::Carrier], move || exotel.refetch());
    let state = view! {
        <Transition fallback=|| "Loading…">
            {move || Suspend::new(async move {
                exotel.await.map_or_else(|_| "State unknown".to_owned(), |summary| describe(&summary))
            })}
        </Transition>
    };
    view! {
        <section class="card integrations" aria-labelledby="integrations">
            <h2 id="integrations" class="text-[14px] font-medium">"Integrations"</h2>
            <a class="integration" href=urls::EXOTEL>
                <span class="integration-mark" aria-hidden="true">"Ex"</span>
                <span class="min-w-0 grow">
                    <span class="block font-medium">"Exotel"</span>
                    <span class="block text-[12.5px] text-ink-2 break-words">{state}</span>
                </span>
                {icon(NEXT)}
            </a>
        </section>
    }
    .into_any()
}

/// "Connected as acme1 · 26 numbers"
fn describe(summary: &ExotelSummary) -> String {
    let Some(account) = &summary.account_sid else { return "Not connected".to_owned() };
    let numbers = counted(summary.numbers_imported, "number", "numbers");
    match (summary.last_checked_at, &summary.last_check_error) {
        (_, Some(_)) => format!("{account}: connection test failed · {numbers}"),
        (None, None) => format!("{account}: not tested yet · {numbers}"),
        (Some(_), None) => format!("Connected as {account} · {numbers}"),
    }
}
