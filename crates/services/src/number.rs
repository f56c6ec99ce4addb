//! The numbers API: DIDs together with their carriers, as product back ends see them.

use std::sync::Arc;

use api_types::{
    input::{
        CarrierInput, MapAgentInput, NumberDeleteQuery, NumberQuery, NumberRegisterInput, NumberRegistration,
        NumberUpdateInput, Text, TextList,
    },
    view::{Change, ChangeKind, ChangedNoun, NumberList, NumberView},
};
use domain::{
    AccountId, Action, AuditAction, BotId, Carrier, CarrierProvider, CarrierSettings, Did, DidId, DidSettings,
    FieldErrors, FieldFault, InboundAuth, Secret, SipAddress, SipCredentials, SyncStatus,
};
use store::{Number, Tx};
use tokio::{
    sync::broadcast::Receiver,
    time::{Instant, timeout},
};

use crate::{
    Actor, Error, Result, carrier, carrier::SYNC_POLL, context::Context, did, number_purchase, provider,
    snapshot::DidSnapshot, unit_of_work::UnitOfWork,
};

/// Use cases of the numbers API.
#[derive(Clone)]
pub struct Numbers {
    context: Arc<Context>,
}

impl Numbers {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// A page of all numbers, in the order in which they were added.
    pub async fn list(&self, actor: &Actor, query: &NumberQuery) -> Result<NumberList> {
        actor.require(Action::ReadDids)?;
        let (limit, after) = query.parse()?;
        let mut tx = self.context.store.read().await?;
        let mut numbers = tx.numbers(&actor.account_id, after.as_ref(), limit + 1).await?;
        let has_more = numbers.len() > limit as usize;
        numbers.truncate(limit as usize);
        let next_cursor = numbers.last().filter(|_| has_more).map(|last| last.did.id.clone());
        Ok(NumberList { items: numbers.iter().map(view).collect(), next_cursor })
    }

    /// One number.
    pub async fn get(&self, actor: &Actor, id: &DidId) -> Result<NumberView> {
        actor.require(Action::ReadDids)?;
        Ok(view(&self.read(actor, id).await?))
    }

    /// Registers a number of a trunk that exists at its provider: on the carrier with the same provider, address and
    /// credentials, or on a new one. Waits for LiveKit up to [`crate::Timing::wait_limit`].
    ///
    /// # Errors
    /// [`Error::NumberTaken`] where a carrier of the account has the number.
    pub async fn register(&self, actor: &Actor, input: &NumberRegisterInput) -> Result<NumberView> {
        actor.require(Action::RegisterNumber)?;
        let mut registration = input.parse()?;
        provider::refuse_pattern(&registration.carrier.sip_address)?;
        sources(&mut registration.carrier)?;
        let mut changes = self.context.events.subscribe();
        let id = self.context.transact(Some(actor), registration, |uow, new| Box::pin(register(uow, new))).await?;
        self.applied(actor, &id, &mut changes).await
    }

    /// Changes the trunk settings and the label of one number. Where further numbers share its carrier, the number moves to
    /// a carrier with the new settings, and the others stay as they are. LiveKit's objects are changed in place.
    pub async fn update(&self, actor: &Actor, id: &DidId, input: &NumberUpdateInput) -> Result<NumberView> {
        actor.require(Action::UpdateNumber)?;
        let mut changes = self.context.events.subscribe();
        let work = (id.clone(), input.clone());
        self.context.transact(Some(actor), work, |uow, (id, input)| Box::pin(update(uow, id, input))).await?;
        self.applied(actor, id, &mut changes).await
    }

    /// Maps the number to the bot that answers, or unmaps it.
    pub async fn map_agent(&self, actor: &Actor, id: &DidId, input: &MapAgentInput) -> Result<NumberView> {
        actor.require(Action::MapNumber)?;
        let mut changes = self.context.events.subscribe();
        let work = (id.clone(), input.parse()?);
        self.context.transact(Some(actor), work, |uow, (id, bot)| Box::pin(map(uow, id, bot.as_ref()))).await?;
        self.applied(actor, id, &mut changes).await
    }

    /// Deletes the number; LiveKit follows. With `release`, a bought number is released at its provider, too, which a worker
    /// repeats until it is done.
    ///
    /// # Errors
    /// [`Error::Invalid`] where a number is to be released that was not bought here.
    pub async fn delete(&self, actor: &Actor, id: &DidId, query: &NumberDeleteQuery) -> Result<()> {
        actor.require(Action::DeleteNumber)?;
        let work = (id.clone(), query.parse()?);
        self.context.transact(Some(actor), work, |uow, (id, release)| Box::pin(delete(uow, id, *release))).await?;
        self.context.purchase_notify.notify_one();
        Ok(())
    }

    async fn read(&self, actor: &Actor, id: &DidId) -> Result<Number> {
        let number = self.context.store.read().await?.number(&actor.account_id, id).await?;
        number.ok_or(Error::NotFound("number"))
    }

