//! Call admission control (CAC): how many calls may be open at once, and how many may begin in a period.
//!
//! A call raises the counter of every dimension that its request names, or of none. What was raised is recorded with the open
//! call, and exactly that is lowered at its end, once. A limit is part of each request: a lower one refuses new calls and ends
//! none.

mod admissions;
mod dimension;
mod window;

use serde::{Deserialize, Serialize};

pub use admissions::Admissions;
pub use dimension::{Dimension, DimensionError};
pub use window::{WindowKey, WindowLimit};

use crate::Timestamp;

/// How many calls of a dimension may be open at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelLimit {
    /// What is counted.
    pub dimension: Dimension,
    /// None: counted without a limit.
    pub max: Option<u32>,
}

/// The request to admit one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdmitRequest {
    /// SIP's Call-ID. A second request with that of an open call changes no counter.
    pub call_id: String,
    /// Who calls whom, for those who watch open calls.
    pub parties: CallParties,
    /// Each has to have a free channel. One that is named twice counts once.
    pub channels: Vec<ChannelLimit>,
    /// Of these the first with a free channel is used, such as the carriers of an outbound call. Empty: none is needed.
    pub alternatives: Vec<ChannelLimit>,
    /// How many calls may begin in a period.
    pub windows: Vec<WindowLimit>,
    /// How long the call stays open without news of it, in milliseconds.
    pub lease_millis: i64,
}

/// Who calls whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallParties {
    /// The direction as seen from the edge.
    pub direction: EdgeDirection,
    /// The caller's number or user.
    pub from: String,
    /// The number or user that is called.
    pub to: String,
}

/// The direction of a call at the edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EdgeDirection {
    /// From a carrier.
    Inbound,
    /// To a carrier.
    Outbound,
    /// Between devices of the account.
    Internal,
}

impl EdgeDirection {
    /// The spelling in JSON: `inbound`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
            Self::Internal => "internal",
        }
    }
}

/// The answer to [`AdmitRequest`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    /// The call is open.
    Admitted(Admitted),
    /// No counter has changed.
    Refused(Refusal),
}

/// What an admitted call uses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Admitted {
    /// The call was open already; no counter has changed.
    pub repeated: bool,
    /// The alternative that the call uses, as an index into the request.
    pub alternative: Option<usize>,
    /// The windows without `hard` whose limit the call exceeds.
    pub exceeded: Vec<WindowKey>,
}

/// Why a call was refused: the first limit in the order of the request that it would exceed. Alternatives come last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// All channels of a dimension are in use.
    Channels {
        /// The dimension.
        dimension: Dimension,
        /// Its limit.
        max: u32,
        /// Open calls of the dimension.
        in_use: u32,
    },
    /// Too many calls began in the period.
    Window {
        /// The window.
        key: WindowKey,
        /// Its limit.
        max_count: u32,
        /// The length of the period.
        period_sec: u32,
        /// When a call will be admitted again, in milliseconds from now; None for a limit of 0.
        retry_after_millis: Option<i64>,
    },
}

/// An admitted call that has not ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenCall {
    /// SIP's Call-ID.
    pub call_id: String,
    /// Who calls whom.
    pub parties: CallParties,
    /// What the call has raised.
    pub dimensions: Vec<Dimension>,
    /// When it was admitted.
    pub admitted_at: Timestamp,
    /// When it ends without further news.
    pub expires_at: Timestamp,
}

/// The open calls of a dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelCounter {
    /// What is counted.
    pub dimension: Dimension,
    /// Open calls.
    pub in_use: u32,
    /// The limit in the last request that named the dimension.
    pub max: Option<u32>,
}

/// The calls that began in a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowCounter {
    /// The limit as of the last admitted call.
    pub limit: WindowLimit,
    /// Admitted calls that began in the period.
    pub count: u64,
}

/// All counters that are not 0, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Open calls by dimension.
    pub channels: Vec<ChannelCounter>,
    /// Calls by window.
    pub windows: Vec<WindowCounter>,
}
