//! State machines: random sequences of acts on an engine, compared with a model after each.

mod admissions;
mod bindings;
mod nonces;

use std::{future::Future, sync::LazyLock};

use proptest::test_runner::Config;
use tokio::runtime::Runtime;

use crate::engine::World;

/// What a sequence runs on.
pub trait Engine {
    /// None: it is not available.
    fn world() -> Option<World>;
}

pub struct InMemory;
pub struct InRedis;

impl Engine for InMemory {
    fn world() -> Option<World> {
        Some(World::memory())
    }
}

impl Engine for InRedis {
    fn world() -> Option<World> {
        block_on(async { World::redis() })
    }
}

pub fn block_on<T>(act: impl Future<Output = T>) -> T {
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());
    RUNTIME.block_on(act)
}

pub fn config() -> Config {
    Config { cases: 64, failure_persistence: None, ..Config::default() }
}
