//! The kinds that are shown together, as tabs.

use domain::edge::EdgeKind;
use leptos::prelude::*;

use super::wording::wording;
use crate::{
    components::ui::{Tab, Tabs},
    urls,
};

/// Who is called and who calls.
const PEOPLE: [EdgeKind; 5] =
    [EdgeKind::User, EdgeKind::Device, EdgeKind::Domain, EdgeKind::Extension, EdgeKind::RingGroup];
/// Where calls go.
const ROUTING: [EdgeKind; 4] = [EdgeKind::DidTarget, EdgeKind::OutboundRoute, EdgeKind::Schedule, EdgeKind::Limit];

/// The tabs of the kinds that the kind is shown with; none where it is alone.
pub fn section_tabs(kind: EdgeKind) -> Option<AnyView> {
    match kind {
        EdgeKind::Settings => None,
        EdgeKind::Allow => Some(security_tabs(kind.path())),
        _ if ROUTING.contains(&kind) => Some(routing_tabs(kind.path())),
        _ => Some(tabs("Users and devices", PEOPLE.iter().map(tab).collect(), kind.path())),
    }
}

/// The tabs of routing.
pub fn routing_tabs(current: &'static str) -> AnyView {
    let preview = Tab::new("route", "Which Route?", urls::EDGE_ROUTE);
    tabs("Routing", ROUTING.iter().map(tab).chain([preview]).collect(), current)
}

/// The tabs of what happens now.
pub fn live_tabs(current: &'static str) -> AnyView {
    let live = Tab::new("live", "Live Calls", urls::EDGE);
    tabs("Live", vec![live, Tab::new("registrations", "Registrations", urls::EDGE_REGISTRATIONS)], current)
}

/// The tabs of security.
pub fn security_tabs(current: &'static str) -> AnyView {
    tabs("Security", vec![Tab::new("bans", "Bans", urls::EDGE_BANS), tab(&EdgeKind::Allow)], current)
}

fn tab(kind: &EdgeKind) -> Tab {
    Tab::new(kind.path(), wording(*kind).title, urls::edge_objects(*kind))
}

fn tabs(label: &'static str, tabs: Vec<Tab>, current: &'static str) -> AnyView {
    view! { <Tabs label tabs current=current.to_owned()/> }.into_any()
}
