//! The account's providers that sell numbers, ready to be called.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use domain::{
    AccountId, CarrierId, NumberIntegration, NumberProviderKind, NumberProviderSettings, ProviderTrunk, Secret,
    SipAddress, SipCredentials, SipPassword, SipUsername,
};
use number_provider::{Connection, ConnectionRequest, NumberProvider};
use tracing::warn;

use crate::{Error, Result, context::Context, unit_of_work::UnitOfWork};

/// Characters of the account's id and of the provider's account in a trunk's name.
const NAME_PART: usize = 12;

/// Gives the connected provider of an account. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Providers {
    context: Arc<Context>,
    twilio: twilio::Client,
    vonage: vonage::Client,
    livekit_sip_host: Option<SipAddress>,
}

impl Providers {
    pub fn new(
        context: Arc<Context>,
        (twilio, vonage): (twilio::Client, vonage::Client),
        livekit_sip_host: Option<SipAddress>,
    ) -> Self {
        Self { context, twilio, vonage, livekit_sip_host }
    }

    /// Whether it is configured where providers send calls.
    pub fn knows_sip_host(&self) -> bool {
        self.livekit_sip_host.is_some()
    }

    /// The account's integration.
    ///
    /// # Errors
    /// [`Error::NotConnected`] without credentials.
    pub async fn integration(&self, account: &AccountId, kind: NumberProviderKind) -> Result<NumberIntegration> {
        let integration = self.context.store.read().await?.number_integration(account, kind).await?;
        integration.ok_or(Error::NotConnected(kind.name()))
    }

    /// The provider's account with these credentials.
    pub fn client(&self, settings: &NumberProviderSettings) -> Box<dyn NumberProvider> {
        match settings {
            NumberProviderSettings::Twilio(settings) => Box::new(self.twilio.account(settings.clone())),
            NumberProviderSettings::Vonage(settings) => Box::new(self.vonage.account(settings.clone())),
        }
    }

    /// Prepares the account at the provider for calls from and to LiveKit, and says how the carrier reaches it. Idempotent:
    /// after a crash in between it is called again. Address and credentials may differ from those of an earlier call, where
    /// the integration was changed meanwhile: the carrier then needs the new ones.
    ///
    /// # Errors
    /// [`Error::NotConnected`] without credentials, [`Error::NoSipHost`] where LiveKit's SIP endpoint is not configured,
    /// [`Error::Provider`] where the provider refuses or does not answer.
    pub async fn connect(&self, account: &AccountId, kind: NumberProviderKind) -> Result<Connection> {
        let livekit_sip_host = self.livekit_sip_host.clone().ok_or(Error::NoSipHost)?;
        let integration = self.integration(account, kind).await?;
        let credentials = match &integration.trunk_credentials {
            Some(credentials) => credentials.clone(),
            None => self.create_credentials(&integration).await?,
        };
        let name = trunk_name(account, &integration.settings);
        let request = ConnectionRequest { name, livekit_sip_host, credentials };
        let connection = self.client(&integration.settings).connect(&request).await.inspect_err(|error| {
            warn!(code = error.code(), %error, provider = kind.as_str(), "the trunk was not prepared");
        })?;
        let trunk = ProviderTrunk {
            reference: connection.reference.clone(),
            outbound_address: connection.outbound_address.clone(),
        };
        if integration.trunk.as_ref() != Some(&trunk) {
            let input = (integration.id, integration.version, trunk);
            self.context
                .transact(None, input, |uow, (id, version, trunk)| {
                    Box::pin(async move { Ok(uow.tx.set_provider_trunk(id, *version, trunk).await?) })
                })
                .await?;
        }
        Ok(connection)
    }

    /// Those of a carrier at the trunk, or new ones. Stores the credentials before the provider is asked to create them, so that a repetition has the same ones.
    async fn create_credentials(&self, integration: &NumberIntegration) -> Result<SipCredentials> {
        let new = SipCredentials { username: username()?, password: password()? };
        if integration.settings.kind() == NumberProviderKind::Vonage {
            // Vonage's are the operator's, with the settings.
            return Ok(new);
        }
        let input = (integration.clone(), new);
        self.context
            .transact(None, input, |uow, (integration, new)| Box::pin(store_credentials(uow, integration, new)))
            .await
    }
}

async fn store_credentials(
    uow: &mut UnitOfWork,
    integration: &NumberIntegration,
    new: &SipCredentials,
) -> Result<SipCredentials> {
    // The trunk is older than the integration where that was deleted and made anew.
    let existing = carrier_credentials(uow, integration).await?;
    let new = existing.as_ref().unwrap_or(new);
    if uow.tx.set_trunk_credentials(&integration.id, integration.version, new).await? {
        return Ok(new.clone());
    }
    let kind = integration.settings.kind();
    let current = uow.tx.number_integration(&integration.account_id, kind).await?;
    current.ok_or(Error::NotConnected(kind.name()))?.trunk_credentials.ok_or(Error::ConcurrentChange)
}

/// The credentials of the oldest carrier at the trunk's domain.
async fn carrier_credentials(uow: &mut UnitOfWork, integration: &NumberIntegration) -> Result<Option<SipCredentials>> {
    let domain = twilio::trunk_domain(&trunk_name(&integration.account_id, &integration.settings));
    let carriers = uow.tx.carriers_at(&uow.account, &[domain]).await?;
    let mut ids: Vec<CarrierId> = carriers.into_iter().map(|(_, id)| id).collect();
    ids.sort_unstable();
    for id in ids {
        let carrier = uow.tx.carrier(&uow.account, &id).await?;
        if let Some(credentials) = carrier.and_then(|carrier| carrier.settings.credentials) {
            return Ok(Some(credentials));
        }
    }
    Ok(None)
}

/// Another one for each password, since Twilio does not show the password of a user name that exists. At most 32 characters.
fn username() -> Result<SipUsername> {
    let text = format!("trunkline-{:016x}", rand::random::<u64>());
    text.parse().map_err(|fault| Error::field("sip_username", fault))
}

/// Twilio demands 12 characters with a digit, a lower-case and an upper-case letter, which the beginning ensures.
fn password() -> Result<SipPassword> {
    let text = format!("Tk1{}", BASE64.encode(rand::random::<[u8; 24]>()));
    SipPassword::new(Secret::new(text)).map_err(|fault| Error::field("sip_password", fault))
}

/// The same for the same two accounts, so that a trunk is found again after the integration was deleted and made anew.
fn trunk_name(account: &AccountId, settings: &NumberProviderSettings) -> String {
    let letters =
        |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let (own, theirs) = (letters(account.as_str()), letters(settings.account()));
    let end = |text: &str| text[text.len().saturating_sub(NAME_PART)..].to_owned();
    format!("{}{}", end(&own), end(&theirs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_names_differ_and_are_short() {
        let (first, second) = (username().unwrap(), username().unwrap());
        assert!(first.as_str().len() <= 32 && first.as_str().starts_with("trunkline-"), "{first}");
        assert_ne!(first, second);
    }

    #[test]
    fn password_meets_twilios_rules() {
        let password = password().unwrap();
        let text = password.expose();
        assert!(text.len() >= 12 && text != super::password().unwrap().expose());
        for class in [char::is_numeric, char::is_lowercase, char::is_uppercase] {
            assert!(text.chars().any(class), "{text}");
        }
    }
}
