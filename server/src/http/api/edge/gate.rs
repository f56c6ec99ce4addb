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
    allow: AddressList,
}

#[derive(Debug, PartialEq, Eq)]
enum Refusal {
    Closed,
    Address(IpAddr),
    /// Through a proxy or from a browser, without a token.
    Indirect,
    Token,
}

impl Gate {
    pub fn new(edge: &Edge, sandbox: bool) -> Self {
        let configured = edge.listen.is_some() || edge.token.is_some();
        let allow = edge.allow.clone().filter(|_| configured).unwrap_or_else(AddressList::loopback);
        Self { open: configured || sandbox, token: edge.token.clone(), allow }
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
    let only = |name: &HeaderName| {
        let mut values = headers.get_all(name).iter();
        values.next().filter(|_| values.next().is_none()).map(HeaderValue::as_bytes)
    };
    let bearer = only(&header::AUTHORIZATION).and_then(|value| {
        let (scheme, sent) = value.split_at_checked(b"Bearer ".len())?;
        scheme.eq_ignore_ascii_case(b"Bearer ").then_some(sent)
    });
    [bearer, only(&EDGE_TOKEN)].into_iter().flatten().any(|sent| constant_time::eq(sent, token))
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
