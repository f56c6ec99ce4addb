//! The provider of one purchase.

use domain::{AccountId, E164, NumberProviderKind, NumberPurchase};
use number_provider::{Connection, NumberProvider, OwnedNumber, ProviderError, Purchase};

use crate::{Error, Result, number_provider::Providers};

/// A connected provider.
pub(super) struct Seller {
    provider: Box<dyn NumberProvider>,
    providers: Providers,
    account: AccountId,
    provider_account: String,
}

impl Seller {
    /// The provider with the account's credentials.
    ///
    /// # Errors
    /// [`Error::NotConnected`] without credentials.
    pub async fn find(providers: &Providers, account: &AccountId, kind: NumberProviderKind) -> Result<Self> {
        let settings = providers.integration(account, kind).await?.settings;
        Ok(Self {
            provider: providers.client(&settings),
            providers: providers.clone(),
            account: account.clone(),
            provider_account: settings.account().to_owned(),
        })
    }

    /// The account at the provider.
    pub fn provider_account(&self) -> &str {
        &self.provider_account
    }

    /// Not for a release, after which no calls arrive.
    ///
    /// # Errors
    /// [`Error::NoSipHost`] where it is not known where to send calls.
    pub fn require_sip_host(&self) -> Result<()> {
        if self.providers.knows_sip_host() { Ok(()) } else { Err(Error::NoSipHost) }
    }

    pub async fn owned(&self, purchase: &NumberPurchase) -> Result<Option<OwnedNumber>, ProviderError> {
        self.provider.owned(&number(purchase)).await
    }

    pub async fn buy(&self, purchase: &NumberPurchase) -> Result<OwnedNumber, ProviderError> {
        let label = purchase.label.as_ref().map_or("Trunkline", |label| label.as_str());
        let order = Purchase {
            phone_number: number(purchase),
            country: purchase.country,
            friendly_name: label.chars().take(64).collect(),
        };
        self.provider.buy(&order).await
    }

    /// Prepares the account for calls from and to LiveKit.
    pub async fn connect(&self) -> Result<Connection> {
        self.providers.connect(&self.account, self.provider.kind()).await
    }

    pub async fn attach(&self, owned: &OwnedNumber, connection: &Connection) -> Result<(), ProviderError> {
        self.provider.attach(owned, connection).await
    }

    pub async fn release(&self, owned: &OwnedNumber) -> Result<(), ProviderError> {
        self.provider.release(owned).await
    }
}

fn number(purchase: &NumberPurchase) -> E164 {
    purchase.number.canonical().parse().expect("the input accepts no number without an E.164 form")
}
