//! The LiveKit to sync with.

use std::{
    env,
    io::{Write, stderr},
    sync::Once,
    time::Duration,
};

use domain::Secret;
use livekit::{
    Client, Config,
    sandbox::{Faults, Options, Sandbox},
};

/// Also what a slow LiveKit is slower than.
pub const TIMEOUT: Duration = Duration::from_secs(5);

pub enum LiveKitServer {
    Sandbox(Sandbox),
    Real(Config),
}

impl LiveKitServer {
    pub async fn sandbox() -> Self {
        Self::Sandbox(Sandbox::start(([127, 0, 0, 1], 0).into(), Options::default()).await.expect("a free port"))
    }

    /// None, and said so, where there is none to try.
    pub fn real() -> Option<Self> {
        let Ok(url) = env::var("LIVEKIT_TEST_URL") else {
            static SAID: Once = Once::new();
            SAID.call_once(|| {
                // Straight to the terminal: the test harness keeps what passing tests print.
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
        let config = match self {
            Self::Sandbox(sandbox) => sandbox.config(timeout),
            Self::Real(config) => Config { timeout, ..config.clone() },
        };
        Client::new(config).expect("a usable configuration")
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

    /// How often a method was called.
    pub async fn calls(&self, method: &str) -> u64 {
        let answer = reqwest::get(format!("{}/sandbox/calls", self.url())).await.unwrap();
        let calls: serde_json::Value = answer.json().await.unwrap();
        calls[method].as_u64().unwrap_or_default()
    }

    /// How many objects there are, without a call that a fault could strike.
    pub async fn objects(&self) -> usize {
        let answer = reqwest::get(format!("{}/sandbox/state", self.url())).await.unwrap();
        let state: serde_json::Value = answer.json().await.unwrap();
        ["inbound", "outbound", "rules"].iter().map(|kind| state[kind].as_array().map_or(0, Vec::len)).sum()
    }
}

/// Runs each check in a world of its own, on the sandbox and on the real LiveKit; `watching:` in one whose reconciler also
/// looks by itself.
macro_rules! on_both {
    ($($check:ident)+) => { $crate::livekit_server::on_both! { with: $($check)+ } };
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
