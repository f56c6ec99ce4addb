use leptos::{html, prelude::*};
use leptos_router::{
    components::{Outlet, Redirect},
    hooks::use_location,
};

use super::{brand::Brand, sandbox_badge::SandboxBadge, shortcuts::Shortcuts, sidebar::Navigation};
use crate::{
    components::ui::{MENU, icon},
    live::provide_live,
    session::{Session, use_session},
    urls,
};

/// The frame of all pages that need a session: navigation at the side, on narrow screens in a menu at the top.
#[component]
pub fn DashboardFrame() -> impl IntoView {
    let location = use_location();
    let Session { user, sandbox, .. } = use_session();
    let Some(user) = user else {
        let here = location.pathname.get_untracked() + &with_question_mark(&location.search.get_untracked());
        return view! { <Redirect path=urls::login(&here)/> }.into_any();
    };
    provide_live();

    let main = NodeRef::<html::Main>::new();
    let menu = NodeRef::<html::Details>::new();
    // On another page, the menu closes and the focus moves to the start of the content.
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
        // External, because the browser also moves the focus; the router would only scroll.
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
        <Shortcuts/>
    }
    .into_any()
}

fn with_question_mark(query: &str) -> String {
    if query.is_empty() { String::new() } else { format!("?{query}") }
}