    /// The number once LiveKit has followed, or after the wait limit as it is then; `changes` was subscribed before the
    /// change. A sync that failed is no failure of the change: `status` tells it.
    async fn applied(&self, actor: &Actor, id: &DidId, changes: &mut Receiver<Change>) -> Result<NumberView> {
        let deadline = Instant::now() + self.context.timing.wait_limit;
        loop {
            let number = self.read(actor, id).await?;
            let is_waiting = number.sync_status == SyncStatus::Pending && number.sync_error.is_none();
            if !is_waiting || Instant::now() >= deadline {
                return Ok(view(&number));
            }
            drop(timeout(SYNC_POLL, changes.recv()).await);
        }
    }
}

pub(crate) fn view(number: &Number) -> NumberView {
    let Number { did, .. } = number;
    NumberView {
        sip_id: did.id.clone(),
        phone_number: did.number.canonical().to_owned(),
        label: did.settings.label.as_ref().map(ToString::to_string),
        sip_provider: number.provider,
        sip_address: number.sip_address.clone(),
        auth_username: number.auth_username.clone(),
        krisp_enabled: number.krisp_enabled,
        agent_id: did.settings.bot_id.clone(),
        livekit_inbound_trunk_id: number.inbound_trunk_id.clone(),
        livekit_outbound_trunk_id: number.outbound_trunk_id.clone(),
        livekit_dispatch_rule_id: number.dispatch_rule_id.clone(),
        status: number.sync_status,
        created_at: did.created_at,
        updated_at: number.updated_at,
    }
}

/// Who may send inbound calls: a provider that sends no credentials is identified by its published addresses.
pub(crate) fn sources(settings: &mut CarrierSettings) -> Result<(), FieldErrors> {
    let published =
        provider::find(settings.provider.as_str()).filter(|provider| !provider.signalling.ranges.is_empty());
    let input = match published {
        Some(provider) => CarrierInput {
            transport: Some(provider.transport.as_str().into()),
            inbound_auth: Some(provider.inbound_auth.as_str().into()),
            allowed_addresses: Some(TextList(
                provider.signalling.ranges.iter().map(|entry| entry.range.clone()).collect(),
            )),
            ..CarrierInput::default()
        },
        None => CarrierInput {
            inbound_auth: Some(InboundAuth::Credentials.as_str().into()),
            allowed_addresses: Some(TextList::default()),
            ..CarrierInput::default()
        },
    };
    *settings = input.parse(Some(settings))?;
    Ok(())
}

/// The settings of a carrier; [`sources`] follows.
pub(crate) fn carrier_settings(
    name: &str,
    provider: CarrierProvider,
    address: &SipAddress,
    credentials: Option<&SipCredentials>,
) -> Result<CarrierSettings, FieldErrors> {
    let input = CarrierInput {
        name: Some(name.into()),
        provider: Some(provider.as_str().into()),
        sip_address: Some(Text(address.to_string())),
        auth_username: credentials.map(|credentials| credentials.username.as_str().into()),
        auth_password: credentials.map(|credentials| Secret::new(credentials.password.expose())),
        ..CarrierInput::default()
    };
    input.parse(None)
}

async fn register(uow: &mut UnitOfWork, new: &NumberRegistration) -> Result<DidId> {
    did::check_bot(&mut uow.tx, &uow.account, &new.settings).await.map_err(as_numbers_api)?;
    let carrier = carrier_with(uow, &new.carrier, Match::Registration).await?;
    let did = did::insert(uow, &carrier, new.number.clone(), new.settings.clone()).await.map_err(as_numbers_api)?;
    did::added(uow, &carrier, &did).await?;
    Ok(did.id)
}

/// Which carriers count as having the settings.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Match {
    /// The same provider, address and credentials, and Krisp as far as it is given.
    Registration,
    /// Everything but the name and the pacing.
    Update,
}

/// The carrier with these settings: the oldest of those that there are, or a new one.
pub(crate) async fn carrier_with(uow: &mut UnitOfWork, settings: &CarrierSettings, by: Match) -> Result<Carrier> {
    let username = settings.credentials.as_ref().map(|credentials| &credentials.username);
    let carriers = uow.tx.confirmed_carriers(&uow.account, settings.provider, &settings.sip_address, username).await?;
    match carriers.into_iter().find(|carrier| fits(&carrier.settings, settings, by)) {
        Some(carrier) => Ok(carrier),
        None => carrier::insert(uow, settings).await,
    }
}

