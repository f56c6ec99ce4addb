use leptos::prelude::*;

use crate::components::ui::{SUN_MOON, icon};

/// Changes between light and dark. What differs from the system's theme is stored in this browser; the same as the system's
/// is no choice, and follows the system.
#[component]
pub fn ThemeToggle() -> impl IntoView {
    let toggle = move |_| {
        let Some(html) = document().document_element() else { return };
        let system_dark =
            || window().match_media("(prefers-color-scheme: dark)").ok().flatten().is_some_and(|query| query.matches());
        let dark = html.get_attribute("data-theme").map_or_else(&system_dark, |theme| theme == "dark");
        // Without storage (some private windows) the choice lasts until the page is left.
        let storage = window().local_storage().ok().flatten();
        if dark == system_dark() {
            let theme = if dark { "light" } else { "dark" };
            let _ = html.set_attribute("data-theme", theme);
            let _ = storage.map(|storage| storage.set_item("theme", theme));
        } else {
            let _ = html.remove_attribute("data-theme");
            let _ = storage.map(|storage| storage.remove_item("theme"));
        }
    };
    view! {
        <button type="button" class="btn-quiet needs-js" on:click=toggle>{icon(SUN_MOON)} "Theme"</button>
    }
}
