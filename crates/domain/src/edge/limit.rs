//! Call limits: how many calls may begin within a sliding window.

use super::{
    Bounded, DialNumber, EdgeKind, EdgeNoun, Reference,
    field::{Rules, choices, settings, texts},
};
use crate::{CallLimitId, DidId, EdgeUserId, FieldErrors, FieldFault};

choices! {
    /// What the calls of a limit have in common.
    ScopeKind (unknown_scope_kind) {
        /// The account.
        Account = "account",
        /// The edge user.
        User = "user",
        /// The DID.
        Did = "did",
        /// The other party's number.
        Number = "number",
    }

    /// Which calls a limit counts.
    LimitDirection (unknown_direction) {
        /// Inbound calls.
        In = "in",
        /// Outbound calls.
        Out = "out",
        /// Dialouts.
        Dialer = "dialer",
        /// All of them.
        Any = "any",
    }
}

texts! {
    /// The edge user, DID or number of a limit.
    ScopeId: "the id or number", max 64, example "+14155550123",
    |_| true, "bad_scope_id", "Enter an id or a number.";
}

settings! {
    /// How many calls may begin within a time.
    LimitSettings, LimitInput {
        /// What the calls have in common.
        scope_kind: ScopeKind,
        /// The edge user's or DID's id, or the number; absent: each one for itself.
        scope_id: Option<ScopeId> = None,
        /// Which calls are counted.
        direction: LimitDirection = LimitDirection::Any,
        /// The length of the sliding window, in seconds.
        period_sec: Bounded<1, 86_400>,
        /// The calls that may begin within it.
        max_count: Bounded<0, 1_000_000>,
        /// Whether further calls are rejected; otherwise they are only noted in the trace.
        hard: bool = true,
    }
}

/// The scope of a limit. None is each one for itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LimitScope {
    /// All calls of the account.
    Account,
    /// The calls of a user.
    User(Option<EdgeUserId>),
    /// The calls of a DID.
    Did(Option<DidId>),
    /// The calls with a number: the caller's inbound, the called one outbound.
    Number(Option<DialNumber>),
}

impl LimitSettings {
    /// The scope.
    ///
    /// # Errors
    /// `scope_id` is none of its kind.
    pub fn scope(&self) -> Result<LimitScope, FieldFault> {
        let id = self.scope_id.as_ref().map(ScopeId::as_str);
        let fault = |error: &dyn std::fmt::Display| FieldFault::new("bad_scope_id", error.to_string());
        match self.scope_kind {
            ScopeKind::Account if id.is_none() => Ok(LimitScope::Account),
            ScopeKind::Account => Err(FieldFault::new("bad_scope_id", "A limit of the account has no scope_id.")),
            ScopeKind::User => id.map(str::parse).transpose().map(LimitScope::User).map_err(|error| fault(&error)),
            ScopeKind::Did => id.map(str::parse).transpose().map(LimitScope::Did).map_err(|error| fault(&error)),
            ScopeKind::Number => id.map(str::parse).transpose().map(LimitScope::Number),
        }
    }
}

impl Rules for LimitSettings {
    fn check(&self, errors: &mut FieldErrors) {
        errors.record("scope_id", self.scope());
    }
}

impl EdgeNoun for LimitSettings {
    type Id = CallLimitId;
    type Input = LimitInput;
    const KIND: EdgeKind = EdgeKind::Limit;

    fn name(&self) -> String {
        let scope = self.scope_id.as_ref().map_or_else(String::new, |id| format!(" {id}"));
        format!("{} per {} s, {}{scope}", self.max_count, self.period_sec, self.scope_kind.as_str())
    }

    fn references(&self) -> Vec<Reference> {
        let id = match self.scope() {
            Ok(LimitScope::User(id)) => id.map(|id| id.to_string()),
            Ok(LimitScope::Did(id)) => id.map(|id| id.to_string()),
            Ok(LimitScope::Account | LimitScope::Number(_)) | Err(_) => None,
        };
        id.map(|id| Reference { field: "scope_id", id }).into_iter().collect()
    }
}
