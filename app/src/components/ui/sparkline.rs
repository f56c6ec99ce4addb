use std::fmt::Write;

use leptos::prelude::*;

const WIDTH: f64 = 100.0;
const HEIGHT: f64 = 24.0;

/// A small chart of values over time, the oldest first, from zero to the highest.
#[component]
pub fn Sparkline(
    values: Vec<f64>,
    /// What the chart shows, in words, for those who do not see it: "Calls in the last 24 hours: 12 to 340, now 218".
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let line = points(&values);
    let area = if line.is_empty() { String::new() } else { format!("0,{HEIGHT} {line} {WIDTH},{HEIGHT}") };
    view! {
        <svg class="sparkline" viewBox="0 0 100 24" preserveAspectRatio="none" role="img" aria-label=label>
            <polygon class="sparkline-area" points=area></polygon>
            <polyline class="sparkline-line" points=line vector-effect="non-scaling-stroke"></polyline>
        </svg>
    }
    .into_any()
}

/// The points of the line. One value is a flat line.
fn points(values: &[f64]) -> String {
    let highest = values.iter().copied().fold(0.0, f64::max);
    let values = if let [only] = values { vec![*only, *only] } else { values.to_vec() };
    let mut text = String::new();
    let mut x = 0.0;
    let step = WIDTH / f64::from(u32::try_from(values.len()).unwrap_or(u32::MAX).saturating_sub(1).max(1));
    for value in values {
        // A margin of one unit, so that the line's width is not cut off.
        let share = if highest > 0.0 { value / highest } else { 0.0 };
        let y = HEIGHT - 1.0 - share * (HEIGHT - 2.0);
        let separator = if text.is_empty() { "" } else { " " };
        let _ = write!(text, "{separator}{x:.1},{y:.1}");
        x += step;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_reach_from_the_lowest_to_the_highest_value() {
        assert_eq!(points(&[0.0, 5.0, 10.0]), "0.0,23.0 50.0,12.0 100.0,1.0");
    }

    #[test]
    fn one_value_is_a_flat_line() {
        assert_eq!(points(&[3.0]), "0.0,1.0 100.0,1.0");
    }

    #[test]
    fn zeroes_are_at_the_bottom() {
        assert_eq!(points(&[0.0, 0.0]), "0.0,23.0 100.0,23.0");
        assert_eq!(points(&[]), "");
    }
}
