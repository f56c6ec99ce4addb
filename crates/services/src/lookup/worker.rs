//! Builds the index again after it was invalidated, while the database answers.

use std::{convert::Infallible, sync::Arc, time::Duration};

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::context::Context;

/// The pause after an attempt that failed; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Keeps the index of phone numbers in use; every server runs it.
pub struct IndexWorker {
    context: Arc<Context>,
}

impl IndexWorker {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// Runs until `stop` is cancelled.
    pub async fn run(self, stop: CancellationToken) {
        tokio::select! {
            () = stop.cancelled() => {}
            never = self.follow() => match never {},
        }
    }

    async fn follow(&self) -> Infallible {
        let Context { index, store, account, .. } = &*self.context;
        loop {
            index.invalidated().await;
            let mut pause = FIRST_PAUSE;
            while !index.is_built() {
                if let Err(error) = index.build(store, account).await {
                    warn!(%error, "the index of phone numbers could not be built; the database answers lookups");
                    sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }
}
