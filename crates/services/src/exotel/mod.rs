//! The Exotel integration: credentials, their check, the account's numbers, and their import.

mod import;
mod listing_cache;
mod numbers;

use std::sync::Arc;

use api_types::{
    input::ExotelInput,
    view::{ChangeKind, ChangedNoun, ExotelSummary, ExotelView},
};
use domain::{AccountId, Action, AuditAction, Exotel, ExotelCheck, IntegrationId, SipAddress};
use exotel::Client;
use store::Tx;
use tracing::warn;

use self::listing_cache::ListingCache;
use crate::{
    Actor, Error, Result,
    context::Context,
    snapshot::ExotelSnapshot,
    unit_of_work::{Entry, UnitOfWork},
};

/// Use cases of the Exotel integration. Cheap to clone.
#[derive(Clone)]
pub struct ExotelIntegration {
    context: Arc<Context>,
    client: Client,
    listing_cache: Arc<ListingCache>,
    livekit_sip_host: Option<SipAddress>,
}

impl ExotelIntegration {
    pub(crate) fn new(context: Arc<Context>, client: Client, livekit_sip_host: Option<SipAddress>) -> Self {
        Self { context, client, listing_cache: Arc::default(), livekit_sip_host }
    }

    /// State of the integration, from the database.
    pub async fn summary(&self, actor: &Actor) -> Result<ExotelSummary> {
        Ok(self.get(actor).await?.summary)
    }

    /// State and masked credentials; without credentials, `connected` is false.
    pub async fn get(&self, actor: &Actor) -> Result<ExotelView> {
        actor.require(Action::ReadIntegrations)?;
        let mut tx = self.context.store.read().await?;
        let exotel = tx.exotel(&actor.account_id).await?;
        self.view(&mut tx, &actor.account_id, exotel.as_ref()).await
    }

    /// Stores or changes the credentials. Absent fields keep their value. Exotel is called by [`Self::test`] only.
    ///
    /// # Errors
    /// [`Error::Stale`] where the input names another version than the current one.
    pub async fn save(&self, actor: &Actor, input: &ExotelInput) -> Result<ExotelView> {
        actor.require(Action::ManageIntegrations)?;
        let input = (self.clone(), input.clone());
        let saved = self
            .context
            .transact(Some(actor), input, |uow, (exotel, input)| Box::pin(exotel.save_in(uow, input)))
            .await?;
        self.listing_cache.clear();
        Ok(saved)
    }

    async fn save_in(&self, uow: &mut UnitOfWork, input: &ExotelInput) -> Result<ExotelView> {
        let expected = input.version()?;
        let current = uow.tx.exotel(&uow.account).await?;
        let version = current.as_ref().map_or(0, |current| current.version);
        if expected.is_some_and(|expected| expected != version) {
            return Err(Error::stale(self.view(&mut uow.tx, &uow.account, current.as_ref()).await?));
        }
        let settings = input.parse(current.as_ref().map(|current| &current.settings))?;
        let now = uow.now();
        let Some(current) = current else {
            let exotel = Exotel {
                id: IntegrationId::new(uow.ulid()),
                account_id: uow.account.clone(),
                settings,
                check: None,
                created_at: now,
                updated_at: now,
                version: 1,
            };
            if !uow.tx.insert_exotel(&exotel).await? {
                return Err(Error::ConcurrentChange);
            }
            audit(uow, &exotel, AuditAction::Created, (None, Some(ExotelSnapshot::new(&exotel)))).await?;
            uow.publish(ChangedNoun::Integration, ChangeKind::Created, &exotel.id);
            return self.view(&mut uow.tx, &uow.account, Some(&exotel)).await;
        };
        if current.settings == settings {
            return self.view(&mut uow.tx, &uow.account, Some(&current)).await;
        }
        let updated = Exotel { settings, check: None, updated_at: now, version: version + 1, ..current.clone() };
        if !uow.tx.update_exotel(&updated).await? {
            return Err(Error::ConcurrentChange);
        }
        let change = (Some(ExotelSnapshot::new(&current)), Some(ExotelSnapshot::updated(&current, &updated)));
        audit(uow, &updated, AuditAction::Updated, change).await?;
        uow.publish(ChangedNoun::Integration, ChangeKind::Updated, &updated.id);
        self.view(&mut uow.tx, &uow.account, Some(&updated)).await
    }

