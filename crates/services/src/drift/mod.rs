//! Drift: the difference between the desired and the observed state, the plan that removes it, and its application.
//!
//! The dry run shows the reconciler's own plan. A request to apply it carries its fingerprint, and is refused where the state
//! has changed since.

mod adopt;
mod orphans;
mod report;
mod steps;
mod unmanaged;

use std::{sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use domain::livekit::Observed;
use serde::Serialize;
use sha2::{Digest, Sha256};
use tokio::time::timeout;
use tracing::warn;

use crate::{Carriers, Error, Result, context::Context, writer::Writer};

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

    /// All trunks and rules in LiveKit.
    async fn observe(&self, writer: &Writer) -> Result<Observed> {
        match timeout(PATIENCE, writer.livekit.list_all()).await {
            Ok(Ok(observed)) => Ok(observed),
            Ok(Err(error)) => Err(Error::LiveKit(error.to_string())),
            Err(_) => Err(Error::LiveKit(format!(
                "LiveKit took longer than {} seconds to list its trunks and rules. Try again in a moment.",
                PATIENCE.as_secs()
            ))),
        }
    }

    /// Before each change in LiveKit that follows a commit. The error is the reason in a sentence, to which the caller adds
    /// what was changed before.
    async fn ensure_writer(&self, writer: &Writer) -> Result<(), String> {
        match writer.ensure_lease().await {
            Ok(true) => Ok(()),
            Ok(false) => Err("Another server changes LiveKit now.".to_owned()),
            Err(error) => {
                warn!(%error, "a change to LiveKit was not completed");
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
