//! The integrations of providers that sell numbers, and the list of all integrations.

use std::sync::Arc;

use api_types::{
    input::NumberIntegrationInput,
    view::{
        ChangeKind, ChangedNoun, ExotelSummary, IntegrationList, IntegrationOverview, IntegrationSummary, LiveKitState,
        NumberIntegrationView,
    },
};
use domain::{
    AccountId, Action, AuditAction, Exotel, IntegrationCheck, IntegrationId, IntoEnumIterator, NumberIntegration,
    NumberProviderKind,
};
use number_provider::ProviderError;
use tracing::warn;

use crate::{
    Actor, Error, ExotelIntegration, Result,
    context::Context,
    number_provider::Providers,
    snapshot::NumberIntegrationSnapshot,
    unit_of_work::{Entry, UnitOfWork},
};

/// Use cases of the integrations. Cheap to clone.
#[derive(Clone)]
pub struct NumberIntegrations {
    context: Arc<Context>,
    providers: Providers,
    exotel: ExotelIntegration,
}

impl NumberIntegrations {
    pub(crate) fn new(context: Arc<Context>, providers: Providers, exotel: ExotelIntegration) -> Self {
        Self { context, providers, exotel }
    }

    /// LiveKit and the providers with an API, each with its state. LiveKit is asked, the others are not.
    pub async fn list(&self, actor: &Actor) -> Result<IntegrationList> {
        actor.require(Action::ReadIntegrations)?;
        let mut items = vec![self.livekit().await];
        let exotel = self.exotel.get(actor).await?;
        let ExotelSummary { connected, account_sid, last_checked_at, last_check_error, .. } = exotel.summary;
        items.push(IntegrationSummary {
            provider: Exotel::PROVIDER.to_owned(),
            name: Exotel::NAME.to_owned(),
            connected,
            account: account_sid,
            connected_since: exotel.created_at,
            last_checked_at,
            last_check_error,
        });
        for kind in NumberProviderKind::iter() {
            items.push(self.get(actor, kind).await?.summary());
        }
        Ok(IntegrationList { items })
    }

    /// The list, and the settings of those that sell numbers.
    pub async fn overview(&self, actor: &Actor) -> Result<IntegrationOverview> {
        let items = self.list(actor).await?.items;
        let mut numbers = Vec::new();
        for kind in NumberProviderKind::iter() {
            numbers.push(self.get(actor, kind).await?);
        }
        Ok(IntegrationOverview { items, numbers })
    }

    async fn livekit(&self) -> IntegrationSummary {
        let state = self.context.livekit_health.check(&self.context.events).await;
        IntegrationSummary {
            provider: "livekit".to_owned(),
            name: "LiveKit".to_owned(),
            connected: state == LiveKitState::Connected,
            account: None,
            connected_since: None,
            last_checked_at: (state != LiveKitState::Unknown).then(|| self.context.clock.now()),
            last_check_error: match state {
                LiveKitState::Failing { error } => Some(error),
                LiveKitState::Unknown | LiveKitState::Connected => None,
            },
        }
    }

    /// State and masked credentials; without credentials, `connected` is false.
    pub async fn get(&self, actor: &Actor, kind: NumberProviderKind) -> Result<NumberIntegrationView> {
        actor.require(Action::ReadIntegrations)?;
        let integration = self.context.store.read().await?.number_integration(&actor.account_id, kind).await?;
        Ok(view(kind, integration.as_ref()))
    }

    /// Stores or changes the credentials. Absent fields keep their value. The provider is called by [`Self::test`] only.
    ///
    /// # Errors
    /// [`Error::Stale`] where the input names another version than the current one.
    pub async fn save(
        &self,
        actor: &Actor,
        kind: NumberProviderKind,
        input: &NumberIntegrationInput,
    ) -> Result<NumberIntegrationView> {
        actor.require(Action::ManageIntegrations)?;
        let input = (kind, input.clone());
        self.context.transact(Some(actor), input, |uow, (kind, input)| Box::pin(save(uow, *kind, input))).await
    }

    /// Deletes the credentials. Numbers that were bought stay, here and at the provider.
    ///
    /// # Errors
    /// [`Error::NotConnected`] without credentials.
    pub async fn disconnect(&self, actor: &Actor, kind: NumberProviderKind) -> Result<()> {
        actor.require(Action::ManageIntegrations)?;
        self.context.transact(Some(actor), kind, |uow, kind| Box::pin(disconnect(uow, *kind))).await
    }

    /// Checks the credentials at the provider, and stores the result.
    ///
    /// # Errors
    /// [`Error::NotConnected`] without credentials, [`Error::Provider`] where the provider refuses or does not answer.
    pub async fn test(&self, actor: &Actor, kind: NumberProviderKind) -> Result<NumberIntegrationView> {
        actor.require(Action::TestIntegration)?;
        let integration = self.providers.integration(&actor.account_id, kind).await?;
        let checked = self.providers.client(&integration.settings).check().await;
        note(&self.context, &integration, checked.as_ref().err()).await?;
        checked?;
        self.get(actor, kind).await
    }
}

