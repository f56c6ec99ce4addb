use domain::{
    CarrierId, Problem,
    input::{AdoptInput, ApplyInput},
    view::{AdoptView, DriftView},
};

use super::http;

fn path(carrier: &CarrierId) -> String {
    format!("/api/v1/carriers/{carrier}/drift")
}

pub async fn get(carrier: CarrierId) -> Result<DriftView, Problem> {
    #[cfg(feature = "ssr")]
    {
        let (services, actor) = super::server::caller().ok_or_else(super::server::nobody)?;
        Ok(services.drift.report(&actor, &carrier).await?)
    }
    #[cfg(not(feature = "ssr"))]
    http::get(&path(&carrier)).await
}

pub async fn apply(carrier: CarrierId, input: ApplyInput) -> Result<DriftView, Problem> {
    http::send("POST", &format!("{}/apply", path(&carrier)), &input).await
}

/// The dry run of an adoption: read while a page is rendered, too.
pub async fn preview(carrier: CarrierId, input: AdoptInput) -> Result<AdoptView, Problem> {
    #[cfg(feature = "ssr")]
    {
        let (services, actor) = super::server::caller().ok_or_else(super::server::nobody)?;
        Ok(services.drift.adopt(&actor, &carrier, &input).await?)
    }
    #[cfg(not(feature = "ssr"))]
    adopt(carrier, input).await
}

pub async fn adopt(carrier: CarrierId, input: AdoptInput) -> Result<AdoptView, Problem> {
    http::send("POST", &format!("{}/adopt", path(&carrier)), &input).await
}

/// What is left afterwards is answered, too; the page reads it with the rest.
pub async fn remove_orphans(input: ApplyInput) -> Result<(), Problem> {
    http::send::<serde::de::IgnoredAny>("POST", "/api/v1/livekit/orphans/remove", &input).await.map(drop)
}
