use api_types::Problem;
use leptos::prelude::*;

use super::Form;
use crate::{
    components::ui::{Banner, Tone},
    urls,
};

/// Why the form was refused, except for the faults shown at its fields.
#[component]
pub fn ProblemBanner(form: Form) -> impl IntoView {
    move || {
        let problem = form.problem.get()?;
        let text = form.form_level_text(&problem)?;
        let log_in = session_ended(&problem);
        let view = view! { <Banner tone=Tone::Error title=problem.title alert=true>{text} {log_in}</Banner> };
        Some(view)
    }
}

/// How to log in again without losing what was typed.
pub(super) fn session_ended(problem: &Problem) -> Option<AnyView> {
    (problem.status == 401 && problem.code == "unauthenticated").then(|| {
        view! {
            " "
            <a class="link" href=urls::LOGIN target="_blank" rel="noopener">"Log in in another tab"</a>
            ", then save again here."
        }
        .into_any()
    })
}
