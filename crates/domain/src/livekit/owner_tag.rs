//! The owner tag by which Trunkline recognises its own objects in LiveKit.

use serde::{Deserialize, Serialize};

use crate::{BotId, CarrierId};

const MANAGED_BY: &str = "trunkline";

/// Written as JSON into an object's `metadata`: `{"managed_by":"trunkline","carrier_id":"car_…","bot_id":"bot_…"}`.
/// After a lost answer, an object that was created nevertheless is found by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerTag {
    managed_by: String,
    pub carrier_id: CarrierId,
    /// On inbound trunks and dispatch rules: a carrier has one of each per bot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bot_id: Option<BotId>,
}

impl OwnerTag {
    pub fn new(carrier_id: CarrierId, bot_id: Option<BotId>) -> Self {
        Self { managed_by: MANAGED_BY.to_owned(), carrier_id, bot_id }
    }

    /// None where the metadata is not Trunkline's.
    pub fn read(metadata: &str) -> Option<Self> {
        serde_json::from_str::<Self>(metadata).ok().filter(|owner_tag| owner_tag.managed_by == MANAGED_BY)
    }

    pub fn write(&self) -> String {
        serde_json::to_string(self).expect("a struct of strings is always JSON")
    }
}
