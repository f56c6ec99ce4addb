use api_types::view::Overview;
use leptos::prelude::*;

use super::{Json, ServerFnProblem};

#[server(prefix = "/api/fn", endpoint = "overview/get", input = Json, output = Json)]
pub async fn get_overview() -> Result<Overview, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.overviews.get(&actor).await?)
}
