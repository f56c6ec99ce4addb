use std::time::Duration;

use leptos::prelude::*;

use super::{CHECK, WARNING, icon};

const SHOWN_FOR: Duration = Duration::from_secs(6);

/// Says that something was done, in a corner and to assistive technology, without being in the way.
#[derive(Clone, Copy)]
pub struct ToastState {
    /// Whether it went well, and what it was.
    message: RwSignal<Option<(bool, String)>>,
    /// Tells a message from the next one with the same words.
    count: RwSignal<u32>,
}

impl ToastState {
    pub fn say(self, message: impl Into<String>) {
        self.show(true, message.into());
    }

    /// The same, of what went wrong; the page itself says more.
    #[cfg(any(not(feature = "ssr"), debug_assertions))]
    pub fn warn(self, message: impl Into<String>) {
        self.show(false, message.into());
    }

    fn show(self, well: bool, message: String) {
        self.message.set(Some((well, message)));
        let mine = self.count.get_untracked() + 1;
        self.count.set(mine);
        set_timeout(
            move || {
                if self.count.try_get_untracked() == Some(mine) {
                    self.message.set(None);
                }
            },
            SHOWN_FOR,
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
                toasts.message.get().map(|(well, message)| {
                    view! { <p class="toast">{icon(if well { CHECK } else { WARNING })} {message}</p> }
                })
            }}
        </div>
    }
}
