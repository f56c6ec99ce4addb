use api_types::Problem;
use leptos::{ev::MouseEvent, prelude::*};

use super::{ALERT, REFRESH, icon};

/// Shown if the data could not be loaded. The button retries in the browser; without JavaScript it reloads the page.
#[component]
pub fn Failure(problem: Problem, retry: impl Fn() + 'static) -> impl IntoView {
    let again = move |event: MouseEvent| {
        event.prevent_default();
        retry();
    };
    let text = problem.in_full();
    view! {
        <div class="empty" role="alert">
            <span class="empty-icon text-error">{icon(ALERT)}</span>
            <p class="font-medium text-[14px]">{problem.title}</p>
            <p class="text-ink-2 max-w-prose mt-1">{text}</p>
            <a class="btn mt-4" href="" on:click=again>{icon(REFRESH)} "Try Again"</a>
        </div>
    }
    .into_any()
}
