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
        let logged_out = problem.status == 401 && problem.code == "unauthenticated";
        let view = view! {
            <Banner tone=Tone::Error title=problem.title alert=true>
                {text}
                {logged_out
                    .then(|| view! {
                        " "
                        <a class="link" href=urls::LOGIN target="_blank" rel="noopener">"Log in in another tab"</a>
                        ", then save again here."
                    })}
            </Banner>
        };
        Some(view)
    }
}
