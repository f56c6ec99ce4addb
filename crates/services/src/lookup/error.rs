//! Why a lookup has no answer.

use api_types::Problem;
use thiserror::Error;

/// When to ask again about a carrier that is not synced yet, or whose channels are in use.
const RETRY_SECONDS: i64 = 2;

/// Nothing matches a lookup, or what matches cannot be used. Each has a code of its own in the problem document (404).
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum LookupError {
    /// No DID has the number.
    #[error("no DID has this number")]
    UnknownNumber,
    /// Carriers in several countries have a DID that may be written so.
    #[error("several DIDs may be written so")]
    AmbiguousNumber,
    /// The DID is for outbound calls alone.
    #[error("the DID is for outbound calls")]
    OutboundOnly,
    /// The DID has no bot.
    #[error("the DID has no bot")]
    NoBot,
    /// The DID is for inbound calls alone.
    #[error("the DID is for inbound calls")]
    InboundOnly,
    /// LiveKit has not followed the carrier's last change yet.
    #[error("the carrier is not synced yet")]
    CarrierPending,
    /// LiveKit refused the carrier's last change.
    #[error("the carrier's sync failed")]
    CarrierFailed,
    /// There is no carrier with an outbound trunk and a DID for outbound calls.
    #[error("there is no outbound trunk")]
    NoOutboundTrunk,
    /// The channels of all carriers are in use.
    #[error("all channels are in use")]
    ChannelsBusy,
}

impl LookupError {
    /// When the same lookup may have an answer.
    pub(crate) fn retry_after_seconds(self) -> Option<i64> {
        matches!(self, Self::CarrierPending | Self::ChannelsBusy).then_some(RETRY_SECONDS)
    }
}

impl From<LookupError> for Problem {
    fn from(error: LookupError) -> Self {
        let (code, title, detail) = match error {
            LookupError::UnknownNumber => (
                "unknown_number",
                "Unknown number",
                "No phone number here matches. Add it to its carrier in the console.",
            ),
            LookupError::AmbiguousNumber => (
                "ambiguous_number",
                "Ambiguous number",
                "Carriers in several countries have a number that is written so. Send it with its country code.",
            ),
            LookupError::OutboundOnly => (
                "outbound_only",
                "Not for inbound calls",
                "The number is for outbound calls alone. Change its direction in the console.",
            ),
            LookupError::NoBot => ("no_bot", "No bot", "No bot answers this number. Assign one to it in the console."),
            LookupError::InboundOnly => (
                "inbound_only",
                "Not for outbound calls",
                "The number is for inbound calls alone. Change its direction in the console.",
            ),
            LookupError::CarrierPending => (
                "carrier_pending",
                "The carrier is being synced",
                "LiveKit has not followed the carrier's last change yet. Try again in a moment.",
            ),
            LookupError::CarrierFailed => (
                "carrier_error",
                "The carrier's sync failed",
                "LiveKit refused the carrier's last change. The carrier's page in the console has the reason.",
            ),
            LookupError::NoOutboundTrunk => (
                "no_outbound_trunk",
                "No outbound trunk",
                "There is no carrier with an outbound trunk and a number for outbound calls. Add one in the console.",
            ),
            LookupError::ChannelsBusy => (
                "channels_busy",
                "All channels are in use",
                "Every outbound channel is in use. Try again when a call has ended.",
            ),
        };
        Self::new(404, code, title, detail)
    }
}
