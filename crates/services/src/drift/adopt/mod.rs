//! Adoption: an unmanaged trunk becomes a carrier's own.
//!
//! The dry run makes the same changes and does not commit them. An outbound trunk is adopted by the commit: the row names it,
//! and the reconciler replaces it in place, with retries. An inbound trunk and its rule then get the owner tag, by an update
//! that changes nothing else, and the reconciler applies the rest. In this order a crash in between loses nothing: numbers
//! that were saved while their trunk has no owner tag are a conflict, which the carrier's page shows, and a second adoption
//! completes the first.

mod numbers;
mod settings;

use api_types::{
    input::{AdoptInput, Adoption},
    view::{AdoptRule, AdoptView, ChangeKind, ChangedNoun, UnmanagedView},
};
use domain::{
    AccountId, Action, AuditAction, BotId, Carrier, CarrierId, FieldFault, Secret, SourcePolicy,
    livekit::{
        DispatchRule, InboundTrunk, Listed, ObjectKind, Observed, OutboundTrunk, OwnerTag, RuleOutcome, Step,
        adopt_inbound,
    },
};
use store::Tx;

use super::{
    Drift, fingerprint,
    steps::{describe_steps, planned},
    unmanaged,
};
use crate::{
    Actor, Error, LiveKitError, Result, StepError, carrier,
    reconciler::load_desired,
    snapshot::AdoptionSnapshot,
    unit_of_work::{Entry, UnitOfWork, run_to_completion},
    writer::Writer,
};

/// The changes of an adoption, and their view.
struct Prepared {
    view: AdoptView,
    owner_tag: OwnerTag,
    /// The rule that gets the owner tag, too.
    rule_id: Option<String>,
}

