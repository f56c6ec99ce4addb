use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use domain::{Attention, CarrierId, DidId};

/// `GET /api/v1/overview`, and the home page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Overview {
    /// The number of carriers.
    pub carrier_total: i64,
    /// The number of DIDs.
    pub number_total: i64,
    /// The number of bots.
    pub bot_total: i64,
    /// One group for each [`Attention`], in its order; empty ones too.
    pub attention: Vec<AttentionGroup>,
    /// Whether LiveKit responds.
    pub livekit: LiveKitState,
    /// The completed steps of the setup.
    pub setup: SetupState,
}

impl Overview {
    /// The group of this reason.
    pub fn group(&self, kind: Attention) -> Option<&AttentionGroup> {
        self.attention.iter().find(|group| group.kind == kind)
    }

    /// Whether everything that calls need is configured. A bot only where a DID has inbound calls.
    pub fn is_set_up(&self) -> bool {
        let SetupState { bot, carrier, number, synced, .. } = self.setup;
        let rings = self.group(Attention::NoBot).is_some_and(|group| group.total > 0);
        carrier && number && synced && (bot || !rings)
    }

    /// The number of rows that need attention, over all groups.
    pub fn attention_total(&self) -> i64 {
        self.attention.iter().map(|group| group.total).sum()
    }
}

/// The rows that need attention for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AttentionGroup {
    /// The reason.
    pub kind: Attention,
    /// The number of rows: DIDs for `no_bot`, carriers for the others.
    pub total: i64,
    /// The first few.
    pub items: Vec<AttentionRow>,
}

/// A carrier; for `no_bot` one of its DIDs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AttentionRow {
    /// The carrier.
    pub carrier_id: CarrierId,
    /// The carrier's name.
    pub carrier_name: String,
    /// Why the sync failed, the SIP address, or the DID's label.
    pub detail: Option<String>,
    /// The DID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub did_id: Option<DidId>,
    /// The DID's number, in its E.164 form where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The number for readers, in libphonenumber's international format.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formatted: Option<String>,
}

/// The result of the last health check of LiveKit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum LiveKitState {
    /// The first health check has not ended.
    #[default]
    Unknown,
    /// LiveKit responds and accepts the API key.
    Connected,
    /// LiveKit does not respond, or refuses the API key.
    Failing {
        /// What happened and the remedy, for operators.
        error: String,
    },
}

/// The completed steps of the setup of an installation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SetupState {
    /// LiveKit responds.
    pub livekit: bool,
    /// There is a bot.
    pub bot: bool,
    /// There is a carrier.
    pub carrier: bool,
    /// There is a DID.
    pub number: bool,
    /// A carrier has been synced.
    pub synced: bool,
}
