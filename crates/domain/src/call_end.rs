//! How a call ended: what LiveKit reports of the end, and the outcome that follows from it.
//!
//! LiveKit's open-source server reports no SIP status of a call. The outcome is derived from the SIP participant's last
//! `sip.callStatus` and from its `DisconnectReason` (docs/calls.md).

use crate::{Call, CallDirection, CallOutcome, CallState, SipStatus, Timestamp};

/// The attribute `sip.callStatus` of a SIP participant (`livekit/attrs.go` in livekit/protocol).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastCallStatus {
    /// `dialing`: the INVITE was sent.
    Dialing,
    /// `ringing`
    Ringing,
    /// `automation`: DTMF is played after the answer.
    Automation,
    /// `active`: answered.
    Active,
    /// `hangup`: ended after the answer.
    Hangup,
}

impl LastCallStatus {
    /// Reads the attribute; None for a value that is not known.
    pub fn read(text: &str) -> Option<Self> {
        match text {
            "dialing" => Some(Self::Dialing),
            "ringing" => Some(Self::Ringing),
            "automation" => Some(Self::Automation),
            "active" => Some(Self::Active),
            "hangup" => Some(Self::Hangup),
            _ => None,
        }
    }

    /// The state of a call with this status.
    pub fn state(self) -> CallState {
        match self {
            Self::Dialing => CallState::Dialing,
            Self::Ringing => CallState::Ringing,
            Self::Automation | Self::Active | Self::Hangup => CallState::Answered,
        }
    }
}

/// The end of a call, as far as it was reported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallEnd {
    /// The SIP participant's last status.
    pub last_status: Option<LastCallStatus>,
    /// LiveKit's `DisconnectReason`, by name.
    pub disconnect_reason: Option<String>,
    /// The participant left before its media was connected (`participant_connection_aborted`).
    pub aborted: bool,
    /// The final SIP status.
    pub sip_status: Option<SipStatus>,
    /// What was reported as the failure.
    pub error: Option<String>,
}

impl CallEnd {
    fn outcome(&self, call: &Call) -> CallOutcome {
        if let Some(status) = self.sip_status.or(call.sip_status) {
            return CallOutcome::of_sip_status(status);
        }
        let unanswered = match self.last_status {
            Some(status) => status.state() < CallState::Answered,
            None if call.answered_at.is_some() => false,
            None => {
                return if self.aborted || self.error.is_some() { CallOutcome::Failed } else { CallOutcome::Unknown };
            }
        };
        if !unanswered {
            return CallOutcome::Answered;
        }
        if self.aborted {
            return CallOutcome::Failed;
        }
        match (call.direction, self.disconnect_reason.as_deref().unwrap_or_default()) {
            // Inbound participants leave without a reason, whoever hung up.
            (CallDirection::Inbound | CallDirection::Internal, _) => CallOutcome::NoAnswer,
            (CallDirection::Outbound, "USER_UNAVAILABLE") => CallOutcome::NoAnswer,
            (CallDirection::Outbound, "USER_REJECTED") => CallOutcome::Rejected,
            (CallDirection::Outbound, "CLIENT_INITIATED" | "PARTICIPANT_REMOVED" | "ROOM_DELETED" | "ROOM_CLOSED") => {
                CallOutcome::Canceled
            }
            (CallDirection::Outbound, _) => CallOutcome::Failed,
        }
    }
}

impl Call {
    /// Ends the call. A call whose end was not reported before gets the outcome that is reported now; any other ended call
    /// keeps its own. False: nothing has changed.
    pub fn end(&mut self, end: &CallEnd, at: Timestamp) -> bool {
        if !self.is_open() && self.outcome != CallOutcome::Unknown {
            return false;
        }
        let before = self.clone();
        let outcome = end.outcome(self);
        self.outcome = outcome;
        self.state = CallState::Ended;
        self.ended_at = Some(self.ended_at.unwrap_or(at));
        // An agent that joined is taken for the answer until the end says otherwise.
        if outcome != CallOutcome::Answered {
            self.answered_at = None;
        }
        self.sip_status = end.sip_status.or(self.sip_status);
        self.disconnect_reason = end.disconnect_reason.clone().or(self.disconnect_reason.take());
        self.error = end.error.clone().or(self.error.take());
        *self != before
    }

