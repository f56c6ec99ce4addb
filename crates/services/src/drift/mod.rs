//! Drift: what LiveKit should hold and what it holds, a dry run of what would be done about it, and the doing.
//!
//! The dry run is the reconciler's own plan. Whoever acts on one sends its fingerprint along; where the state has changed
//! since, nothing is done.

mod adopt;
mod orphans;
mod report;
mod unmanaged;

use std::{sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use domain::livekit::Observed;
use serde::Serialize;
use sha2::{Digest, Sha256};
use tokio::time::timeout;
use tracing::warn;

use crate::{Carriers, Error, Result, context::Context, reconciler::Writer};

/// How long a page waits for LiveKit.
const PATIENCE: Duration = Duration::from_secs(12);

#[derive(Clone)]
pub struct Drift {
    context: Arc<Context>,
    carriers: Carriers,
}

impl Drift {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { carriers: Carriers::new(context.clone()), context }
    }

    /// All that LiveKit holds now.
    async fn observe(&self, writer: &Writer) -> Result<Observed> {
        match timeout(PATIENCE, writer.livekit.list_all()).await {
            Ok(Ok(observed)) => Ok(observed),
            // Nothing was to be changed, so it does not matter what may have been.
            Ok(Err(livekit::Error::Lost { message, .. })) => Err(Error::LiveKit(format!(
                "LiveKit's answer was lost ({message}). Check that LiveKit is running and that LIVEKIT_URL is its address."
            ))),
            Ok(Err(error)) => Err(Error::LiveKit(error.to_string())),
            Err(_) => Err(Error::LiveKit(format!(
                "LiveKit took longer than {} seconds to list its trunks and rules. Try again in a moment.",
                PATIENCE.as_secs()
            ))),
        }
    }

    /// Before each change in LiveKit that comes after a commit, when it can no longer be said that nothing was done. The error
    /// is why not, in a sentence.
    async fn ensure_writer(&self, writer: &Writer) -> Result<(), String> {
        match writer.ensure_lease(&self.context).await {
            Ok(true) => Ok(()),
            Ok(false) => Err("Another server changes LiveKit now.".to_owned()),
            Err(error) => {
                warn!(%error, "a change to LiveKit was broken off");
                Err("The database did not answer.".to_owned())
            }
        }
    }
}

/// Names a state; made of what is shown, so that no password goes into it.
fn fingerprint(parts: &impl Serialize) -> String {
    let json = serde_json::to_vec(parts).unwrap_or_default();
    BASE64.encode(&Sha256::digest(json)[..18])
}