    /// Deletes the credentials. Imported numbers stay.
    pub async fn disconnect(&self, actor: &Actor) -> Result<()> {
        actor.require(Action::ManageIntegrations)?;
        self.context.transact(Some(actor), (), |uow, ()| Box::pin(disconnect(uow))).await?;
        self.listing_cache.clear();
        Ok(())
    }

    /// Checks the credentials at Exotel and stores the result.
    ///
    /// # Errors
    /// [`Error::NotConnected`] without credentials, [`Error::Exotel`] where Exotel refuses them or does not answer.
    pub async fn test(&self, actor: &Actor) -> Result<ExotelSummary> {
        actor.require(Action::TestIntegration)?;
        let exotel = connected(&mut self.context.store.read().await?, actor).await?;
        self.call(actor, &exotel, self.client.check(&exotel.settings)).await?;
        self.summary(actor).await
    }

    /// Calls Exotel and stores the outcome as the integration's check. No transaction is open during the call.
    async fn call<T>(
        &self,
        actor: &Actor,
        exotel: &Exotel,
        call: impl Future<Output = Result<T, exotel::Error>>,
    ) -> Result<T> {
        let response = call.await;
        let error = response.as_ref().err();
        if let Some(error) = error {
            warn!(code = error.code(), %error, "Exotel failed");
        }
        let check = ExotelCheck { at: self.context.clock.now(), error: error.map(ToString::to_string) };
        let input = (exotel.id.clone(), exotel.version, check);
        self.context
            .transact(None, input, |uow, (id, version, check)| Box::pin(store_check(uow, id, *version, check)))
            .await?;
        match response {
            Ok(response) => Ok(response),
            Err(error) => Err(Error::Exotel { error, current: Box::new(self.summary(actor).await?) }),
        }
    }

    async fn view(&self, tx: &mut Tx, account: &AccountId, exotel: Option<&Exotel>) -> Result<ExotelView> {
        let imported = tx.count_imported(account, Exotel::PROVIDER).await?;
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
}

async fn disconnect(uow: &mut UnitOfWork) -> Result<()> {
    let exotel = uow.tx.exotel(&uow.account).await?.ok_or(Error::NotConnected(Exotel::NAME))?;
    if !uow.tx.delete_exotel(&uow.account, &exotel.id).await? {
        return Err(Error::NotConnected(Exotel::NAME));
    }
    audit(uow, &exotel, AuditAction::Deleted, (Some(ExotelSnapshot::new(&exotel)), None)).await?;
    uow.publish(ChangedNoun::Integration, ChangeKind::Deleted, &exotel.id);
    Ok(())
}

/// Stores the outcome of a call to Exotel, unless the credentials have changed since.
async fn store_check(uow: &mut UnitOfWork, id: &IntegrationId, version: i64, check: &ExotelCheck) -> Result<()> {
    if uow.tx.note_exotel_check(id, version, check).await? {
        uow.publish(ChangedNoun::Integration, ChangeKind::Updated, id);
    }
    Ok(())
}

async fn audit(
    uow: &mut UnitOfWork,
    exotel: &Exotel,
    action: AuditAction,
    (before, after): (Option<ExotelSnapshot>, Option<ExotelSnapshot>),
) -> Result<()> {
    let (subject_id, subject_name) = (exotel.id.as_str(), Exotel::NAME);
    uow.audit(Entry { action, subject_id, subject_name, before, after }).await
}

async fn connected(tx: &mut Tx, actor: &Actor) -> Result<Exotel> {
    tx.exotel(&actor.account_id).await?.ok_or(Error::NotConnected(Exotel::NAME))
}
