//! Bots: list, read, create, update, delete.

use std::sync::Arc;

use api_types::{
    input::BotInput,
    view::{BotPage, BotView, ChangeKind, ChangedNoun},
};
use domain::{AccountId, Action, AuditAction, Bot, BotId, BotSettings, CarrierId};
use store::Tx;

use crate::{
    Actor, Error, Result,
    context::Context,
    edge::object,
    snapshot::BotSnapshot,
    unit_of_work::{Entry, UnitOfWork},
};

/// Use cases of bots.
#[derive(Clone)]
pub struct Bots {
    context: Arc<Context>,
}

impl Bots {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// All of them, by name.
    pub async fn list(&self, actor: &Actor) -> Result<BotPage> {
        actor.require(Action::ReadBots)?;
        let bots = self.context.store.read().await?.counted_bots(&actor.account_id).await?;
        let items: Vec<BotView> = bots.iter().map(|(bot, numbers)| BotView::new(bot, *numbers).in_list()).collect();
        Ok(BotPage { total: i64::try_from(items.len()).unwrap_or(i64::MAX), items })
    }

    /// One bot.
    pub async fn get(&self, actor: &Actor, id: &BotId) -> Result<BotView> {
        actor.require(Action::ReadBots)?;
        let mut tx = self.context.store.read().await?;
        load(&mut tx, &actor.account_id, id).await.map(|(bot, numbers)| BotView::new(&bot, numbers))
    }

    /// Creates a bot.
    pub async fn create(&self, actor: &Actor, input: &BotInput) -> Result<BotView> {
        actor.require(Action::CreateBot)?;
        let settings = input.parse(None)?;
        self.context.transact(Some(actor), settings, |uow, settings| Box::pin(create(uow, settings))).await
    }

    /// Absent fields keep their value. LiveKit's rules follow on every carrier on which the bot answers.
    ///
    /// # Errors
    /// [`Error::Stale`] where the input names another version than the current one.
    pub async fn update(&self, actor: &Actor, id: &BotId, input: &BotInput) -> Result<BotView> {
        actor.require(Action::UpdateBot)?;
        let input = (id.clone(), input.clone());
        self.context.transact(Some(actor), input, |uow, (id, input)| Box::pin(update(uow, id, input))).await
    }

    /// Its numbers stay, without a bot.
    ///
    /// # Errors
    /// [`Error::InUse`] where objects of the SIP edge name it.
    pub async fn delete(&self, actor: &Actor, id: &BotId) -> Result<()> {
        actor.require(Action::DeleteBot)?;
        self.context.transact(Some(actor), id.clone(), |uow, id| Box::pin(delete(uow, id))).await
    }
}

async fn create(uow: &mut UnitOfWork, settings: &BotSettings) -> Result<BotView> {
    let now = uow.now();
    let bot = Bot {
        id: BotId::new(uow.ulid()),
        account_id: uow.account.clone(),
        settings: settings.clone(),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    uow.tx.insert_bot(&bot).await?;
    audit(uow, &bot, AuditAction::Created, (None, Some(BotSnapshot::new(&bot)))).await?;
    uow.publish(ChangedNoun::Bot, ChangeKind::Created, &bot.id);
    Ok(BotView::new(&bot, 0))
}

async fn update(uow: &mut UnitOfWork, id: &BotId, input: &BotInput) -> Result<BotView> {
    let expected = input.version()?;
    let (current, numbers) = load(&mut uow.tx, &uow.account, id).await?;
    if expected.is_some_and(|expected| expected != current.version) {
        return Err(Error::stale(BotView::new(&current, numbers)));
    }
    let settings = input.parse(Some(&current.settings))?;
    if settings == current.settings {
        return Ok(BotView::new(&current, numbers));
    }
    let updated = Bot { settings, updated_at: uow.now(), version: current.version + 1, ..current.clone() };
    if !uow.tx.update_bot(&updated).await? {
        return Err(Error::ConcurrentChange);
    }
    let carriers = if livekit_follows(&current, &updated) { uow.tx.carriers_of_bot(id).await? } else { Vec::new() };
    audit(uow, &updated, AuditAction::Updated, BotSnapshot::change(&current, &updated)).await?;
    uow.publish(ChangedNoun::Bot, ChangeKind::Updated, id);
    sync_all(uow, &carriers).await?;
    Ok(BotView::new(&updated, numbers))
}

/// Whether LiveKit's objects depend on what has changed. The runtime configuration is not among it.
fn livekit_follows(before: &Bot, after: &Bot) -> bool {
    let runtime_config = before.settings.runtime_config.clone();
    BotSettings { runtime_config, ..after.settings.clone() } != before.settings
}

async fn delete(uow: &mut UnitOfWork, id: &BotId) -> Result<()> {
    let (bot, _) = load(&mut uow.tx, &uow.account, id).await?;
    object::require_unused(uow, id.as_str(), "bot").await?;
    let carriers = uow.tx.carriers_of_bot(id).await?;
    if !uow.tx.delete_bot(&uow.account, id).await? {
        return Err(Error::NotFound("bot"));
    }
    audit(uow, &bot, AuditAction::Deleted, (Some(BotSnapshot::new(&bot)), None)).await?;
    uow.publish(ChangedNoun::Bot, ChangeKind::Deleted, id);
    sync_all(uow, &carriers).await
}

/// Every carrier on which the bot answers or answered differs from LiveKit now.
async fn sync_all(uow: &mut UnitOfWork, carriers: &[CarrierId]) -> Result<()> {
    for (carrier, name) in uow.tx.carrier_names(carriers).await? {
        uow.request_sync(&carrier, &name).await?;
        uow.publish(ChangedNoun::Carrier, ChangeKind::Updated, carrier);
    }
    Ok(())
}

async fn audit(
    uow: &mut UnitOfWork,
    bot: &Bot,
    action: AuditAction,
    (before, after): (Option<BotSnapshot>, Option<BotSnapshot>),
) -> Result<()> {
    let (subject_id, subject_name) = (bot.id.as_str(), bot.settings.name.as_str());
    uow.audit(Entry { action, subject_id, subject_name, before, after }).await
}

/// The bot, and how many numbers it answers.
async fn load(tx: &mut Tx, account: &AccountId, id: &BotId) -> Result<(Bot, i64)> {
    tx.counted_bot(account, id).await?.ok_or(Error::NotFound("bot"))
}
