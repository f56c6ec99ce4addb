//! The calls that Trunkline makes.

use std::{collections::HashSet, error::Error as _, time::Duration};

use domain::{ExotelSettings, ExotelSubdomain};
use reqwest::{Response, StatusCode, header, redirect, retry};

use crate::{
    Config, Error, Listing,
    answer::{self, PAGE_SIZE, Page},
    config::is_loopback,
    secrets::Secrets,
};

/// Bytes of one answer; a page of 50 numbers has some 30 KiB.
const MOST_BYTES: usize = 2 * 1024 * 1024;
/// Pages of one list: 2,000 numbers. Exotel grants 50 calls a minute.
const MOST_PAGES: usize = 40;
/// Connecting gets its own, shorter limit, so that a closed door is told from a slow answer.
const CONNECT: Duration = Duration::from_secs(5);

/// Asks Exotel, for whatever account. Cheap to clone: clones share their connections.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    config: Config,
}

impl Client {
    /// # Errors
    /// [`Error::Config`]; nothing is sent yet.
    pub fn new(config: Config) -> Result<Self, Error> {
        let mut http = reqwest::Client::builder()
            .timeout(config.timeout)
            .connect_timeout(CONNECT.min(config.timeout / 2))
            .retry(retry::never())
            // A redirect would carry the key to whatever host it names.
            .redirect(redirect::Policy::none());
        for subdomain in ExotelSubdomain::ALL {
            if is_loopback(&config.base(subdomain)?) {
                http = http.no_proxy();
            }
        }
        let http = http
            .build()
            .map_err(|error| Error::Config { message: format!("The HTTP client cannot start: {}", chain(&error)) })?;
        Ok(Self { http, config })
    }

    /// Whether Exotel lets these credentials see the account's numbers. Reads one page, and nothing of it is kept.
    pub async fn check(&self, settings: &ExotelSettings) -> Result<(), Error> {
        self.page(settings, 0).await.map(drop)
    }

    /// All numbers of the account, up to 2,000.
    pub async fn numbers(&self, settings: &ExotelSettings) -> Result<Listing, Error> {
        let after = self.config.timeout;
        tokio::time::timeout(after, self.pages(settings)).await.unwrap_or(Err(Error::Timeout { after }))
    }

    async fn pages(&self, settings: &ExotelSettings) -> Result<Listing, Error> {
        let mut listing = Listing { numbers: Vec::new(), complete: false };
        let mut known = HashSet::new();
        for at in 0..MOST_PAGES {
            let Page { numbers, more } = self.page(settings, at).await?;
            let before = known.len();
            listing.numbers.extend(numbers.into_iter().filter(|phone| known.insert(phone.number.clone())));
            // A page that brings nothing new ends the list as well: a server may not know pages.
            if !more || known.len() == before {
                listing.complete = true;
                break;
            }
        }
        Ok(listing)
    }

    async fn page(&self, settings: &ExotelSettings, at: usize) -> Result<Page, Error> {
        let mut url = self.config.base(settings.subdomain)?;
        if let Ok(mut path) = url.path_segments_mut() {
            let account = settings.account_sid.as_str();
            path.pop_if_empty().extend(["v2_beta", "Accounts", account, "IncomingPhoneNumbers"]);
        }
        url.query_pairs_mut().append_pair("Page", &at.to_string()).append_pair("PageSize", &PAGE_SIZE.to_string());
        let (key, token) = (settings.api_key.expose(), settings.api_token.expose());
        let sent = self.http.get(url).basic_auth(key, Some(token)).header(header::ACCEPT, "application/json").send();
        let response = sent.await.map_err(|error| self.unanswered(error))?;
        let status = response.status();
        let retry_after = retry_after(&response);
        let body = self.body(response).await?;
        let secrets = Secrets::of(settings);
        match status {
            StatusCode::OK => answer::page(&body, &secrets),
            _ => Err(answer::refused(status.as_u16(), &body, retry_after, &secrets)),
        }
    }

    async fn body(&self, mut response: Response) -> Result<String, Error> {
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.unanswered(error))? {
            if body.len() + chunk.len() > MOST_BYTES {
                let message = format!("an answer of more than {} MiB", MOST_BYTES / 1024 / 1024);
                return Err(Error::Unreadable { status, message });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(String::from_utf8_lossy(&body).into_owned())
    }

    fn unanswered(&self, error: reqwest::Error) -> Error {
        let (connecting, slow) = (error.is_connect(), error.is_timeout());
        let message = chain(&error.without_url());
        match (connecting, slow) {
            (true, true) => Error::Unreachable { message: "no connection in time".to_owned() },
            (true, false) if is_tls(&message) => Error::Tls { message },
            (true, false) => Error::Unreachable { message },
            (false, true) => Error::Timeout { after: self.config.timeout },
            (false, false) => Error::Lost { message },
        }
    }
}

/// In seconds; the form with a date is not in Exotel's documentation.
fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?;
    // A server that asks for more than an hour is not believed.
    value.trim().parse().ok().filter(|seconds| (1..=3600).contains(seconds)).map(Duration::from_secs)
}

/// rustls tells its errors in words only, once they have passed through reqwest.
fn is_tls(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    ["certificate", "tls", "handshake", "corrupt message", "fatal alert"].iter().any(|word| message.contains(word))
}

/// An error and its causes in one line; reqwest's own words alone hide the cause.
fn chain(error: &reqwest::Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let words = error.to_string();
        if !line.contains(&words) {
            line = format!("{line}: {words}");
        }
        cause = error.source();
    }
    line
}
