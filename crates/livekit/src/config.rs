//! Address and key of a LiveKit project.

use std::time::Duration;

use domain::Secret;
use reqwest::Url;

use crate::Error;

/// One LiveKit project.
#[derive(Clone, Debug)]
pub struct Config {
    /// `wss://project.livekit.cloud`, or `ws://`, `https://`, `http://`: LiveKit documents all four.
    pub url: String,
    /// `LIVEKIT_API_KEY`.
    pub api_key: String,
    /// `LIVEKIT_API_SECRET`, which signs the tokens.
    pub api_secret: Secret,
    /// Time-out of one call, from connecting to the last byte of the response.
    pub timeout: Duration,
}

impl Config {
    /// Base of the API: `https://host[:port][/prefix]/twirp/livekit.SIP/`.
    ///
    /// # Errors
    /// [`Error::Config`] where the URL is invalid, has another scheme, or contains credentials.
    pub(crate) fn endpoint(&self) -> Result<Url, Error> {
        let refused = |reason: &str| Error::Config { message: format!("LIVEKIT_URL {reason}") };
        let mut url: Url = self
            .url
            .trim()
            .parse()
            .map_err(|_| refused("is not a URL; expected something like wss://project.livekit.cloud"))?;
        let scheme = match url.scheme() {
            "ws" | "http" => "http",
            "wss" | "https" => "https",
            _ => return Err(refused("must begin with wss://, ws://, https:// or http://")),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refused("must contain no user or password; use LIVEKIT_API_KEY and LIVEKIT_API_SECRET"));
        }
        url.set_scheme(scheme).map_err(|()| refused("has no host"))?;
        url.set_query(None);
        url.set_fragment(None);
        let prefix = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{prefix}/twirp/livekit.SIP/"));
        Ok(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(url: &str) -> Result<String, Error> {
        let config = Config {
            url: url.to_owned(),
            api_key: "key".to_owned(),
            api_secret: Secret::new("secret"),
            timeout: Duration::from_secs(1),
        };
        config.endpoint().map(String::from)
    }

    #[test]
    fn each_documented_scheme_is_accepted() {
        for (given, base) in [
            ("ws://127.0.0.1:7880", "http://127.0.0.1:7880"),
            ("wss://p.livekit.cloud", "https://p.livekit.cloud"),
            (" https://p.livekit.cloud/ ", "https://p.livekit.cloud"),
            ("http://[::1]:7880/lk/?x=1#y", "http://[::1]:7880/lk"),
        ] {
            assert_eq!(endpoint(given), Ok(format!("{base}/twirp/livekit.SIP/")), "{given}");
        }
    }

    #[test]
    fn invalid_url_is_refused_with_the_remedy() {
        for given in ["", "livekit", "ftp://host", "sip:host", "https://user:pass@host"] {
            let Err(Error::Config { message }) = endpoint(given) else { panic!("{given} was accepted") };
            assert!(message.starts_with("LIVEKIT_URL ") && !message.contains("pass@"), "{message}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let config = Config {
            url: "ws://h".to_owned(),
            api_key: "key".to_owned(),
            api_secret: Secret::new("hunter2"),
            timeout: Duration::from_secs(1),
        };
        assert!(!format!("{config:?}").contains("hunter2"));
    }
}
