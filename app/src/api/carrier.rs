use domain::{
    CarrierId, Problem,
    input::CarrierInput,
    view::{CarrierPage, CarrierQuery, CarrierView},
};

use super::http;

const PATH: &str = "/api/v1/carriers";

pub async fn list(query: CarrierQuery) -> Result<CarrierPage, Problem> {
    #[cfg(feature = "ssr")]
    {
        let (services, actor) = super::server::caller().ok_or_else(super::server::nobody)?;
        Ok(services.carriers.list(&actor, &query).await?)
    }
    #[cfg(not(feature = "ssr"))]
    {
        let limit = query.limit.map(|limit| limit.to_string()).unwrap_or_default();
        let include_dids = query.include_dids.map(|include| include.to_string()).unwrap_or_default();
        let pairs = crate::urls::query(&[
            ("q", &query.q),
            ("attention", &query.attention),
            ("sort", &query.sort),
            ("limit", &limit),
            ("cursor", query.cursor.as_deref().unwrap_or_default()),
            ("include_dids", &include_dids),
        ]);
        http::get(&format!("{PATH}{pairs}")).await
    }
}

pub async fn get(id: CarrierId) -> Result<CarrierView, Problem> {
    #[cfg(feature = "ssr")]
    {
        let (services, actor) = super::server::caller().ok_or_else(super::server::nobody)?;
        Ok(services.carriers.get(&actor, &id).await?)
    }
    #[cfg(not(feature = "ssr"))]
    http::get(&format!("{PATH}/{id}")).await
}

pub async fn create(input: CarrierInput) -> Result<CarrierView, Problem> {
    http::send("POST", PATH, &input).await
}

pub async fn update(id: CarrierId, input: CarrierInput) -> Result<CarrierView, Problem> {
    http::send("PUT", &format!("{PATH}/{id}"), &input).await
}

pub async fn delete(id: CarrierId) -> Result<(), Problem> {
    http::delete(&format!("{PATH}/{id}")).await
}

/// Syncs now and waits for it; a carrier that is still pending afterwards is an answer too.
pub async fn sync(id: CarrierId) -> Result<CarrierView, Problem> {
    http::send("POST", &format!("{PATH}/{id}/sync"), &()).await
}
