use api_types::{
    Problem,
    input::ExotelImportInput,
    view::{ExotelImported, ExotelNumbers, ExotelSummary},
};

use super::server::{caller, nobody};

pub async fn summary() -> Result<ExotelSummary, Problem> {
    let (services, actor) = caller().ok_or_else(nobody)?;
    Ok(services.exotel.summary(&actor).await?)
}

/// Asks Exotel, and so takes its time.
pub async fn numbers() -> Result<ExotelNumbers, Problem> {
    let (services, actor) = caller().ok_or_else(nobody)?;
    Ok(services.exotel.numbers(&actor).await?)
}

/// What an import would do.
pub async fn preview(input: ExotelImportInput) -> Result<ExotelImported, Problem> {
    let (services, actor) = caller().ok_or_else(nobody)?;
    Ok(services.exotel.import(&actor, &ExotelImportInput { dry_run: "true".into(), ..input }).await?)
}
