use api_types::{Problem, view::Overview};

use super::server::{caller, nobody};

pub async fn get() -> Result<Overview, Problem> {
    let (services, actor) = caller().ok_or_else(nobody)?;
    Ok(services.overviews.get(&actor).await?)
}
