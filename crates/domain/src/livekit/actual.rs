//! What LiveKit was seen to hold.

use super::{DispatchRule, InboundTrunk, OutboundTrunk};

/// One object as LiveKit lists it.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed<T> {
    /// `ST_…` or `SDR_…`.
    pub id: String,
    pub object: T,
    /// The object also has settings that Trunkline never writes (made by hand, or by a newer version). They are part of
    /// what differs: a replace clears them.
    pub foreign_settings: bool,
}

/// All that one LiveKit project holds of SIP.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Actual {
    pub inbound: Vec<Listed<InboundTrunk>>,
    pub outbound: Vec<Listed<OutboundTrunk>>,
    pub rules: Vec<Listed<DispatchRule>>,
}

impl<T> Listed<T> {
    /// As Trunkline writes it: nothing but what the object says.
    pub fn written(id: String, object: T) -> Self {
        Self { id, object, foreign_settings: false }
    }
}
