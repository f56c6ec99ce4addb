//! Requests of one account.

use async_trait::async_trait;
use domain::{Country, E164, NumberProviderKind, VonageSettings};
use http_client::{Redactor, send};
use number_provider::{
    AvailableNumbers, Connection, ConnectionRequest, NumberProvider, NumberSearch, OwnedNumber, ProviderError,
    Purchase, Result,
};
use reqwest::{RequestBuilder, Url, header};
use serde_json::{Map, Value};

use crate::{Client, error};

/// Bytes of one response; a page of 100 numbers has about 30 KiB.
const MAX_RESPONSE: usize = 2 * 1024 * 1024;
/// Name of the provider in messages.
pub(crate) const VONAGE: &str = "Vonage";

/// One account of Vonage.
pub struct Account {
    pub(crate) client: Client,
    pub(crate) settings: VonageSettings,
    pub(crate) redactor: Redactor,
}

impl Account {
    pub(crate) async fn get(&self, path: [&str; 2], query: &[(&str, &str)]) -> Result<Map<String, Value>> {
        let mut url = self.url(path);
        url.query_pairs_mut().extend_pairs(query);
        self.request(self.client.http.get(url), false).await
    }

    /// Parameters in the query of a POST are refused, so they are the body.
    async fn post(&self, path: [&str; 2], form: &[(&str, &str)]) -> Result<()> {
        let body = serde_urlencoded::to_string(form).unwrap_or_default();
        let request = self.client.http.post(self.url(path));
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
        let answer = self.request(request, true).await?;
        if answer.get("error-code").and_then(error::code) == Some(200) {
            return Ok(());
        }
        Err(self.unreadable(&Value::Object(answer).to_string(), true))
    }

    async fn request(&self, request: RequestBuilder, changes: bool) -> Result<Map<String, Value>> {
        let request = request
            .basic_auth(self.settings.api_key.as_str(), Some(self.settings.api_secret.expose()))
            .header(header::ACCEPT, "application/json");
        let reply = send(request, MAX_RESPONSE)
            .await
            .map_err(|failure| ProviderError::unanswered(VONAGE, &failure, changes))?;
        let (status, text) = (reply.status.as_u16(), reply.text());
        let answer: Option<Value> = serde_json::from_str(&text).ok();
        let code = answer.as_ref().and_then(|answer| answer.get("error-code")).and_then(error::code);
        if !reply.status.is_success() || code.is_some_and(|code| code != 200) {
            return Err(error::refused(status, &text, reply.retry_after(), changes, &self.redactor));
        }
        match answer {
            Some(Value::Object(answer)) => Ok(answer),
            _ => Err(self.unreadable(&text, changes)),
        }
    }

    /// A response of 200 without what is needed of it.
    pub(crate) fn unreadable(&self, text: &str, changes: bool) -> ProviderError {
        let reason = format!("the response was not the API's: {}", self.redactor.snippet(text));
        ProviderError::failed(VONAGE, &reason, changes)
    }

    fn url(&self, path: [&str; 2]) -> Url {
        let mut url = self.client.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url
    }

    async fn country(&self, number: &OwnedNumber) -> Result<Option<Country>> {
        match number.country {
            Some(country) => Ok(Some(country)),
            None => Ok(self.owned_number(&number.phone_number).await?.and_then(|owned| owned.country)),
        }
    }
}

#[async_trait]
impl NumberProvider for Account {
    fn kind(&self) -> NumberProviderKind {
        NumberProviderKind::Vonage
    }

    async fn check(&self) -> Result<()> {
        self.get(["account", "numbers"], &[("size", "1"), ("index", "1")]).await.map(drop)
    }

    async fn search(&self, search: &NumberSearch) -> Result<AvailableNumbers> {
        self.available_numbers(search).await
    }

    async fn owned(&self, number: &E164) -> Result<Option<OwnedNumber>> {
        self.owned_number(number).await
    }

    async fn buy(&self, purchase: &Purchase) -> Result<OwnedNumber> {
        let form = [("country", purchase.country.as_str()), ("msisdn", purchase.phone_number.digits())];
        self.post(["number", "buy"], &form).await?;
        Ok(OwnedNumber {
            reference: purchase.phone_number.digits().to_owned(),
            phone_number: purchase.phone_number.clone(),
            country: Some(purchase.country),
            attached_to: None,
        })
    }

    async fn attach(&self, number: &OwnedNumber, connection: &Connection) -> Result<()> {
        // LiveKit finds the trunk by the called number, which the user part is.
        let address = format!("sip:{}@{}", number.phone_number, connection.reference);
        if number.attached_to.as_deref() == Some(address.as_str()) {
            return Ok(());
        }
        let country = self.country(number).await?.ok_or_else(|| not_owned(&number.phone_number))?;
        let form = [
            ("country", country.as_str()),
            ("msisdn", number.phone_number.digits()),
            ("voiceCallbackType", "sip"),
            ("voiceCallbackValue", address.as_str()),
        ];
        self.post(["number", "update"], &form).await
    }

    async fn release(&self, number: &OwnedNumber) -> Result<()> {
        let Some(country) = self.country(number).await? else { return Ok(()) };
        let form = [("country", country.as_str()), ("msisdn", number.phone_number.digits())];
        match self.post(["number", "cancel"], &form).await {
            // The same refusal has several reasons; one is that the account does not have the number.
            Err(refused @ ProviderError::Refused { .. }) => match self.owned_number(&number.phone_number).await? {
                None => Ok(()),
                Some(_) => Err(refused),
            },
            answer => answer,
        }
    }

    /// Nothing is prepared at Vonage: each number has the address of its own, and the dashboard created the trunk.
    async fn connect(&self, request: &ConnectionRequest) -> Result<Connection> {
        Ok(Connection {
            provider: NumberProviderKind::Vonage,
            reference: format!("{};transport=tcp", request.livekit_sip_host),
            outbound_address: self.settings.sip_domain.clone(),
            credentials: self.settings.sip_credentials.clone(),
        })
    }
}

fn not_owned(number: &E164) -> ProviderError {
    ProviderError::Refused {
        code: "404".to_owned(),
        message: format!(
            "The Vonage account does not have {number}: check the list of its numbers in Vonage's dashboard."
        ),
        field: Some("phone_number"),
    }
}
