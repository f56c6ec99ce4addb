//! Requests of one account.

use std::time::Duration;

use async_trait::async_trait;
use domain::{E164, NumberProviderKind, TwilioSettings};
use http_client::{Redactor, send};
use number_provider::{
    AvailableNumbers, Connection, ConnectionRequest, NumberProvider, NumberSearch, OwnedNumber, ProviderError,
    Purchase, Result,
};
use reqwest::{Method, StatusCode, Url, header};
use serde_json::Value;

use crate::{Client, error};

/// Bytes of one response; a page of 50 numbers has about 60 KiB.
const MAX_RESPONSE: usize = 4 * 1024 * 1024;
/// Attempts of a request that Twilio answers with 429.
const ATTEMPTS: u32 = 3;
/// The longest pause before a repetition: a page may be waiting for the response.
const LONGEST_PAUSE: Duration = Duration::from_secs(4);
/// Name of the provider in messages.
pub(crate) const TWILIO: &str = "Twilio";

/// One account of Twilio.
pub struct Account {
    pub(crate) client: Client,
    pub(crate) settings: TwilioSettings,
    pub(crate) redactor: Redactor,
}

impl Account {
    /// `/2010-04-01/Accounts/{AC}/…` of the 2010 API.
    pub(crate) fn api(&self, path: &[&str]) -> Url {
        let account = self.settings.account_sid.as_str();
        join(&self.client.bases.api, ["2010-04-01", "Accounts", account].iter().chain(path))
    }

    /// `/v1/Trunks/…` of the trunking API.
    pub(crate) fn trunks(&self, path: &[&str]) -> Url {
        join(&self.client.bases.trunking, ["v1", "Trunks"].iter().chain(path))
    }

    /// `/v1/PhoneNumbers/Countries/{country}` of the pricing API.
    pub(crate) fn pricing(&self, country: &str) -> Url {
        join(&self.client.bases.pricing, ["v1", "PhoneNumbers", "Countries", country].iter())
    }

    pub(crate) async fn get(&self, url: Url) -> Result<Value> {
        self.request(Method::GET, url, &[]).await
    }

    pub(crate) async fn post(&self, url: Url, form: &[(&str, &str)]) -> Result<Value> {
        self.request(Method::POST, url, form).await
    }

    pub(crate) async fn request(&self, method: Method, url: Url, form: &[(&str, &str)]) -> Result<Value> {
        let mut attempt = 1;
        loop {
            match self.request_once(method.clone(), url.clone(), form).await {
                // Twilio refuses these before it processes them, so that a repetition changes nothing twice.
                Err(ProviderError::RateLimited { retry_after, .. }) if attempt < ATTEMPTS => {
                    let pause = retry_after.unwrap_or(Duration::from_millis(250 << attempt));
                    tokio::time::sleep(pause.min(LONGEST_PAUSE)).await;
                    attempt += 1;
                }
                answer => return answer,
            }
        }
    }

    async fn request_once(&self, method: Method, url: Url, form: &[(&str, &str)]) -> Result<Value> {
        let changes = method != Method::GET;
        let mut request = self
            .client
            .http
            .request(method.clone(), url)
            .basic_auth(self.settings.user(), Some(self.settings.secret.expose()))
            .header(header::ACCEPT, "application/json");
        if method == Method::POST {
            let body = serde_urlencoded::to_string(form).unwrap_or_default();
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
        }
        let reply = send(request, MAX_RESPONSE)
            .await
            .map_err(|failure| ProviderError::unanswered(TWILIO, &failure, changes))?;
        let text = reply.text();
        if reply.status == StatusCode::NO_CONTENT {
            return Ok(Value::Null);
        }
        if !reply.status.is_success() {
            return Err(error::refused(reply.status.as_u16(), &text, reply.retry_after(), changes, &self.redactor));
        }
        serde_json::from_str(&text).ok().filter(Value::is_object).ok_or_else(|| self.unreadable(&text, changes))
    }

