use leptos::prelude::*;

use super::{brand::Brand, sandbox_badge::SandboxBadge};
use crate::session::use_session;

/// The frame of the pages without a session: one card in the middle.
#[component]
pub fn EntryFrame(title: &'static str, #[prop(optional)] text: &'static str, children: Children) -> impl IntoView {
    view! {
        <main class="entry" id="content">
            <div class="entry-head">
                <Brand/>
                {use_session().sandbox.then(|| view! { <SandboxBadge/> })}
            </div>
            <div class="card entry-card">
                <h1 class="text-[18px] font-semibold">{title}</h1>
                <p class="text-ink-2 mt-1 mb-5">{text}</p>
                {children()}
            </div>
        </main>
    }
    .into_any()
}
