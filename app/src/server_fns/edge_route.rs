use api_types::view::EdgeRoutePreview;
use leptos::prelude::*;

use super::{Json, ServerFnProblem};

#[server(prefix = "/api/fn", endpoint = "edge/route-preview", input = Json, output = Json)]
pub async fn preview_route(from: String, to: String) -> Result<EdgeRoutePreview, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    let query = api_types::input::EdgeRoutePreviewQuery { from, to };
    Ok(services.edge.routing.preview(&actor, query).await?)
}