    /// A response of 2xx without what is needed of it.
    pub(crate) fn unreadable(&self, text: &str, changes: bool) -> ProviderError {
        let reason = format!("the response was not the API's: {}", self.redactor.snippet(text));
        ProviderError::failed(TWILIO, &reason, changes)
    }

    /// The text of a field of a response.
    pub(crate) fn field(&self, answer: &Value, name: &str, changes: bool) -> Result<String> {
        let field = answer.get(name).and_then(Value::as_str).map(str::to_owned);
        field.ok_or_else(|| self.unreadable(&answer.to_string(), changes))
    }

    /// All items of a list, up to `most_pages` pages; whether these are all.
    pub(crate) async fn list(&self, first: Url, key: &str, most_pages: usize) -> Result<(Vec<Value>, bool)> {
        let (mut items, mut url) = (Vec::new(), first.clone());
        for _ in 0..most_pages {
            let answer = self.get(url.clone()).await?;
            let page = answer.get(key).and_then(Value::as_array);
            let page = page.ok_or_else(|| self.unreadable(&answer.to_string(), false))?;
            items.extend(page.iter().cloned());
            match next_query(&answer).filter(|query| Some(query.as_str()) != url.query()) {
                // The address of the next page names a host: credentials are sent to the configured one alone.
                Some(query) => url.set_query(Some(&query)),
                None => return Ok((items, true)),
            }
        }
        Ok((items, false))
    }
}

fn join<'a>(base: &Url, path: impl Iterator<Item = &'a &'a str>) -> Url {
    let mut url = base.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    url
}

fn next_query(answer: &Value) -> Option<String> {
    let next = answer.get("next_page_uri").or_else(|| answer.get("meta")?.get("next_page_url"))?.as_str()?;
    let (_, query) = next.split_once('?')?;
    (!query.is_empty()).then(|| query.to_owned())
}

fn is_not_found(error: &ProviderError) -> bool {
    matches!(error, ProviderError::Refused { code, .. } if code == error::NOT_FOUND)
}

#[async_trait]
impl NumberProvider for Account {
    fn kind(&self) -> NumberProviderKind {
        NumberProviderKind::Twilio
    }

    async fn check(&self) -> Result<()> {
        let mut url = self.api(&["IncomingPhoneNumbers.json"]);
        url.query_pairs_mut().append_pair("PageSize", "1");
        self.get(url).await.map(drop)
    }

    async fn search(&self, search: &NumberSearch) -> Result<AvailableNumbers> {
        self.available_numbers(search).await
    }

    async fn owned(&self, number: &E164) -> Result<Option<OwnedNumber>> {
        self.owned_number(number).await
    }

    async fn buy(&self, purchase: &Purchase) -> Result<OwnedNumber> {
        self.buy_number(purchase).await
    }

    async fn attach(&self, number: &OwnedNumber, connection: &Connection) -> Result<()> {
        if number.attached_to.as_deref() == Some(connection.reference.as_str()) {
            return Ok(());
        }
        let url = self.api(&["IncomingPhoneNumbers", &format!("{}.json", number.reference)]);
        self.post(url, &[("TrunkSid", &connection.reference)]).await.map(drop)
    }

    async fn release(&self, number: &OwnedNumber) -> Result<()> {
        let url = self.api(&["IncomingPhoneNumbers", &format!("{}.json", number.reference)]);
        match self.request(Method::DELETE, url, &[]).await {
            // A gateway may answer this too: only the list says that the account does not have the number any more.
            Err(error) if is_not_found(&error) => match self.owned_number(&number.phone_number).await? {
                None => Ok(()),
                Some(_) => Err(error),
            },
            answer => answer.map(drop),
        }
    }

    async fn connect(&self, request: &ConnectionRequest) -> Result<Connection> {
        // A gateway's error page may repeat the password, as it is or as the form body has it.
        let password = request.credentials.password.expose();
        let encoded = serde_urlencoded::to_string([("", password)]).unwrap_or_default();
        let redactor = self.redactor.with([password.to_owned(), encoded.trim_start_matches('=').to_owned()]);
        let account = Self { client: self.client.clone(), settings: self.settings.clone(), redactor };
        account.connect_trunk(request).await
    }
}
