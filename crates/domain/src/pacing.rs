//! Pacing of a carrier's outbound calls.

use crate::{Burst, Cps};

/// One call in the unit of [`TokenBucket::tokens`]: a rate in thousandths of a call per second, times milliseconds, is a whole
/// number of millionths, so that nothing is rounded.
const CALL: i64 = 1_000_000;

/// A token bucket: it fills at the carrier's calls per second up to its burst, and each call takes one token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenBucket {
    /// Millionths of a call.
    pub tokens: i64,
    /// Until when the bucket was filled, in Unix milliseconds.
    pub filled_at: i64,
}

/// Which limit of a carrier refuses a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PacingLimit {
    /// Calls per second, after the burst.
    Rate,
    /// Simultaneous calls.
    Channels,
}

impl TokenBucket {
    /// The bucket of a carrier that has placed no call.
    pub fn full(burst: Burst, now: i64) -> Self {
        Self { tokens: capacity(burst), filled_at: now }
    }

    /// The bucket after another call; or in how many milliseconds a token will be there. A clock that was set back fills
    /// nothing.
    ///
    /// # Errors
    /// The milliseconds to wait, at least one.
    pub fn take(self, now: i64, cps: Cps, burst: Burst) -> Result<Self, i64> {
        let elapsed = now.saturating_sub(self.filled_at).max(0);
        let rate = i64::from(cps.thousandths());
        let tokens = self.tokens.saturating_add(elapsed.saturating_mul(rate)).min(capacity(burst));
        let filled_at = self.filled_at.max(now);
        match tokens - CALL {
            left @ 0.. => Ok(Self { tokens: left, filled_at }),
            // Rounded up: a call that comes earlier is refused again.
            missing => Err((-missing + rate - 1) / rate),
        }
    }
}

fn capacity(burst: Burst) -> i64 {
    i64::from(burst.get()) * CALL
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn limits(cps: &str, burst: &str) -> (Cps, Burst) {
        (cps.parse().unwrap(), burst.parse().unwrap())
    }

    #[test]
    fn burst_is_followed_by_the_rate() {
        let (cps, burst) = limits("2", "3");
        let mut bucket = TokenBucket::full(burst, 0);
        for _ in 0..3 {
            bucket = bucket.take(0, cps, burst).unwrap();
        }
        assert_eq!(bucket.take(0, cps, burst), Err(500));
        assert_eq!(bucket.take(499, cps, burst), Err(1));
        bucket = bucket.take(500, cps, burst).unwrap();
        assert_eq!(bucket.take(500, cps, burst), Err(500));
    }

    #[test]
    fn idle_bucket_has_no_more_than_the_burst() {
        let (cps, burst) = limits("100", "1");
        let bucket = TokenBucket::full(burst, 0).take(1_000_000, cps, burst).unwrap();
        assert_eq!(bucket.take(1_000_000, cps, burst), Err(10));
    }

    #[test]
    fn lower_burst_applies_at_once() {
        let (cps, burst) = limits("1", "1000");
        let bucket = TokenBucket::full(burst, 0);
        let (_, lower) = limits("1", "1");
        assert_eq!(bucket.take(0, cps, lower).unwrap().tokens, 0);
    }

    #[test]
    fn clock_that_is_set_back_fills_nothing() {
        let (cps, burst) = limits("1", "1");
        let bucket = TokenBucket::full(burst, 10_000).take(10_000, cps, burst).unwrap();
        assert_eq!(bucket.take(0, cps, burst), Err(1_000));
        assert!(bucket.take(11_000, cps, burst).is_ok());
    }

    proptest! {
        #[test]
        fn no_window_has_more_calls_than_allowed(
            rate in 1u32..1000, burst in 1u32..20, steps in proptest::collection::vec(0i64..300, 1..200),
        ) {
            let (cps, burst) = limits(&format!("{}.{}", rate / 10, rate % 10), &burst.to_string());
            let (mut bucket, mut now, mut calls) = (TokenBucket::full(burst, 0), 0, Vec::new());
            for step in steps {
                now += step;
                if let Ok(next) = bucket.take(now, cps, burst) {
                    bucket = next;
                    calls.push(now);
                }
            }
            for (first, start) in calls.iter().enumerate() {
                for (last, end) in calls.iter().enumerate().skip(first) {
                    let allowed = i64::from(burst.get()) * CALL + (end - start) * i64::from(rate) * 100;
                    prop_assert!((last - first + 1) as i64 * CALL <= allowed);
                }
            }
        }

        #[test]
        fn call_after_the_wait_is_accepted(rate in 1u32..1000, tokens in 0i64..CALL) {
            let (cps, burst) = limits(&format!("{}.{}", rate / 10, rate % 10), "1");
            let bucket = TokenBucket { tokens, filled_at: 0 };
            if let Err(wait) = bucket.take(0, cps, burst) {
                prop_assert!(bucket.take(wait, cps, burst).is_ok());
                prop_assert!(wait == 1 || bucket.take(wait - 1, cps, burst).is_err());
            }
        }
    }
}
