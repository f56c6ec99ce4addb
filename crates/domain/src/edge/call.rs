//! Calls at the SIP edge, as rows among all calls.

use serde::{Deserialize, Serialize};

use super::{cac::EdgeDirection, field};
use crate::{
    AccountId, BotId, Call, CallDirection, CallEnd, CallId, CallOutcome, CallParty, CallState, CarrierId, DidId,
    LastCallStatus, LiveKitCall, NamedId, SipStatus, Timestamp,
};

field::choices! {
    /// Why a call at the edge ended.
    HangupCause (unknown_cause) {
        /// Either side hung up after the answer.
        Bye = "bye",
        /// The caller gave up before the answer (487).
        Cancel = "cancel",
        /// The called side did not answer (408, 480).
        NoAnswer = "no_answer",
        /// The called side, the next hop or the routing refused it.
        Reject = "reject",
        /// The edge did not report the end in time.
        LeaseExpired = "lease_expired",
    }
}

/// What the edge knows of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EdgeCall {
    /// SIP's Call-ID as the edge reports it.
    pub call_id: String,
    /// Why it ended.
    pub hangup_cause: Option<HangupCause>,
}

/// The beginning of a call at the edge: its route was decided, or the edge reports a dialog without one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallStart {
    /// SIP's Call-ID.
    pub call_id: String,
    /// The direction as seen from the edge.
    pub direction: EdgeDirection,
    /// The caller's number or user.
    pub from: String,
    /// The number or user that is called.
    pub to: String,
    /// The carrier that it came from or goes to.
    #[serde(default)]
    pub carrier: Option<NamedId<CarrierId>>,
    /// The account's number.
    #[serde(default)]
    pub did_id: Option<DidId>,
    /// The bot that answers.
    #[serde(default)]
    pub bot: Option<NamedId<BotId>>,
    /// When it began.
    pub at: Timestamp,
}

/// The end of a call at the edge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EdgeEnd {
    /// When it ended.
    pub at: Timestamp,
    /// Why.
    pub cause: HangupCause,
    /// The final SIP status of the INVITE, where it is known.
    #[serde(default)]
    pub sip_status: Option<u16>,
    /// The reason phrase, or why the routing refused the call.
    #[serde(default)]
    pub reason: Option<String>,
}

impl HangupCause {
    /// The cause where the edge reports none.
    pub fn of_status(answered: bool, status: Option<SipStatus>) -> Self {
        match status.map(SipStatus::code) {
            Some(200..=299) => Self::Bye,
            Some(487) => Self::Cancel,
            Some(408 | 480) => Self::NoAnswer,
            Some(_) => Self::Reject,
            None if answered => Self::Bye,
            None => Self::Cancel,
        }
    }
}

impl From<EdgeDirection> for CallDirection {
    fn from(direction: EdgeDirection) -> Self {
        match direction {
            EdgeDirection::Inbound => Self::Inbound,
            EdgeDirection::Outbound => Self::Outbound,
            EdgeDirection::Internal => Self::Internal,
        }
    }
}

impl CallStart {
    /// The row of the call.
    pub fn call(&self, id: CallId, account_id: AccountId) -> Call {
        Call {
            id,
            account_id,
            direction: self.direction.into(),
            state: CallState::Dialing,
            outcome: CallOutcome::InProgress,
            carrier: self.carrier.clone(),
            did_id: self.did_id.clone(),
            bot: self.bot.clone(),
            from: CallParty::new(&self.from, None),
            to: CallParty::new(&self.to, None),
            room_name: String::new(),
            livekit: LiveKitCall::default(),
            edge: Some(EdgeCall { call_id: self.call_id.clone(), hangup_cause: None }),
            fleet_url: None,
            fleet_call_id: None,
            sip_status: None,
            sip_reason: None,
            disconnect_reason: None,
            error: None,
            created_at: self.at,
            ringing_at: None,
            answered_at: None,
            ended_at: None,
        }
    }
}

impl Call {
    /// Adds what the routing knows of a call that the edge has reported before. False: nothing was missing.
    pub fn complete(&mut self, start: &CallStart) -> bool {
        let before = self.clone();
        self.carrier = self.carrier.take().or_else(|| start.carrier.clone());
        self.did_id = self.did_id.take().or_else(|| start.did_id.clone());
        self.bot = self.bot.take().or_else(|| start.bot.clone());
        for (party, text) in [(&mut self.from, &start.from), (&mut self.to, &start.to)] {
            if party.number.is_empty() {
                *party = CallParty::new(text, None);
            }
        }
        *self != before
    }

