//! Where LiveKit is, and how to be let in.

use std::time::Duration;

use domain::Secret;
use reqwest::Url;

use crate::Error;

/// One LiveKit project.
#[derive(Clone, Debug)]
pub struct Config {
    /// `wss://project.livekit.cloud`, or `ws://`, `https://`, `http://`; LiveKit hands out all four.
    pub url: String,
    pub api_key: String,
    pub api_secret: Secret,
    /// For one call, from connecting to the last byte of the answer.
    pub timeout: Duration,
}

impl Config {
    /// Base of the API: `https://host[:port][/prefix]/twirp/livekit.SIP/`.
    ///
    /// # Errors
    /// [`Error::Config`] where the URL is none, has another scheme, or holds credentials.
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
            return Err(refused("must hold no user or password; use LIVEKIT_API_KEY and LIVEKIT_API_SECRET"));
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
    fn every_scheme_that_livekit_hands_out_is_taken() {
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
    fn what_is_no_livekit_url_is_refused_with_the_remedy() {
        for given in ["", "livekit", "ftp://host", "sip:host", "https://user:pass@host"] {
            let Err(Error::Config { message }) = endpoint(given) else { panic!("{given} was taken") };
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
