use api_types::{
    input::{NumberPurchaseInput, NumberSearchQuery},
    view::{AvailableNumberView, NumberSearchView},
};
use leptos::prelude::*;

use super::{Json, ServerFnProblem};

/// Slow: asks the provider.
#[server(prefix = "/api/fn", endpoint = "numbers/search", input = Json, output = Json)]
pub async fn search_numbers(#[server(flatten)] query: NumberSearchQuery) -> Result<NumberSearchView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.number_searches.search(&actor, &query).await?)
}

/// The number as the provider offers it now; None where it is not for sale. Slow: asks the provider.
#[server(prefix = "/api/fn", endpoint = "numbers/offer", input = Json, output = Json)]
pub async fn number_offer(
    #[server(flatten)] input: NumberPurchaseInput,
) -> Result<Option<AvailableNumberView>, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.number_searches.offer(&actor, &input).await?)
}
