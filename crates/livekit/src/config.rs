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
    /// Identifies the project: its host, port and path, the same for every spelling of its URL. The key is no part of it: keys
    /// are rotated, and all keys of one server see the same trunks.
    ///
    /// # Errors
    /// As [`crate::Client::new`].
    pub fn project(&self) -> Result<String, Error> {
        let url = self.endpoint()?;
        let host = if http_client::is_loopback(&url) {
            "localhost"
        } else {
            url.host_str().unwrap_or_default().trim_end_matches('.')
        };
        let port = url.port_or_known_default().unwrap_or_default();
        let path = url.path().trim_end_matches("/twirp/livekit.SIP/");
        Ok(format!("{host}:{port}{path}"))
    }

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
    fn every_spelling_of_a_url_is_one_project() {
        let project = |url: &str| {
            let config = Config {
                url: url.to_owned(),
                api_key: "key".to_owned(),
                api_secret: Secret::new("secret"),
                timeout: Duration::from_secs(1),
            };
            config.project().unwrap()
        };
        for (spellings, expected) in [
            (
                ["wss://P.livekit.cloud", "https://p.livekit.cloud:443/", "https://p.livekit.cloud./"],
                "p.livekit.cloud:443",
            ),
            (["ws://localhost:7880", "http://127.0.0.1:7880/", "ws://[::1]:7880"], "localhost:7880"),
            (["http://h/lk", "ws://h:80/lk/", "http://h/lk?x=1"], "h:80/lk"),
        ] {
            assert_eq!(spellings.map(project), [expected; 3]);
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
