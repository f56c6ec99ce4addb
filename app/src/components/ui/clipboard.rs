use leptos::prelude::*;

use super::ToastState;

/// Copies a text to the clipboard. Browsers allow it only over https or from localhost.
pub fn copy_text(text: &str) -> bool {
    let window = window();
    let possible = window.is_secure_context();
    if possible {
        // Not awaited: it fails only if the page has no focus, and the text can be selected as well.
        let _ = window.navigator().clipboard().write_text(text);
    }
    possible
}

/// The same, with a toast that says so.
pub fn copy_with_toast(text: &str, what: &str, toasts: ToastState) {
    if copy_text(text) {
        toasts.success(format!("Copied the {what}."));
    } else {
        toasts.error("This browser copies over https only: select the text instead.");
    }
}
