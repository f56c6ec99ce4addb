//! Structured logs: text on a terminal, else one JSON object per line.

use std::io::{self, IsTerminal};

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// Logs go to standard error, so that they do not mix with what `serve` prints.
pub fn start(filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|error| {
        eprintln!("trunkline: TRUNKLINE_LOG is invalid ({error}); logging at info.");
        EnvFilter::new("info")
    });
    let registry = tracing_subscriber::registry().with(filter);
    // A second server in one process, as in tests, keeps the first one's settings.
    let _ = if io::stderr().is_terminal() {
        registry.with(fmt::layer().with_writer(io::stderr).compact()).try_init()
    } else {
        registry.with(fmt::layer().with_writer(io::stderr).json().flatten_event(true).with_span_list(false)).try_init()
    };
}
