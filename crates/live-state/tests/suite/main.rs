//! The live state in memory and in Redis: the same tests on both engines.

mod admission;
mod answers;
mod dialogs;
mod engine;
mod events;
mod machine;
mod nonces;
mod outage;
mod registrations;
mod windows;

/// Runs each test on both engines, with an account of its own.
macro_rules! on_both {
    ($($check:ident)+) => {
        mod memory {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $check() {
                super::$check($crate::engine::World::memory()).await;
            })+
        }

        mod redis {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $check() {
                let Some(world) = $crate::engine::World::redis() else { return };
                super::$check(world).await;
            })+
        }
    };
}
pub(crate) use on_both;
