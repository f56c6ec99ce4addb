//! What one request may use.

use std::time::Duration;

/// The largest request body in bytes. A carrier with its allowlist and a bot's metadata fit well.
pub(in crate::http) const BODY: usize = 64 * 1024;

/// The largest body of a request of the SIP edge in bytes: a form of SIP header values.
pub(in crate::http) const EDGE_BODY: usize = 16 * 1024;

/// The largest report of bans in bytes: 5,000 bans fit.
pub(in crate::http) const BAN_REPORT: usize = 1024 * 1024;

/// The largest webhook of LiveKit in bytes: a participant's attributes alone may have 64 KiB.
pub(in crate::http) const WEBHOOK: usize = 512 * 1024;

/// The largest problem in bytes; the current row that one may have is a carrier with all its numbers.
pub(in crate::http) const PROBLEM: usize = 64 * 1024 * 1024;

/// Until the response's head. Above every time-out of LiveKit, of a provider, of the fleet and of a sync that a request waits
/// for. Bodies that stream, such as events, last longer.
pub(in crate::http) const RESPONSE: Duration = Duration::from_secs(90);

/// `Retry-After` of a 503 that does not know better.
pub(in crate::http) const RETRY_AFTER_SECONDS: i64 = 2;
