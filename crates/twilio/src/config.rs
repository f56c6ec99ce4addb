use std::time::Duration;

use number_provider::ProviderError;
use reqwest::Url;

/// Where the APIs are. Tests and the sandbox have all three at one address.
#[derive(Clone, Debug)]
pub struct Config {
    /// Base URL of the 2010 API.
    pub api_url: String,
    /// Base URL of the trunking API.
    pub trunking_url: String,
    /// Base URL of the pricing API.
    pub pricing_url: String,
    /// Of one request, from connecting to the last byte.
    pub timeout: Duration,
}

impl Config {
    /// Twilio's own hosts.
    pub fn new(timeout: Duration) -> Self {
        Self {
            api_url: "https://api.twilio.com".to_owned(),
            trunking_url: "https://trunking.twilio.com".to_owned(),
            pricing_url: "https://pricing.twilio.com".to_owned(),
            timeout,
        }
    }

    /// One server for all three.
    pub fn at(url: &str, timeout: Duration) -> Self {
        Self { api_url: url.to_owned(), trunking_url: url.to_owned(), pricing_url: url.to_owned(), timeout }
    }

    pub(crate) fn bases(&self) -> Result<Bases, ProviderError> {
        Ok(Bases { api: base(&self.api_url)?, trunking: base(&self.trunking_url)?, pricing: base(&self.pricing_url)? })
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Bases {
    pub api: Url,
    pub trunking: Url,
    pub pricing: Url,
}

fn base(text: &str) -> Result<Url, ProviderError> {
    let url: Option<Url> = text.trim().parse().ok();
    url.filter(|url| matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.query().is_none())
        .ok_or_else(|| ProviderError::NotSent {
            message: "TRUNKLINE_TWILIO_URL starts with http:// or https:// and has no user and no query.".to_owned(),
        })
}
