//! DIDs: the phone numbers of carriers (direct inward dialling numbers).

use crate::{AccountId, BotId, CarrierId, DidId, Direction, Label, PhoneNumber, Timestamp};

/// A phone number of a carrier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Did {
    /// Id of the row.
    pub id: DidId,
    /// The account of the row.
    pub account_id: AccountId,
    /// The carrier that has the number.
    pub carrier_id: CarrierId,
    /// The number, which never changes.
    pub number: PhoneNumber,
    /// The operator's settings.
    pub settings: DidSettings,
    /// When the DID was created.
    pub created_at: Timestamp,
    /// When the settings were changed last.
    pub updated_at: Timestamp,
    /// Increases with each change of the settings.
    pub version: i64,
}

/// The operator's settings of a DID.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DidSettings {
    /// A remark.
    pub label: Option<Label>,
    /// Which calls use the number.
    pub direction: Direction,
    /// The bot that answers inbound calls. None: they are rejected. Always None for [`Direction::Outbound`].
    pub bot_id: Option<BotId>,
}
