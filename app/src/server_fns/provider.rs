use api_types::view::ProviderView;
use leptos::prelude::*;

use super::{Json, ServerFnProblem};

/// Providers with their published settings.
#[server(prefix = "/api/fn", endpoint = "providers/list", input = Json, output = Json)]
pub async fn list_providers() -> Result<Vec<ProviderView>, ServerFnProblem> {
    let (_, _) = super::caller()?;
    Ok(services::provider::all().to_vec())
}
