use api_types::{
    input::BanQuery,
    view::{BanList, BanView},
};
use domain::BanId;
use leptos::prelude::*;

use super::{FormFn, Json, ServerFnProblem};

#[server(prefix = "/api/fn", endpoint = "edge/bans/list", input = Json, output = Json)]
pub async fn list_bans(#[server(flatten)] query: BanQuery) -> Result<BanList, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.edge.security.list(&actor, &query).await?)
}

#[server(prefix = "/api/fn", endpoint = "edge/bans/lift", input = Json, output = Json)]
pub async fn lift_ban(id: BanId) -> Result<BanView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.edge.security.lift(&actor, &id).await?)
}

impl FormFn for LiftBan {
    type Input = ();
}
