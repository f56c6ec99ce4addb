use domain::Problem;
use leptos::prelude::*;

use crate::{
    components::ui::{Banner, Tone},
    urls,
};

/// Why the whole form was refused. Faults of single fields are told there, and counted here.
#[component]
pub fn ProblemBanner(problem: Signal<Option<Problem>>) -> impl IntoView {
    move || {
        problem.get().filter(|problem| problem.errors.is_empty()).map(|problem| {
            let logged_out = problem.status == 401 && problem.code == "unauthenticated";
            view! {
                <Banner tone=Tone::Error title=problem.title.clone() alert=true>
                    {problem.detail.clone()}
                    {logged_out
                        .then(|| view! {
                            " "
                            <a class="link" href=urls::LOGIN target="_blank" rel="noopener">"Log in in another tab"</a>
                            ", then save again here."
                        })}
                </Banner>
            }
        })
    }
}
