use api_types::Problem;

use super::http;
use crate::urls;

/// A topic of the guide as HTML.
pub async fn topic(id: &str) -> Result<String, Problem> {
    http::text(&urls::guide_text(id)).await
}
