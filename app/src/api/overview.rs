use api_types::{Problem, view::Overview};

use super::server::caller;

pub async fn get() -> Result<Overview, Problem> {
    let (services, actor) = caller()?;
    Ok(services.overviews.get(&actor).await?)
}
