use domain::livekit::{StepAction, StepView};
use leptos::{ev::MouseEvent, prelude::*};

use super::context::DriftContext;
use crate::components::{
    form::Form,
    ui::{Badge, Banner, CHECK, Glyph, PLUS, REFRESH, TRASH, Tone, counted, icon},
};

/// The steps that a sync would apply.
#[component]
pub fn DryRun(context: DriftContext, may_change: bool) -> impl IntoView {
    let steps = context.part(|report| &report.steps);
    move || {
        let steps = steps.get();
        if steps.is_empty() {
            return view! {
                <p class="sync-line">
                    <span class="text-ok inline-flex items-center gap-1.5 font-medium">{icon(CHECK)} "Synced with LiveKit"</span>
                    "LiveKit has exactly the trunks and rules that this carrier, its numbers and its bots need."
                </p>
            }
            .into_any();
        }
        let count = i64::try_from(steps.len()).unwrap_or(i64::MAX);
        let apply = may_change.then(|| {
            let href = context.href(&[("apply", "1")]);
            view! { <a class="btn-primary ml-auto" href=href data-noscroll="">"Apply Changes…"</a> }
        });
        view! {
            <section class="card mb-4" aria-labelledby="dry-run">
                <div class="section-head">
                    <h2 id="dry-run" class="text-[14px] font-medium" tabindex="-1">
                        {format!("Out of sync: {} needed", counted(count, "change", "changes"))}
                    </h2>
                    {apply}
                </div>
                <div class="px-4 pb-4"><Steps steps/></div>
            </section>
        }
        .into_any()
    }
}

/// Loads the dialog again after a refusal because the state has changed.
#[component]
pub fn RefreshLink(context: DriftContext, form: Form, href: String) -> impl IntoView {
    let refresh = move |event: MouseEvent| {
        event.prevent_default();
        context.refresh(form);
    };
    move || {
        let changed = form.problem.read().as_ref().is_some_and(|problem| problem.code == "state_changed");
        changed.then(|| view! { <a class="btn" href=href.clone() on:click=refresh>{icon(REFRESH)} "Refresh"</a> })
    }
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
                    {step.blocked.map(|reason| view! { <Banner tone=Tone::Warn title="The sync stops here">{reason}</Banner> })}
                </li>
            }
        })
        .collect_view();
    view! { <ol class="steps">{steps}</ol> }.into_any()
}
