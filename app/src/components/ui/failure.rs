use api_types::Problem;
use leptos::{ev::MouseEvent, prelude::*};

use super::{ALERT, REFRESH, icon};

/// What should be here could not be read. With JavaScript it is asked again in place, without it the page is loaded anew.
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
            <a class="btn mt-4" href="" on:click=again>{icon(REFRESH)} "Try again"</a>
        </div>
    }
    .into_any()
}
