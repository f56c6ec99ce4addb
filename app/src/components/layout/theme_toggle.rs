use leptos::prelude::*;

use crate::components::ui::{SUN_MOON, icon};

/// Light or dark, stored in this browser. Without a choice, the system decides.
#[component]
pub fn ThemeToggle() -> impl IntoView {
    let toggle = move |_| {
        let Some(html) = document().document_element() else { return };
        let system_dark =
            || window().match_media("(prefers-color-scheme: dark)").ok().flatten().is_some_and(|query| query.matches());
        let dark = html.get_attribute("data-theme").map_or_else(system_dark, |theme| theme == "dark");
        let theme = if dark { "light" } else { "dark" };
        let _ = html.set_attribute("data-theme", theme);
        // Without storage (some private windows) the choice lasts until the page is left.
        if let Ok(Some(storage)) = window().local_storage() {
            let _ = storage.set_item("theme", theme);
        }
    };
    view! {
        <button type="button" class="btn-quiet needs-js" on:click=toggle>{icon(SUN_MOON)} "Light or dark"</button>
    }
}
