use api_types::Problem;

use super::http;

/// A topic of the guide as HTML.
pub async fn topic(id: &str) -> Result<String, Problem> {
    http::text(&format!("/guide/{id}/text")).await
}
