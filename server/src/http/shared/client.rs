//! The client's address, behind trusted proxies too.

use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{Extensions, HeaderMap, header, request::Parts},
};

use services::SessionClient;

use crate::http::AppState;

/// The address that a request comes from; None if only a proxy's is known, which all its clients share.
pub(crate) struct Client(Option<IpAddr>);

impl Client {
    pub fn of(parts: &Parts, state: &AppState) -> Self {
        Self::new(&parts.extensions, &parts.headers, state)
    }

    pub fn new(extensions: &Extensions, headers: &HeaderMap, state: &AppState) -> Self {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>();
        Self(peer.and_then(|ConnectInfo(peer)| state.trusted_proxies.client(peer.ip(), headers)))
    }

    pub fn address(&self) -> Option<IpAddr> {
        self.0
    }
}

/// What is stored of a login's client.
pub(crate) struct LoginClient(pub SessionClient);

impl LoginClient {
    pub fn of(parts: &Parts, state: &AppState) -> Self {
        let user_agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let user_agent = user_agent.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        Self(SessionClient { address: Client::of(parts, state).address(), user_agent })
    }
}

impl FromRequestParts<AppState> for LoginClient {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self::of(parts, state))
    }
}
