//! A LiveKit SIP API inside the process: for tests, and for trying Trunkline without a LiveKit.
//!
//! It answers as livekit-server 1.13.5 does: bodies in protobuf and JSON, tokens, validation, conflicts, and the oddities
//! of each (`tests/conformance.rs` holds both to the same checks). It carries no calls. JSON answers leave out fields that
//! have their default value, where LiveKit writes them all.
//!
//! Beside the API it has knobs to make it fail, see [`Faults`]; over HTTP, from the same machine only:
//!
//! | call | does |
//! |---|---|
//! | `POST /sandbox/faults` | adds a list of [`FaultRule`]s, as JSON |
//! | `DELETE /sandbox/faults` | takes all away |
//! | `GET /sandbox/state` | `{"inbound":[…],"outbound":[…],"rules":[…]}`, passwords masked |
//! | `GET /sandbox/calls` | how often each method was called |

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

use std::{io, net::SocketAddr, path::PathBuf, time::Duration};

use domain::Secret;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

pub use faults::{Fault, FaultRule, Faults};
pub use http::Api;
pub use inbound_call::{AmbiguousTrunk, InboundCall};

/// How the sandbox starts.
#[derive(Clone, Debug)]
pub struct Options {
    pub api_key: String,
    pub api_secret: Secret,
    /// Where the objects are kept, written with each change; none: they end with the process. The file holds passwords
    /// and is readable by its owner only.
    pub file: Option<PathBuf>,
}

/// Keys `devkey` and `secret`, as with `livekit-server --dev`; nothing kept.
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
    /// Dropped or used, it stops the server.
    stop: oneshot::Sender<()>,
    served: JoinHandle<io::Result<()>>,
}

impl Sandbox {
    /// Listens on `addr`; port 0 takes any free one.
    ///
    /// # Errors
    /// Where `addr` is not a loopback address (the keys are no secret), is taken, or the file cannot be read.
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
            // An error means that the handle was dropped, which says the same.
            let _ = stopped.await;
        });
        let served = tokio::spawn(async { server.await });
        Ok(Self { addr, options, api, faults, stop, served })
    }

    /// `http://127.0.0.1:<port>`
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    pub fn api_key(&self) -> &str {
        &self.options.api_key
    }

    pub fn api_secret(&self) -> &Secret {
        &self.options.api_secret
    }

    pub fn faults(&self) -> &Faults {
        &self.faults
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

    /// For a client of this sandbox.
    pub fn config(&self, timeout: Duration) -> livekit::Config {
        livekit::Config {
            url: self.url(),
            api_key: self.options.api_key.clone(),
            api_secret: self.options.api_secret.clone(),
            timeout,
        }
    }

    /// Stops listening, lets calls that are under way end, and returns when the port is free.
    pub async fn shutdown(self) -> io::Result<()> {
        drop(self.stop);
        self.served.await.map_err(io::Error::other)?
    }
}
