use api_types::view::ApiKeyView;
use domain::{ApiKeyStatus, Timestamp};
use leptos::prelude::*;

use crate::{
    clock::use_clock,
    components::{
        table::no_value,
        ui::{Badge, CHECK, CLOCK, RelativeTime, Tone, X},
    },
};

/// Inactive, Expired or Active. It follows the clock, since a key expires without an event.
#[component]
pub fn StatusBadge(key: ApiKeyView) -> impl IntoView {
    let clock = use_clock();
    let status = Memo::new(move |_| key.status(clock.now()));
    move || {
        let (tone, glyph) = match status.get() {
            ApiKeyStatus::Inactive => (Tone::Quiet, X),
            ApiKeyStatus::Expired => (Tone::Warn, CLOCK),
            ApiKeyStatus::Active => (Tone::Ok, CHECK),
        };
        view! { <Badge tone glyph text=status.get().label()/> }.into_any()
    }
}

/// The time of the expiry; a stored text that is not a time is shown as it is.
#[component]
pub fn Expiry(key: ApiKeyView) -> impl IntoView {
    match key.expires_at.map(|expiry| (expiry.time(), expiry)) {
        None => view! { <span class="text-ink-2">"Never"</span> }.into_any(),
        Some((Some(at), _)) => {
            view! { <time class="whitespace-nowrap num" datetime=at.rfc3339()>{at.readable()}</time> }.into_any()
        }
        Some((None, text)) => view! { <span class="text-error">{format!("Invalid: {text}")}</span> }.into_any(),
    }
}

#[component]
pub fn LastUse(at: Option<Timestamp>) -> impl IntoView {
    at.map_or_else(no_value, |at| view! { <RelativeTime at/> }.into_any())
}
