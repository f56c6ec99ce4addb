use std::time::Duration;

use leptos::prelude::*;

use super::{CHECK, WARNING, icon};

const DURATION: Duration = Duration::from_secs(6);

/// A short message about the result of an action, also announced to assistive technology.
#[derive(Clone, Copy)]
pub struct ToastState {
    /// Whether the action succeeded, and the text.
    message: RwSignal<Option<(bool, String)>>,
    /// Distinguishes a message from the next one with the same text.
    count: RwSignal<u32>,
}

impl ToastState {
    pub fn success(self, message: impl Into<String>) {
        self.show(true, message.into());
    }

    /// For a failure; the page has the details.
    #[cfg(any(not(feature = "ssr"), debug_assertions))]
    pub fn warn(self, message: impl Into<String>) {
        self.show(false, message.into());
    }

    fn show(self, succeeded: bool, message: String) {
        self.message.set(Some((succeeded, message)));
        let id = self.count.get_untracked() + 1;
        self.count.set(id);
        set_timeout(
            move || {
                if self.count.try_get_untracked() == Some(id) {
                    self.message.set(None);
                }
            },
            DURATION,
        );
    }
}

pub fn provide_toasts() {
    provide_context(ToastState { message: RwSignal::new(None), count: RwSignal::new(0) });
}

pub fn use_toasts() -> ToastState {
    expect_context()
}

#[component]
pub fn Toasts() -> impl IntoView {
    let toasts = use_toasts();
    view! {
        <div class="toasts" role="status">
            {move || {
                toasts.message.get().map(|(succeeded, message)| {
                    view! { <p class="toast">{icon(if succeeded { CHECK } else { WARNING })} {message}</p> }
                })
            }}
        </div>
    }
}