fn fits(carrier: &CarrierSettings, wanted: &CarrierSettings, by: Match) -> bool {
    let is_same = carrier.provider == wanted.provider
        && carrier.sip_address == wanted.sip_address
        && carrier.credentials == wanted.credentials;
    let krisp = carrier.krisp_enabled == wanted.krisp_enabled;
    is_same
        && match by {
            Match::Registration => wanted.krisp_enabled.is_none() || krisp,
            Match::Update => {
                krisp
                    && carrier.transport == wanted.transport
                    && carrier.destination_country == wanted.destination_country
                    && carrier.inbound_auth == wanted.inbound_auth
                    && carrier.allowed_addresses == wanted.allowed_addresses
                    && carrier.accept_any_source == wanted.accept_any_source
            }
        }
}

async fn load(tx: &mut Tx, account: &AccountId, id: &DidId) -> Result<(Did, Carrier, i64)> {
    let did = tx.number(account, id).await?.ok_or(Error::NotFound("number"))?.did;
    let (carrier, dids) = tx.counted_carrier(account, &did.carrier_id).await?.ok_or(Error::NotFound("number"))?;
    Ok((did, carrier, dids))
}

async fn update(uow: &mut UnitOfWork, id: &DidId, input: &NumberUpdateInput) -> Result<()> {
    let (did, current, dids) = load(&mut uow.tx, &uow.account, id).await?;
    let (mut carrier, settings) = input.parse(&current.settings, &did.number, &did.settings)?;
    if input.sip_provider.is_none()
        && current.settings.provider == CarrierProvider::of_address(&current.settings.sip_address)
    {
        carrier.provider = CarrierProvider::of_address(&carrier.sip_address);
    }
    provider::refuse_pattern(&carrier.sip_address)?;
    if carrier.provider != current.settings.provider {
        sources(&mut carrier)?;
    }
    let is_same = settings == did.settings && carrier == current.settings;
    if is_same {
        return Ok(());
    }
    let did = did::save(uow, did, settings).await?;
    if carrier == current.settings {
        return did::changed(uow, &current, &did).await;
    }
    if dids <= 1 {
        let updated = carrier::save(uow, current, carrier).await?;
        return did::changed(uow, &updated, &did).await;
    }
    carrier.name = carrier.sip_address.to_string().parse().unwrap_or(carrier.name);
    let target = carrier_with(uow, &carrier, Match::Update).await?;
    move_to(uow, did, &current, &target).await
}

/// Moves the number to another carrier, whose trunk may have it only after the other's has lost it.
async fn move_to(uow: &mut UnitOfWork, did: Did, from: &Carrier, to: &Carrier) -> Result<()> {
    if !uow.tx.move_did(&did, &to.id, uow.now()).await? {
        return Err(Error::ConcurrentChange);
    }
    let moved = Did { carrier_id: to.id.clone(), updated_at: uow.now(), version: did.version + 1, ..did.clone() };
    let change = (Some(DidSnapshot::new(&did)), Some(DidSnapshot::new(&moved)));
    did::audit(uow, &moved, AuditAction::Updated, change).await?;
    did::changed(uow, from, &moved).await?;
    let later = uow.now().plus_millis(1);
    uow.tx.request_sync(&uow.account, &to.id, to.settings.name.as_str(), later).await?;
    uow.publish(ChangedNoun::Carrier, ChangeKind::Updated, &to.id);
    Ok(())
}

async fn map(uow: &mut UnitOfWork, id: &DidId, bot_id: Option<&BotId>) -> Result<()> {
    let (did, carrier, _) = load(&mut uow.tx, &uow.account, id).await?;
    if bot_id.is_some() && !did.settings.direction.rings() {
        let message = "This number is for outbound calls only, so no bot answers it. Change its direction first.";
        return Err(Error::field("agent_id", FieldFault::new("outbound_only", message)));
    }
    let settings = DidSettings { bot_id: bot_id.cloned(), ..did.settings.clone() };
    if settings == did.settings {
        return Ok(());
    }
    did::check_bot(&mut uow.tx, &uow.account, &settings).await.map_err(as_numbers_api)?;
    let did = did::save(uow, did, settings).await?;
    did::changed(uow, &carrier, &did).await
}

async fn delete(uow: &mut UnitOfWork, id: &DidId, release: bool) -> Result<()> {
    let (did, carrier, _) = load(&mut uow.tx, &uow.account, id).await?;
    if release {
        number_purchase::release(uow, &did).await?;
    }
    did::delete(uow, &carrier, &did).await
}

/// The error with the field names of the numbers API.
fn as_numbers_api(error: Error) -> Error {
    match error {
        Error::NumberTaken { number, carrier_id, carrier_name, here, field: "number" } => {
            Error::NumberTaken { number, carrier_id, carrier_name, here, field: "phone_number" }
        }
        Error::Invalid(errors) => {
            let renamed = errors.into_vec().into_iter().map(|mut error| {
                if error.field == "bot_id" {
                    "agent_id".clone_into(&mut error.field);
                }
                error
            });
            Error::Invalid(renamed.collect::<Vec<_>>().into())
        }
        other => other,
    }
}
