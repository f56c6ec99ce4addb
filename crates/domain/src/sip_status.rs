//! SIP's final responses, in words.

use std::fmt;

/// A SIP status code of a response, 100 to 699 (RFC 3261 §21).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SipStatus(u16);

impl SipStatus {
    /// The status with this code; None outside 100 to 699.
    pub fn new(code: u16) -> Option<Self> {
        (100..=699).contains(&code).then_some(Self(code))
    }

    /// Reads the status from LiveKit's message about a failed call: `… sip status: 486: Busy here` or `sip status 486: …`.
    pub fn find(message: &str) -> Option<Self> {
        let lower = message.to_ascii_lowercase();
        let (_, rest) = lower.split_once("sip status")?;
        let digits: String = rest.trim_start_matches([' ', ':']).chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok().and_then(Self::new)
    }

    /// The code.
    pub fn code(self) -> u16 {
        self.0
    }

    /// What the status means for the call, as the end of a sentence.
    #[expect(clippy::match_overlapping_arm, reason = "the ranges are those of codes without a meaning of their own")]
    pub fn meaning(self) -> &'static str {
        match self.0 {
            100..=199 => "the call was under way",
            200..=299 => "the call was accepted",
            300..=399 => "the called number is reached elsewhere",
            400 => "the carrier could not read the request",
            401 | 407 => "the carrier did not accept the username and password",
            402 => "the carrier requires a payment",
            403 => "the carrier does not permit the call",
            404 => "there is no such number",
            405 => "the carrier does not support the request",
            406 | 415 | 488 | 606 => "the two sides have no audio format in common",
            408 => "nobody answered in time",
            410 => "the number is no longer in service",
            413 => "the request was too large",
            416 => "the carrier does not support the form of the address",
            423 => "the interval was too brief",
            429 => "the carrier limits the rate of calls",
            480 => "nobody answered, or the phone cannot be reached",
            481 => "the other side did not know the call",
            482 | 483 => "the call was forwarded in a loop",
            484 => "the number is incomplete",
            485 => "the number is ambiguous",
            486 | 600 => "the line is busy",
            487 => "the call was canceled before it was answered",
            491 => "another request was pending",
            500 => "the carrier has an internal error",
            501 => "the carrier does not support the request",
            502 => "the carrier received an invalid answer from the network behind it",
            503 => "the carrier is overloaded or limits the calls",
            504 => "the network behind the carrier did not answer",
            505 => "the carrier does not support this version of SIP",
            580 => "the carrier could not reserve what the call needs",
            603 => "the call was declined",
            604 => "the number exists nowhere",
            607 | 608 => "the call was rejected as unwanted",
            400..=499 => "the request failed",
            500..=599 => "the carrier failed",
            _ => "the call was refused",
        }
    }
}

impl SipStatus {
    /// What to check after a call with this status; None where the meaning says it all.
    pub fn remedy(self) -> Option<&'static str> {
        match self.0 {
            401 | 403 | 407 => Some(
                "Check that username and password are those of the provider's trunk, and that it allows the address of \
                 your LiveKit.",
            ),
            404 | 484 | 604 => Some(
                "Check that the number is in E.164 form (+ and the country code), that the trunk may call its country, and \
                 that it is not on a do-not-call list.",
            ),
            _ => None,
        }
    }
}

impl fmt::Display for SipStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_is_read_from_livekits_message() {
        for (message, code) in [
            ("sip status 486: Busy Here", Some(486)),
            ("twirp error resource_exhausted: INVITE failed: sip status: 603: Decline", Some(603)),
            ("SIP status 480", Some(480)),
            ("sip status unknown", None),
            ("sip status 42", None),
            ("sip status 99999999", None),
            ("busy", None),
        ] {
            assert_eq!(SipStatus::find(message).map(SipStatus::code), code, "{message}");
        }
    }

    #[test]
    fn code_outside_sip_is_no_status() {
        for code in [0, 99, 700, u16::MAX] {
            assert_eq!(SipStatus::new(code), None, "{code}");
        }
    }
}
