//! Who may call the edge's paths.

use std::net::{IpAddr, SocketAddr};

use api_types::Problem;
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::Secret;

use crate::{
    AddressList, TrustedProxies,
    config::Edge,
    http::{
        AppState,
        shared::{constant_time, problem::ApiError},
    },
};

const EDGE_TOKEN: HeaderName = HeaderName::from_static("x-edge-token");
const ADMIN_TOKEN: HeaderName = HeaderName::from_static("x-admin-token");

/// What proxies and browsers add to a request. The source address of such a request is not its author's.
const INDIRECT: [HeaderName; 9] = [
    header::FORWARDED,
    header::VIA,
    header::ORIGIN,
    HeaderName::from_static("sec-fetch-site"),
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-forwarded-host"),
    HeaderName::from_static("x-forwarded-proto"),
    HeaderName::from_static("x-forwarded-port"),
    HeaderName::from_static("x-real-ip"),
];

/// The rules of the edge's paths. Without a listener of their own and without a token they are closed; in the sandbox they
/// are open to this machine.
pub(crate) struct Gate {
    open: bool,
    token: Option<Secret>,
    admin_token: Option<Secret>,
    allow: AddressList,
}

#[derive(Debug, PartialEq, Eq)]
enum Refusal {
    Closed,
    Address(IpAddr),
    /// Through a proxy or from a browser, without a token.
    Indirect,
    Token,
    /// Of the live monitor.
    Monitor,
}

impl Gate {
    pub fn new(edge: &Edge, sandbox: bool) -> Self {
        let configured = edge.listen.is_some() || edge.token.is_some();
        let allow = edge.allow.clone().filter(|_| configured).unwrap_or_else(AddressList::loopback);
        Self { open: configured || sandbox, token: edge.token.clone(), admin_token: edge.admin_token.clone(), allow }
    }

    /// The live monitor is for operators: directly from this machine or from an address of the list, or with the
    /// administrator's token from anywhere, also while the edge's paths are closed.
    pub fn check_monitor(&self, peer: IpAddr, headers: &HeaderMap, proxies: &TrustedProxies) -> Result<(), ApiError> {
        if let Some(token) = &self.admin_token
            && only(headers, &ADMIN_TOKEN).is_some_and(|sent| constant_time::eq(sent, token))
        {
            return Ok(());
        }
        let source = proxies.client(peer, headers).unwrap_or(peer).to_canonical();
        let is_known = source.is_loopback() || self.allow.contains(source);
        let is_direct = !INDIRECT.iter().any(|name| headers.contains_key(name));
        if self.open && is_known && is_direct { Ok(()) } else { Err(Refusal::Monitor.into()) }
    }

    fn check(&self, peer: IpAddr, headers: &HeaderMap, proxies: &TrustedProxies) -> Result<(), Refusal> {
        if !self.open {
            return Err(Refusal::Closed);
        }
        // Without forwarding headers a trusted proxy's address is the edge's own, as on the same machine.
        let source = proxies.client(peer, headers).unwrap_or(peer).to_canonical();
        if !self.allow.contains(source) {
            return Err(Refusal::Address(source));
        }
        match &self.token {
            Some(token) if has_token(headers, token) => Ok(()),
            Some(_) => Err(Refusal::Token),
            None if INDIRECT.iter().any(|name| headers.contains_key(name)) => Err(Refusal::Indirect),
            None => Ok(()),
        }
    }
}

/// As Bearer or `x-edge-token`; each at most once.
fn has_token(headers: &HeaderMap, token: &Secret) -> bool {
    let bearer = only(headers, &header::AUTHORIZATION).and_then(|value| {
        let (scheme, sent) = value.split_at_checked(b"Bearer ".len())?;
        scheme.eq_ignore_ascii_case(b"Bearer ").then_some(sent)
    });
    [bearer, only(headers, &EDGE_TOKEN)].into_iter().flatten().any(|sent| constant_time::eq(sent, token))
}

fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a [u8]> {
    let mut values = headers.get_all(name).iter();
    values.next().filter(|_| values.next().is_none()).map(HeaderValue::as_bytes)
}

impl From<Refusal> for ApiError {
    /// Always 403: 401 is what `/auth` answers to a SIP request that must be challenged.
    fn from(refusal: Refusal) -> Self {
        let (code, detail) = match refusal {
            Refusal::Closed => (
                "edge_closed",
                "The paths of the SIP edge are closed. Set TRUNKLINE_EDGE_LISTEN (a listener of its own) or \
                 TRUNKLINE_EDGE_TOKEN, and TRUNKLINE_EDGE_ALLOW if the edge is on another machine."
                    .to_owned(),
            ),
            Refusal::Address(source) => {
                ("edge_address", format!("{source} is not in TRUNKLINE_EDGE_ALLOW. Add the edge's address there."))
            }
            Refusal::Indirect => (
                "edge_indirect",
                "The request came through a proxy or from a browser. Call the server directly, or set \
                 TRUNKLINE_EDGE_TOKEN and send it as Bearer or X-Edge-Token."
                    .to_owned(),
            ),
            Refusal::Monitor => (
                "edge_monitor",
                "Watch the edge directly from the server's machine or from an address of TRUNKLINE_EDGE_ALLOW, or set \
                 TRUNKLINE_ADMIN_TOKEN and send it as X-Admin-Token."
                    .to_owned(),
            ),
            Refusal::Token => (
                "edge_token",
                "Send the token of TRUNKLINE_EDGE_TOKEN once, as Authorization: Bearer or as X-Edge-Token.".to_owned(),
            ),
        };
        Problem::new(403, code, "Not allowed", detail).into()
    }
}