/// The trunk itself, of either kind.
enum Trunk<'a> {
    Inbound(&'a Listed<InboundTrunk>),
    Outbound(&'a Listed<OutboundTrunk>),
}

impl Drift {
    /// Adopts the trunk. With `dry_run`, which is the default, returns what would become of it, its numbers and its rules,
    /// and changes nothing.
    ///
    /// # Errors
    /// [`Error::Invalid`] where the trunk cannot be adopted, [`Error::Drifted`] where the state has changed since the dry
    /// run, [`LiveKitError::AdoptionIncomplete`] where the owner tag was not written.
    pub async fn adopt(&self, actor: &Actor, id: &CarrierId, input: &AdoptInput) -> Result<AdoptView> {
        actor.require(Action::AdoptTrunk)?;
        let adoption = input.parse()?;
        carrier::load(&mut self.context.store.read().await?, &actor.account_id, id).await?;
        let writer = self.context.writer()?;
        let Some(expected) = adoption.fingerprint.clone() else {
            let observed = self.observe(&writer).await?;
            let mut uow = UnitOfWork::begin(&self.context, Some(actor)).await?;
            // Dropped without a commit: nothing has changed.
            return Ok(prepare(&mut uow, id, &adoption, &observed).await?.view);
        };
        let (drift, actor, id) = (self.clone(), actor.clone(), id.clone());
        run_to_completion(async move { drift.adopt_trunk(&writer, &actor, &id, &adoption, &expected).await }).await
    }

    async fn adopt_trunk(
        &self,
        writer: &Writer,
        actor: &Actor,
        id: &CarrierId,
        adoption: &Adoption,
        expected: &str,
    ) -> Result<AdoptView> {
        let lock = writer.acquire().await?;
        let observed = self.observe(writer).await?;
        let mut changes = self.context.events.subscribe();
        let mut uow = UnitOfWork::begin(&self.context, Some(actor)).await?;
        let prepared = prepare(&mut uow, id, adoption, &observed).await?;
        if prepared.view.fingerprint != expected {
            return Err(Error::drifted(prepared.view));
        }
        let carrier = carrier::load(&mut uow.tx, &uow.account, id).await?;
        let (subject_id, subject_name) = (prepared.view.trunk.id.as_str(), prepared.view.trunk.name.as_str());
        let before = Some(AdoptionSnapshot::Unmanaged(&prepared.view.trunk));
        let (bot_id, rule_id) = (prepared.view.bot_id.as_ref(), prepared.rule_id.as_deref());
        let after = Some(AdoptionSnapshot::Adopted { carrier_id: id, bot_id, rule_id });
        uow.audit(Entry { action: AuditAction::Updated, subject_id, subject_name, before, after }).await?;
        uow.request_full_sync(id, carrier.settings.name.as_str()).await?;
        uow.publish(ChangedNoun::Did, ChangeKind::Updated, id);
        uow.publish(ChangedNoun::Carrier, ChangeKind::Updated, id);
        if !writer.renew_lease(&mut uow.tx).await? {
            return Err(Error::WriterBusy);
        }
        uow.commit().await?;
        let tagged = self.tag(writer, &prepared).await;
        drop(lock);
        self.context.sync_notify.notify_one();
        tagged?;
        self.carriers.applied(actor, id, &mut changes).await?;
        Ok(AdoptView { adopted: true, ..prepared.view })
    }

    /// Writes the owner tag. The rule first: while only it has the tag, adopting again finds the trunk as it was.
    async fn tag(&self, writer: &Writer, prepared: &Prepared) -> Result<(), LiveKitError> {
        let trunk = &prepared.view.trunk;
        if trunk.kind == ObjectKind::OutboundTrunk {
            return Ok(());
        }
        let metadata = prepared.owner_tag.write();
        let incomplete = |cause| LiveKitError::AdoptionIncomplete { trunk_id: trunk.id.clone(), cause };
        let failed = |object, error| incomplete(StepError::LiveKit { object, error });
        if let Some(rule) = &prepared.rule_id {
            self.ensure_writer(writer).await.map_err(incomplete)?;
            let tagged = writer.livekit.tag_rule(rule, &metadata).await;
            tagged.map_err(|error| failed(ObjectKind::DispatchRule, error))?;
        }
        self.ensure_writer(writer).await.map_err(incomplete)?;
        let tagged = writer.livekit.tag_inbound(&trunk.id, &metadata).await;
        tagged.map_err(|error| failed(ObjectKind::InboundTrunk, error))
    }
}

async fn prepare(uow: &mut UnitOfWork, id: &CarrierId, adoption: &Adoption, observed: &Observed) -> Result<Prepared> {
    let trunk = find_trunk(observed, &adoption.trunk_id)?;
    let before = carrier::load(&mut uow.tx, &uow.account, id).await?;
    let (settings, shown) = settings::adopted(&before.settings, &trunk, &adoption.take)?;
    let carrier = if settings == before.settings { before } else { carrier::save(uow, before, settings).await? };
    let bot = match &trunk {
        Trunk::Inbound(_) => Some(answering_bot(&mut uow.tx, &uow.account, adoption.bot_id.as_ref()).await?),
        Trunk::Outbound(_) => None,
    };
    let (bot_id, bot_name) = bot.unzip();
    let numbers = numbers::add(uow, &carrier, &trunk, bot_id.as_ref()).await?;
    let owner_tag = OwnerTag::new(id.clone(), bot_id.clone());
    let (tagged, outcomes) = match &trunk {
        Trunk::Inbound(listed) => adopt_inbound(observed, &listed.id, &owner_tag),
        Trunk::Outbound(listed) => {
            uow.tx.set_outbound_trunk(id, &listed.id).await?;
            (observed.clone(), Vec::new())
        }
    };
    let (steps, conflicts) = planned(id, load_desired(&mut uow.tx, &uow.account, id).await?, &tagged);
    let merged = check_merge(&carrier, &trunk, &owner_tag, observed, &steps, bot_name.as_deref().unwrap_or_default())?;
    let rules = rules(observed, &outcomes, bot_name.as_deref().unwrap_or_default())?;
    let rule_id = rules.iter().find(|rule| rule.adopted).map(|rule| rule.id.clone());
    let mut view = AdoptView {
        adopted: false,
        trunk: unmanaged::noted(trunk.view()),
        bot_id,
        numbers,
        settings: shown,
        rules,
        notes: merged.into_iter().collect(),
        steps: describe_steps(&mut uow.tx, &steps, &conflicts, &tagged).await?,
        fingerprint: String::new(),
    };
    view.fingerprint = fingerprint(&(id, carrier.version, &view));
    Ok(Prepared { view, owner_tag, rule_id })
}

fn find_trunk<'a>(observed: &'a Observed, id: &str) -> Result<Trunk<'a>> {
    let inbound = observed.inbound.iter().find(|listed| listed.id == id).map(Trunk::Inbound);
    let outbound = observed.outbound.iter().find(|listed| listed.id == id).map(Trunk::Outbound);
    let trunk = inbound.or(outbound).ok_or(Error::NotFound("trunk in LiveKit"))?;
    if OwnerTag::read(trunk.metadata()).is_some() {
        return Err(refused("trunk_id", "already_managed", "This trunk has Trunkline's owner tag already.".to_owned()));
    }
    Ok(trunk)
}

impl Trunk<'_> {
    fn metadata(&self) -> &str {
        match self {
            Self::Inbound(listed) => &listed.object.metadata,
            Self::Outbound(listed) => &listed.object.metadata,
        }
    }

    fn numbers(&self) -> &[String] {
        match self {
            Self::Inbound(listed) => &listed.object.numbers,
            Self::Outbound(listed) => &listed.object.numbers,
        }
    }

    fn credentials(&self) -> (&str, &Secret) {
        match self {
            Self::Inbound(listed) => (&listed.object.auth_username, &listed.object.auth_password),
            Self::Outbound(listed) => (&listed.object.auth_username, &listed.object.auth_password),
        }
    }

    fn view(&self) -> UnmanagedView {
        match self {
            Self::Inbound(listed) => unmanaged::inbound(listed),
            Self::Outbound(listed) => unmanaged::outbound(listed),
        }
    }
}

