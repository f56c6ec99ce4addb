use leptos::prelude::*;

use super::Tone;

/// From this share of the limit on, the bar warns.
const WARN: f64 = 0.8;

/// How much of a limit is used. The bar is green below 80 %, then yellow, and red from the limit on; with `red_above`, green
/// up to that share of the limit and then red.
#[component]
pub fn Meter(
    /// What is used: "Channels".
    #[prop(into)]
    label: String,
    value: f64,
    limit: f64,
    /// After the limit: "calls/s".
    #[prop(optional)]
    unit: &'static str,
    /// The share of the limit above which the bar is red.
    #[prop(optional)]
    red_above: Option<f64>,
) -> impl IntoView {
    let share = share(value, limit);
    let (bar, text_colour) = match tone(share, red_above) {
        Tone::Error => ("meter-error", "text-error"),
        Tone::Warn => ("meter-warn", "text-warn"),
        _ => ("meter-ok", "text-ink-2"),
    };
    let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
    let text = format!("{value} of {limit}{unit}");
    // An SVG, because the security policy refuses a width in a `style` attribute.
    view! {
        <span class="meter">
            <span class="meter-text">
                <span class="min-w-0 truncate">{label.clone()}</span>
                <span class=format!("num {text_colour}")>{text.clone()} " · " {percent(share)}</span>
            </span>
            <svg
                class="meter-bar"
                role="meter"
                aria-label=label
                aria-valuemin="0"
                aria-valuemax=limit
                aria-valuenow=value
                aria-valuetext=text
                width="100%"
                height="6"
            >
                <rect class="meter-track" width="100%" height="6" rx="3"></rect>
                <rect class=bar width=percent(share.clamp(0.0, 1.0)) height="6" rx="3"></rect>
            </svg>
        </span>
    }
    .into_any()
}

/// 0 without a limit.
fn share(value: f64, limit: f64) -> f64 {
    if limit > 0.0 { value / limit } else { 0.0 }
}

fn tone(share: f64, red_above: Option<f64>) -> Tone {
    match red_above {
        Some(red_above) if share > red_above => Tone::Error,
        None if share >= 1.0 => Tone::Error,
        None if share >= WARN => Tone::Warn,
        _ => Tone::Ok,
    }
}

/// "37%", without a blank as the width of a bar has it.
fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tone_follows_the_share_of_the_limit() {
        for (value, expected) in [(0.0, Tone::Ok), (79.0, Tone::Ok), (80.0, Tone::Warn), (100.0, Tone::Error)] {
            assert!(tone(share(value, 100.0), None) == expected, "{value}");
        }
        for (value, expected) in [(80.0, Tone::Ok), (81.0, Tone::Error), (120.0, Tone::Error)] {
            assert!(tone(share(value, 100.0), Some(0.8)) == expected, "{value}");
        }
        assert_eq!(percent(share(37.0, 100.0)), "37%");
        assert_eq!(percent(share(5.0, 0.0)), "0%");
    }
}
