//! Outbound calls: checks, the carrier's pacing, and the request to the fleet.
//!
//! The attempt is a committed row before the fleet is asked, and the fleet is asked once: after a lost answer nobody knows
//! whether a phone rings (docs/decisions/0016-outbound-pacing.md).

mod channels;
mod error;
mod pacing;

use std::sync::Arc;

use api_types::input::DialoutInput;
use domain::{
    AccountId, Action, BotId, CallId, CallParty, CarrierId, DidId, FleetUrl, NamedId, PhoneNumber, Secret,
    is_emergency_number,
};
use fleet::{Answer, DialoutRequest};
use serde_json::Value;
use tracing::{error, warn};

use self::channels::Channels;
pub use self::{channels::ChannelWorker, error::DialoutError};
use crate::{
    Actor, Error, FleetServers, LookupError, Lookups, Result,
    call::{self, Accepted},
    context::Context,
    unit_of_work::{UnitOfWork, run_to_completion},
};

/// How many fleet servers are tried. A further one is tried only where the request was certainly not sent.
const SERVERS: usize = 3;

/// Places outbound calls.
#[derive(Clone)]
pub struct Dialouts {
    context: Arc<Context>,
    fleet: FleetServers,
    lookups: Lookups,
    channels: Arc<Channels>,
}

/// What the fleet is given besides the request.
#[derive(Clone, Debug)]
pub struct DialoutTarget {
    /// Where the workers read the bot's configuration.
    pub config_url: String,
    /// Authenticates this server to the fleet.
    pub core_secret: Option<Secret>,
}

/// A request whose rows and numbers are known.
#[derive(Clone, Debug)]
struct Prepared {
    account: AccountId,
    bot: NamedId<BotId>,
    carrier: NamedId<CarrierId>,
    did_id: DidId,
    from: CallParty,
    to: CallParty,
    connected_event: Option<Value>,
}

impl Dialouts {
    pub(crate) fn new(context: Arc<Context>, fleet: FleetServers, lookups: Lookups) -> Self {
        let channels = Arc::new(Channels::new(lookups.outbound_load().clone()));
        Self { context, fleet, lookups, channels }
    }

    /// The worker that renews and ends the leases of channels; every server process runs it.
    pub(crate) fn worker(&self) -> ChannelWorker {
        ChannelWorker::new(self.context.clone(), self.channels.clone())
    }

    /// Has the fleet place a call, and returns the fleet's answer. A client that goes away does not end it.
    ///
    /// # Errors
    /// [`Error::NoFleet`], [`Error::NoHealthyFleet`], [`Error::Invalid`], [`Error::NotFound`] for the bot, and
    /// [`DialoutError`].
    pub async fn start(&self, actor: &Actor, input: &DialoutInput, target: DialoutTarget) -> Result<Value> {
        actor.require(if actor.user().is_some() { Action::StartDialout } else { Action::StartDialoutByApiKey })?;
        let (dialouts, actor, input) = (self.clone(), actor.clone(), input.clone());
        run_to_completion(async move { dialouts.execute(&actor, &input, target).await }).await
    }

    async fn execute(&self, actor: &Actor, input: &DialoutInput, target: DialoutTarget) -> Result<Value> {
        self.fleet.require_capacity(&actor.account_id).await?;
        let prepared = self.prepare(actor, input).await?;
        let secret = target.core_secret.ok_or(DialoutError::NoCoreSecret)?;
        let server = self.fleet.pick(&actor.account_id).await?;
        let lease = self.context.timing.channel_lease;
        let work = (prepared.clone(), server.clone());
        let opened = self.context.transact(Some(actor), work, move |uow, (prepared, server)| {
            Box::pin(pacing::open(uow, prepared, server, lease))
        });
        let id = opened.await.inspect_err(|_| self.fleet.give_back(&server))?;
        self.channels.acquired(&id, &prepared.carrier.id, &prepared.did_id);
        let request = DialoutRequest {
            bot_id: prepared.bot.id.to_string(),
            to_number: prepared.to.number.clone(),
            from_number: Some(prepared.from.number.clone()),
            connected_event: prepared.connected_event.clone(),
            config_url: target.config_url,
        };
        let (server, answer) = self.ask(&prepared.account, server, &secret, &request).await;
        self.record(id, server, answer).await
    }

    /// Reads the rows, and checks the numbers.
    async fn prepare(&self, actor: &Actor, input: &DialoutInput) -> Result<Prepared> {
        let dialout = input.parse()?;
        let account = actor.account_id.clone();
        let bot_id: BotId = dialout.bot_id.parse().map_err(|_| Error::NotFound("bot"))?;
        let bot = self.context.store.read().await?.bot(&account, &bot_id).await?.ok_or(Error::NotFound("bot"))?;
        let from_number = dialout.from_number.as_deref();
        let mut trunk = self.lookups.outbound_trunk(from_number).await;
        if matches!(trunk, Err(Error::Lookup(LookupError::ChannelsBusy))) {
            // A call may have ended since the worker read the leases.
            self.worker().renew().await?;
            trunk = self.lookups.outbound_trunk(from_number).await;
        }
        let trunk = trunk.map_err(|error| refused_trunk(error, from_number.is_some()))?;
        let carrier = self.context.store.read().await?.carrier(&account, &trunk.carrier_id).await?;
        let carrier = carrier.ok_or(DialoutError::NoTrunk(LookupError::NoOutboundTrunk))?;
        let country = carrier.settings.destination_country;
        if is_emergency_number(&dialout.to_number, country.as_slice()) {
            return Err(DialoutError::EmergencyNumber.into());
        }
        let to = PhoneNumber::parse(&dialout.to_number, country).map_err(|fault| Error::field("to_number", fault))?;
        Ok(Prepared {
            account,
            bot: NamedId { id: bot.id, name: bot.settings.name.to_string() },
            carrier: NamedId { id: carrier.id, name: carrier.settings.name.to_string() },
            did_id: trunk.did_id,
            from: CallParty::new(&trunk.number, country),
            to: CallParty::new(to.canonical(), country),
            connected_event: dialout.connected_event.map(Value::Object),
        })
    }

