//! Where Exotel is.

use std::time::Duration;

use domain::ExotelSubdomain;
use reqwest::Url;

use crate::Error;

/// Stands for the account's subdomain in [`Config::url`].
const SUBDOMAIN: &str = "{subdomain}";

#[derive(Clone, Debug)]
pub struct Config {
    /// Base of the API. A deployment's setting, never an account's: keys are sent there.
    pub url: String,
    /// For one question as a whole, however many pages its answer has.
    pub timeout: Duration,
}

impl Config {
    /// Each account at its own cluster.
    pub const URL: &'static str = "https://{subdomain}";

    /// # Errors
    /// [`Error::Config`] where the URL is none, has another scheme than HTTP's, or holds credentials or a query.
    pub(crate) fn base(&self, subdomain: ExotelSubdomain) -> Result<Url, Error> {
        let refused = |reason: &str| Error::Config { message: format!("TRUNKLINE_EXOTEL_URL {reason}") };
        let text = self.url.trim().replace(SUBDOMAIN, subdomain.as_str());
        let url: Url =
            text.parse().map_err(|_| refused("is not a URL; expected something like https://{subdomain}"))?;
        if !matches!(url.scheme(), "https" | "http") || !url.has_host() {
            return Err(refused("must begin with https:// or http://, and name a host"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refused("must hold no user or password; those are entered in the console"));
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
    fn the_subdomain_stands_where_it_is_asked_for() {
        assert_eq!(base(Config::URL).unwrap(), "https://api.in.exotel.com/");
        assert_eq!(
            base("http://127.0.0.1:9/exotel/{subdomain}").unwrap(),
            "http://127.0.0.1:9/exotel/api.in.exotel.com"
        );
        assert_eq!(base(" http://127.0.0.1:9 ").unwrap(), "http://127.0.0.1:9/");
    }

    #[test]
    fn what_is_no_base_is_refused_with_the_remedy() {
        for given in ["", "exotel", "ftp://host", "https://user:pass@host", "https://host/?a=b", "unix:/x"] {
            let Err(Error::Config { message }) = base(given) else { panic!("{given} was taken") };
            assert!(message.starts_with("TRUNKLINE_EXOTEL_URL ") && !message.contains("pass@"), "{message}");
        }
    }
}
