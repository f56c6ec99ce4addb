use api_types::{input::AuditQuery, view::AuditPage};
use leptos::prelude::*;

use super::{Json, ServerFnProblem};

#[server(prefix = "/api/fn", endpoint = "audit/list", input = Json, output = Json)]
pub async fn list_audit(#[server(flatten)] query: AuditQuery) -> Result<AuditPage, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.audit.list(&actor, &query).await?)
}
