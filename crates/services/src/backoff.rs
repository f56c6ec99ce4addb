//! The delay before a failed step of a worker is repeated.

const FIRST_MILLIS: i64 = 2_000;
const LONGEST_MILLIS: i64 = 5 * 60_000;

/// Milliseconds until the next attempt, after so many failures before this one: doubling from two seconds to five minutes,
/// a quarter more or less (`chance` is 0 to 1), so that many rows are not due at the same moment.
pub(crate) fn millis(failures: i64, chance: f64) -> i64 {
    let doublings = u32::try_from(failures.clamp(0, 20)).unwrap_or(20);
    let base = (FIRST_MILLIS << doublings).min(LONGEST_MILLIS);
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "at most 375,000")]
    let jittered = (base as f64 * (0.75 + chance / 2.0)) as i64;
    jittered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_doubles_up_to_five_minutes() {
        assert_eq!([0, 1, 2, 8, 100].map(|failures| millis(failures, 0.5)), [2_000, 4_000, 8_000, 300_000, 300_000]);
        assert_eq!((millis(0, 0.0), millis(0, 1.0)), (1_500, 2_500));
    }
}
