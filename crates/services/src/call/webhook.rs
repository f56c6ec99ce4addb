//! What LiveKit's webhooks report of calls.
//!
//! LiveKit repeats an event until it is answered, and orders the events of one room only: an event is processed once, and a
//! call never moves back (docs/calls.md).

use api_types::view::ChangeKind;
use domain::{
    AnsweredBy, Bot, BotId, Call, CallDirection, CallEnd, CallEventKind, CallId, CallOutcome, CallParty, CallState,
    Carrier, CarrierId, Did, LastCallStatus, LiveKitCall, NamedId, Secret, Timestamp, livekit::ROOM_PREFIX,
};
use fleet::DispatchRequest;
use livekit::{WebhookEvent, WebhookParticipant};
use serde_json::Value;
use store::LiveKitEvent;

use super::{
    Calls, HandoverError, add_event,
    handover::{HandoverRequest, hand_over},
    outbound::unreported,
    save,
};
use crate::{
    Result,
    number_keys::possible_keys,
    unit_of_work::{UnitOfWork, run_to_completion},
};

/// LiveKit's times are whole seconds: a report that is this recent gets the time at which it arrived.
const RECENT_MILLIS: i64 = 2_000;
/// LiveKit's token is valid for five minutes: an older time is that of another clock.
const OLDEST_MILLIS: i64 = 10 * 60_000;
/// How long before a caller its agent may join the room.
const AGENT_AHEAD_MILLIS: i64 = 60_000;

impl Calls {
    /// Processes an event whose signature was checked. One that was processed before changes nothing. The caller of a bot that
    /// the fleet answers is handed over to it, with this secret; the result is the fleet's answer, if it was asked.
    ///
    /// # Errors
    /// [`crate::Error::Store`] where the event could not be stored: LiveKit is to repeat it.
    pub async fn receive_webhook(
        &self,
        event: WebhookEvent,
        core_secret: Option<&Secret>,
    ) -> Result<Result<Option<Value>, HandoverError>> {
        let (context, fleet, secret) = (self.context.clone(), self.fleet_servers.clone(), core_secret.cloned());
        // LiveKit may disconnect while the fleet is asked.
        run_to_completion(async move {
            let request = context.transact(None, event, |uow, event| Box::pin(receive(uow, event))).await?;
            match request {
                Some(request) => hand_over(&context, &fleet, request, secret.as_ref()).await,
                None => Ok(Ok(None)),
            }
        })
        .await
    }
}

/// Whether the call is to be handed over is asked each time: LiveKit repeats an event whose hand-over failed.
async fn receive(uow: &mut UnitOfWork, event: &WebhookEvent) -> Result<Option<HandoverRequest>> {
    process(uow, event).await?;
    match &event.participant {
        Some(participant)
            if event.event == "participant_joined"
                && participant.kind == "SIP"
                && event.room_name.starts_with(ROOM_PREFIX) =>
        {
            let leg = Leg { room_name: &event.room_name, participant, at: uow.now() };
            leg.handover(uow).await
        }
        _ => Ok(None),
    }
}

async fn process(uow: &mut UnitOfWork, event: &WebhookEvent) -> Result<()> {
    let at = time(uow.now(), event.created_at);
    let participant = event.participant.as_ref();
    let record = LiveKitEvent {
        id: &event.id,
        event: &event.event,
        room_name: &event.room_name,
        participant_kind: participant.map_or("", |participant| participant.kind.as_str()),
        participant_identity: participant.map_or("", |participant| participant.identity.as_str()),
        at,
    };
    let now = uow.now();
    if !uow.tx.record_livekit_event(&uow.account, &record, now).await? {
        return Ok(());
    }
    match (event.event.as_str(), participant) {
        ("room_finished", _) => finish_room(uow, &event.room_name, at).await,
        (kind, Some(participant)) if participant.kind == "SIP" => {
            let leg = Leg { room_name: &event.room_name, participant, at };
            match kind {
                "participant_joined" => leg.joined(uow).await,
                "participant_left" => leg.left(uow, CallEventKind::Ended).await,
                "participant_connection_aborted" => leg.left(uow, CallEventKind::Aborted).await,
                // The participant's tracks: its attributes may be newer.
                _ => leg.updated(uow).await,
            }
        }
        (kind, Some(participant)) if participant.kind == "AGENT" => {
            let kind = match kind {
                "participant_joined" => CallEventKind::AgentJoined,
                "participant_left" => CallEventKind::AgentLeft,
                _ => return Ok(()),
            };
            agent(uow, &event.room_name, kind, &participant.identity, at).await
        }
        _ => Ok(()),
    }
}

