//! The client's address, behind trusted proxies too.

use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
};

use api_types::view::{Login, LoginInput};
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::request::Parts,
};

use crate::http::AppState;

/// The address that a request comes from; None if only a proxy's is known, which all its clients share.
pub(crate) struct Client(Option<IpAddr>);

impl FromRequestParts<AppState> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self::of(parts, state))
    }
}

impl Client {
    pub fn of(parts: &Parts, state: &AppState) -> Self {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Self(peer.and_then(|ConnectInfo(peer)| state.trusted_proxies.client(peer.ip(), &parts.headers)))
    }

    pub fn address(&self) -> Option<IpAddr> {
        self.0
    }

    pub async fn log_in(&self, state: &AppState, input: &LoginInput) -> services::Result<Login> {
        let sessions = &state.services.sessions;
        match self.0 {
            Some(address) => sessions.log_in(input, &address.to_string()).await,
            None => sessions.log_in_from_anywhere(input).await,
        }
    }
}
