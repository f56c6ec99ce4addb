use leptos::prelude::*;

use crate::{
    components::ui::{NEXT, icon},
    urls,
};

/// Providers with a page of their own.
#[component]
pub fn IntegrationsCard() -> impl IntoView {
    view! {
        <section class="card p-4 self-start" aria-labelledby="integrations">
            <h2 id="integrations" class="text-[14px] font-medium mb-3">"Integrations"</h2>
            <a class="integration" href=urls::EXOTEL>
                <span class="integration-mark" aria-hidden="true">"Ex"</span>
                <span class="min-w-0 grow">
                    <span class="block font-medium">"Exotel"</span>
                    <span class="block text-[12.5px] text-ink-2">"Not connected"</span>
                </span>
                {icon(NEXT)}
            </a>
            <p class="hint mt-3">"Exotel has its own page: credentials, numbers and what to enter on their side."</p>
        </section>
    }
    .into_any()
}
