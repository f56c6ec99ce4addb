//! Addresses of the console's pages. Routes, links and the server's redirects all use these.

use std::fmt::Debug;

use domain::{
    ApiKeyId, Attention, BotId, CallId, CarrierId, Country, DidId, NumberProviderKind, UserId, edge::EdgeKind,
};
use leptos::prelude::{Memo, With};
use leptos_router::{PossibleRouteMatch, hooks::use_params_map, path};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// A page of the dashboard: the constant is its whole path, the function its route below [`HOME`].
/// Parameters are written as Leptos' router reads them, `:id`.
macro_rules! dashboard_page {
    ($path:ident, $route:ident, $below:tt) => {
        pub const $path: &str = concat!("/dashboard", $below);

        pub(crate) fn $route() -> impl PossibleRouteMatch + Clone + Debug + Send + Sync + 'static {
            path!($below)
        }
    };
}

pub const HOME: &str = "/dashboard";
dashboard_page!(CARRIERS, carriers_route, "/carriers");
dashboard_page!(CREATE_CARRIER, create_carrier_route, "/carriers/create");
dashboard_page!(CARRIER, carrier_route, "/carriers/:id");
dashboard_page!(CARRIER_DRIFT, carrier_drift_route, "/carriers/:id/drift");
dashboard_page!(BOTS, bots_route, "/bots");
dashboard_page!(CREATE_BOT, create_bot_route, "/bots/create");
dashboard_page!(BOT, bot_route, "/bots/:id");
dashboard_page!(FLEET, fleet_route, "/fleet");
dashboard_page!(API_KEYS, api_keys_route, "/api-keys");
dashboard_page!(CREATE_API_KEY, create_api_key_route, "/api-keys/create");
dashboard_page!(API_KEY, api_key_route, "/api-keys/:id");
dashboard_page!(USERS, users_route, "/users");
dashboard_page!(INVITE_USER, invite_user_route, "/users/invite");
dashboard_page!(USER, user_route, "/users/:id");
dashboard_page!(ACCOUNT, account_route, "/account");
dashboard_page!(CALLS, calls_route, "/calls");
dashboard_page!(CALL_WHY, call_why_route, "/calls/why");
dashboard_page!(CALL, call_route, "/calls/:id");
dashboard_page!(REGISTER_NUMBER, register_number_route, "/numbers/register");
dashboard_page!(BUY_NUMBER, buy_number_route, "/numbers/buy");
dashboard_page!(NUMBER_PURCHASES, number_purchases_route, "/numbers/purchases");
dashboard_page!(AUDIT, audit_route, "/audit");
dashboard_page!(NUMBERS, numbers_route, "/numbers");
dashboard_page!(FIND_NUMBER, find_number_route, "/numbers/find");
dashboard_page!(INTEGRATIONS, integrations_route, "/integrations");
dashboard_page!(EXOTEL, exotel_route, "/integrations/exotel");
dashboard_page!(EDGE, edge_route, "/edge/live");
dashboard_page!(EDGE_REGISTRATIONS, edge_registrations_route, "/edge/live/registrations");
dashboard_page!(EDGE_ROUTE, edge_route_preview_route, "/edge/route");
dashboard_page!(EDGE_BANS, edge_bans_route, "/edge/bans");
dashboard_page!(EDGE_SETTINGS, edge_settings_route, "/edge/settings");
dashboard_page!(EDGE_OBJECTS, edge_objects_route, "/edge/:kind");
dashboard_page!(CREATE_EDGE_OBJECT, create_edge_object_route, "/edge/:kind/create");
dashboard_page!(EDGE_OBJECT, edge_object_route, "/edge/:kind/:id");

/// Only in development builds.
pub const DESIGN: &str = "/design";
pub const SETUP: &str = "/setup";
pub const LOGIN: &str = "/login";
/// Where an invited user sets the first password, by a link with a one-time token.
pub const INVITATION: &str = "/invitation";
/// Where a user sets another password, by a link with a one-time token.
pub const NEW_PASSWORD: &str = "/new-password";
/// Where a logout leads: the login page, which confirms it.
pub const LOGGED_OUT: &str = "/login?out=1";
/// Accepts POST only.
pub const LOGOUT: &str = "/logout";
/// Redirects to the page that opens the guide at this topic.
pub const GUIDE_TOPIC: &str = "/guide/:topic";

