use std::time::Duration;

use leptos::prelude::*;

use super::{ALERT, CHECK, X, icon};

const DURATION: Duration = Duration::from_secs(6);
/// A failure takes longer to read.
const ERROR_DURATION: Duration = Duration::from_secs(15);

#[derive(Clone, Copy, PartialEq)]
enum Outcome {
    Success,
    Error,
}

/// A short message about the result of an action, also announced to assistive technology.
#[derive(Clone, Copy)]
pub struct ToastState {
    message: RwSignal<Option<(Outcome, String)>>,
    /// Distinguishes a message from the next one with the same text.
    count: RwSignal<u32>,
}

impl ToastState {
    pub fn success(self, message: impl Into<String>) {
        self.show(Outcome::Success, message.into());
    }

    /// For a failure that the page does not show itself.
    pub fn error(self, message: impl Into<String>) {
        self.show(Outcome::Error, message.into());
    }

    fn show(self, outcome: Outcome, message: String) {
        self.message.set(Some((outcome, message)));
        let id = self.count.get_untracked() + 1;
        self.count.set(id);
        let close = move || {
            if self.count.try_get_untracked() == Some(id) {
                self.message.set(None);
            }
        };
        set_timeout(close, if outcome == Outcome::Error { ERROR_DURATION } else { DURATION });
    }
}

pub fn provide_toasts() {
    provide_context(ToastState { message: RwSignal::new(None), count: RwSignal::new(0) });
}

pub fn use_toasts() -> ToastState {
    expect_context()
}

/// The message at the bottom of the window.
#[component]
pub fn Toasts() -> impl IntoView {
    let toasts = use_toasts();
    let shown = move |outcome: Outcome| {
        toasts.message.get().filter(|(shown, _)| *shown == outcome).map(|(_, message)| {
            let (class, glyph) = match outcome {
                Outcome::Success => ("toast", CHECK),
                Outcome::Error => ("toast toast-error", ALERT),
            };
            let close = move |_| toasts.message.set(None);
            view! {
                <p class=class>
                    {icon(glyph)}
                    <span class="min-w-0 wrap-anywhere">{message}</span>
                    <button type="button" class="toast-close" aria-label="Close" on:click=close>{icon(X)}</button>
                </p>
            }
        })
    };
    // Both exist from the start, because a region that is added together with its text may not be announced.
    view! {
        <div class="toasts">
            <div role="status">{move || shown(Outcome::Success)}</div>
            <div role="alert">{move || shown(Outcome::Error)}</div>
        </div>
    }
}
