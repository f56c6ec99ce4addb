//! Sliding windows: how many calls began in the last seconds.

use std::collections::VecDeque;

use crate::CallLimitId;

/// How many calls may begin in a period that ends now.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WindowLimit {
    /// Which calls are counted together.
    pub key: WindowKey,
    /// The length of the period.
    pub period_sec: u32,
    /// How many calls may begin in it.
    pub max_count: u32,
    /// Further calls are refused. Otherwise they are admitted, and the answer says that the limit is exceeded.
    pub hard: bool,
}

/// Which calls are counted together: those of a limit, or of a limit and one of its subjects.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WindowKey {
    /// The limit.
    pub limit: CallLimitId,
    /// The user or number where the limit applies to each of them; empty for one that counts all calls together.
    pub subject: String,
}

/// Admitted calls by the time of their beginning.
///
/// Times are rounded up to a thousandth of the period, so that the memory is bounded whatever the rate is. A call counts at
/// least for the whole period and at most for a thousandth longer: the limit is never exceeded.
#[derive(Clone, Debug, Default)]
pub(super) struct Window {
    /// Rounded time, and how many calls began then.
    steps: VecDeque<(i64, u64)>,
    count: u64,
}

impl Window {
    pub fn forget_old(&mut self, now: i64, period_sec: u32) {
        while let Some(&(at, count)) = self.steps.front() {
            if now < at.saturating_add(millis(period_sec)) {
                break;
            }
            self.count -= count;
            self.steps.pop_front();
        }
    }

    pub fn count(&self) -> u64 {
        self.count
    }

    pub fn add(&mut self, now: i64, period_sec: u32) {
        self.count += 1;
        let rounded = rounded_up(now, period_sec);
        match self.steps.back_mut() {
            // A clock that was set back adds to the newest step: the times stay in order.
            Some((at, count)) if *at >= rounded => *count += 1,
            _ => self.steps.push_back((rounded, 1)),
        }
    }

    /// When fewer than `max_count` calls will count, in milliseconds from now.
    pub fn retry_after(&self, now: i64, period_sec: u32, max_count: u32) -> Option<i64> {
        let mut count = self.count;
        for &(at, of_step) in &self.steps {
            count -= of_step;
            if count < u64::from(max_count) {
                return Some(at.saturating_add(millis(period_sec)) - now);
            }
        }
        None
    }
}

fn millis(period_sec: u32) -> i64 {
    i64::from(period_sec) * 1000
}

/// A thousandth of a second is a millisecond: that of the period is as many milliseconds as it has seconds.
fn rounded_up(now: i64, period_sec: u32) -> i64 {
    let step = i64::from(period_sec.max(1));
    now.div_euclid(step).saturating_add(i64::from(now.rem_euclid(step) != 0)).saturating_mul(step)
}
