//! A phone number of a carrier (direct inward dialling number).

use crate::{AccountId, BotId, CarrierId, DidId, Direction, Label, PhoneNumber, Timestamp, view::DidView};

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

impl Did {
    pub fn view(&self) -> DidView {
        DidView {
            id: self.id.clone(),
            carrier_id: self.carrier_id.clone(),
            number: self.number.number().to_owned(),
            e164: self.number.e164().map(str::to_owned),
            label: self.settings.label.as_ref().map(ToString::to_string),
            direction: self.settings.direction,
            bot_id: self.settings.bot_id.clone(),
            version: self.version,
        }
    }
}
