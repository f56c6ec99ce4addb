use api_types::view::{NumberPurchaseView, PurchaseStepStatus, PurchaseStepView};
use domain::PurchaseState;
use leptos::prelude::*;

use crate::components::ui::{Badge, CHECK, CIRCLE, CLOCK, Glyph, LOADER, Tone, WARNING, X, icon};

/// How far the purchase is, in one word.
pub fn state(purchase: &NumberPurchaseView) -> AnyView {
    let (tone, glyph) = match purchase.state {
        PurchaseState::Completed => (Tone::Ok, CHECK),
        PurchaseState::Failed => (Tone::Error, X),
        PurchaseState::Released => (Tone::Quiet, CHECK),
        _ if purchase.error.is_some() => (Tone::Warn, WARNING),
        _ => (Tone::Info, CLOCK),
    };
    view! { <Badge tone glyph text=purchase.state.label()/> }.into_any()
}

/// The steps in order, each with its status in words for screen readers.
pub fn steps(purchase: &NumberPurchaseView) -> AnyView {
    let steps = purchase.steps.iter().cloned().map(step).collect_view();
    view! { <ol class="grid gap-0.5">{steps}</ol> }.into_any()
}

fn step(step: PurchaseStepView) -> AnyView {
    let (glyph, word, class): (Glyph, &str, &str) = match step.status {
        PurchaseStepStatus::Done => (CHECK, "done", "text-ok"),
        PurchaseStepStatus::Current => (LOADER, "under way", "text-info"),
        PurchaseStepStatus::Stuck => (WARNING, "failed, is repeated", "text-warn"),
        PurchaseStepStatus::Waiting => (CIRCLE, "waiting", "text-ink-3"),
        PurchaseStepStatus::Skipped => (X, "not executed", "text-ink-3"),
    };
    view! {
        <li class="flex items-center gap-1.5 whitespace-nowrap">
            <span class=class aria-hidden="true">{icon(glyph)}</span>
            {step.name}
            <span class="sr-only">{format!(": {word}")}</span>
        </li>
    }
    .into_any()
}

/// Why it does not proceed, and what to do.
pub fn problem(purchase: &NumberPurchaseView) -> AnyView {
    match &purchase.error {
        Some(error) => {
            view! { <span class="whitespace-normal wrap-anywhere">{error.message.clone()}</span> }.into_any()
        }
        None => crate::components::table::no_value(),
    }
}
