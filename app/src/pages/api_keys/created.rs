use api_types::view::ApiKeyCreated;
use leptos::prelude::*;

use crate::{
    components::ui::{Banner, CopyField, Tone},
    urls,
};

/// Id of the heading, which is focused when the key is shown.
pub const HEADING: &str = "created-api-key";

/// A key that was just created, and how it is sent.
#[component]
pub fn Created(created: ApiKeyCreated) -> impl IntoView {
    let ApiKeyCreated { key, row } = created;
    let name = row.name.clone();
    view! {
        <section class="card p-5 grid gap-4" aria-labelledby=HEADING>
            <h2 id=HEADING tabindex="-1" class="text-[14px] font-medium">{format!("Created {name}")}</h2>
            <Banner tone=Tone::Warn title="Copy the key now">
                "It is shown this once: Trunkline stores its hash only. If it is lost, delete the key and create another one."
            </Banner>
            <CopyField value=key.expose() what="API key" wrap=true/>
            <p class="text-ink-2">
                "Requests have it in the header "
                <code class="font-mono text-[12.5px]">"X-API-Key"</code>
                " or "
                <code class="font-mono text-[12.5px]">"Authorization: Bearer"</code>
                {format!(", and the role {}.", row.role.label())}
            </p>
            <div class="flex gap-2">
                <a class="btn-primary" href=urls::API_KEYS>"Back to API Keys"</a>
                <a class="btn" href=urls::api_key(&row.id)>{format!("Open {name}")}</a>
            </div>
        </section>
    }
    .into_any()
}
