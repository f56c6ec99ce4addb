use api_types::{Problem, input::AuditQuery, view::AuditPage};

use super::server::{caller, nobody};

pub async fn list(query: AuditQuery) -> Result<AuditPage, Problem> {
    let (services, actor) = caller().ok_or_else(nobody)?;
    Ok(services.audit.list(&actor, &query).await?)
}
