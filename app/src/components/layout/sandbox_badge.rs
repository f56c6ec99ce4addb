use leptos::prelude::*;

/// Says on every page that LiveKit is simulated.
#[component]
pub fn SandboxBadge() -> impl IntoView {
    view! {
        <span class="nav-sandbox">
            <span class="badge bg-warn-soft text-warn" title="LiveKit is simulated inside this server: no real call is made.">
                "Sandbox LiveKit"
            </span>
        </span>
    }
}
