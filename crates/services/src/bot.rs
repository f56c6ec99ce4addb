//! Bots: list, read, create, update, delete.

use std::sync::Arc;

use api_types::{
    input::BotInput,
    view::{BotPage, BotView, ChangeKind, ChangedNoun},
};
use domain::{AuditAction, Bot, BotId, CarrierId, Role};
use serde_json::Value;
use store::Tx;

use crate::{Actor, Error, Result, audit::Entry, context::Context};

#[derive(Clone)]
pub struct Bots {
    context: Arc<Context>,
}

impl Bots {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    pub async fn list(&self, actor: &Actor) -> Result<BotPage> {
        actor.require(Role::Viewer)?;
        let bots = self.context.store.read().await?.counted_bots(&actor.account_id).await?;
        let items: Vec<BotView> = bots.iter().map(|(bot, numbers)| BotView::new(bot, *numbers)).collect();
        Ok(BotPage { total: i64::try_from(items.len()).unwrap_or(i64::MAX), items })
    }

    pub async fn get(&self, actor: &Actor, id: &BotId) -> Result<BotView> {
        actor.require(Role::Viewer)?;
        let mut tx = self.context.store.read().await?;
        find(&mut tx, actor, id).await.map(|(bot, numbers)| BotView::new(&bot, numbers))
    }

    pub async fn create(&self, actor: &Actor, input: &BotInput) -> Result<BotView> {
        actor.require(Role::Developer)?;
        let now = self.context.clock.now();
        let bot = Bot {
            id: BotId::new(self.context.clock.ulid()),
            account_id: actor.account_id.clone(),
            settings: input.parse(None)?,
            created_at: now,
            updated_at: now,
            version: 1,
        };
        let mut tx = self.context.store.write().await?;
        tx.insert_bot(&bot).await?;
        self.audit(&mut tx, actor, &bot, AuditAction::Created, (None, Some(record(&bot)))).await?;
        tx.commit().await?;
        self.context.events.publish(ChangedNoun::Bot, ChangeKind::Created, &bot.id);
        Ok(BotView::new(&bot, 0))
    }

    /// Absent fields keep their value. LiveKit's rules follow on every carrier on which the bot answers.
    pub async fn update(&self, actor: &Actor, id: &BotId, input: &BotInput) -> Result<BotView> {
        actor.require(Role::Developer)?;
        let expected = input.version()?;
        loop {
            let mut tx = self.context.store.write().await?;
            let (current, numbers) = find(&mut tx, actor, id).await?;
            if expected.is_some_and(|expected| expected != current.version) {
                return Err(Error::Stale(serde_json::to_value(BotView::new(&current, numbers)).unwrap_or_default()));
            }
            let settings = input.parse(Some(&current.settings))?;
            if settings == current.settings {
                return Ok(BotView::new(&current, numbers));
            }
            let updated =
                Bot { settings, updated_at: self.context.clock.now(), version: current.version + 1, ..current.clone() };
            if !tx.update_bot(&updated).await? {
                // Somebody was faster between our read and our write: look again.
                continue;
            }
            let carriers = tx.carriers_of_bot(id).await?;
            let change = (Some(record(&current)), Some(record(&updated)));
            self.audit(&mut tx, actor, &updated, AuditAction::Updated, change).await?;
            self.committed(tx, actor, id, ChangeKind::Updated, carriers).await?;
            return Ok(BotView::new(&updated, numbers));
        }
    }

    /// Its numbers stay, without anybody who answers.
    pub async fn delete(&self, actor: &Actor, id: &BotId) -> Result<()> {
        actor.require(Role::Developer)?;
        let mut tx = self.context.store.write().await?;
        let (bot, _) = find(&mut tx, actor, id).await?;
        let carriers = tx.carriers_of_bot(id).await?;
        if !tx.delete_bot(&actor.account_id, id).await? {
            return Err(Error::NotFound("bot"));
        }
        self.audit(&mut tx, actor, &bot, AuditAction::Deleted, (Some(record(&bot)), None)).await?;
        self.committed(tx, actor, id, ChangeKind::Deleted, carriers).await
    }

    /// The end of a change that reaches LiveKit: every carrier on which the bot answered is behind now.
    async fn committed(
        &self,
        mut tx: Tx,
        actor: &Actor,
        id: &BotId,
        kind: ChangeKind,
        carriers: Vec<CarrierId>,
    ) -> Result<()> {
        let now = self.context.clock.now();
        for (carrier, name) in tx.carrier_names(&carriers).await? {
            tx.request_sync(&actor.account_id, &carrier, &name, now).await?;
        }
        tx.commit().await?;
        self.context.events.publish(ChangedNoun::Bot, kind, id);
        for carrier in carriers {
            self.context.events.publish(ChangedNoun::Carrier, ChangeKind::Updated, carrier);
        }
        self.context.sync_notify.notify_one();
        Ok(())
    }

    async fn audit(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        bot: &Bot,
        action: AuditAction,
        (before, after): (Option<Value>, Option<Value>),
    ) -> Result<()> {
        let (subject_id, subject_name) = (bot.id.as_str(), bot.settings.name.as_str());
        self.context.audit(tx, Some(actor), Entry { action, subject_id, subject_name, before, after }).await
    }
}

async fn find(tx: &mut Tx, actor: &Actor, id: &BotId) -> Result<(Bot, i64)> {
    tx.counted_bot(&actor.account_id, id).await?.ok_or(Error::NotFound("bot"))
}

fn record(bot: &Bot) -> Value {
    serde_json::json!({
        "name": bot.settings.name.as_str(),
        "agent_name": bot.settings.agent_name.as_str(),
        "metadata": bot.settings.metadata.as_str(),
    })
}
