//! The trunks of the trunk API: carriers of their creators, created together with their numbers and their LiveKit trunk.
//!
//! A new carrier is provisional until LiveKit has its outbound trunk. If that fails, the carrier is deleted, and with it what
//! LiveKit may have of it. If the server stops in between, a worker deletes the carrier after a while
//! (docs/decisions/0019-trunks-are-carriers.md).

use std::{sync::Arc, time::Duration};

use api_types::{
    input::{NewTrunk, TrunkInput},
    view::{TrunkCreated, TrunkDetails, TrunkView},
};
use domain::{
    Action, Burst, CarrierId, CarrierSettings, Channels, Cps, DidSettings, Direction, FieldFault, IpRange, SyncState,
    SyncStatus, UserId,
};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::{
    Actor, Error, Result,
    carrier::{self, Carriers},
    context::Context,
    did, provider,
    unit_of_work::{UnitOfWork, run_to_completion},
};

/// Longer than the wait for LiveKit and the time-out of a request, shorter than an idempotency key of a stopped server is
/// reserved.
const EXPIRES_AFTER_MILLIS: i64 = 100 * 1000;
const INTERVAL: Duration = Duration::from_secs(10);
/// Carriers that one pass deletes.
const BATCH: u32 = 100;

/// Use cases of the trunk API.
#[derive(Clone)]
pub struct Trunks {
    context: Arc<Context>,
    carriers: Carriers,
}

impl Trunks {
    pub(crate) fn new(context: Arc<Context>, carriers: Carriers) -> Self {
        Self { context, carriers }
    }

    /// Creates a carrier with its outbound numbers, and waits until LiveKit has its trunk. It ends even if the client has gone.
    ///
    /// # Errors
    /// [`Error::NumberTaken`] where another carrier has a number; [`Error::TrunkFailed`] where LiveKit failed: then the carrier
    /// is deleted again.
    pub async fn create(&self, actor: &Actor, input: &TrunkInput) -> Result<TrunkCreated> {
        actor.require(Action::CreateCarrier)?;
        actor.require(Action::CreateDid)?;
        let trunk = input.parse()?;
        if let Err(errors) = provider::refuse_pattern(&trunk.address) {
            let message = errors.message("sip_address").unwrap_or_default();
            return Err(Error::field("trunk_address", FieldFault::new("placeholder", message)));
        }
        let (trunks, actor) = (self.clone(), actor.clone());
        run_to_completion(async move { trunks.create_confirmed(&actor, trunk).await }).await
    }

    async fn create_confirmed(&self, actor: &Actor, trunk: NewTrunk) -> Result<TrunkCreated> {
        let mut changes = self.context.events.subscribe();
        let id = self.context.transact(Some(actor), trunk, |uow, trunk| Box::pin(create(uow, trunk))).await?;
        let reason = match self.carriers.sync_end(&actor.account_id, &id, &mut changes).await {
            Ok(SyncState { status: SyncStatus::Synced, outbound_trunk_id: Some(trunk_id), .. }) => {
                let confirmed = self.context.transact(None, id.clone(), |uow, id| Box::pin(confirm(uow, id))).await?;
                if confirmed {
                    return Ok(TrunkCreated { trunk_id });
                }
                "The carrier was deleted in the meantime.".to_owned()
            }
            Ok(SyncState { error: Some(error), .. }) => error,
            Ok(SyncState { status: SyncStatus::Error, .. }) => "LiveKit did not accept the trunk.".to_owned(),
            Ok(_) => "LiveKit did not have the trunk in time.".to_owned(),
            Err(Error::NotFound(_)) => "The carrier was deleted in the meantime.".to_owned(),
            Err(error) => {
                // The database failed. Where it fails again, the worker deletes the carrier.
                self.discard(Some(actor), &id).await?;
                return Err(error);
            }
        };
        self.discard(Some(actor), &id).await?;
        Err(Error::TrunkFailed { reason })
    }

    async fn discard(&self, actor: Option<&Actor>, id: &CarrierId) -> Result<bool> {
        self.context.transact(actor, id.clone(), |uow, id| Box::pin(discard(uow, id))).await
    }

