use api_types::view::UserView;
use domain::{Action, edge::EdgeKind};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{brand::Brand, sandbox_badge::SandboxBadge, theme_toggle::ThemeToggle};
use crate::{
    components::ui::{BOT, Glyph, HASH, HOME, KEY, LIST, LOG_OUT, PHONE, PLUG, ROUTE, SERVER, USERS, icon},
    session::use_session,
    urls,
};

/// Links to the pages, the user and the logout.
#[component]
pub fn Navigation(user: UserView) -> impl IntoView {
    let session = use_session();
    let sandbox = session.sandbox;
    let may = |action| session.may(action);
    let initials: String =
        user.email.chars().filter(|c| c.is_ascii_alphanumeric()).take(2).collect::<String>().to_ascii_uppercase();
    view! {
        <div class="nav-brand"><Brand/></div>
        {sandbox.then(|| view! { <SandboxBadge/> })}
        <nav aria-label="Main" class="nav-groups">
            <ul>
                <NavItem href=urls::HOME glyph=HOME label="Home"/>
            </ul>
            <p class="nav-group">"Telephony"</p>
            <ul>
                <NavItem href=urls::CARRIERS glyph=ROUTE label="Carriers"/>
                <NavItem href=urls::NUMBERS glyph=HASH label="Numbers"/>
                <NavItem href=urls::BOTS glyph=BOT label="Bots"/>
                {may(Action::ManageFleet).then(|| view! { <NavItem href=urls::FLEET glyph=SERVER label="Fleet"/> })}
                <NavItem href=urls::NUMBER_PURCHASES glyph=HASH label="Number Purchases"/>
                <NavItem href=urls::CALLS glyph=PHONE label="Calls"/>
            </ul>
            <p class="nav-group">"SIP Edge"</p>
            <ul>
                <NavItem href=urls::EDGE glyph=PHONE label="Live Calls"/>
                <NavItem
                    href=urls::edge_objects(EdgeKind::User)
                    and=vec![EdgeKind::Device, EdgeKind::Domain, EdgeKind::Extension, EdgeKind::RingGroup]
                    glyph=USERS
                    label="Users and Devices"
                />
                <NavItem
                    href=urls::edge_objects(EdgeKind::DidTarget)
                    and=vec![EdgeKind::OutboundRoute, EdgeKind::Schedule, EdgeKind::Limit]
                    glyph=ROUTE
                    label="Routing"
                />
                <NavItem href=urls::EDGE_BANS and=vec![EdgeKind::Allow] glyph=KEY label="Security"/>
                <NavItem href=urls::EDGE_SETTINGS glyph=SERVER label="Edge Settings"/>
            </ul>
            <p class="nav-group">"Providers"</p>
            <ul>
                <NavItem href=urls::INTEGRATIONS glyph=PLUG label="Integrations"/>
            </ul>
            <p class="nav-group">"Administration"</p>
            <ul>
                {may(Action::ManageUsers).then(|| view! { <NavItem href=urls::USERS glyph=USERS label="Users"/> })}
                {may(Action::ManageApiKeys).then(|| view! { <NavItem href=urls::API_KEYS glyph=KEY label="API Keys"/> })}
                <NavItem href=urls::AUDIT glyph=LIST label="Audit"/>
            </ul>
        </nav>
        <div class="nav-user">
            <a class="nav-account" href=urls::ACCOUNT>
                <span class="avatar" aria-hidden="true">{initials}</span>
                <span class="min-w-0 leading-4">
                    <span class="block truncate text-[13px] font-medium" title=user.email.clone()>{user.email.clone()}</span>
                    <span class="block text-[12px] text-ink-3">{user.role.label()}</span>
                </span>
            </a>
            <div class="flex justify-between">
                <ThemeToggle/>
                <form method="post" action=urls::LOGOUT>
                    <button type="submit" class="btn-quiet">{icon(LOG_OUT)} "Log Out"</button>
                </form>
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn NavItem(
    href: &'static str,
    /// The kinds of the edge whose pages belong to it, too.
    #[prop(optional)]
    and: Vec<EdgeKind>,
    glyph: Glyph,
    label: &'static str,
) -> impl IntoView {
    let pathname = use_location().pathname;
    // Every path starts with the home page's, which is current only for itself.
    let here = Memo::new(move |_| {
        let is_below = |path: &str, href: &str| path == href || path.starts_with(&format!("{href}/"));
        pathname.with(|path| {
            let is_kind = and.iter().any(|kind| is_below(path, urls::edge_objects(*kind)));
            path == href || is_kind || (href != urls::HOME && is_below(path, href))
        })
    });
    view! {
        <li>
            <a
                href=href
                class=move || if here.get() { "nav-on" } else { "nav" }
                aria-current=move || here.get().then_some("page")
            >
                {icon(glyph)}
                {label}
            </a>
        </li>
    }
}
