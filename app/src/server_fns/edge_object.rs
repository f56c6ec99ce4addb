use api_types::{
    input::EdgeObjectInput,
    view::{EdgeChoices, EdgeObjectForm, EdgeObjectPage},
};
use leptos::prelude::*;

use super::{FormFn, Json, ServerFnProblem};

#[server(prefix = "/api/fn", endpoint = "edge/list", input = Json, output = Json)]
pub async fn list_edge_objects(kind: String, q: String, cursor: String) -> Result<EdgeObjectPage, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.edge.forms.list(&actor, &kind, &q, &cursor).await?)
}

#[server(prefix = "/api/fn", endpoint = "edge/choices", input = Json, output = Json)]
pub async fn get_edge_choices(kind: String) -> Result<EdgeChoices, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.edge.forms.choices(&actor, &kind).await?)
}

#[server(prefix = "/api/fn", endpoint = "edge/get", input = Json, output = Json)]
pub async fn get_edge_object(kind: String, id: String) -> Result<EdgeObjectForm, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.edge.forms.get(&actor, &kind, &id).await?)
}

#[server(prefix = "/api/fn", endpoint = "edge/create", input = Json, output = Json)]
pub async fn create_edge_object(
    kind: String,
    #[server(flatten)] input: EdgeObjectInput,
) -> Result<EdgeObjectForm, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.edge.forms.create(&actor, &kind, &input).await?)
}

/// The settings have no id.
#[server(prefix = "/api/fn", endpoint = "edge/update", input = Json, output = Json)]
pub async fn update_edge_object(
    kind: String,
    id: String,
    #[server(flatten)] input: EdgeObjectInput,
) -> Result<EdgeObjectForm, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.edge.forms.update(&actor, &kind, &id, &input).await?)
}

#[server(prefix = "/api/fn", endpoint = "edge/delete", input = Json, output = Json)]
pub async fn delete_edge_object(kind: String, id: String) -> Result<(), ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.edge.forms.delete(&actor, &kind, &id).await?)
}

impl FormFn for CreateEdgeObject {
    type Input = EdgeObjectInput;
}

impl FormFn for UpdateEdgeObject {
    type Input = EdgeObjectInput;
}

impl FormFn for DeleteEdgeObject {
    type Input = ();
}
