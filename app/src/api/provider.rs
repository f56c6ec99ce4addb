use api_types::{Problem, view::ProviderView};

#[cfg(not(feature = "ssr"))]
use super::http;

/// Providers with their published settings.
pub async fn list() -> Result<Vec<ProviderView>, Problem> {
    #[cfg(feature = "ssr")]
    {
        Ok(services::provider::all().to_vec())
    }
    #[cfg(not(feature = "ssr"))]
    http::get("/api/v1/providers").await
}
