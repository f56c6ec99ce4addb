//! Making the sandbox fail on purpose.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde::{Deserialize, Serialize};

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// The call takes longer, and goes on.
    Delay { ms: u64 },
    /// The connection is dropped without a byte of an answer.
    Drop,
    /// The connection is dropped in the middle of the answer.
    Truncate,
    /// A Twirp error: `{"fault":"error","code":"unavailable","message":"…"}`.
    Error { code: String, message: String },
    /// A gateway's error page.
    Html502,
}

/// A fault, and when it strikes. As JSON: `{"fault":"drop","after_commit":true,"method":"CreateSIPInboundTrunk"}`; all but
/// `fault` and its own fields may be left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultRule {
    #[serde(flatten)]
    pub fault: Fault,
    /// The change has been made by then; otherwise it never is. (A truncated answer is always after the commit.)
    #[serde(default)]
    pub after_commit: bool,
    /// Only calls of this method; none: any call.
    #[serde(default)]
    pub method: Option<String>,
    /// Strikes until it is taken away, not once.
    #[serde(default)]
    pub sticky: bool,
}

impl FaultRule {
    /// Strikes one call of any method, before the commit.
    pub fn once(fault: Fault) -> Self {
        let after_commit = fault == Fault::Truncate;
        Self { fault, after_commit, method: None, sticky: false }
    }

    #[must_use]
    pub fn after_commit(self) -> Self {
        Self { after_commit: true, ..self }
    }

    #[must_use]
    pub fn on(self, method: &str) -> Self {
        Self { method: Some(method.to_owned()), ..self }
    }

    #[must_use]
    pub fn sticky(self) -> Self {
        Self { sticky: true, ..self }
    }
}

/// The knobs of one sandbox; clones turn the same ones. Each call is struck by the first that matches; a delay lets the
/// next that matches strike, too.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    queue: Arc<Mutex<VecDeque<FaultRule>>>,
}

impl Faults {
    pub fn add(&self, knob: FaultRule) {
        self.lock().push_back(knob);
    }

    /// From now on each call's connection is dropped, as if LiveKit were gone.
    pub fn down(&self) {
        self.lock().push_front(FaultRule::once(Fault::Drop).sticky());
    }

    /// Everything works again.
    pub fn clear(&self) {
        self.lock().clear();
    }

    pub(crate) fn strike(&self, method: &str) -> Strike {
        let mut queue = self.lock();
        let mut strike = Strike::default();
        let mut at = 0;
        while let Some(knob) = queue.get(at) {
            if knob.method.as_deref().is_some_and(|only| only != method) {
                at += 1;
                continue;
            }
            let knob = if knob.sticky {
                at += 1;
                queue[at - 1].clone()
            } else {
                match queue.remove(at) {
                    Some(knob) => knob,
                    None => break,
                }
            };
            let after = knob.after_commit || knob.fault == Fault::Truncate;
            let side = if after { &mut strike.after } else { &mut strike.before };
            match knob.fault {
                Fault::Delay { ms } => side.delay += Duration::from_millis(ms),
                fault => {
                    side.fault = Some(fault);
                    break;
                }
            }
        }
        strike
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<FaultRule>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What one call meets.
#[derive(Debug, Default)]
pub(crate) struct Strike {
    pub before: Side,
    pub after: Side,
}

#[derive(Debug, Default)]
pub(crate) struct Side {
    pub delay: Duration,
    /// Never a delay.
    pub fault: Option<Fault>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error() -> Fault {
        Fault::Error { code: "unavailable".to_owned(), message: "no".to_owned() }
    }

    #[test]
    fn each_call_takes_one_knob_and_delays_besides() {
        let faults = Faults::default();
        faults.add(FaultRule::once(Fault::Delay { ms: 5 }));
        faults.add(FaultRule::once(error()).on("B"));
        faults.add(FaultRule::once(Fault::Drop).after_commit());
        faults.add(FaultRule::once(Fault::Html502).sticky());
        let first = faults.strike("A");
        assert_eq!((first.before.delay, first.after.fault), (Duration::from_millis(5), Some(Fault::Drop)));
        assert_eq!(faults.strike("A").before.fault, Some(Fault::Html502));
        assert_eq!(faults.strike("B").before.fault, Some(error()));
        assert_eq!(faults.strike("B").before.fault, Some(Fault::Html502));
        faults.clear();
        assert_eq!(faults.strike("B").before.fault, None);
    }

    #[test]
    fn a_knob_is_short_in_json() {
        let knob: FaultRule = serde_json::from_str(r#"{"fault":"drop","after_commit":true,"method":"A"}"#).unwrap();
        assert_eq!(knob, FaultRule::once(Fault::Drop).after_commit().on("A"));
        let knob: FaultRule = serde_json::from_str(r#"{"fault":"delay","ms":20,"sticky":true}"#).unwrap();
        assert_eq!(knob, FaultRule::once(Fault::Delay { ms: 20 }).sticky());
        assert!(serde_json::from_str::<FaultRule>(r#"{"fault":"fire"}"#).is_err());
    }
}
