use leptos::{html, prelude::*};
use leptos_router::{
    components::{Outlet, Redirect},
    hooks::use_location,
};

use super::sidebar::{Navigation, SandboxBadge};
use crate::{
    components::ui::{MENU, icon},
    live::provide_live,
    session::{Session, use_session},
    urls,
};

/// All pages behind the login: navigation at the side, on narrow screens in a menu at the top.
#[component]
pub fn DashboardFrame() -> impl IntoView {
    let location = use_location();
    let Session { user, sandbox } = use_session();
    let Some(user) = user else {
        let here = location.pathname.get_untracked() + &search(&location.search.get_untracked());
        return view! { <Redirect path=urls::login(&here)/> }.into_any();
    };
    provide_live();

    let main = NodeRef::<html::Main>::new();
    let menu = NodeRef::<html::Details>::new();
    // A new page: readers of the screen start at its beginning, and the menu has done its work.
    Effect::new(move |before: Option<()>| {
        location.pathname.track();
        if before.is_some() {
            if let Some(menu) = menu.get_untracked() {
                menu.set_open(false);
            }
            if let Some(main) = main.get_untracked() {
                let _ = main.focus();
            }
        }
    });
    let narrow_user = user.clone();
    view! {
        // Left to the browser, which moves the focus too; the router would only scroll.
        <a class="skip-link" href="#content" rel="external">"Skip to content"</a>
        <div class="frame">
            <aside class="sidebar">
                <Navigation user/>
            </aside>
            <details class="topbar" node_ref=menu>
                <summary class="topbar-summary">
                    <Brand/>
                    {sandbox.then(|| view! { <SandboxBadge/> })}
                    <span class="icon-btn">{icon(MENU)} <span class="sr-only">"Menu"</span></span>
                </summary>
                <div class="topbar-menu">
                    <Navigation user=narrow_user/>
                </div>
            </details>
            <main id="content" class="content" tabindex="-1" node_ref=main>
                <Outlet/>
            </main>
        </div>
    }
    .into_any()
}

fn search(query: &str) -> String {
    if query.is_empty() { String::new() } else { format!("?{query}") }
}

/// The mark: two lines that join one.
#[component]
pub fn Brand() -> impl IntoView {
    view! {
        <span class="brand">
            <svg class="brand-mark" viewBox="0 0 24 24" aria-hidden="true">
                <path d="M2 5h4.5c3 0 4.5 7 8 7H22M2 19h4.5c3 0 4.5-7 8-7"></path>
                <circle cx="3" cy="12" r="1.2"></circle>
            </svg>
            "Trunkline"
        </span>
    }
}
