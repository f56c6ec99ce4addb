use leptos::prelude::*;

use super::stage::{Sample, Theme, sample, state};
use crate::{
    components::{
        layout::{Brand, Navigation, PageHeader, SandboxBadge, ThemeToggle},
        ui::{BOOK, PLUS, icon},
    },
    session::use_session,
    urls,
};

pub fn samples() -> Vec<Sample> {
    vec![
        sample("Brand", "layout/brand.rs", |_| view! { <Brand/> }.into_any()),
        sample("EntryFrame", "layout/entry.rs", |_| {
            page_link(urls::login(urls::DESIGN), "Covers the window: open the login page")
        }),
        sample("DashboardFrame", "layout/frame.rs", |_| {
            page_link(urls::CARRIERS, "Covers the window: open the carriers")
        }),
        sample("PageHeader", "layout/page_header.rs", headers),
        sample("Shortcuts", "layout/shortcuts.rs", |_| {
            page_link(urls::HOME, "Covers the window: press ? on the home page")
        }),
        sample("SandboxBadge", "layout/sandbox_badge.rs", |_| view! { <SandboxBadge/> }.into_any()),
        sample("Navigation", "layout/sidebar.rs", navigation),
        sample("ThemeToggle", "layout/theme_toggle.rs", |_| view! { <ThemeToggle/> }.into_any()),
    ]
}

fn page_link(href: impl Into<String>, text: &'static str) -> AnyView {
    view! { <a class="link" href=href.into()>{text}</a> }.into_any()
}

fn headers(_: Theme) -> AnyView {
    let list = view! {
        <PageHeader title="Carriers" summary="7 SIP providers, 217 numbers.".into_any()>
            <button type="button" class="btn">{icon(BOOK)} "Guide"</button>
            <button type="button" class="btn-primary">{icon(PLUS)} "Add carrier"</button>
        </PageHeader>
    };
    let detail = view! {
        <PageHeader title="Twilio US East" parent=(urls::CARRIERS, "Carriers") crumb=Signal::from("Twilio US East")/>
    };
    view! { {state("Of a list", list)} {state("Below a list", detail)} }.into_any()
}

fn navigation(_: Theme) -> AnyView {
    use_session().user.map_or_else(
        || page_link(urls::login(urls::DESIGN), "Log in to see it"),
        |user| view! { <Navigation user/> }.into_any(),
    )
}
