//! Why a call is rejected: LiveKit's matching, replayed on the desired and on the observed state.

use api_types::{
    input::CallReplayQuery,
    view::{CallReplay, ReplayView},
};
use domain::{
    AccountId, Action, AnsweredBy, Bot, Carrier, Did, SourcePolicy,
    livekit::{
        DispatchRule, InboundCall, Listed, Observed, OwnerTag, Replay, ReplayFix, ReplayResult, ReplayStage,
        ReplayStep, replay,
    },
};
use store::Tx;

use super::Calls;
use crate::{Actor, Result, context::Context, number_keys::possible_keys, reconciler::load_desired};

/// What Trunkline has of the called number.
struct Called {
    did: Did,
    carrier: Carrier,
}

impl Calls {
    /// Replays LiveKit's matching of a call; changes nothing.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] for an input that describes no call. That LiveKit does not answer is part of the result.
    pub async fn replay(&self, actor: &Actor, query: &CallReplayQuery) -> Result<CallReplay> {
        actor.require(Action::ReadCalls)?;
        let (call, trunk_id) = query.parse()?;
        // Before the transaction, so that no connection waits for LiveKit.
        let observed = observe(&self.context).await;
        let account = &actor.account_id;
        let mut tx = self.context.store.read().await?;
        let called = called(&mut tx, account, &call).await?;
        let bots = tx.bots(account).await?;
        let state = desired_state(&mut tx, account, called.as_ref()).await?;
        let number = number_step(&call, called.as_ref(), &bots);
        // The desired state has no ids of LiveKit's.
        let desired = view(replay(&call, &state, None), Some(number), called.as_ref(), &bots);
        let (observed, observed_error) = match observed {
            Ok(state) => (Some(view(replay(&call, &state, trunk_id.as_deref()), None, called.as_ref(), &bots)), None),
            Err(error) => (None, Some(error)),
        };
        let InboundCall { source, from_user, from_host, to_user } = call;
        Ok(CallReplay { source: source.to_string(), from_user, from_host, to_user, desired, observed, observed_error })
    }
}

async fn observe(context: &Context) -> Result<Observed, String> {
    let writer = context.writer().map_err(|error| error.to_string())?;
    crate::drift::observe(&writer).await.map_err(|error| error.to_string())
}

/// The row with the called number in any spelling, with its carrier.
async fn called(tx: &mut Tx, account: &AccountId, call: &InboundCall) -> Result<Option<Called>> {
    let countries = tx.carrier_countries(account).await?;
    let keys: Vec<String> = possible_keys(&call.to_user, &countries).into_iter().collect();
    let Some(did) = tx.dids_by_keys(account, &keys).await?.into_iter().next() else { return Ok(None) };
    let carrier = tx.carrier(account, &did.carrier_id).await?;
    Ok(carrier.map(|carrier| Called { did, carrier }))
}

/// The trunks and rules that the carrier of the number should have: no other carrier's trunk has its number.
async fn desired_state(tx: &mut Tx, account: &AccountId, called: Option<&Called>) -> Result<Observed> {
    let Some(Called { carrier, .. }) = called else { return Ok(Observed::default()) };
    let mut state = Observed::default();
    for inbound in load_desired(tx, account, &carrier.id).await?.inbound {
        let id = inbound.trunk.metadata.clone();
        let rule = DispatchRule { trunk_ids: vec![id.clone()], ..inbound.rule };
        state.rules.push(Listed::written(id.clone(), rule));
        state.inbound.push(Listed::written(id, inbound.trunk));
    }
    Ok(state)
}

fn number_step(call: &InboundCall, called: Option<&Called>, bots: &[Bot]) -> ReplayStep {
    let failed =
        |text: String, fix| ReplayStep::new(ReplayStage::Number, ReplayResult::Failed, text).with_fix(Some(fix));
    let Some(Called { did, carrier }) = called else {
        let text = format!("No carrier has the number {}. Add it to the carrier that sends the call.", call.to_user);
        return failed(text, ReplayFix::Carriers);
    };
    let (number, name) = (did.number.canonical(), &carrier.settings.name);
    let fix = ReplayFix::Did { carrier_id: carrier.id.clone(), did_id: did.id.clone() };
    if !did.settings.direction.rings() {
        return failed(format!("{number} is a number of {name} for outbound calls only."), fix);
    }
    let Some(bot) = bots.iter().find(|bot| did.settings.bot_id.as_ref() == Some(&bot.id)) else {
        return failed(format!("{number} is a number of {name}, but no bot answers it."), fix);
    };
    if SourcePolicy::of(&carrier.settings) == SourcePolicy::Closed {
        let text =
            format!("{name} accepts no calls: it has neither credentials nor allowed addresses for inbound calls.");
        return failed(text, ReplayFix::Carrier { carrier_id: carrier.id.clone() });
    }
    let text = format!("{number} is a number of {name}, and {} answers it.", bot.settings.name);
    ReplayStep::new(ReplayStage::Number, ReplayResult::Passed, text)
}

fn view(replay: Replay, number: Option<ReplayStep>, called: Option<&Called>, bots: &[Bot]) -> ReplayView {
    let Replay { steps, rule, answer, accepted } = replay;
    let mut steps: Vec<ReplayStep> = number.into_iter().chain(steps).collect();
    // What Trunkline knows of the number leads to a page where LiveKit's objects do not.
    if let Some(Called { carrier, .. }) = called {
        for step in steps.iter_mut().filter(|step| step.result == ReplayResult::Failed && step.fix.is_none()) {
            step.fix = Some(ReplayFix::Drift { carrier_id: carrier.id.clone() });
        }
    }
    steps.extend(rule.map(|rule| agent_step(&rule, bots)));
    ReplayView { steps, answer, accepted }
}

fn agent_step(rule: &DispatchRule, bots: &[Bot]) -> ReplayStep {
    let step = |result, text: String| ReplayStep::new(ReplayStage::Agent, result, text);
    let tag = OwnerTag::read(&rule.metadata);
    let bot_id = tag.as_ref().and_then(|tag| tag.bot_id.clone());
    let bot = bots.iter().find(|bot| bot_id.as_ref() == Some(&bot.id));
    let fix = match (&bot_id, bot, tag) {
        (Some(_), Some(bot), _) => Some(ReplayFix::Bot { bot_id: bot.id.clone() }),
        (_, _, Some(tag)) => Some(ReplayFix::Drift { carrier_id: tag.carrier_id }),
        _ => None,
    };
    if bot_id.is_some() && bot.is_none() {
        return step(ReplayResult::Failed, "The rule belongs to a bot that was deleted.".to_owned()).with_fix(fix);
    }
    if let Some(bot) = bot.filter(|bot| bot.settings.answered_by == AnsweredBy::Fleet) {
        let text = format!(
            "{} is answered by the fleet: Trunkline hands the call over when LiveKit's webhook reports the caller. Without a \
             healthy fleet server, or without webhooks, the caller hears ringing and then gets 486.",
            bot.settings.name
        );
        return step(ReplayResult::Depends, text).with_fix(fix);
    }
    if rule.agent_name.is_empty() {
        let text = "The rule dispatches no agent: the caller hears ringing until another participant joins the room.";
        return step(ReplayResult::Depends, text.to_owned()).with_fix(fix);
    }
    let text = format!(
        "The rule dispatches the agent {}. LiveKit does not list running agents: where no worker has registered this name, the \
         caller hears ringing until the ringing time-out (3 minutes) and then gets 486.",
        rule.agent_name
    );
    step(ReplayResult::Depends, text).with_fix(fix)
}