    /// Ends a call of the edge, as [`Self::end`]. The end of a call whose lease expired unanswered is unknown until it is
    /// reported.
    pub fn end_at_edge(&mut self, end: &EdgeEnd) -> bool {
        let answered = self.answered_at.is_some();
        let status = end.sip_status.and_then(SipStatus::new).or(match end.cause {
            HangupCause::Cancel if !answered => SipStatus::new(487),
            HangupCause::NoAnswer if !answered => SipStatus::new(408),
            _ => None,
        });
        let report = match end.cause {
            HangupCause::LeaseExpired => CallEnd::default(),
            _ => CallEnd {
                last_status: Some(if answered { LastCallStatus::Hangup } else { LastCallStatus::Ringing }),
                sip_status: status.filter(|status| !answered || status.code() < 300),
                ..CallEnd::default()
            },
        };
        let ended = self.end(&report, end.at);
        // LiveKit may have reported the end of its leg before.
        let cause = self.edge.as_mut().map(|edge| &mut edge.hangup_cause);
        let named = match cause {
            Some(cause) if ended || cause.is_none() => {
                *cause = Some(end.cause);
                true
            }
            _ => false,
        };
        if !ended {
            return named;
        }
        self.sip_reason = end.reason.clone().or(self.sip_reason.take());
        let lost = "The edge did not report the end of the call before its lease expired.";
        self.error = (end.cause == HangupCause::LeaseExpired).then(|| lost.to_owned());
        true
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

    fn call() -> Call {
        let start = CallStart {
            call_id: "a@b".to_owned(),
            direction: EdgeDirection::Internal,
            from: "1001".to_owned(),
            to: "1002".to_owned(),
            carrier: None,
            did_id: None,
            bot: None,
            at: NOW,
        };
        start.call(CallId::new(Ulid::from_parts(1, 1)), AccountId::new(Ulid::from_parts(1, 2)))
    }

    fn end(cause: HangupCause, status: Option<u16>) -> EdgeEnd {
        EdgeEnd { at: NOW.plus_millis(9_000), cause, sip_status: status, reason: None }
    }

    #[test]
    fn outcome_follows_answer_status_and_cause() {
        use CallOutcome::{Answered, Canceled, Failed, NoAnswer, Rejected, Unknown};
        for (answered, cause, status, outcome) in [
            (true, HangupCause::Bye, None, Answered),
            (true, HangupCause::Bye, Some(200), Answered),
            (true, HangupCause::LeaseExpired, None, Answered),
            // The answer's event was lost.
            (false, HangupCause::Bye, Some(200), Answered),
            (false, HangupCause::Cancel, None, Canceled),
            (false, HangupCause::Cancel, Some(487), Canceled),
            (false, HangupCause::NoAnswer, None, NoAnswer),
            (false, HangupCause::NoAnswer, Some(480), NoAnswer),
            (false, HangupCause::Reject, Some(486), Rejected),
            (false, HangupCause::Reject, Some(503), Failed),
            (false, HangupCause::LeaseExpired, None, Unknown),
        ] {
            let mut call = call();
            if answered {
                call.advance(CallState::Answered, NOW.plus_millis(3_000));
            }
            assert!(call.end_at_edge(&end(cause, status)));
            assert_eq!(call.outcome, outcome, "{answered} {cause:?} {status:?}");
            assert_eq!(call.talk_millis(), answered.then_some(6_000));
            assert_eq!(call.error.is_some(), cause == HangupCause::LeaseExpired);
        }
    }

    #[test]
    fn second_end_changes_nothing() {
        let mut call = call();
        assert!(call.end_at_edge(&end(HangupCause::Reject, Some(486))));
        let before = call.clone();
        assert!(!call.end_at_edge(&end(HangupCause::Bye, Some(200))));
        assert_eq!(call, before);
    }

    #[test]
    fn late_end_replaces_an_expired_lease() {
        let mut call = call();
        assert!(call.end_at_edge(&end(HangupCause::LeaseExpired, None)));
        assert!(call.end_at_edge(&end(HangupCause::Reject, Some(486))));
        assert_eq!((call.outcome, call.error), (CallOutcome::Rejected, None));
    }
}
