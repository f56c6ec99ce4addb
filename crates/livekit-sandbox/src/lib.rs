//! LiveKit's SIP API in the same process, for tests and for `trunkline serve --sandbox`.
//!
//! It responds as livekit-server 1.13.5 does: protobuf and JSON bodies, tokens, validation, conflicts and list filters. The
//! conformance tests of the crate `livekit` run the same checks on both. It has no media and no calls;
//! [`Sandbox::match_inbound_call`] says which trunk a call would get. JSON responses leave out fields with default values,
//! which LiveKit writes.
//!
//! [`Faults`] make calls fail. The control API, for callers on the same machine:
//!
//! | request | effect |
//! |---|---|
//! | `POST /sandbox/faults` | adds a list of [`FaultRule`]s, as JSON |
//! | `DELETE /sandbox/faults` | removes all |
//! | `GET /sandbox/state` | `{"inbound":[…],"outbound":[…],"rules":[…]}`, passwords masked |
//! | `GET /sandbox/calls` | number of calls of each method |

#![deny(missing_docs)]

mod auth;
mod conflict;
mod control;
mod error;
mod faults;
mod http;
mod inbound_call;
mod json;
mod list;
mod media;
mod methods;
mod number;
mod participants;
mod rules;
mod store;
mod trunks;
mod update;
mod validate;

use std::{io, net::SocketAddr, path::PathBuf, sync::atomic::Ordering, time::Duration};

use domain::Secret;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

pub use faults::{Fault, FaultRule, Faults};
pub use http::Api;
pub use inbound_call::{AmbiguousTrunk, InboundCall};

/// Settings of a sandbox.
#[derive(Clone, Debug)]
pub struct Options {
    /// The only API key.
    pub api_key: String,
    /// Its secret.
    pub api_secret: Secret,
    /// The objects' file, written with each change; without one they live in memory. It contains passwords, and its mode
    /// is 0600.
    pub file: Option<PathBuf>,
}

/// Key `devkey`, secret `secret`, as with `livekit-server --dev`, and no file.
impl Default for Options {
    fn default() -> Self {
        Self { api_key: "devkey".to_owned(), api_secret: Secret::new("secret"), file: None }
    }
}

/// A running sandbox. Dropping it stops it.
#[derive(Debug)]
pub struct Sandbox {
    addr: SocketAddr,
    options: Options,
    api: Api,
    faults: Faults,
    /// Dropping it stops the server.
    stop: oneshot::Sender<()>,
    served: JoinHandle<io::Result<()>>,
}

impl Sandbox {
    /// Listens on `addr`; port 0 selects a free one.
    ///
    /// # Errors
    /// Where `addr` is not a loopback address (the secret is public), the port is in use, or the file cannot be read.
    pub async fn start(addr: SocketAddr, options: Options) -> io::Result<Self> {
        if !addr.ip().is_loopback() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "the sandbox listens on loopback addresses only"));
        }
        let api = Api::open(&options)?;
        let faults = api.faults();
        let listener = TcpListener::bind(addr).await?;
        let addr = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let service = api.router().into_make_service_with_connect_info::<SocketAddr>();
        let server = axum::serve(listener, service).with_graceful_shutdown(async {
            // An error means that the sandbox was dropped, which also stops the server.
            let _ = stopped.await;
        });
        let served = tokio::spawn(async { server.await });
        Ok(Self { addr, options, api, faults, stop, served })
    }

    /// `http://127.0.0.1:<port>`
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Address that it listens on.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The API key.
    pub fn api_key(&self) -> &str {
        &self.options.api_key
    }

    /// The API secret.
    pub fn api_secret(&self) -> &Secret {
        &self.options.api_secret
    }

    /// Faults of the calls to come.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Bytes of all responses to `List…` calls so far.
    pub fn listed_bytes(&self) -> u64 {
        self.api.inner.listed_bytes.load(Ordering::Relaxed)
    }

    /// Id of the inbound trunk that LiveKit would choose for a call; None where no trunk admits it.
    ///
    /// # Errors
    /// Where several trunks match.
    pub fn match_inbound_call(&self, call: &InboundCall) -> Result<Option<String>, AmbiguousTrunk> {
        self.api.inner.store.read(|objects| {
            let trunk = inbound_call::matching_trunk(objects.inbound.values(), call)?;
            Ok(trunk.map(|trunk| trunk.sip_trunk_id.clone()))
        })
    }

    /// Configuration of a client of this sandbox.
    pub fn config(&self, timeout: Duration) -> livekit::Config {
        livekit::Config {
            url: self.url(),
            api_key: self.options.api_key.clone(),
            api_secret: self.options.api_secret.clone(),
            timeout,
        }
    }

    /// Stops listening, waits for running calls, and returns when the port is free.
    ///
    /// # Errors
    /// Where the server failed.
    pub async fn shutdown(self) -> io::Result<()> {
        drop(self.stop);
        self.served.await.map_err(io::Error::other)?
    }
}