    /// Asks the server; where it does not accept the connection, the next one.
    async fn ask(
        &self,
        account: &AccountId,
        mut server: FleetUrl,
        secret: &Secret,
        request: &DialoutRequest,
    ) -> (FleetUrl, Result<Answer, fleet::Error>) {
        let mut tried = 1;
        loop {
            match self.fleet.client().dialout(&server, secret, request).await {
                Err(fleet::Error::Unreachable { message }) => {
                    self.fleet.failed(&server, &message);
                    let next = if tried < SERVERS { self.fleet.pick(account).await.ok() } else { None };
                    match next {
                        Some(next) => server = next,
                        None => return (server, Err(fleet::Error::Unreachable { message })),
                    }
                    tried += 1;
                }
                answer => return (server, answer),
            }
        }
    }

    /// Writes the outcome into the call's row, and returns it. What the fleet answered counts even where that fails.
    async fn record(&self, id: CallId, server: FleetUrl, answer: Result<Answer, fleet::Error>) -> Result<Value> {
        let outcome = outcome(answer);
        let work = (id.clone(), server, outcome.clone());
        let recorded =
            self.context.transact(None, work, |uow, (id, server, outcome)| Box::pin(record(uow, id, server, outcome)));
        if let Err(error) = recorded.await {
            error!(%id, %error, "the outcome of a dialout was not recorded");
        }
        if matches!(outcome, Outcome::Refused(_) | Outcome::NotSent(_)) {
            self.channels.released(&id);
        }
        match outcome {
            Outcome::Accepted(body) => Ok(body),
            Outcome::Refused(error) | Outcome::Lost(error) => Err(error.into()),
            Outcome::NotSent(reason) => {
                warn!(%id, reason, "no fleet server accepted a connection");
                Err(Error::NoHealthyFleet)
            }
        }
    }
}

/// Where no DID of ours is meant, the request is at fault; otherwise the carriers are not ready.
fn refused_trunk(error: Error, is_given: bool) -> Error {
    use LookupError::{AmbiguousNumber, ChannelsBusy, InboundOnly, UnknownNumber};

    match error {
        Error::Lookup(ChannelsBusy) => pacing::all_channels_busy().into(),
        Error::Lookup(error @ (UnknownNumber | AmbiguousNumber | InboundOnly)) if is_given => {
            let (code, message) = match error {
                InboundOnly => {
                    ("inbound_only", "This number is for inbound calls alone. Change its direction, or use another.")
                }
                AmbiguousNumber => (
                    "ambiguous_number",
                    "Several carriers have a number that is written so: send it with its country code.",
                ),
                _ => (
                    "not_our_number",
                    "Use a phone number of one of the carriers here. It is not replaced by another one.",
                ),
            };
            Error::field("from_number", domain::FieldFault::new(code, message))
        }
        Error::Lookup(error) => DialoutError::NoTrunk(error).into(),
        error => error,
    }
}

/// What became of the request.
#[derive(Clone, Debug)]
enum Outcome {
    Accepted(Value),
    Refused(DialoutError),
    Lost(DialoutError),
    /// No server accepted a connection.
    NotSent(String),
}

fn outcome(answer: Result<Answer, fleet::Error>) -> Outcome {
    let lost = |reason: String| Outcome::Lost(DialoutError::AnswerLost { reason });
    match answer {
        Ok(Answer { status: 200..=299, body: Some(body), .. }) => Outcome::Accepted(body),
        Ok(Answer { status: status @ 200..=299, error, .. }) => lost(format!("status {status}: {error}")),
        Ok(Answer { status: status @ 400..=599, error, retry_after_seconds, .. }) => {
            let retry_after_seconds = retry_after_seconds.and_then(|seconds| i64::try_from(seconds).ok());
            Outcome::Refused(DialoutError::Refused { status, error, retry_after_seconds })
        }
        // A redirect, which is not followed.
        Ok(Answer { status, .. }) => {
            let error = format!("What answered is not a fleet server (status {status}). Check its base URL.");
            Outcome::Refused(DialoutError::Refused { status: 502, error, retry_after_seconds: None })
        }
        Err(fleet::Error::Lost { message }) => lost(message),
        Err(error) => Outcome::NotSent(error.to_string()),
    }
}

async fn record(uow: &mut UnitOfWork, id: &CallId, server: &FleetUrl, outcome: &Outcome) -> Result<()> {
    match outcome {
        Outcome::Accepted(body) => {
            let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
            let answer = Accepted {
                fleet_call_id: text("call_id"),
                room_name: text("room_name"),
                fleet_url: Some(server.to_string()),
            };
            call::accepted(uow, id, &answer).await
        }
        Outcome::Refused(DialoutError::Refused { status, error, .. }) => {
            call::refused(uow, id, Some(*status), error).await
        }
        Outcome::Refused(error) | Outcome::Lost(error) => call::answer_lost(uow, id, &error.to_string()).await,
        Outcome::NotSent(reason) => call::refused(uow, id, None, reason).await,
    }
}
