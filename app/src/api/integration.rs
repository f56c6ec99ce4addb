use domain::{
    Problem,
    input::{ExotelImportInput, ExotelInput},
    view::{ExotelImported, ExotelNumbers, ExotelSummary},
};

use super::http;

const PATH: &str = "/api/v1/integrations/exotel";

pub async fn summary() -> Result<ExotelSummary, Problem> {
    #[cfg(feature = "ssr")]
    {
        let (services, actor) = super::server::caller().ok_or_else(super::server::nobody)?;
        Ok(services.exotel.summary(&actor).await?)
    }
    #[cfg(not(feature = "ssr"))]
    http::get(&format!("{PATH}/summary")).await
}

/// Asks Exotel, and so takes its time.
pub async fn numbers() -> Result<ExotelNumbers, Problem> {
    #[cfg(feature = "ssr")]
    {
        let (services, actor) = super::server::caller().ok_or_else(super::server::nobody)?;
        Ok(services.exotel.numbers(&actor).await?)
    }
    #[cfg(not(feature = "ssr"))]
    http::get(&format!("{PATH}/numbers")).await
}

/// What an import would do. The server renders it too, since without JavaScript a form has to bring it.
pub async fn preview(mut input: ExotelImportInput) -> Result<ExotelImported, Problem> {
    input.dry_run = "true".into();
    #[cfg(feature = "ssr")]
    {
        let (services, actor) = super::server::caller().ok_or_else(super::server::nobody)?;
        Ok(services.exotel.import(&actor, &input).await?)
    }
    #[cfg(not(feature = "ssr"))]
    import(input).await
}

pub async fn import(input: ExotelImportInput) -> Result<ExotelImported, Problem> {
    http::send("POST", &format!("{PATH}/import"), &input).await
}

/// The answer says more; the page needs no more than this.
pub async fn save(input: ExotelInput) -> Result<ExotelSummary, Problem> {
    http::send("PUT", PATH, &input).await
}

pub async fn test() -> Result<ExotelSummary, Problem> {
    http::send("POST", &format!("{PATH}/test"), &()).await
}

pub async fn disconnect() -> Result<(), Problem> {
    http::delete(PATH).await
}
