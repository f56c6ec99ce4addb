use domain::livekit::{StepAction, StepView};
use leptos::prelude::*;

use super::context::DriftContext;
use crate::components::{
    form::Form,
    ui::{Badge, Banner, CHECK, Glyph, PLUS, REFRESH, TRASH, Tone, counted, icon},
};

/// The steps that a sync would apply.
#[component]
pub fn DryRun(context: DriftContext, may_change: bool) -> impl IntoView {
    let steps = context.report.steps.clone();
    if steps.is_empty() {
        return view! {
            <p class="sync-line">
                <span class="text-ok inline-flex items-center gap-1.5 font-medium">{icon(CHECK)} "In sync with LiveKit"</span>
                "LiveKit has exactly what this carrier, its numbers and its bots ask for."
            </p>
        }
        .into_any();
    }
    let count = i64::try_from(steps.len()).unwrap_or(i64::MAX);
    view! {
        <section class="card mb-4" aria-labelledby="dry-run">
            <div class="section-head">
                <h2 id="dry-run" class="text-[14px] font-medium" tabindex="-1">
                    {format!("Drifted: {} would put it right", counted(count, "step", "steps"))}
                </h2>
                {may_change
                    .then(|| view! {
                        <a class="btn-primary ml-auto" href=context.href(&[("apply", "1")]) data-noscroll="">"Put it right…"</a>
                    })}
            </div>
            <div class="px-4 pb-4"><Steps steps/></div>
        </section>
    }
    .into_any()
}

/// After a refusal because the state has changed: a link that loads the same dialog again.
pub fn reload_link(form: Form, href: String) -> Option<AnyView> {
    let changed = form.problem.read_untracked().as_ref().is_some_and(|problem| problem.code == "state_changed");
    changed.then(|| view! { <a class="btn" href=href>{icon(REFRESH)} "Look again"</a> }.into_any())
}

/// The steps in order, with the reason where the plan is blocked.
#[component]
pub fn Steps(steps: Vec<StepView>) -> impl IntoView {
    let steps = steps
        .into_iter()
        .map(|step| {
            let (tone, glyph, label): (Tone, Glyph, &'static str) = match step.action {
                StepAction::Create => (Tone::Ok, PLUS, "Create"),
                StepAction::Replace => (Tone::Info, REFRESH, "Replace"),
                StepAction::Delete => (Tone::Error, TRASH, "Delete"),
            };
            view! {
                <li>
                    <Badge tone glyph text=label/>
                    " "
                    <span class="wrap-anywhere">{step.text}</span>
                    {step.blocked.map(|reason| view! { <Banner tone=Tone::Warn title="It would stop here">{reason}</Banner> })}
                </li>
            }
        })
        .collect_view();
    view! { <ol class="steps">{steps}</ol> }.into_any()
}