/// The path with its parameters as axum's router reads them: `{id}` instead of `:id`.
pub fn axum_path(path: &str) -> String {
    let segments = path.split('/').map(|segment| match segment.strip_prefix(':') {
        Some(name) => format!("{{{name}}}"),
        None => segment.to_owned(),
    });
    segments.collect::<Vec<_>>().join("/")
}

/// The form for a new carrier, filled in from a provider; empty where the id is blank.
pub fn create_carrier_from(provider: &str) -> String {
    CREATE_CARRIER.to_owned() + &query(&[("provider", provider)])
}

pub fn carrier(id: &CarrierId) -> String {
    CARRIER.replace(":id", id.as_str())
}

/// The carrier's page with the form for one of its phone numbers.
pub fn did(carrier_id: &CarrierId, did_id: &DidId) -> String {
    carrier(carrier_id) + &query(&[("did", did_id.as_str())])
}

/// The carrier's page with the form for another phone number.
pub fn add_did(carrier_id: &CarrierId) -> String {
    carrier(carrier_id) + "?did=new"
}

/// The carrier's state in LiveKit beside the desired state.
pub fn carrier_drift(id: &CarrierId) -> String {
    CARRIER_DRIFT.replace(":id", id.as_str())
}

pub fn bot(id: &BotId) -> String {
    BOT.replace(":id", id.as_str())
}

pub fn api_key(id: &ApiKeyId) -> String {
    API_KEY.replace(":id", id.as_str())
}

pub fn user(id: &UserId) -> String {
    USER.replace(":id", id.as_str())
}

pub fn call(id: &CallId) -> String {
    CALL.replace(":id", id.as_str())
}

/// The replay of a call's matching, with what is known of the call.
pub fn why(from: &str, to: &str) -> String {
    CALL_WHY.to_owned() + &query(&[("from", from), ("to", to)])
}

/// The carrier's id in the path of its page.
pub fn carrier_of(path: &str) -> Option<&str> {
    parameter(CARRIER, path).filter(|_| path != CREATE_CARRIER)
}

/// The bot's id in the path of its page.
pub fn bot_of(path: &str) -> Option<&str> {
    parameter(BOT, path).filter(|_| path != CREATE_BOT)
}

/// The list of the carriers that need this kind of attention.
pub fn carriers_with(kind: Attention) -> String {
    CARRIERS.to_owned() + &query(&[("attention", kind.as_str())])
}

/// The page of the fleet with the dialog `name` about one server.
pub fn fleet_dialog(name: &str, id: &str) -> String {
    FLEET.to_owned() + &query(&[(name, id)])
}

/// The page of the integrations with the dialog `name` about one provider.
pub fn integration_dialog(name: &str, provider: &str) -> String {
    INTEGRATIONS.to_owned() + &query(&[(name, provider)])
}

/// The confirmation of a purchase.
pub fn buy_number(provider: NumberProviderKind, country: Country, number: &str) -> String {
    let pairs = [("provider", provider.as_str()), ("country", country.as_str()), ("number", number)];
    BUY_NUMBER.to_owned() + &query(&pairs)
}

/// The search for numbers in one country.
pub fn find_numbers(provider: NumberProviderKind, country: Country) -> String {
    FIND_NUMBER.to_owned() + &query(&[("provider", provider.as_str()), ("country_code", country.as_str())])
}

/// The page of the purchases with the dialog or button `name` of one purchase.
pub fn purchase_dialog(name: &str, id: &str) -> String {
    NUMBER_PURCHASES.to_owned() + &query(&[(name, id)])
}

/// The audit entries of the rows of one noun.
pub fn audit_of_kind(kind: &str) -> String {
    AUDIT.to_owned() + &query(&[("kind", kind)])
}

/// The audit entries of one row.
pub fn history(id: &str) -> String {
    AUDIT.to_owned() + &query(&[("subject", id)])
}

/// The link to a topic of the guide that can be passed on.
pub fn guide_topic(topic: &str) -> String {
    GUIDE_TOPIC.replace(":topic", topic)
}

/// The list of carriers with the guide open.
pub fn guide(topic: &str) -> String {
    CARRIERS.to_owned() + &query(&[("guide", topic)])
}

/// The setup page with its one-time token.
pub fn setup(token: &str) -> String {
    SETUP.to_owned() + &query(&[("token", token)])
}

