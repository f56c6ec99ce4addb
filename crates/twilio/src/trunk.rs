//! The Elastic SIP trunk that connects the account's numbers with LiveKit.

use domain::{FieldFault, NumberProviderKind};
use number_provider::{Connection, ConnectionRequest, ProviderError, Result};
use reqwest::Url;
use serde_json::Value;

use crate::{Account, account::TWILIO, numbers::is_sid};

/// Pages of a list of trunks or credentials, 50 each; an account has at most 100 of either, and 1,000 users per list.
const PAGES: usize = 20;
/// Lower is tried first, and all origination URLs of equal priority share the load by weight.
const PRIORITY: &str = "10";
const WEIGHT: &str = "10";

/// The SIP domain of the trunk of that name. It is unique over all accounts of Twilio, so that two servers cannot create two
/// trunks.
pub fn trunk_domain(name: &str) -> String {
    format!("trunkline-{name}.pstn.twilio.com")
}

impl Account {
    /// Trunk, origination URL, credential list, credential, and the list attached to the trunk. Each is searched before it is
    /// created, so that an interrupted run continues where it ended. The password of a credential that exists stays, since
    /// carriers use it.
    pub(crate) async fn connect_trunk(&self, request: &ConnectionRequest) -> Result<Connection> {
        let friendly_name = format!("Trunkline {}", request.name);
        let domain = trunk_domain(&request.name);
        let trunk = self
            .find_or_create(
                self.trunks(&[]),
                "trunks",
                ("domain_name", &domain),
                &[("FriendlyName", &friendly_name), ("DomainName", &domain)],
            )
            .await?;
        self.originate(&trunk, &friendly_name, request).await?;
        let list = self
            .find_or_create(
                self.api(&["SIP", "CredentialLists.json"]),
                "credential_lists",
                ("friendly_name", &friendly_name),
                &[("FriendlyName", &friendly_name)],
            )
            .await?;
        let (username, password) = (request.credentials.username.as_str(), request.credentials.password.expose());
        self.find_or_create(
            self.api(&["SIP", "CredentialLists", &list, "Credentials.json"]),
            "credentials",
            ("username", username),
            &[("Username", username), ("Password", password)],
        )
        .await?;
        self.find_or_create(
            self.trunks(&[&trunk, "CredentialLists"]),
            "credential_lists",
            ("sid", &list),
            &[("CredentialListSid", &list)],
        )
        .await?;
        let outbound_address = domain.parse().map_err(|fault: FieldFault| ProviderError::NotSent {
            message: format!("The trunk's domain {domain} is no SIP address: {fault}"),
        })?;
        Ok(Connection {
            provider: NumberProviderKind::Twilio,
            reference: trunk,
            outbound_address,
            credentials: Some(request.credentials.clone()),
        })
    }

    /// Calls to the trunk's numbers go to LiveKit; an origination URL of an earlier address is replaced.
    async fn originate(&self, trunk: &str, friendly_name: &str, request: &ConnectionRequest) -> Result<()> {
        let sip_url = format!("sip:{};transport=tcp", request.livekit_sip_host);
        let url = self.trunks(&[trunk, "OriginationUrls"]);
        let (items, _) = self.list(paged(&url), "origination_urls", PAGES).await?;
        let has = |item: &&Value, name: &str, text: &str| item.get(name).and_then(Value::as_str) == Some(text);
        if items.iter().any(|item| has(&item, "sip_url", &sip_url)) {
            return Ok(());
        }
        match items.iter().find(|item| has(item, "friendly_name", friendly_name)) {
            Some(ours) => {
                let sid = self.sid(ours, false)?;
                self.post(self.trunks(&[trunk, "OriginationUrls", &sid]), &[("SipUrl", &sip_url)]).await?;
            }
            None => {
                let form = [
                    ("SipUrl", sip_url.as_str()),
                    ("Priority", PRIORITY),
                    ("Weight", WEIGHT),
                    ("Enabled", "true"),
                    ("FriendlyName", friendly_name),
                ];
                self.post(url, &form).await?;
            }
        }
        Ok(())
    }

    /// The SID of the item whose field has that text. It is created if there is none.
    async fn find_or_create(
        &self,
        url: Url,
        key: &str,
        (name, text): (&str, &str),
        form: &[(&str, &str)],
    ) -> Result<String> {
        let (items, complete) = self.list(paged(&url), key, PAGES).await?;
        if let Some(item) = items.iter().find(|item| item.get(name).and_then(Value::as_str) == Some(text)) {
            return self.sid(item, false);
        }
        if !complete {
            return Err(ProviderError::failed(TWILIO, &format!("its list of {key} did not end"), false));
        }
        let created = self.post(url, form).await?;
        self.sid(&created, true)
    }

    fn sid(&self, item: &Value, changes: bool) -> Result<String> {
        let sid = self.field(item, "sid", changes)?;
        if is_sid(&sid) { Ok(sid) } else { Err(self.unreadable(&item.to_string(), changes)) }
    }
}

fn paged(url: &Url) -> Url {
    let mut url = url.clone();
    url.query_pairs_mut().append_pair("PageSize", "50");
    url
}
