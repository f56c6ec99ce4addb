use api_types::{
    Problem,
    input::ExotelImportInput,
    view::{ExotelImported, ExotelNumbers, ExotelSummary},
};

use super::server::caller;

pub async fn summary() -> Result<ExotelSummary, Problem> {
    let (services, actor) = caller()?;
    Ok(services.exotel.summary(&actor).await?)
}

/// Slow: requests the list from Exotel.
pub async fn numbers() -> Result<ExotelNumbers, Problem> {
    let (services, actor) = caller()?;
    Ok(services.exotel.numbers(&actor).await?)
}

/// The dry run of an import.
pub async fn preview(input: ExotelImportInput) -> Result<ExotelImported, Problem> {
    let (services, actor) = caller()?;
    Ok(services.exotel.import(&actor, &ExotelImportInput { dry_run: "true".into(), ..input }).await?)
}