    /// Why the call was not answered, in words; None for a call that was, or that has not ended.
    pub fn failure(&self) -> Option<String> {
        let inbound = self.direction == CallDirection::Inbound;
        let status = self.sip_status.filter(|status| status.code() >= 300);
        let because = status.map(|status| format!("SIP {status}: {}.", status.meaning()));
        let error = || self.error.clone().filter(|error| !error.is_empty());
        match self.outcome {
            CallOutcome::InProgress | CallOutcome::Answered => None,
            CallOutcome::Unknown => Some(error().unwrap_or_else(|| "LiveKit did not report how the call ended.".to_owned())),
            _ if because.is_some() => because,
            CallOutcome::NoAnswer if inbound => Some(
                "The caller hung up, or no agent answered before the ringing time-out. LiveKit does not distinguish the two."
                    .to_owned(),
            ),
            CallOutcome::NoAnswer => Some("The called party did not answer, or could not be reached.".to_owned()),
            CallOutcome::Rejected => Some("The called party or its network rejected the call.".to_owned()),
            CallOutcome::Canceled => Some("The call was ended on this side before it was answered.".to_owned()),
            CallOutcome::Failed => Some(error().unwrap_or_else(|| {
                if inbound {
                    "The caller's connection ended before the audio was connected.".to_owned()
                } else {
                    "LiveKit reported neither a busy nor an unanswered phone: the trunk or the network failed. The log of \
                     livekit-sip has the SIP response."
                        .to_owned()
                }
            })),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ulid::Ulid;

    use super::*;
    use crate::{AccountId, CallId, CallParty, LiveKitCall};

    const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

    fn call(direction: CallDirection) -> Call {
        Call {
            id: CallId::new(Ulid::from_parts(1, 1)),
            account_id: AccountId::new(Ulid::from_parts(1, 2)),
            direction,
            state: CallState::Requested,
            outcome: CallOutcome::InProgress,
            carrier: None,
            did_id: None,
            bot: None,
            from: CallParty::default(),
            to: CallParty::default(),
            room_name: String::new(),
            livekit: LiveKitCall::default(),
            edge: None,
            fleet_url: None,
            fleet_call_id: None,
            sip_status: None,
            sip_reason: None,
            disconnect_reason: None,
            error: None,
            created_at: NOW,
            ringing_at: None,
            answered_at: None,
            ended_at: None,
        }
    }

    fn end(status: Option<&str>, reason: &str) -> CallEnd {
        CallEnd {
            last_status: status.and_then(LastCallStatus::read),
            disconnect_reason: Some(reason.to_owned()),
            ..CallEnd::default()
        }
    }

    #[test]
    fn outcome_follows_last_status_and_reason() {
        use CallDirection::{Inbound, Outbound};
        use CallOutcome::{Answered, Canceled, Failed, NoAnswer, Rejected, Unknown};
        for (direction, status, reason, outcome) in [
            (Inbound, Some("hangup"), "UNKNOWN_REASON", Answered),
            (Inbound, Some("active"), "UNKNOWN_REASON", Answered),
            (Inbound, Some("ringing"), "UNKNOWN_REASON", NoAnswer),
            (Inbound, None, "UNKNOWN_REASON", Unknown),
            (Outbound, Some("active"), "CLIENT_INITIATED", Answered),
            (Outbound, Some("automation"), "CLIENT_INITIATED", Answered),
            (Outbound, Some("ringing"), "USER_UNAVAILABLE", NoAnswer),
            (Outbound, Some("dialing"), "USER_REJECTED", Rejected),
            (Outbound, Some("dialing"), "CLIENT_INITIATED", Canceled),
            (Outbound, Some("dialing"), "UNKNOWN_REASON", Failed),
            (Outbound, Some("dialing"), "A_REASON_OF_THE_FUTURE", Failed),
        ] {
            let mut call = call(direction);
            assert!(call.end(&end(status, reason), NOW));
            assert_eq!(call.outcome, outcome, "{direction:?} {status:?} {reason}");
            assert_eq!(call.failure().is_some(), outcome != Answered);
        }
    }

    #[test]
    fn sip_status_decides_the_outcome() {
        for (code, outcome) in [
            (408, CallOutcome::NoAnswer),
            (480, CallOutcome::NoAnswer),
            (486, CallOutcome::Rejected),
            (603, CallOutcome::Rejected),
            (487, CallOutcome::Canceled),
            (404, CallOutcome::Failed),
            (503, CallOutcome::Failed),
        ] {
            let mut call = call(CallDirection::Outbound);
            call.end(&CallEnd { sip_status: SipStatus::new(code), ..end(Some("dialing"), "UNKNOWN_REASON") }, NOW);
            assert_eq!(call.outcome, outcome, "{code}");
            assert!(call.failure().unwrap().starts_with(&format!("SIP {code}: ")));
        }
    }

    #[test]
    fn agent_that_joined_an_unanswered_call_is_no_answer() {
        let mut call = call(CallDirection::Inbound);
        call.advance(CallState::Ringing, NOW);
        call.advance(CallState::Answered, NOW.plus_millis(1000));
        call.end(&end(Some("ringing"), "UNKNOWN_REASON"), NOW.plus_millis(2000));
        assert_eq!((call.outcome, call.answered_at), (CallOutcome::NoAnswer, None));
    }

    #[test]
    fn late_report_replaces_an_unknown_outcome_only() {
        let mut call = call(CallDirection::Inbound);
        assert!(call.end(&CallEnd::default(), NOW));
        assert_eq!(call.outcome, CallOutcome::Unknown);
        assert!(call.end(&end(Some("hangup"), "UNKNOWN_REASON"), NOW.plus_millis(5)));
        assert_eq!((call.outcome, call.ended_at), (CallOutcome::Answered, Some(NOW)));
        assert!(!call.end(&end(Some("ringing"), "UNKNOWN_REASON"), NOW.plus_millis(9)));
        assert_eq!(call.outcome, CallOutcome::Answered);
    }

    proptest! {
        /// In whatever order the events arrive.
        #[test]
        fn call_never_moves_back(steps in proptest::collection::vec(0u8..6, 0..12)) {
            let mut call = call(CallDirection::Outbound);
            let mut before = call.state;
            for (second, step) in (1..).zip(steps) {
                let at = NOW.plus_millis(second * 1000);
                let known = call.clone();
                let changed = match step {
                    0 => call.advance(CallState::Requested, at),
                    1 => call.advance(CallState::Dialing, at),
                    2 => call.advance(CallState::Ringing, at),
                    3 => call.advance(CallState::Answered, at),
                    4 => call.end(&end(Some("ringing"), "USER_REJECTED"), at),
                    _ => call.end(&CallEnd::default(), at),
                };
                prop_assert!(!changed || call != known);
                prop_assert!(call.state >= before);
                prop_assert_eq!(call.is_open(), call.outcome == CallOutcome::InProgress);
                prop_assert_eq!(call.is_open(), call.ended_at.is_none());
                before = call.state;
            }
        }
    }
}
