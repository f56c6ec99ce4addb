//! What every surface shares: identity, the core secret, request parsing, idempotency keys, limits, problems, and the OpenAPI document.

pub(super) mod base_url;
pub(super) mod client;
pub(super) mod constant_time;
pub(super) mod core_caller;
pub(super) mod extract;
pub(super) mod idempotency;
pub(super) mod identity;
pub(super) mod limits;
pub(super) mod openapi;
pub(super) mod problem;
pub(super) mod uncached;
