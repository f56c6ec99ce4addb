use api_types::{Problem, input::AuditQuery, view::AuditPage};

use super::server::caller;

pub async fn list(query: AuditQuery) -> Result<AuditPage, Problem> {
    let (services, actor) = caller()?;
    Ok(services.audit.list(&actor, &query).await?)
}
