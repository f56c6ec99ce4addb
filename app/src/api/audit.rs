use domain::{Problem, input::AuditQuery, view::AuditPage};

pub async fn list(query: AuditQuery) -> Result<AuditPage, Problem> {
    #[cfg(feature = "ssr")]
    {
        let (services, actor) = super::server::caller().ok_or_else(super::server::nobody)?;
        Ok(services.audit.list(&actor, &query).await?)
    }
    #[cfg(not(feature = "ssr"))]
    {
        let pairs = crate::urls::query(&[
            ("q", &query.q),
            ("actor", &query.actor),
            ("kind", &query.kind),
            ("subject", &query.subject),
            ("action", &query.action),
            ("from", &query.from),
            ("to", &query.to),
            ("limit", &query.limit),
            ("cursor", &query.cursor),
        ]);
        super::http::get(&format!("/api/v1/audit{pairs}")).await
    }
}
