use api_types::view::CallView;
use domain::{CallDirection, CallOutcome};
use leptos::prelude::*;

use crate::components::ui::{Badge, INWARD, OUTWARD, Tone};

/// How far a call has come, or what became of it.
#[component]
pub fn OutcomeBadge(call: CallView) -> impl IntoView {
    let (tone, text) = match call.outcome {
        CallOutcome::InProgress => (Tone::Info, call.state.label()),
        CallOutcome::Answered => (Tone::Ok, call.outcome.label()),
        CallOutcome::NoAnswer | CallOutcome::Rejected => (Tone::Warn, call.outcome.label()),
        CallOutcome::Failed => (Tone::Error, call.outcome.label()),
        CallOutcome::Canceled | CallOutcome::Unknown => (Tone::Quiet, call.outcome.label()),
    };
    view! { <Badge tone text=text/> }
}

#[component]
pub fn CallDirectionBadge(direction: CallDirection) -> impl IntoView {
    let glyph = match direction {
        CallDirection::Inbound | CallDirection::Internal => INWARD,
        CallDirection::Outbound => OUTWARD,
    };
    view! { <Badge tone=Tone::Quiet glyph text=direction.label()/> }
}

/// "0:07", "1:02:03".
pub fn duration(seconds: i64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// The number, or that it is hidden.
pub fn number(number: &str) -> String {
    if number.is_empty() { "Hidden".to_owned() } else { number.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duration_is_hours_minutes_and_seconds() {
        for (seconds, text) in [(0, "0:00"), (7, "0:07"), (62, "1:02"), (3_723, "1:02:03")] {
            assert_eq!(duration(seconds), text);
        }
    }
}