fn time(now: Timestamp, reported: Option<Timestamp>) -> Timestamp {
    let is_plausible = |at: &Timestamp| (RECENT_MILLIS..OLDEST_MILLIS).contains(&(now.millis() - at.millis()));
    reported.filter(is_plausible).unwrap_or(now)
}

/// The room is gone, and with it every call in it.
async fn finish_room(uow: &mut UnitOfWork, room_name: &str, at: Timestamp) -> Result<()> {
    for mut call in open_calls(uow, room_name).await? {
        add_event(uow, &call, at, CallEventKind::RoomFinished, "").await?;
        call.end(&CallEnd::default(), at);
        save(uow, &call, ChangeKind::Updated).await?;
    }
    Ok(())
}

async fn open_calls(uow: &mut UnitOfWork, room_name: &str) -> Result<Vec<Call>> {
    if room_name.is_empty() {
        return Ok(Vec::new());
    }
    let mut calls = uow.tx.calls_in_room(&uow.account, room_name).await?;
    calls.retain(Call::is_open);
    Ok(calls)
}

/// An agent joined or left the room of calls.
async fn agent(
    uow: &mut UnitOfWork,
    room_name: &str,
    kind: CallEventKind,
    identity: &str,
    at: Timestamp,
) -> Result<()> {
    for mut call in open_calls(uow, room_name).await? {
        add_event(uow, &call, at, kind, identity).await?;
        if kind == CallEventKind::AgentJoined {
            agent_answers(uow, &mut call, at).await?;
        }
        save(uow, &call, ChangeKind::Updated).await?;
    }
    Ok(())
}

/// livekit-sip answers an inbound call as soon as another participant has subscribed to its audio, which no webhook reports.
/// The end of the call says whether it was answered.
async fn agent_answers(uow: &mut UnitOfWork, call: &mut Call, at: Timestamp) -> Result<()> {
    if call.direction == CallDirection::Inbound && call.advance(CallState::Answered, at) {
        add_event(uow, call, at, CallEventKind::Answered, "").await?;
    }
    Ok(())
}

/// A SIP participant: one call.
struct Leg<'a> {
    room_name: &'a str,
    participant: &'a WebhookParticipant,
    at: Timestamp,
}