    /// The trunks of the actor's user at Twilio and Exotel, the newest first.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<TrunkView>> {
        actor.require(Action::ReadCarriers)?;
        let Some(user) = actor.user_id() else { return Ok(Vec::new()) };
        let mut tx = self.context.store.read().await?;
        let carriers = tx.trunks_of(&actor.account_id, user).await?;
        let ids: Vec<CarrierId> = carriers.iter().map(|carrier| carrier.id.clone()).collect();
        // Sorted by carrier.
        let dids = tx.outbound_dids_of(&ids).await?;
        let view = |carrier: &domain::Carrier| {
            let first = dids.partition_point(|did| did.carrier_id < carrier.id);
            let behind = dids.partition_point(|did| did.carrier_id <= carrier.id);
            TrunkView::new(carrier, &dids[first..behind])
        };
        Ok(carriers.iter().filter_map(view).collect())
    }

    /// One trunk of the actor's user.
    ///
    /// # Errors
    /// [`Error::NotFound`], for another user's trunk, too.
    pub async fn get(&self, actor: &Actor, trunk_id: &str) -> Result<TrunkDetails> {
        actor.require(Action::ReadCarriers)?;
        let missing = || Error::NotFound("trunk");
        let user: &UserId = actor.user_id().ok_or_else(missing)?;
        let mut tx = self.context.store.read().await?;
        let carrier = tx.trunk(&actor.account_id, user, trunk_id).await?.ok_or_else(missing)?;
        let dids = tx.outbound_dids_of(std::slice::from_ref(&carrier.id)).await?;
        TrunkDetails::new(&carrier, &dids).ok_or_else(missing)
    }
}

async fn create(uow: &mut UnitOfWork, trunk: &NewTrunk) -> Result<CarrierId> {
    let carrier = carrier::insert(uow, &settings(trunk)).await?;
    for number in &trunk.numbers {
        let settings = DidSettings { direction: Direction::Outbound, ..DidSettings::default() };
        did::insert(uow, &carrier, number.clone(), settings).await.map_err(|error| match error {
            Error::NumberTaken { number, carrier_id, carrier_name, here, .. } => {
                Error::NumberTaken { number, carrier_id, carrier_name, here, field: "trunk_numbers" }
            }
            other => other,
        })?;
    }
    did::many_changed(uow, &carrier).await?;
    let expires_at = uow.now().plus_millis(EXPIRES_AFTER_MILLIS);
    uow.tx.insert_provisional_carrier(&carrier.id, expires_at).await?;
    Ok(carrier.id)
}

/// As the form for a new carrier, which starts from what the provider publishes.
fn settings(trunk: &NewTrunk) -> CarrierSettings {
    let published = provider::find(trunk.provider.as_str());
    let ranges = published.into_iter().flat_map(|provider| &provider.signalling.ranges);
    CarrierSettings {
        name: trunk.name.clone(),
        provider: trunk.provider,
        sip_address: trunk.address.clone(),
        transport: published.map(|provider| provider.transport).unwrap_or_default(),
        destination_country: None,
        credentials: Some(trunk.credentials.clone()),
        allowed_addresses: ranges.filter_map(|entry| entry.range.parse::<IpRange>().ok()).collect(),
        inbound_auth: published.map(|provider| provider.inbound_auth).unwrap_or_default(),
        accept_any_source: false,
        outbound_cps: Cps::default(),
        outbound_burst: Burst::default(),
        outbound_channels: Channels::default(),
        krisp_enabled: None,
    }
}

/// False where the carrier is deleted.
async fn confirm(uow: &mut UnitOfWork, id: &CarrierId) -> Result<bool> {
    Ok(uow.tx.end_provisional_carrier(id).await?)
}

/// Deletes the carrier if it is provisional still. The reconciler removes what LiveKit has of it.
async fn discard(uow: &mut UnitOfWork, id: &CarrierId) -> Result<bool> {
    let is_provisional = uow.tx.end_provisional_carrier(id).await?;
    if is_provisional {
        carrier::delete(uow, id).await?;
    }
    Ok(is_provisional)
}

/// The worker that deletes provisional carriers whose server has stopped; [`crate::Services::trunk_worker`] makes it.
pub struct TrunkWorker {
    trunks: Trunks,
}

impl TrunkWorker {
    pub(crate) fn new(trunks: Trunks) -> Self {
        Self { trunks }
    }

    /// Runs until `stop` is cancelled. On several servers each runs one: their transactions exclude each other.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            if let Err(error) = self.pass().await {
                warn!(%error, "provisional carriers were not deleted");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = sleep(INTERVAL) => {}
            }
        }
    }

    /// Deletes those that are due.
    pub async fn pass(&self) -> Result<()> {
        let context = &self.trunks.context;
        let expired = context.store.read().await?.expired_provisional_carriers(context.clock.now(), BATCH).await?;
        for id in expired {
            if self.trunks.discard(None, &id).await? {
                info!(carrier = %id, "deleted the carrier of a trunk whose creation was interrupted");
            }
        }
        Ok(())
    }
}