/// Middleware of the edge's paths.
pub(super) async fn check(
    State(state): State<AppState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    match state.gate.check(peer.ip(), request.headers(), &state.trusted_proxies) {
        Ok(()) => next.run(request).await,
        Err(refusal) => ApiError::from(refusal).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "0123456789abcdef";

    fn edge(listen: bool, token: bool, allow: Option<&str>) -> Edge {
        Edge {
            listen: listen.then(|| "127.0.0.1:0".to_owned()),
            token: token.then(|| Secret::new(TOKEN)),
            allow: allow.map(|list| list.parse().unwrap()),
            ..Edge::default()
        }
    }

    fn check(gate: &Gate, peer: &str, headers: &[(&'static str, &str)]) -> Result<(), Refusal> {
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        gate.check(peer.parse().unwrap(), &headers, &TrustedProxies::default())
    }

    #[test]
    fn nothing_passes_while_closed() {
        let gate = Gate::new(&edge(false, false, Some("0.0.0.0/0")), false);
        assert_eq!(check(&gate, "127.0.0.1", &[]), Err(Refusal::Closed));
    }

    #[test]
    fn sandbox_is_open_to_this_machine() {
        let gate = Gate::new(&edge(false, false, Some("0.0.0.0/0")), true);
        assert_eq!(check(&gate, "127.0.0.1", &[]), Ok(()));
        assert_eq!(check(&gate, "::ffff:127.0.0.1", &[]), Ok(()));
        assert_eq!(check(&gate, "10.0.0.1", &[]), Err(Refusal::Address([10, 0, 0, 1].into())));
    }

    #[test]
    fn address_must_be_in_the_list() {
        let gate = Gate::new(&edge(true, false, Some("10.0.0.0/8")), false);
        assert_eq!(check(&gate, "10.2.3.4", &[]), Ok(()));
        assert_eq!(check(&gate, "127.0.0.1", &[]), Err(Refusal::Address([127, 0, 0, 1].into())));
    }

    #[test]
    fn proxied_request_needs_the_token() {
        let open = Gate::new(&edge(true, false, None), false);
        for name in ["x-forwarded-for", "forwarded", "via", "x-real-ip", "origin", "sec-fetch-site"] {
            assert_eq!(check(&open, "127.0.0.1", &[(name, "127.0.0.1")]), Err(Refusal::Indirect), "{name}");
        }
        let gate = Gate::new(&edge(false, true, Some("203.0.113.7")), false);
        let forwarded = ("x-forwarded-for", "203.0.113.7");
        assert_eq!(check(&gate, "127.0.0.1", &[forwarded, ("x-edge-token", TOKEN)]), Ok(()));
        assert_eq!(check(&gate, "127.0.0.1", &[forwarded]), Err(Refusal::Token));
        let other = check(&gate, "127.0.0.1", &[("x-forwarded-for", "203.0.113.8"), ("x-edge-token", TOKEN)]);
        assert_eq!(other, Err(Refusal::Address([203, 0, 113, 8].into())));
    }

    #[test]
    fn monitor_needs_a_direct_source_or_the_token() {
        let edge = Edge { admin_token: Some(Secret::new(TOKEN)), ..edge(true, true, Some("10.0.0.0/8")) };
        let gate = Gate::new(&edge, false);
        let passes = |gate: &Gate, peer: &str, headers: &[(&'static str, &str)]| {
            let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
            gate.check_monitor(peer.parse().unwrap(), &headers, &TrustedProxies::default()).is_ok()
        };
        for source in ["127.0.0.1", "::1", "10.1.2.3"] {
            assert!(passes(&gate, source, &[]), "{source}");
            assert!(!passes(&gate, source, &[("origin", "https://attacker.example")]), "{source}");
        }
        assert!(!passes(&gate, "192.0.2.1", &[]));
        assert!(passes(&gate, "192.0.2.1", &[("x-admin-token", TOKEN)]));
        assert!(!passes(&gate, "192.0.2.1", &[("x-admin-token", "0123456789abcdeF")]));
        let closed = Gate::new(&Edge::default(), false);
        assert!(!passes(&closed, "127.0.0.1", &[]));
    }

    #[test]
    fn token_is_bearer_or_a_header() {
        let gate = Gate::new(&edge(false, true, None), false);
        let bearer = format!("bearer {TOKEN}");
        assert_eq!(check(&gate, "127.0.0.1", &[("authorization", &bearer)]), Ok(()));
        assert_eq!(check(&gate, "127.0.0.1", &[("x-edge-token", TOKEN)]), Ok(()));
        for headers in [
            &[][..],
            &[("x-edge-token", "0123456789abcdeF")],
            &[("x-edge-token", "")],
            &[("authorization", TOKEN)],
            &[("authorization", "Bearer")],
            &[("x-edge-token", TOKEN), ("x-edge-token", TOKEN)],
        ] {
            assert_eq!(check(&gate, "127.0.0.1", headers), Err(Refusal::Token), "{headers:?}");
        }
    }
}
