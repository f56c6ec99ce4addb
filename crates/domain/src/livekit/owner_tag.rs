//! The owner tag by which Trunkline recognises its own objects in LiveKit.

use serde::{Deserialize, Serialize};

use crate::{BotId, CarrierId};

const MANAGED_BY: &str = "trunkline";

/// Written as JSON into an object's `metadata`: `{"managed_by":"trunkline","carrier_id":"car_…","bot_id":"bot_…"}`.
/// After a lost response it identifies an object that was created nevertheless.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerTag {
    managed_by: String,
    /// The carrier that owns the object.
    pub carrier_id: CarrierId,
    /// On inbound trunks and dispatch rules: a carrier has one of each per bot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bot_id: Option<BotId>,
}

impl OwnerTag {
    /// The tag of an object of this carrier.
    pub fn new(carrier_id: CarrierId, bot_id: Option<BotId>) -> Self {
        Self { managed_by: MANAGED_BY.to_owned(), carrier_id, bot_id }
    }

    /// Parses an object's metadata; None where it is not Trunkline's.
    pub fn read(metadata: &str) -> Option<Self> {
        serde_json::from_str::<Self>(metadata).ok().filter(|owner_tag| owner_tag.managed_by == MANAGED_BY)
    }

    /// The tag as JSON, for an object's metadata.
    pub fn write(&self) -> String {
        serde_json::to_string(self).expect("a struct of strings is always JSON")
    }
}
