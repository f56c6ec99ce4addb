use api_types::{input::NumberSearchQuery, view::NumberSearchView};
use leptos::prelude::*;

use super::{Json, ServerFnProblem};

/// Slow: asks the provider.
#[server(prefix = "/api/fn", endpoint = "numbers/search", input = Json, output = Json)]
pub async fn search_numbers(#[server(flatten)] query: NumberSearchQuery) -> Result<NumberSearchView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.number_searches.search(&actor, &query).await?)
}
