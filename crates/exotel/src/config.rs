//! Address of Exotel's API.

use std::time::Duration;

use domain::ExotelSubdomain;
use reqwest::Url;

use crate::Error;

/// Placeholder of the account's subdomain in [`Config::url`].
const SUBDOMAIN: &str = "{subdomain}";

/// Address and time-out, the same for every account.
#[derive(Clone, Debug)]
pub struct Config {
    /// Base URL of the API (`TRUNKLINE_EXOTEL_URL`). Keys are sent there, so accounts cannot set it.
    pub url: String,
    /// Time-out of one call of [`crate::Client`], all pages of a list included.
    pub timeout: Duration,
}

impl Config {
    /// The default: each account at its own cluster.
    pub const URL: &'static str = "https://{subdomain}";

    /// # Errors
    /// [`Error::Config`] where the URL is invalid, has another scheme than HTTP's, or contains credentials or a query.
    pub(crate) fn base(&self, subdomain: ExotelSubdomain) -> Result<Url, Error> {
        let refused = |reason: &str| Error::Config { message: format!("TRUNKLINE_EXOTEL_URL {reason}") };
        let text = self.url.trim().replace(SUBDOMAIN, subdomain.as_str());
        let url: Url =
            text.parse().map_err(|_| refused("is not a URL; expected something like https://{subdomain}"))?;
        if !matches!(url.scheme(), "https" | "http") || !url.has_host() {
            return Err(refused("must begin with https:// or http://, and name a host"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refused("must contain no user or password; those are entered in the console"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refused("must end with the host, the port or a path"));
        }
        Ok(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(url: &str) -> Result<String, Error> {
        let config = Config { url: url.to_owned(), timeout: Duration::from_secs(1) };
        config.base(ExotelSubdomain::Mumbai).map(String::from)
    }

    #[test]
    fn placeholder_becomes_the_subdomain() {
        assert_eq!(base(Config::URL).unwrap(), "https://api.in.exotel.com/");
        assert_eq!(
            base("http://127.0.0.1:9/exotel/{subdomain}").unwrap(),
            "http://127.0.0.1:9/exotel/api.in.exotel.com"
        );
        assert_eq!(base(" http://127.0.0.1:9 ").unwrap(), "http://127.0.0.1:9/");
    }

    #[test]
    fn invalid_base_is_refused_with_the_remedy() {
        for given in ["", "exotel", "ftp://host", "https://user:pass@host", "https://host/?a=b", "unix:/x"] {
            let Err(Error::Config { message }) = base(given) else { panic!("{given} was accepted") };
            assert!(message.starts_with("TRUNKLINE_EXOTEL_URL ") && !message.contains("pass@"), "{message}");
        }
    }
}