async fn answering_bot(tx: &mut Tx, account: &AccountId, id: Option<&BotId>) -> Result<(BotId, String)> {
    let Some(id) = id else {
        let message = "Choose the bot that answers this trunk's numbers: without one their calls are rejected.";
        return Err(refused("bot_id", "required", message.to_owned()));
    };
    match tx.bot(account, id).await? {
        Some(bot) => Ok((bot.id, bot.settings.name.to_string())),
        None => Err(refused("bot_id", "unknown_bot", "That bot is gone. Choose another one.".to_owned())),
    }
}

/// Refuses a trunk that the next sync would delete, unless it is merged with an older one of the bot. Returns what the merge
/// means for calls.
fn check_merge(
    carrier: &Carrier,
    trunk: &Trunk<'_>,
    owner_tag: &OwnerTag,
    observed: &Observed,
    steps: &[Step],
    bot: &str,
) -> Result<Option<String>> {
    let name = &carrier.settings.name;
    match trunk {
        Trunk::Inbound(listed) => {
            if SourcePolicy::of(&carrier.settings) == SourcePolicy::Closed {
                let message = format!(
                    "{name} rejects all calls: it has neither credentials nor allowed addresses. Adopt the trunk's, or \
                     give the carrier its own first."
                );
                return Err(refused("take", "carrier_closed", message));
            }
            let has_older =
                observed.inbound.iter().any(|other| OwnerTag::read(&other.object.metadata).as_ref() == Some(owner_tag));
            let is_deleted = steps.contains(&Step::DeleteInbound(listed.id.clone()));
            if is_deleted && !has_older {
                let message = format!(
                    "No number of this trunk would be answered by {bot}. Choose the bot that answers them, or give the \
                     carrier the numbers first."
                );
                return Err(refused("bot_id", "nothing_to_answer", message));
            }
            return Ok(has_older.then(|| {
                format!(
                    "{bot} has an inbound trunk on {name} already, and the two become one. Running calls continue; new calls \
                     to these numbers are rejected for the moment between two steps."
                )
            }));
        }
        Trunk::Outbound(_) => {
            let own = observed
                .outbound
                .iter()
                .find(|other| OwnerTag::read(&other.object.metadata).as_ref() == Some(owner_tag));
            if let Some(own) = own {
                let message = format!(
                    "{name} has an outbound trunk already ({}), whose id agents may dial by. Add the numbers to the \
                     carrier, and delete this trunk in LiveKit.",
                    own.id
                );
                return Err(refused("trunk_id", "has_outbound_trunk", message));
            }
        }
    }
    Ok(None)
}

fn rules(observed: &Observed, outcomes: &[(usize, RuleOutcome)], bot: &str) -> Result<Vec<AdoptRule>> {
    let mut rules = Vec::new();
    for (index, outcome) in outcomes {
        let Listed { id, object: rule, unmanaged_settings } = &observed.rules[*index];
        let text = match outcome {
            RuleOutcome::Adopted => becomes(rule, *unmanaged_settings, bot),
            RuleOutcome::Stays => "Stays unmanaged: LiveKit prefers it for the calls that it is limited to.".to_owned(),
            RuleOutcome::CatchAll => {
                "Stays unmanaged: it names no trunk, and LiveKit prefers this trunk's own rule.".to_owned()
            }
            RuleOutcome::Shared => {
                let message = format!(
                    "The rule {} ({id}) answers other trunks, too. Remove this trunk from it in LiveKit, or give it a rule \
                     of its own, and adopt it then.",
                    rule.name
                );
                return Err(refused("trunk_id", "shared_rule", message));
            }
        };
        rules.push(AdoptRule {
            id: id.clone(),
            name: rule.name.clone(),
            agent_name: rule.agent_name.clone(),
            adopted: *outcome == RuleOutcome::Adopted,
            text,
        });
    }
    Ok(rules)
}

fn becomes(rule: &DispatchRule, unmanaged_settings: bool, bot: &str) -> String {
    let agent =
        if rule.agent_name.is_empty() { "no agent".to_owned() } else { format!("the agent {}", rule.agent_name) };
    let cleared =
        if unmanaged_settings { " Settings that Trunkline does not manage, such as a PIN, are cleared." } else { "" };
    format!("Becomes the rule of {bot} in place of {agent}.{cleared}")
}

fn refused(field: &str, code: &'static str, message: String) -> Error {
    Error::field(field, FieldFault::new(code, message))
}
