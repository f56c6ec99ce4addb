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

use crate::{Carriers, LiveKitError, StepError, context::Context, writer::Writer};

/// How long a page waits for LiveKit.
const LIST_TIMEOUT: Duration = Duration::from_secs(12);

/// Use cases of drift: comparison, application, orphans and adoption.
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
    async fn observe(&self, writer: &Writer) -> Result<Observed, LiveKitError> {
        observe(writer).await
    }

    /// Before each change in LiveKit that follows a commit.
    async fn ensure_writer(&self, writer: &Writer) -> Result<(), StepError> {
        match writer.ensure_lease().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(StepError::LeaseLost),
            Err(error) => {
                warn!(%error, "a change to LiveKit was not completed");
                Err(StepError::LeaseUnknown(error))
            }
        }
    }
}

/// All trunks and rules in LiveKit, for a page that waits for them.
pub(crate) async fn observe(writer: &Writer) -> Result<Observed, LiveKitError> {
    let listed = timeout(LIST_TIMEOUT, writer.livekit.list_all()).await;
    listed.map_err(|_| LiveKitError::ListTimeout(LIST_TIMEOUT))?.map_err(LiveKitError::List)
}

/// Identifies a state by its view, which contains no password.
fn fingerprint(parts: &impl Serialize) -> String {
    let json = serde_json::to_vec(parts).expect("views are structs of strings, numbers and lists");
    BASE64.encode(&Sha256::digest(json)[..18])
}
