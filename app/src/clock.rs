//! The current time for texts such as "2 min ago": the server's clock, updated every ten seconds.

use std::time::Duration;

use domain::Timestamp;
use leptos::prelude::*;

const INTERVAL: Duration = Duration::from_secs(10);

#[derive(Clone, Copy)]
pub struct Clock(RwSignal<Timestamp>);

impl Clock {
    /// Tracks: readers run again at every tick.
    pub fn now(self) -> Timestamp {
        self.0.get()
    }
}

/// The server sends the time of its rendering, so that both renderings show the same text even if the browser's clock is
/// wrong.
pub fn provide_clock() {
    let rendered = Timestamp::from_millis(SharedValue::new(system_millis).into_inner());
    let now = RwSignal::new(rendered);
    provide_context(Clock(now));
    Effect::new(move |_| {
        let offset = rendered.millis() - system_millis();
        let interval =
            set_interval_with_handle(move || now.set(Timestamp::from_millis(system_millis() + offset)), INTERVAL);
        on_cleanup(move || {
            if let Ok(interval) = interval {
                interval.clear();
            }
        });
    });
}

pub fn use_clock() -> Clock {
    expect_context()
}

#[cfg(feature = "ssr")]
fn system_millis() -> i64 {
    std::time::SystemTime::UNIX_EPOCH
        .elapsed()
        .map_or(0, |elapsed| i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(not(feature = "ssr"))]
#[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
fn system_millis() -> i64 {
    web_sys::js_sys::Date::now() as i64
}
