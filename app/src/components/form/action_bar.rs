use leptos::prelude::*;

use super::{Form, SubmitButton, problem_banner::session_ended};
use crate::components::ui::{ALERT, icon};

/// Save and cancel, always in view, with the count of faults and the problem of a refused save, which a banner may show out
/// of view.
#[component]
pub fn ActionBar(
    form: Form,
    label: &'static str,
    busy_label: &'static str,
    #[prop(into)] cancel: String,
) -> impl IntoView {
    let state = move || match form.faults() {
        0 if form.changed() => view! { <span class="text-ink-2">"Unsaved changes"</span> }.into_any(),
        0 => ().into_any(),
        1 => view! { <span class="text-error">"One field needs attention"</span> }.into_any(),
        count => view! { <span class="text-error">{format!("{count} fields need attention")}</span> }.into_any(),
    };
    let problem = move || {
        let problem = form.problem.get()?;
        let text = form.form_level_text(&problem)?;
        let view = view! {
            <p class="action-problem">
                {icon(ALERT)}
                <span class="min-w-0">
                    <strong class="font-medium">{problem.title.clone()}</strong> ". " {text} {session_ended(&problem)}
                </span>
            </p>
        };
        Some(view)
    };
    view! {
        <div class="action-bar">
            // Exists from the start, because a region that is added together with its text may not be announced.
            <div role="alert" class="basis-full empty:hidden">{problem}</div>
            <p role="status" class="grow min-w-0">{state}</p>
            <a class="btn" href=cancel>"Cancel"</a>
            <SubmitButton label busy_label busy=form.busy/>
        </div>
    }
    .into_any()
}
