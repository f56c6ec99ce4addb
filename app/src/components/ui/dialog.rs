use leptos::{ev::Event, html, prelude::*};
use send_wrapper::SendWrapper;

use super::{X, icon};

/// Shows the dialog modally once it is part of the document. A view that waits for a resource is built before that.
pub fn show_modal(dialog: NodeRef<html::Dialog>) {
    let Some(element) = dialog.try_get_untracked().flatten() else { return };
    if element.is_connected() {
        // The server rendered it open, but not modal.
        element.set_open(false);
        let _ = element.show_modal();
    } else {
        request_animation_frame(move || show_modal(dialog));
    }
}

/// A modal dialog that is open if the address says so: links open and close it, it survives a reload and works without
/// JavaScript. Hydrated, the browser keeps the focus inside and restores it afterwards.
///
/// Esc follows the closing link, so that unsaved changes are confirmed there too.
#[component]
pub fn Dialog(
    #[prop(into)] title: String,
    /// The page's address without the dialog.
    #[prop(into)]
    close: String,
    #[prop(default = "dialog")] class: &'static str,
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let closing = NodeRef::<html::A>::new();
    Effect::new(move |_| {
        let Some(element) = dialog.get() else { return };
        show_modal(dialog);
        let element = SendWrapper::new(element);
        on_cleanup(move || element.close());
    });
    let cancel = move |event: Event| {
        event.prevent_default();
        if let Some(closing) = closing.get_untracked() {
            closing.click();
        }
    };
    // A second Esc closes it without `cancel`, although the address still says that it is open.
    let closed = move |_| {
        if let (Some(Some(dialog)), Some(Some(closing))) = (dialog.try_get_untracked(), closing.try_get_untracked()) {
            let _ = dialog.show_modal();
            closing.click();
        }
    };
    view! {
        <dialog node_ref=dialog class=class open aria-labelledby="dialog-title" on:cancel=cancel on:close=closed>
            <header class="dialog-head">
                <h2 id="dialog-title" class="text-[15px] font-semibold min-w-0 truncate">{title}</h2>
                <a node_ref=closing class="icon-btn" href=close data-noscroll="" aria-label="Close">{icon(X)}</a>
            </header>
            {children()}
        </dialog>
    }
    .into_any()
}
