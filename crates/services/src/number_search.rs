//! Numbers for sale at a provider.

use std::{collections::HashSet, sync::Arc};

use api_types::{
    input::{NumberPurchaseInput, NumberSearchQuery, ParsedNumberSearch},
    view::{AvailableNumberView, NumberSearchView},
};
use domain::{Action, FieldErrors, FieldFault, NumberPattern, PhoneNumber};
use number_provider::{AvailableNumber, NumberSearch, ProviderError};

use crate::{Actor, Error, Result, context::Context, number_integration::note, number_provider::Providers};

/// Searches for numbers. Cheap to clone.
#[derive(Clone)]
pub struct NumberSearches {
    context: Arc<Context>,
    providers: Providers,
}

impl NumberSearches {
    pub(crate) fn new(context: Arc<Context>, providers: Providers) -> Self {
        Self { context, providers }
    }

    /// What the provider has for sale. Nothing is reserved: a number may be sold before it is bought.
    ///
    /// # Errors
    /// [`Error::NotConnected`] without credentials, [`Error::Provider`] where the provider refuses or does not answer.
    pub async fn search(&self, actor: &Actor, query: &NumberSearchQuery) -> Result<NumberSearchView> {
        actor.require(Action::SearchNumbers)?;
        self.run(actor, query.parse()?).await
    }

    /// The number of an order as the provider offers it now, with its price and what is demanded from the buyer. None where it
    /// is not for sale.
    ///
    /// # Errors
    /// As [`Self::search`].
    pub async fn offer(&self, actor: &Actor, input: &NumberPurchaseInput) -> Result<Option<AvailableNumberView>> {
        actor.require(Action::BuyNumber)?;
        let order = input.parse()?;
        let number = order.number.canonical();
        let pattern = NumberPattern::parse(number.trim_start_matches('+'), order.provider)
            .map_err(|fault| Error::field("phone_number", fault))?;
        let search = ParsedNumberSearch {
            provider: order.provider,
            country: order.country,
            area_code: None,
            pattern: Some(pattern),
            number_type: None,
        };
        let found = self.run(actor, search).await?;
        Ok(found.numbers.into_iter().find(|offered| offered.phone_number == number))
    }

    async fn run(&self, actor: &Actor, search: ParsedNumberSearch) -> Result<NumberSearchView> {
        let ParsedNumberSearch { provider, country, area_code, pattern, number_type } = search;
        let integration = self.providers.integration(&actor.account_id, provider).await?;
        let search = NumberSearch { country, area_code, pattern, number_type };
        let found = self.providers.client(&integration.settings).search(&search).await;
        // A refused search is an answer: the credentials are fine.
        let failure = found.as_ref().err().filter(|error| !matches!(error, ProviderError::Refused { .. }));
        note(&self.context, &integration, failure).await?;
        let found = found.map_err(at_field)?;
        let parsed: Vec<(AvailableNumber, Option<PhoneNumber>)> = found
            .numbers
            .into_iter()
            .map(|number| {
                let parsed = PhoneNumber::parse(number.phone_number.as_str(), None).ok();
                (number, parsed)
            })
            .collect();
        let keys: Vec<String> =
            parsed.iter().filter_map(|(_, number)| Some(number.as_ref()?.key().to_owned())).collect();
        let dids = self.context.store.read().await?.dids_by_keys(&actor.account_id, &keys).await?;
        let owned: HashSet<&str> = dids.iter().map(|did| did.number.key()).collect();
        let numbers = parsed.into_iter().map(|(number, parsed)| row(number, parsed.as_ref(), &owned)).collect();
        Ok(NumberSearchView { provider, country_code: country, numbers, complete: found.complete })
    }
}

/// A refusal that names a field is shown at the field.
fn at_field(error: ProviderError) -> Error {
    match error {
        ProviderError::Refused { field: Some(field), message, .. } if field != "phone_number" => {
            Error::Invalid(FieldErrors::one(field, FieldFault::new("provider_refused", message)))
        }
        error => Error::Provider(error),
    }
}

fn row(number: AvailableNumber, parsed: Option<&PhoneNumber>, owned: &HashSet<&str>) -> AvailableNumberView {
    let (price, currency) = number.price.map(|price| (price.amount, price.currency)).unzip();
    AvailableNumberView {
        formatted: parsed.map_or_else(|| number.phone_number.to_string(), PhoneNumber::formatted),
        phone_number: number.phone_number.to_string(),
        number_type: number.number_type,
        country_code: number.country,
        locality: number.locality,
        price,
        currency,
        capabilities: number.capabilities,
        requirements: number.requirements,
        owned: parsed.is_some_and(|number| owned.contains(number.key())),
    }
}
