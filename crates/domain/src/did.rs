//! A phone number of a carrier (direct inward dialling number).

use crate::{AccountId, BotId, CarrierId, DidId, Direction, Label, PhoneNumber, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Did {
    pub id: DidId,
    pub account_id: AccountId,
    pub carrier_id: CarrierId,
    pub number: PhoneNumber,
    pub settings: DidSettings,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}

/// What an operator may change about a number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DidSettings {
    pub label: Option<Label>,
    pub direction: Direction,
    /// Who answers; None where nobody does, and always for outbound numbers.
    pub bot_id: Option<BotId>,
}
