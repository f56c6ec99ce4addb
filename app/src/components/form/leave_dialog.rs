use leptos::{html, prelude::*};
use send_wrapper::SendWrapper;

use super::guard::Guards;
use crate::components::ui::{WARNING, icon};

/// Asks before unsaved changes are left. Once in the page, above everything else.
#[component]
pub fn LeaveDialog() -> impl IntoView {
    let guards: Guards = expect_context();
    // Not the navigation itself: another one would open another dialog.
    let asks = Memo::new(move |_| guards.waiting.read().is_some());
    move || asks.get().then(|| view! { <Question guards/> })
}

#[component]
fn Question(guards: Guards) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        let _ = dialog.show_modal();
        let dialog = SendWrapper::new(dialog);
        on_cleanup(move || dialog.close());
    });
    view! {
        <dialog
            node_ref=dialog
            class="dialog dialog-small"
            aria-labelledby="leave-title"
            on:close=move |_| guards.waiting.set(None)
        >
            <header class="dialog-head">
                <h2 id="leave-title" class="text-[15px] font-semibold flex items-center gap-2">
                    <span class="text-warn">{icon(WARNING)}</span>
                    "Leave Without Saving?"
                </h2>
            </header>
            <div class="dialog-body"><p>"What you changed here will be lost."</p></div>
            <footer class="dialog-foot">
                <form method="dialog"><button type="submit" class="btn" autofocus>"Stay"</button></form>
                <button type="button" class="btn-danger-solid" on:click=move |_| guards.leave()>"Discard Changes"</button>
            </footer>
        </dialog>
    }
    .into_any()
}