/// Stores the outcome of a call to a provider as the integration's last answer.
pub(crate) async fn note(
    context: &Arc<Context>,
    integration: &NumberIntegration,
    error: Option<&ProviderError>,
) -> Result<()> {
    if let Some(error) = error {
        warn!(code = error.code(), %error, provider = integration.settings.kind().as_str(), "the provider failed");
    }
    let check = IntegrationCheck { at: context.clock.now(), error: error.map(ToString::to_string) };
    let input = (integration.id.clone(), integration.version, check);
    context.transact(None, input, |uow, (id, version, check)| Box::pin(store_check(uow, id, *version, check))).await
}

async fn store_check(uow: &mut UnitOfWork, id: &IntegrationId, version: i64, check: &IntegrationCheck) -> Result<()> {
    if uow.tx.note_integration_check(id, version, check).await? {
        uow.publish(ChangedNoun::Integration, ChangeKind::Updated, id);
    }
    Ok(())
}

fn view(kind: NumberProviderKind, integration: Option<&NumberIntegration>) -> NumberIntegrationView {
    integration.map_or_else(|| NumberIntegrationView::unconnected(kind), NumberIntegrationView::from)
}

async fn current(uow: &mut UnitOfWork, kind: NumberProviderKind) -> Result<Option<NumberIntegration>> {
    let account: AccountId = uow.account.clone();
    Ok(uow.tx.number_integration(&account, kind).await?)
}

async fn save(
    uow: &mut UnitOfWork,
    kind: NumberProviderKind,
    input: &NumberIntegrationInput,
) -> Result<NumberIntegrationView> {
    let expected = input.version()?;
    let current = current(uow, kind).await?;
    let version = current.as_ref().map_or(0, |current| current.version);
    if expected.is_some_and(|expected| expected != version) {
        return Err(Error::stale(view(kind, current.as_ref())));
    }
    let settings = input.parse(kind, current.as_ref().map(|current| &current.settings))?;
    let now = uow.now();
    let Some(current) = current else {
        let integration = NumberIntegration {
            id: IntegrationId::new(uow.ulid()),
            account_id: uow.account.clone(),
            settings,
            trunk_credentials: None,
            trunk: None,
            check: None,
            created_at: now,
            updated_at: now,
            version: 1,
        };
        if !uow.tx.insert_number_integration(&integration).await? {
            return Err(Error::ConcurrentChange);
        }
        let after = Some(NumberIntegrationSnapshot::new(&integration));
        audit(uow, &integration, AuditAction::Created, (None, after)).await?;
        uow.publish(ChangedNoun::Integration, ChangeKind::Created, &integration.id);
        return Ok(view(kind, Some(&integration)));
    };
    if current.settings == settings {
        return Ok(view(kind, Some(&current)));
    }
    // The trunk of another account has other credentials.
    let is_same_account = current.settings.account() == settings.account();
    let trunk_credentials = current.trunk_credentials.clone().filter(|_| is_same_account);
    let updated = NumberIntegration {
        settings,
        trunk_credentials,
        trunk: None,
        check: None,
        updated_at: now,
        version: version + 1,
        ..current.clone()
    };
    if !uow.tx.update_number_integration(&updated).await? {
        return Err(Error::ConcurrentChange);
    }
    let before = Some(NumberIntegrationSnapshot::new(&current));
    let after = Some(NumberIntegrationSnapshot::updated(&current, &updated));
    audit(uow, &updated, AuditAction::Updated, (before, after)).await?;
    uow.publish(ChangedNoun::Integration, ChangeKind::Updated, &updated.id);
    Ok(view(kind, Some(&updated)))
}

async fn disconnect(uow: &mut UnitOfWork, kind: NumberProviderKind) -> Result<()> {
    let integration = current(uow, kind).await?.ok_or(Error::NotConnected(kind.name()))?;
    if !uow.tx.delete_number_integration(&integration.account_id, &integration.id).await? {
        return Err(Error::NotConnected(kind.name()));
    }
    let before = Some(NumberIntegrationSnapshot::new(&integration));
    audit(uow, &integration, AuditAction::Deleted, (before, None)).await?;
    uow.publish(ChangedNoun::Integration, ChangeKind::Deleted, &integration.id);
    Ok(())
}

async fn audit(
    uow: &mut UnitOfWork,
    integration: &NumberIntegration,
    action: AuditAction,
    (before, after): (Option<NumberIntegrationSnapshot>, Option<NumberIntegrationSnapshot>),
) -> Result<()> {
    let (subject_id, subject_name) = (integration.id.as_str(), integration.settings.kind().name());
    uow.audit(Entry { action, subject_id, subject_name, before, after }).await
}
