use std::time::Duration;

use domain::VonageSettings;
use http_client::{Redactor, error_chain};
use number_provider::ProviderError;
use reqwest::Url;

use crate::Account;

/// Where the API is.
#[derive(Clone, Debug)]
pub struct Config {
    /// Base URL.
    pub url: String,
    /// Of one request, from connecting to the last byte.
    pub timeout: Duration,
}

impl Config {
    /// Vonage's own host.
    pub const URL: &'static str = "https://rest.nexmo.com";
}

/// Calls Vonage for any account. Cheap to clone: clones share their connections.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) http: reqwest::Client,
    pub(crate) base: Url,
}

impl Client {
    /// A client; nothing is sent yet.
    ///
    /// # Errors
    /// [`ProviderError::NotSent`] where the URL is invalid.
    pub fn new(config: &Config) -> Result<Self, ProviderError> {
        let base: Option<Url> = config.url.trim().parse().ok();
        let base = base
            .filter(|url| {
                matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.query().is_none()
            })
            .ok_or_else(|| ProviderError::NotSent {
                message: "TRUNKLINE_VONAGE_URL starts with http:// or https:// and has no user and no query."
                    .to_owned(),
            })?;
        let http = http_client::builder(config.timeout, [&base]).build().map_err(|error| ProviderError::NotSent {
            message: format!("The HTTP client cannot start: {}", error_chain(&error)),
        })?;
        Ok(Self { http, base })
    }

    /// The account with these credentials.
    pub fn account(&self, settings: VonageSettings) -> Account {
        let redactor = Redactor::basic_auth(settings.api_key.as_str(), settings.api_secret.expose());
        Account { client: self.clone(), settings, redactor }
    }
}
