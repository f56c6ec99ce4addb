use domain::{Problem, view::Overview};

pub async fn get() -> Result<Overview, Problem> {
    #[cfg(feature = "ssr")]
    {
        let (services, actor) = super::server::caller().ok_or_else(super::server::nobody)?;
        Ok(services.overviews.get(&actor).await?)
    }
    #[cfg(not(feature = "ssr"))]
    super::http::get("/api/v1/overview").await
}
