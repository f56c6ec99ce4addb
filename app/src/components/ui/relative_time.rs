use domain::Timestamp;
use leptos::prelude::*;

use crate::clock::use_clock;

/// "2 min ago", updated by the clock; the exact time is the title.
#[component]
pub fn RelativeTime(at: Timestamp) -> impl IntoView {
    let clock = use_clock();
    // The clock is updated every ten seconds, so a recent time may be after it.
    let text = move || {
        let now = clock.now();
        relative(at.min(now), now)
    };
    view! { <time class="whitespace-nowrap" datetime=at.rfc3339() title=at.readable()>{text}</time> }
}

/// The time of the next attempt.
pub fn next_try(at: Timestamp, now: Timestamp) -> String {
    if at <= now { "The next try is due.".to_owned() } else { format!("Next try {}.", relative(at, now)) }
}

/// "6 min ago", "in 2 min".
pub fn relative(at: Timestamp, now: Timestamp) -> String {
    let seconds = (now.millis() - at.millis()) / 1000;
    let amount = match seconds.unsigned_abs() {
        0..45 if seconds < 0 => return "in a moment".to_owned(),
        0..45 => return "just now".to_owned(),
        distance @ 45..3_570 => format!("{} min", (distance + 30) / 60),
        distance @ 3_570..84_600 => format!("{} h", (distance + 1_800) / 3_600),
        distance @ 84_600..2_592_000 => match (distance + 43_200) / 86_400 {
            1 => "1 day".to_owned(),
            days => format!("{days} days"),
        },
        distance => match distance / 2_592_000 {
            1 => "1 month".to_owned(),
            months => format!("{months} months"),
        },
    };
    if seconds < 0 { format!("in {amount}") } else { format!("{amount} ago") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_rounds_to_the_largest_unit() {
        let at = Timestamp::from_millis(1_000_000_000_000);
        let after = |seconds: i64| relative(at, at.plus_millis(seconds * 1000));
        assert_eq!(after(3), "just now");
        assert_eq!(after(45), "1 min ago");
        assert_eq!(after(360), "6 min ago");
        assert_eq!(after(3_600), "1 h ago");
        assert_eq!(after(86_400), "1 day ago");
        assert_eq!(after(3 * 86_400), "3 days ago");
        assert_eq!(after(70 * 86_400), "2 months ago");
        assert_eq!(after(-120), "in 2 min");
        assert_eq!(after(-3), "in a moment");
    }
}
