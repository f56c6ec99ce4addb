use domain::UserState;
use leptos::prelude::*;

use crate::components::ui::{Badge, CHECK, CLOCK, Tone, X};

/// Active, Invited or Disabled.
#[component]
pub fn StateBadge(state: UserState) -> impl IntoView {
    let (tone, glyph) = match state {
        UserState::Active => (Tone::Ok, CHECK),
        UserState::Invited => (Tone::Info, CLOCK),
        UserState::Disabled => (Tone::Quiet, X),
    };
    view! { <Badge tone glyph text=state.label()/> }.into_any()
}
