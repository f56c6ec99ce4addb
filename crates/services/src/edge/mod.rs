//! The control plane of the SIP edge: what Kamailio and media nodes ask while they handle calls.

use std::sync::Arc;

use domain::AccountId;

use crate::{Error, Result, context::Context};

/// The use cases of the SIP edge; cheap to clone.
#[derive(Clone)]
pub struct Edge {
    context: Arc<Context>,
}

impl Edge {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// The account that a request's `accountId` names.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it is not this installation's.
    pub fn account(&self, id: &str) -> Result<&AccountId> {
        let known = &self.context.account;
        if known.to_string() == id { Ok(known) } else { Err(Error::NotFound("account")) }
    }
}
