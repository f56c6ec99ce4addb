use domain::TwilioSettings;
use http_client::{Redactor, error_chain};
use number_provider::ProviderError;

use crate::{Account, Config, config::Bases};

/// Calls Twilio for any account. Cheap to clone: clones share their connections.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) http: reqwest::Client,
    pub(crate) bases: Bases,
}

impl Client {
    /// A client; nothing is sent yet.
    ///
    /// # Errors
    /// [`ProviderError::NotSent`] where a URL is invalid.
    pub fn new(config: &Config) -> Result<Self, ProviderError> {
        let bases = config.bases()?;
        let endpoints = [&bases.api, &bases.trunking, &bases.pricing];
        let http = http_client::builder(config.timeout, endpoints).build().map_err(|error| ProviderError::NotSent {
            message: format!("The HTTP client cannot start: {}", error_chain(&error)),
        })?;
        Ok(Self { http, bases })
    }

    /// The account with these credentials.
    pub fn account(&self, settings: TwilioSettings) -> Account {
        let redactor = Redactor::basic_auth(settings.user(), settings.secret.expose());
        Account { client: self.clone(), settings, redactor }
    }
}
