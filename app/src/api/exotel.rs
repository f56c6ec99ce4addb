use api_types::{Problem, view::ExotelSummary};

use super::server::caller;

pub async fn summary() -> Result<ExotelSummary, Problem> {
    let (services, actor) = caller()?;
    Ok(services.exotel.summary(&actor).await?)
}
