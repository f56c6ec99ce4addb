//! The connection to Exotel: its credentials, whether they are good, its numbers, and their import.

mod import;
mod numbers;
mod recent;

use std::sync::Arc;

use api_types::{
    input::ExotelInput,
    view::{ChangeKind, ChangedNoun, ExotelSummary, ExotelView},
};
use domain::{AuditAction, Exotel, ExotelCheck, IntegrationId, Role, SipAddress};
use exotel::Client;
use serde_json::{Value, json};
use store::Tx;
use tracing::warn;

use self::recent::Recent;
use crate::{Actor, Error, Result, audit::Entry, context::Context};

#[derive(Clone)]
pub struct ExotelIntegration {
    context: Arc<Context>,
    client: Client,
    recent: Arc<Recent>,
    livekit_sip_host: Option<SipAddress>,
}

impl ExotelIntegration {
    pub(crate) fn new(context: Arc<Context>, client: Client, livekit_sip_host: Option<SipAddress>) -> Self {
        Self { context, client, recent: Arc::default(), livekit_sip_host }
    }

    /// How it stands, from the database alone.
    pub async fn summary(&self, actor: &Actor) -> Result<ExotelSummary> {
        Ok(self.get(actor).await?.summary)
    }

    /// Without a connection, one that says so.
    pub async fn get(&self, actor: &Actor) -> Result<ExotelView> {
        actor.require(Role::Viewer)?;
        let mut tx = self.context.store.read().await?;
        let exotel = tx.exotel(&actor.account_id).await?;
        self.view(&mut tx, actor, exotel.as_ref()).await
    }

    /// Connects, or changes the credentials. Absent fields keep their value. Exotel is not asked: [`Self::test`] is.
    pub async fn save(&self, actor: &Actor, input: &ExotelInput) -> Result<ExotelView> {
        actor.require(Role::Admin)?;
        let expected = input.version()?;
        loop {
            let mut tx = self.context.store.write().await?;
            let current = tx.exotel(&actor.account_id).await?;
            let version = current.as_ref().map_or(0, |current| current.version);
            if expected.is_some_and(|expected| expected != version) {
                let now = self.view(&mut tx, actor, current.as_ref()).await?;
                return Err(Error::Stale(serde_json::to_value(now).unwrap_or_default()));
            }
            let settings = input.parse(current.as_ref().map(|current| &current.settings))?;
            let now = self.context.clock.now();
            let saved = match &current {
                Some(current) if current.settings == settings => {
                    return self.view(&mut tx, actor, Some(current)).await;
                }
                Some(current) => {
                    Exotel { settings, check: None, updated_at: now, version: version + 1, ..current.clone() }
                }
                None => Exotel {
                    id: IntegrationId::new(self.context.clock.ulid()),
                    account_id: actor.account_id.clone(),
                    settings,
                    check: None,
                    created_at: now,
                    updated_at: now,
                    version: 1,
                },
            };
            let (written, kind, action) = match &current {
                Some(_) => (tx.update_exotel(&saved).await?, ChangeKind::Updated, AuditAction::Updated),
                None => (tx.insert_exotel(&saved).await?, ChangeKind::Created, AuditAction::Created),
            };
            if !written {
                // Somebody was faster between our read and our write: look again.
                continue;
            }
            let change = (current.as_ref().map(record), Some(record_after(current.as_ref(), &saved)));
            self.audit(&mut tx, actor, &saved, action, change).await?;
            let answer = self.view(&mut tx, actor, Some(&saved)).await?;
            tx.commit().await?;
            self.recent.forget();
            self.context.events.publish(ChangedNoun::Integration, kind, &saved.id);
            return Ok(answer);
        }
    }