impl Leg<'_> {
    async fn joined(&self, uow: &mut UnitOfWork) -> Result<()> {
        let (mut call, is_new) = self.call(uow).await?;
        add_event(uow, &call, self.at, CallEventKind::Joined, self.room_name).await?;
        self.follow_status(uow, &mut call).await?;
        if is_new {
            // The room's agent may have been faster than the caller's audio.
            let agents = uow.tx.agents_in_room(&uow.account, self.room_name).await?;
            for agent in agents.into_iter().filter(|agent| self.at.millis() - agent.at.millis() < AGENT_AHEAD_MILLIS) {
                add_event(uow, &call, agent.at, CallEventKind::AgentJoined, &agent.identity).await?;
                agent_answers(uow, &mut call, self.at).await?;
            }
        }
        save(uow, &call, if is_new { ChangeKind::Created } else { ChangeKind::Updated }).await
    }

    async fn left(&self, uow: &mut UnitOfWork, kind: CallEventKind) -> Result<()> {
        let (mut call, is_new) = self.call(uow).await?;
        let reason = &self.participant.disconnect_reason;
        add_event(uow, &call, self.at, kind, reason).await?;
        let end = CallEnd {
            last_status: self.status(),
            disconnect_reason: Some(reason.clone()).filter(|reason| !reason.is_empty()),
            aborted: kind == CallEventKind::Aborted,
            ..CallEnd::default()
        };
        call.end(&end, self.at);
        save(uow, &call, if is_new { ChangeKind::Created } else { ChangeKind::Updated }).await
    }

    /// The request to the fleet, if the call's bot is answered by it.
    async fn handover(&self, uow: &mut UnitOfWork) -> Result<Option<HandoverRequest>> {
        let Some(call) = self.find(uow).await?.filter(Call::is_open) else { return Ok(None) };
        let Some(NamedId { id, .. }) = &call.bot else { return Ok(None) };
        let bot = uow.tx.bot(&uow.account, id).await?;
        if bot.is_none_or(|bot| bot.settings.answered_by != AnsweredBy::Fleet) {
            return Ok(None);
        }
        let dispatch = DispatchRequest {
            room_name: self.room_name.to_owned(),
            caller_number: call.from.number,
            dialed_number: call.to.number,
            call_id: call.livekit.call_id,
        };
        Ok(Some(HandoverRequest { call_id: call.id, dispatch }))
    }

    async fn updated(&self, uow: &mut UnitOfWork) -> Result<()> {
        let Some(mut call) = self.find(uow).await? else { return Ok(()) };
        if self.follow_status(uow, &mut call).await? {
            save(uow, &call, ChangeKind::Updated).await?;
        }
        Ok(())
    }

    /// True: the call has moved on.
    async fn follow_status(&self, uow: &mut UnitOfWork, call: &mut Call) -> Result<bool> {
        let Some(state) = self.status().map(LastCallStatus::state) else { return Ok(false) };
        let moved = call.advance(state, self.at);
        let kind = match state {
            CallState::Ringing => CallEventKind::Ringing,
            CallState::Answered => CallEventKind::Answered,
            _ => return Ok(moved),
        };
        if moved {
            add_event(uow, call, self.at, kind, "").await?;
        }
        Ok(moved)
    }

    fn status(&self) -> Option<LastCallStatus> {
        self.participant.attribute("sip.callStatus").and_then(LastCallStatus::read)
    }

    /// Only inbound calls have a dispatch rule.
    fn direction(&self) -> CallDirection {
        let by_rule = self.participant.attribute("sip.ruleID").is_some();
        if by_rule || self.room_name.starts_with(ROOM_PREFIX) {
            CallDirection::Inbound
        } else {
            CallDirection::Outbound
        }
    }

    async fn find(&self, uow: &mut UnitOfWork) -> Result<Option<Call>> {
        let account = &uow.account;
        if let Some(id) = self.participant.attribute("sip.callID")
            && let Some(call) = uow.tx.call_of_livekit(account, id).await?
        {
            return Ok(Some(call));
        }
        if !self.participant.id.is_empty()
            && let Some(call) = uow.tx.call_of_participant(account, &self.participant.id).await?
        {
            return Ok(Some(call));
        }
        // A call that the edge has sent to LiveKit keeps its Call-ID.
        if let Some(id) = self.participant.attribute("sip.callIDFull")
            && let Some(call) = uow.tx.call_of_edge(account, id).await?
        {
            return Ok(Some(call));
        }
        if self.room_name.is_empty() {
            return Ok(None);
        }
        // An outbound call that the fleet has accepted, of which LiveKit reports now.
        let attempts = uow.tx.calls_in_room(account, self.room_name).await?;
        let is_unreported = |call: &Call| call.direction == CallDirection::Outbound && !call.is_reported();
        Ok(attempts.into_iter().find(is_unreported))
    }

    /// The call with what the participant says of it. True: it is not in the database yet.
    async fn call(&self, uow: &mut UnitOfWork) -> Result<(Call, bool)> {
        let (mut call, is_new) = match self.find(uow).await? {
            Some(call) => (call, false),
            None => {
                let call = self.new_call(uow).await?;
                match unreported(uow, &call).await? {
                    Some(requested) => (requested, false),
                    None => {
                        // Entries of the history refer to the row.
                        uow.tx.save_call(&call).await?;
                        (call, true)
                    }
                }
            }
        };
        let attribute = |name| self.participant.attribute(name).map(str::to_owned);
        let known = std::mem::take(&mut call.livekit);
        call.livekit = LiveKitCall {
            call_id: known.call_id.or(attribute("sip.callID")),
            participant_id: known.participant_id.or(Some(self.participant.id.clone()).filter(|id| !id.is_empty())),
            trunk_id: known.trunk_id.or(attribute("sip.trunkID")),
            rule_id: known.rule_id.or(attribute("sip.ruleID")),
            sip_call_id: known.sip_call_id.or(attribute("sip.callIDFull")),
        };
        if call.room_name.is_empty() {
            self.room_name.clone_into(&mut call.room_name);
        }
        Ok((call, is_new))
    }

    async fn new_call(&self, uow: &mut UnitOfWork) -> Result<Call> {
        let direction = self.direction();
        let remote =
            self.participant.attribute("sip.phoneNumber").map_or_else(|| self.identity_number(), str::to_owned);
        let own = ["sip.calledNumber", "sip.trunkPhoneNumber"];
        let own = own.iter().find_map(|name| self.participant.attribute(name)).unwrap_or_default().to_owned();
        let (parties, own) = self.parties(uow, own).await?;
        let country = parties.carrier.as_ref().and_then(|carrier| carrier.settings.destination_country);
        let (own, remote) = (CallParty::new(&own, country), CallParty::new(&remote, country));
        let (from, to) = match direction {
            CallDirection::Inbound | CallDirection::Internal => (remote, own),
            CallDirection::Outbound => (own, remote),
        };
        let carrier =
            parties.carrier.map(|carrier| NamedId { id: carrier.id, name: carrier.settings.name.to_string() });
        let bot = parties.bot.map(|bot| NamedId { id: bot.id, name: bot.settings.name.to_string() });
        Ok(Call {
            id: CallId::new(uow.ulid()),
            account_id: uow.account.clone(),
            direction,
            state: CallState::Dialing,
            outcome: CallOutcome::InProgress,
            carrier,
            did_id: parties.did.map(|did| did.id),
            bot,
            from,
            to,
            room_name: self.room_name.to_owned(),
            livekit: LiveKitCall::default(),
            edge: None,
            fleet_url: None,
            fleet_call_id: None,
            sip_status: None,
            sip_reason: None,
            disconnect_reason: None,
            error: None,
            created_at: self.at,
            ringing_at: None,
            answered_at: None,
            ended_at: None,
        })
    }

    /// livekit-sip names a participant after its number: `sip_+14155550123`.
    fn identity_number(&self) -> String {
        let identity = &self.participant.identity;
        let number = identity.strip_prefix("sip_").or_else(|| identity.strip_prefix("sip-"));
        number.unwrap_or_default().to_owned()
    }

    /// The rows that the call concerns, and the account's number. Trunkline's dispatch rules name the carrier and the bot in
    /// attributes; otherwise the trunk and the number lead to them.
    async fn parties(&self, uow: &mut UnitOfWork, own: String) -> Result<(Parties, String)> {
        let account = uow.account.clone();
        let id = |name| self.participant.attribute(name);
        let mut carrier = match id("carrier_id").and_then(|id| id.parse::<CarrierId>().ok()) {
            Some(id) => uow.tx.carrier(&account, &id).await?,
            None => None,
        };
        if carrier.is_none()
            && let Some(trunk) = id("sip.trunkID")
            && let Some(id) = uow.tx.carrier_of_trunk(&account, trunk).await?
        {
            carrier = uow.tx.carrier(&account, &id).await?;
        }
        let own = match (&carrier, own.is_empty()) {
            // The trunk hides phone numbers.
            (Some(carrier), true) => uow.tx.first_number(&carrier.id).await?.unwrap_or_default(),
            _ => own,
        };
        let countries = match &carrier {
            Some(carrier) => carrier.settings.destination_country.into_iter().collect(),
            None => uow.tx.carrier_countries(&account).await?,
        };
        let keys: Vec<String> = possible_keys(&own, &countries).into_iter().collect();
        let dids = uow.tx.dids_by_keys(&account, &keys).await?;
        let did = dids.into_iter().find(|did| carrier.as_ref().is_none_or(|carrier| carrier.id == did.carrier_id));
        if let (None, Some(did)) = (&carrier, &did) {
            carrier = uow.tx.carrier(&account, &did.carrier_id).await?;
        }
        let named = id("bot_id").and_then(|id| id.parse::<BotId>().ok());
        let bot = match named.or_else(|| did.as_ref()?.settings.bot_id.clone()) {
            Some(id) => uow.tx.bot(&account, &id).await?,
            None => None,
        };
        Ok((Parties { carrier, did, bot }, own))
    }
}

struct Parties {
    carrier: Option<Carrier>,
    did: Option<Did>,
    bot: Option<Bot>,
}
