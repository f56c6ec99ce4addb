//! How long the services wait for LiveKit, for the lease, and between two passes.

use std::time::Duration;

/// The times of the reconciler, and of the use cases that a person waits for. The default is what a server uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// How long the writer lease lasts; it is renewed when a quarter of that has passed. Longer than any single call to
    /// LiveKit may take, so that a running holder can always renew in time; and no longer than necessary, since another
    /// server waits for so long after this one has crashed.
    pub lease: Duration,
    /// How often to ask for the lease while another server has it.
    pub lease_poll: Duration,
    /// The longest pause between two passes of the reconciler: another server may have left tasks.
    pub idle: Duration,
    /// How long a channel counts as in use without news of its call. Longer than the fleet's time-out and the ringing that may
    /// follow.
    pub channel_lease: Duration,
    /// How often the fleet servers are polled, a little more seldom at random.
    pub fleet_poll: Duration,
    /// How often to check whether LiveKit answers again.
    pub ping_interval: Duration,
    /// How long a person waits for the right to change LiveKit, and for the end of a sync.
    pub wait_limit: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            lease: Duration::from_secs(16),
            lease_poll: Duration::from_secs(1),
            idle: Duration::from_secs(5),
            channel_lease: Duration::from_secs(180),
            fleet_poll: Duration::from_secs(5),
            ping_interval: Duration::from_secs(2),
            wait_limit: Duration::from_secs(20),
        }
    }
}
