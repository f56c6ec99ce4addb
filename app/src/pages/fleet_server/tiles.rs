use api_types::view::FleetStatus;
use domain::FleetHealth;
use leptos::prelude::*;

use crate::components::ui::{ALERT, CHECK, Meter, Sparkline, StatTile, Tone, WARNING, grouped};

/// With this many free places or fewer, a burst of calls may be refused.
pub const SCARCE: u64 = 5;
/// From above this share of the capacity on, the bar is red.
pub const CROWDED: f64 = 0.8;

/// The load of the whole fleet, and its last hour.
#[component]
pub fn Tiles(status: FleetStatus) -> impl IntoView {
    let healthy = status.workers.iter().filter(|worker| worker.status == FleetHealth::Healthy).count();
    let all = status.workers.len();
    let (tone, hint, glyph) = match all - healthy {
        0 => (Tone::Ok, "All are reachable".to_owned(), CHECK),
        unreachable => (Tone::Error, format!("{unreachable} unreachable"), ALERT),
    };
    let available = scarcity(status.available);
    let history = history(&status);
    view! {
        <div class="stat-tiles mb-4">
            <StatTile label="Healthy Servers" value=format!("{healthy} of {all}") hint tone glyph/>
            <StatTile label="Active Calls" value=count(status.active_calls)>
                <Meter
                    label="Capacity"
                    value=number(status.active_calls)
                    limit=number(status.total_capacity)
                    red_above=CROWDED
                />
            </StatTile>
            <StatTile
                label="Available"
                value=count(status.available)
                hint=available.unwrap_or("Further calls at once")
                tone=if available.is_some() { Tone::Error } else { Tone::Quiet }
                glyph=if available.is_some() { WARNING } else { CHECK }
            />
            <StatTile label="Calls in the Last Hour" value=history.0>
                <Sparkline values=history.1 label=history.2/>
            </StatTile>
        </div>
    }
    .into_any()
}

/// What is said beside few free places.
pub fn scarcity(available: u64) -> Option<&'static str> {
    match available {
        0 => Some("No free capacity"),
        1..=SCARCE => Some("Nearly full"),
        _ => None,
    }
}

/// The highest number of calls, the values of the chart, and the chart in words.
fn history(status: &FleetStatus) -> (String, Vec<f64>, String) {
    let calls = status.history.iter().map(|sample| sample.active_calls);
    let (lowest, highest) = (calls.clone().min().unwrap_or_default(), calls.clone().max().unwrap_or_default());
    let label = format!("Active calls in the last hour: {lowest} to {highest}, now {}", status.active_calls);
    (format!("up to {}", count(highest)), calls.map(number).collect(), label)
}

/// A count of calls with its digits grouped.
pub fn count(calls: u64) -> String {
    grouped(i64::try_from(calls).unwrap_or(i64::MAX))
}

/// Counts of calls are far below 2^53.
#[expect(clippy::cast_precision_loss, reason = "a bar and a chart need no more")]
pub fn number(calls: u64) -> f64 {
    calls as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_free_places_or_fewer_are_scarce() {
        assert_eq!([0, 1, 5, 6].map(|available| scarcity(available).is_some()), [true, true, true, false]);
    }
}
