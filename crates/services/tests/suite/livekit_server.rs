//! The LiveKit under test: the sandbox, or a real livekit-server.

use std::{
    env,
    io::{Write, stderr},
    sync::Once,
    time::Duration,
};

use domain::Secret;
use livekit::{Client, Config};
use livekit_sandbox::{Faults, Options, Sandbox};

/// Time-out of the client; faults that delay a response exceed it.
pub const TIMEOUT: Duration = Duration::from_secs(5);

pub enum LiveKitServer {
    Sandbox(Sandbox),
    Real(Config),
}

impl LiveKitServer {
    pub async fn sandbox() -> Self {
        Self::Sandbox(Sandbox::start(([127, 0, 0, 1], 0).into(), Options::default()).await.expect("a free port"))
    }

    /// None, with a notice on the terminal, where LIVEKIT_TEST_URL is not set.
    pub fn real() -> Option<Self> {
        let Ok(url) = env::var("LIVEKIT_TEST_URL") else {
            static NOTICE: Once = Once::new();
            NOTICE.call_once(|| {
                // Not println!, which the test harness captures in passing tests.
                let _ =
                    writeln!(stderr(), "SKIPPED: syncs with a real LiveKit; set LIVEKIT_TEST_URL (docs/livekit.md)");
            });
            return None;
        };
        let setting = |name| env::var(name).unwrap_or_else(|_| panic!("{name} goes with LIVEKIT_TEST_URL"));
        Some(Self::Real(Config {
            url,
            api_key: setting("LIVEKIT_TEST_API_KEY"),
            api_secret: Secret::new(setting("LIVEKIT_TEST_API_SECRET")),
            timeout: TIMEOUT,
        }))
    }

    pub fn client(&self, timeout: Duration) -> Client {
        Client::new(self.config(timeout)).expect("a usable configuration")
    }

    pub fn config(&self, timeout: Duration) -> Config {
        match self {
            Self::Sandbox(sandbox) => sandbox.config(timeout),
            Self::Real(config) => Config { timeout, ..config.clone() },
        }
    }

    pub fn url(&self) -> String {
        match self {
            Self::Sandbox(sandbox) => sandbox.url(),
            Self::Real(config) => config.url.clone(),
        }
    }

    pub fn is_shared(&self) -> bool {
        matches!(self, Self::Real(_))
    }

    pub fn faults(&self) -> &Faults {
        match self {
            Self::Sandbox(sandbox) => sandbox.faults(),
            Self::Real(_) => panic!("only the sandbox fails on purpose"),
        }
    }

    /// Number of calls of a method.
    pub async fn calls(&self, method: &str) -> u64 {
        let answer = reqwest::get(format!("{}/sandbox/calls", self.url())).await.unwrap();
        let calls: serde_json::Value = answer.json().await.unwrap();
        calls[method].as_u64().unwrap_or_default()
    }

    /// Number of objects, read from the sandbox's control API, to which faults do not apply.
    pub async fn objects(&self) -> usize {
        let answer = reqwest::get(format!("{}/sandbox/state", self.url())).await.unwrap();
        let state: serde_json::Value = answer.json().await.unwrap();
        ["inbound", "outbound", "rules"].iter().map(|kind| state[kind].as_array().map_or(0, Vec::len)).sum()
    }
}

/// Runs each check in its own world, on the sandbox and on a real LiveKit; `with_drift_checks:` in one whose
/// reconciler checks for drift at intervals.
macro_rules! on_both {
    ($($check:ident)+) => { $crate::livekit_server::on_both! { with_livekit: $($check)+ } };
    ($start:ident: $($check:ident)+) => {
        mod sandbox {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $check() {
                let livekit = $crate::livekit_server::LiveKitServer::sandbox().await;
                super::$check(&$crate::world::World::$start(livekit).await).await;
            })+
        }

        mod real {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $check() {
                let Some(livekit) = $crate::livekit_server::LiveKitServer::real() else { return };
                let world = $crate::world::World::$start(livekit).await;
                super::$check(&world).await;
                world.clean_up().await;
            })+
        }
    };
}
pub(crate) use on_both;
