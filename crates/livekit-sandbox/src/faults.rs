//! Fault injection.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde::{Deserialize, Serialize};

/// How a call fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// The call is delayed.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// The connection closes before the response.
    Drop,
    /// The connection closes in the middle of the response.
    Truncate,
    /// A Twirp error: `{"fault":"error","code":"unavailable","message":"…"}`.
    Error {
        /// Twirp's code, from which the HTTP status follows.
        code: String,
        /// Twirp's message.
        message: String,
    },
    /// A gateway's error page.
    Html502,
}

/// A fault and the calls that it applies to. As JSON: `{"fault":"drop","after_commit":true,"method":"CreateSIPInboundTrunk"}`; all but
/// `fault` and its own fields may be left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultRule {
    /// How the call fails.
    #[serde(flatten)]
    pub fault: Fault,
    /// The call fails after its change was stored; else the change is not made. A truncated response always comes after.
    #[serde(default)]
    pub after_commit: bool,
    /// Calls of this method only; None: all calls.
    #[serde(default)]
    pub method: Option<String>,
    /// Applies until it is removed, not once.
    #[serde(default)]
    pub sticky: bool,
}

impl FaultRule {
    /// Applies to one call of any method, before the commit.
    pub fn once(fault: Fault) -> Self {
        let after_commit = fault == Fault::Truncate;
        Self { fault, after_commit, method: None, sticky: false }
    }

    /// The call fails after its change was stored.
    #[must_use]
    pub fn after_commit(self) -> Self {
        Self { after_commit: true, ..self }
    }

    /// Applies to calls of this method only.
    #[must_use]
    pub fn on(self, method: &str) -> Self {
        Self { method: Some(method.to_owned()), ..self }
    }

    /// Applies until it is removed.
    #[must_use]
    pub fn sticky(self) -> Self {
        Self { sticky: true, ..self }
    }
}

/// The faults of one sandbox, which clones share. The first rule that matches a call applies to it; after a delay, so does
/// the next.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    queue: Arc<Mutex<VecDeque<FaultRule>>>,
}

impl Faults {
    /// Appends a rule.
    pub fn add(&self, rule: FaultRule) {
        self.lock().push_back(rule);
    }

    /// Closes the connection of every call, as if LiveKit were away.
    pub fn down(&self) {
        self.lock().push_front(FaultRule::once(Fault::Drop).sticky());
    }

    /// Removes all faults.
    pub fn clear(&self) {
        self.lock().clear();
    }

    pub(crate) fn apply(&self, method: &str) -> Applied {
        let mut queue = self.lock();
        let mut applied = Applied::default();
        let mut at = 0;
        while let Some(rule) = queue.get(at) {
            if rule.method.as_deref().is_some_and(|only| only != method) {
                at += 1;
                continue;
            }
            let rule = if rule.sticky {
                at += 1;
                queue[at - 1].clone()
            } else {
                match queue.remove(at) {
                    Some(rule) => rule,
                    None => break,
                }
            };
            let after = rule.after_commit || rule.fault == Fault::Truncate;
            let stage = if after { &mut applied.after } else { &mut applied.before };
            match rule.fault {
                Fault::Delay { ms } => stage.delay += Duration::from_millis(ms),
                fault => {
                    stage.fault = Some(fault);
                    break;
                }
            }
        }
        applied
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<FaultRule>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The faults of one call, before and after its commit.
#[derive(Debug, Default)]
pub(crate) struct Applied {
    pub before: Stage,
    pub after: Stage,
}

#[derive(Debug, Default)]
pub(crate) struct Stage {
    pub delay: Duration,
    /// Not [`Fault::Delay`].
    pub fault: Option<Fault>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error() -> Fault {
        Fault::Error { code: "unavailable".to_owned(), message: "no".to_owned() }
    }

    #[test]
    fn one_rule_and_delays_apply_to_a_call() {
        let faults = Faults::default();
        faults.add(FaultRule::once(Fault::Delay { ms: 5 }));
        faults.add(FaultRule::once(error()).on("B"));
        faults.add(FaultRule::once(Fault::Drop).after_commit());
        faults.add(FaultRule::once(Fault::Html502).sticky());
        let first = faults.apply("A");
        assert_eq!((first.before.delay, first.after.fault), (Duration::from_millis(5), Some(Fault::Drop)));
        assert_eq!(faults.apply("A").before.fault, Some(Fault::Html502));
        assert_eq!(faults.apply("B").before.fault, Some(error()));
        assert_eq!(faults.apply("B").before.fault, Some(Fault::Html502));
        faults.clear();
        assert_eq!(faults.apply("B").before.fault, None);
    }

    #[test]
    fn json_defaults_to_one_call_before_the_commit() {
        let rule: FaultRule = serde_json::from_str(r#"{"fault":"drop","after_commit":true,"method":"A"}"#).unwrap();
        assert_eq!(rule, FaultRule::once(Fault::Drop).after_commit().on("A"));
        let rule: FaultRule = serde_json::from_str(r#"{"fault":"delay","ms":20,"sticky":true}"#).unwrap();
        assert_eq!(rule, FaultRule::once(Fault::Delay { ms: 20 }).sticky());
        assert!(serde_json::from_str::<FaultRule>(r#"{"fault":"fire"}"#).is_err());
    }
}
