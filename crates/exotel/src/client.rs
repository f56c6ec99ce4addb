//! Calls of Exotel's API.

use std::collections::HashSet;

use domain::{ExotelSettings, ExotelSubdomain, IntoEnumIterator};
use http_client::{Failure, FailureKind, Redactor, error_chain, send};
use reqwest::{StatusCode, header};

use crate::{
    Config, Error, Listing,
    response::{self, PAGE_SIZE, Page},
};

/// Bytes of one response; a page of 50 numbers has about 30 KiB.
const MAX_RESPONSE: usize = 2 * 1024 * 1024;
/// Pages of one list: 2,000 numbers. Exotel grants 50 calls a minute.
const MOST_PAGES: usize = 40;

/// Calls Exotel's API for any account. Cheap to clone: clones share their connections.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    config: Config,
}

impl Client {
    /// A client; nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::Config`] where the URL is invalid.
    pub fn new(config: Config) -> Result<Self, Error> {
        let endpoints =
            ExotelSubdomain::iter().map(|subdomain| config.base(subdomain)).collect::<Result<Vec<_>, _>>()?;
        let http = http_client::builder(config.timeout, &endpoints).build().map_err(|error| Error::Config {
            message: format!("The HTTP client cannot start: {}", error_chain(&error)),
        })?;
        Ok(Self { http, config })
    }

    /// Checks whether the credentials may list the account's numbers, by reading one page.
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
            // A page without new numbers also ends the list: the server may ignore the page.
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
        let request = self.http.get(url).basic_auth(key, Some(token)).header(header::ACCEPT, "application/json");
        let reply = send(request, MAX_RESPONSE).await.map_err(|failure| self.unanswered(failure))?;
        let redactor = Redactor::basic_auth(key, token);
        match reply.status {
            StatusCode::OK => response::page(&reply.text(), &redactor),
            status => Err(response::refused(status.as_u16(), &reply.text(), reply.retry_after(), &redactor)),
        }
    }

    fn unanswered(&self, failure: Failure) -> Error {
        let Failure { kind, status, message } = failure;
        match kind {
            FailureKind::Connect => Error::Unreachable { message },
            FailureKind::Tls => Error::Tls { message },
            FailureKind::Timeout => Error::Timeout { after: self.config.timeout },
            FailureKind::Interrupted => Error::Lost { message },
            FailureKind::TooLarge => Error::Unreadable { status: status.unwrap_or_default(), message },
        }
    }
}