/// The page behind a one-time link: [`INVITATION`] or [`NEW_PASSWORD`].
pub fn with_token(page: &str, token: &str) -> String {
    page.to_owned() + &query(&[("token", token)])
}

/// The login page, which then leads to `next`.
pub fn login(next: &str) -> String {
    LOGIN.to_owned() + &query(&[("next", next)])
}

/// `next` if it is a path of this console, else the home page: a link must not redirect to another site.
pub fn local(next: &str) -> &str {
    let is_local = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\n', '\r', '\t']);
    if is_local { next } else { HOME }
}

/// All but the unreserved characters of RFC 3986, section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// `?a=1&b=2` of the pairs whose value is not empty; empty if there is none.
pub fn query(pairs: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        text.push(if text.is_empty() { '?' } else { '&' });
        text.push_str(name);
        text.push('=');
        text.extend(utf8_percent_encode(value, RESERVED));
    }
    text
}

/// The value of the path's one parameter.
fn parameter<'a>(template: &str, path: &'a str) -> Option<&'a str> {
    let (before, after) = template.split_once(":id")?;
    let value = path.strip_prefix(before)?.strip_suffix(after)?;
    (!value.is_empty() && !value.contains('/')).then_some(value)
}

/// The list of a kind's objects.
pub fn edge_objects(kind: EdgeKind) -> &'static str {
    match kind {
        EdgeKind::Domain => "/dashboard/edge/domains",
        EdgeKind::User => "/dashboard/edge/users",
        EdgeKind::Device => "/dashboard/edge/devices",
        EdgeKind::Extension => "/dashboard/edge/extensions",
        EdgeKind::DidTarget => "/dashboard/edge/did-targets",
        EdgeKind::RingGroup => "/dashboard/edge/ring-groups",
        EdgeKind::Schedule => "/dashboard/edge/schedules",
        EdgeKind::OutboundRoute => "/dashboard/edge/outbound-routes",
        EdgeKind::Limit => "/dashboard/edge/limits",
        EdgeKind::Allow => "/dashboard/edge/allow",
        EdgeKind::Settings => EDGE_SETTINGS,
    }
}

pub fn create_edge_object(kind: EdgeKind) -> String {
    format!("{}/create", edge_objects(kind))
}

/// An object of the edge; its id tells the kind.
pub fn edge_object(id: &str) -> String {
    match EdgeKind::of_id(id) {
        Some(kind) => format!("{}/{id}", edge_objects(kind)),
        None => EDGE.to_owned(),
    }
}

/// The kind in the address of the page.
pub fn use_edge_kind() -> Memo<Option<EdgeKind>> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| EdgeKind::of_path(params.get_str("kind").unwrap_or_default())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn query_skips_empty_values_and_encodes_the_others() {
        assert_eq!(query(&[("q", ""), ("sort", "")]), "");
        assert_eq!(query(&[("q", "a&b ü"), ("sort", "-name")]), "?q=a%26b%20%C3%BC&sort=-name");
        assert_eq!(login("/dashboard/bots?guide=1"), "/login?next=%2Fdashboard%2Fbots%3Fguide%3D1");
    }

    #[test]
    fn id_is_read_from_the_path_of_its_own_page_only() {
        let id: CarrierId = "car_01hf7yat000000000000000000".parse().unwrap();
        assert_eq!(carrier_of(&carrier(&id)), Some(id.as_str()));
        for other in [CARRIERS, CREATE_CARRIER, "/dashboard/carriers/", BOTS, &carrier_drift(&id)] {
            assert_eq!(carrier_of(other), None, "{other}");
        }
        assert_eq!(bot_of(CREATE_BOT), None);
    }

    #[test]
    fn axum_path_puts_parameters_in_braces() {
        assert_eq!(axum_path(CARRIER_DRIFT), "/dashboard/carriers/{id}/drift");
        assert_eq!(axum_path(GUIDE_TOPIC), "/guide/{topic}");
        assert_eq!(axum_path(BOTS), BOTS);
    }

    #[test]
    fn next_that_leaves_the_console_becomes_home() {
        assert_eq!(local("/dashboard/bots?x=1"), "/dashboard/bots?x=1");
        for foreign in
            ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\t/evil.example", ""]
        {
            assert_eq!(local(foreign), HOME, "{foreign:?}");
        }
    }
}
