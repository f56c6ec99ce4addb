use leptos::prelude::*;

use super::{
    PATH,
    stage::{Sample, Theme, sample, state},
};
use crate::{
    components::{
        layout::{Navigation, PageHeader, SandboxBadge, ThemeToggle},
        ui::{BOOK, PLUS, icon},
    },
    session::use_session,
    urls,
};

pub fn samples() -> Vec<Sample> {
    vec![
        sample("EntryFrame", "layout/entry.rs", |_| whole(urls::login(PATH), "It fills the window: see the login")),
        sample("DashboardFrame", "layout/frame.rs", |_| whole(urls::CARRIERS, "It fills the window: see the carriers")),
        sample("PageHeader", "layout/page_header.rs", headers),
        sample("Navigation", "layout/sidebar.rs", navigation),
        sample("ThemeToggle", "layout/theme_toggle.rs", |_| view! { <ThemeToggle/> }.into_any()),
    ]
}

fn whole(href: impl Into<String>, text: &'static str) -> AnyView {
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
    let user = use_session().user.map_or_else(
        || whole(urls::login(PATH), "Log in to see it").into_any(),
        |user| view! { <Navigation user/> }.into_any(),
    );
    view! { {state("Sandbox", view! { <SandboxBadge/> })} {state("Whole", user)} }.into_any()
}
