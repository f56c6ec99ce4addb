use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use domain::{Attention, CarrierId, DidId};

/// `GET /api/v1/overview`, and the home page: what needs attention.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Overview {
    pub carrier_total: i64,
    pub number_total: i64,
    pub bot_total: i64,
    /// One for each [`Attention`], in its order; also where there is nothing to mend.
    pub attention: Vec<AttentionGroup>,
    pub livekit: LiveKitState,
    pub setup: SetupState,
}

impl Overview {
    pub fn group(&self, kind: Attention) -> Option<&AttentionGroup> {
        self.attention.iter().find(|group| group.kind == kind)
    }

    /// There is all that calls need. A bot only where a number rings: some installations only dial out.
    pub fn is_set_up(&self) -> bool {
        let SetupState { bot, carrier, number, synced, .. } = self.setup;
        let rings = self.group(Attention::NoBot).is_some_and(|group| group.total > 0);
        carrier && number && synced && (bot || !rings)
    }

    /// How many rows wait for somebody, over all groups.
    pub fn attention_total(&self) -> i64 {
        self.attention.iter().map(|group| group.total).sum()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AttentionGroup {
    pub kind: Attention,
    /// Numbers for `no_bot`, carriers for the others.
    pub total: i64,
    /// The first few.
    pub items: Vec<AttentionRow>,
}

/// A carrier; for `no_bot` one of its numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AttentionRow {
    pub carrier_id: CarrierId,
    pub carrier_name: String,
    /// Why the sync failed, or the SIP address; a number's label.
    pub detail: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub did_id: Option<DidId>,
    /// In its international form where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The number for readers, in libphonenumber's international format.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formatted: Option<String>,
}

/// Whether LiveKit lets this server in, as it was last seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum LiveKitState {
    /// It was asked and has not answered yet.
    #[default]
    Unknown,
    Connected,
    Failing {
        /// For operators: what happened and what to do.
        error: String,
    },
}

/// How far a new installation has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SetupState {
    pub livekit: bool,
    pub bot: bool,
    pub carrier: bool,
    pub number: bool,
    /// LiveKit has followed once.
    pub synced: bool,
}