    /// Forgets the credentials. Imported numbers stay where they are.
    pub async fn disconnect(&self, actor: &Actor) -> Result<()> {
        actor.require(Role::Admin)?;
        let mut tx = self.context.store.write().await?;
        let exotel = connected(&mut tx, actor).await?;
        if !tx.delete_exotel(&actor.account_id, &exotel.id).await? {
            return Err(Error::NotConnected(Exotel::NAME));
        }
        self.audit(&mut tx, actor, &exotel, AuditAction::Deleted, (Some(record(&exotel)), None)).await?;
        tx.commit().await?;
        self.recent.forget();
        self.context.events.publish(ChangedNoun::Integration, ChangeKind::Deleted, &exotel.id);
        Ok(())
    }

    /// Asks Exotel whether the credentials are good, and notes the answer.
    pub async fn test(&self, actor: &Actor) -> Result<ExotelSummary> {
        actor.require(Role::Developer)?;
        let exotel = connected(&mut self.context.store.read().await?, actor).await?;
        self.ask(actor, &exotel, self.client.check(&exotel.settings)).await?;
        self.summary(actor).await
    }

    /// Every question to Exotel tells how the connection is; no transaction is open while its answer is awaited.
    async fn ask<T>(
        &self,
        actor: &Actor,
        exotel: &Exotel,
        question: impl Future<Output = Result<T, exotel::Error>>,
    ) -> Result<T> {
        let answer = question.await;
        let error = answer.as_ref().err();
        if let Some(error) = error {
            warn!(code = error.code(), %error, "Exotel failed");
        }
        let check = ExotelCheck { at: self.context.clock.now(), error: error.map(ToString::to_string) };
        let mut tx = self.context.store.write().await?;
        let noted = tx.note_exotel_check(&exotel.id, exotel.version, &check).await?;
        tx.commit().await?;
        if noted {
            self.context.events.publish(ChangedNoun::Integration, ChangeKind::Updated, &exotel.id);
        }
        match answer {
            Ok(answer) => Ok(answer),
            Err(error) => Err(Error::Exotel { error, current: Box::new(self.summary(actor).await?) }),
        }
    }

    async fn view(&self, tx: &mut Tx, actor: &Actor, exotel: Option<&Exotel>) -> Result<ExotelView> {
        let imported = tx.count_imported(&actor.account_id, Exotel::PROVIDER).await?;
        let mut view = match exotel {
            Some(exotel) => ExotelView::new(exotel, imported),
            None => ExotelView {
                summary: ExotelSummary { numbers_imported: imported, ..ExotelSummary::default() },
                ..ExotelView::default()
            },
        };
        view.summary.livekit_sip_host = self.livekit_sip_host.as_ref().map(ToString::to_string);
        Ok(view)
    }

    async fn audit(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        exotel: &Exotel,
        action: AuditAction,
        (before, after): (Option<Value>, Option<Value>),
    ) -> Result<()> {
        let (subject_id, subject_name) = (exotel.id.as_str(), Exotel::NAME);
        self.context.audit(tx, Some(actor), Entry { action, subject_id, subject_name, before, after }).await
    }
}

async fn connected(tx: &mut Tx, actor: &Actor) -> Result<Exotel> {
    tx.exotel(&actor.account_id).await?.ok_or(Error::NotConnected(Exotel::NAME))
}

/// What an operator decided, as the audit keeps it.
fn record(exotel: &Exotel) -> Value {
    let view = ExotelView::new(exotel, 0);
    json!({
        "provider": Exotel::PROVIDER,
        "account_sid": view.summary.account_sid,
        "subdomain": view.summary.subdomain,
        "api_key": view.api_key,
        "api_token": view.api_token,
    })
}

/// Says that a secret changed, since the mask cannot.
fn record_after(before: Option<&Exotel>, after: &Exotel) -> Value {
    let mut fields = record(after);
    if let Some(before) = before {
        if before.settings.api_key != after.settings.api_key {
            fields["api_key"] = json!("******** (new)");
        }
        if before.settings.api_token != after.settings.api_token {
            fields["api_token"] = json!("******** (new)");
        }
    }
    fields
}
