//! What needs attention, and how far a new installation has come.

use std::sync::Arc;

use api_types::view::{AttentionGroup, AttentionRow, LiveKitState, Overview, SetupState};
use domain::{AccountId, Action, Attention, Carrier, CarrierSort, Did, IntoEnumIterator};
use store::{CarrierFilter, Tx};

use crate::{Actor, Result, context::Context};

/// Rows of each group; the list shows the rest.
const SHOWN: u32 = 5;

/// Use cases of the overview page.
#[derive(Clone)]
pub struct Overviews {
    context: Arc<Context>,
}

impl Overviews {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// Totals, what needs attention, and the steps of the setup.
    pub async fn get(&self, actor: &Actor) -> Result<Overview> {
        actor.require(Action::ReadOverview)?;
        // Before the transaction, so that no connection waits for LiveKit.
        let livekit = self.context.livekit_health.check(&self.context.events).await;
        let account = &actor.account_id;
        let mut tx = self.context.store.read().await?;
        let totals = tx.totals(account).await?;
        let bot_total = tx.count_bots(account).await?;
        let mut attention = Vec::new();
        for kind in Attention::iter() {
            attention.push(match kind {
                Attention::SyncError => carriers(&mut tx, account, kind, Some(totals.sync_errors)).await?,
                Attention::NoBot => numbers(&mut tx, account).await?,
                Attention::Open | Attention::NoNumbers => carriers(&mut tx, account, kind, None).await?,
            });
        }
        let setup = SetupState {
            livekit: livekit == LiveKitState::Connected,
            bot: bot_total > 0,
            carrier: totals.carriers > 0,
            number: totals.numbers > 0,
            synced: tx.any_synced(account).await?,
        };
        Ok(Overview {
            carrier_total: totals.carriers,
            number_total: totals.numbers,
            bot_total,
            attention,
            livekit,
            setup,
        })
    }
}

async fn carriers(
    tx: &mut Tx,
    account: &AccountId,
    kind: Attention,
    known_total: Option<i64>,
) -> Result<AttentionGroup> {
    let filter = CarrierFilter {
        q: String::new(),
        number_keys: Vec::new(),
        attention: Some(kind),
        sort: CarrierSort::Name,
        descending: false,
        limit: SHOWN,
        after: None,
    };
    let total = match known_total {
        Some(total) => total,
        None => tx.count_carriers(account, &filter).await?,
    };
    let rows = if total == 0 { Vec::new() } else { tx.carriers(account, &filter).await?.0 };
    Ok(AttentionGroup { kind, total, items: rows.iter().map(|(carrier, _)| carrier_row(kind, carrier)).collect() })
}

fn carrier_row(kind: Attention, carrier: &Carrier) -> AttentionRow {
    let detail = match kind {
        Attention::SyncError => carrier.sync.error.clone(),
        _ => Some(carrier.settings.sip_address.to_string()),
    };
    AttentionRow {
        carrier_id: carrier.id.clone(),
        carrier_name: carrier.settings.name.to_string(),
        detail,
        did_id: None,
        number: None,
        formatted: None,
    }
}

async fn numbers(tx: &mut Tx, account: &AccountId) -> Result<AttentionGroup> {
    let total = tx.count_unanswered(account).await?;
    let rows = if total == 0 { Vec::new() } else { tx.unanswered(account, SHOWN).await? };
    let row = |(did, carrier_name): (Did, String)| AttentionRow {
        carrier_id: did.carrier_id.clone(),
        carrier_name,
        detail: did.settings.label.as_ref().map(ToString::to_string),
        number: Some(did.number.canonical().to_owned()),
        formatted: Some(did.number.formatted()),
        did_id: Some(did.id),
    };
    Ok(AttentionGroup { kind: Attention::NoBot, total, items: rows.into_iter().map(row).collect() })
}
