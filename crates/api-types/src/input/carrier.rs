use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Text, TextList,
    addresses::addresses,
    text::{flag, present},
    version,
};
use domain::{
    Burst, CarrierProvider, CarrierSettings, Channels, Cps, FieldErrors, FieldFault, InboundAuth, MASK, Secret,
    SipCredentials, SipPassword, SipUsername, secret,
};

/// The body of `POST` and `PUT /api/v1/carriers`, and the carrier form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct CarrierInput {
    /// The carrier's name on pages.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 100, example = "Twilio")]
    pub name: Option<Text>,
    /// The company that the calls go through; by the domain of `sip_address` where blank, and for a new carrier where absent.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<CarrierProvider>)]
    pub provider: Option<Text>,
    /// `host[:port]` to which outbound calls are sent.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "acme.pstn.twilio.com")]
    pub sip_address: Option<Text>,
    /// How SIP messages travel there; `auto` where blank.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<domain::Transport>)]
    pub transport: Option<Text>,
    /// ISO 3166-1 alpha-2. LiveKit Cloud routes outbound calls by it, and numbers without a plus are read in it.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "US")]
    pub destination_country: Option<Text>,
    /// Username of outbound calls, and of inbound ones where `inbound_auth` is `credentials`.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "acme")]
    pub auth_username: Option<Text>,
    /// Absent, blank or [`MASK`]: the password stays as it is.
    #[serde(serialize_with = "secret::expose_option", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Password, default = json!(null))]
    pub auth_password: Option<Secret>,
    /// IP addresses and CIDR ranges from which inbound calls come.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>, max_items = 200, example = json!(["54.172.60.0/30"]))]
    pub allowed_addresses: Option<TextList>,
    /// How inbound calls are authenticated; `credentials` where blank.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<InboundAuth>)]
    pub inbound_auth: Option<Text>,
    /// Accepts inbound calls from any source where there are neither credentials nor an allowlist.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<bool>)]
    pub accept_any_source: Option<Text>,
    /// New outbound calls per second.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>, minimum = 0.1, maximum = 100)]
    pub outbound_cps: Option<Text>,
    /// Outbound calls that may start at the same time.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 1000)]
    pub outbound_burst: Option<Text>,
    /// Concurrent outbound calls.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 500)]
    pub outbound_channels: Option<Text>,
    /// Whether LiveKit Cloud cancels noise in inbound calls; where blank, the trunks keep the value that LiveKit has.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<bool>)]
    pub krisp_enabled: Option<Text>,
    /// The version that the client has read; absent to save over any version.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub version: Option<Text>,
}

impl CarrierInput {
    /// The new settings. `current` are those before an update, None for a new carrier.
    ///
    /// # Errors
    /// All faults.
    pub fn parse(&self, current: Option<&CarrierSettings>) -> Result<CarrierSettings, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = required(&mut errors, "name", self.name.as_ref(), current.map(|now| now.name.clone()));
        let sip_address =
            required(&mut errors, "sip_address", self.sip_address.as_ref(), current.map(|now| now.sip_address.clone()));
        let provider = match (&self.provider, current) {
            (None, Some(now)) => now.provider,
            (Some(text), _) if !text.is_blank() => errors.record("provider", text.0.trim().parse()).unwrap_or_default(),
            _ => sip_address.as_ref().map(CarrierProvider::of_address).unwrap_or_default(),
        };
        let krisp_enabled = match &self.krisp_enabled {
            None => current.and_then(|now| now.krisp_enabled),
            Some(text) if text.is_blank() => None,
            Some(text) => errors.record("krisp_enabled", flag(text)),
        };
        let transport = defaulted(&mut errors, "transport", self.transport.as_ref(), current.map(|now| now.transport));
        let destination_country = match &self.destination_country {
            None => current.and_then(|now| now.destination_country),
            Some(text) if text.is_blank() => None,
            Some(text) => errors.record("destination_country", text.0.parse()),
        };
        let inbound_auth =
            defaulted(&mut errors, "inbound_auth", self.inbound_auth.as_ref(), current.map(|now| now.inbound_auth));
        let accept_any_source = match &self.accept_any_source {
            None => current.is_some_and(|now| now.accept_any_source),
            Some(text) => errors.record("accept_any_source", flag(text)).unwrap_or_default(),
        };
        let outbound_cps: Cps =
            defaulted(&mut errors, "outbound_cps", self.outbound_cps.as_ref(), current.map(|now| now.outbound_cps));
        let outbound_burst: Burst = defaulted(
            &mut errors,
            "outbound_burst",
            self.outbound_burst.as_ref(),
            current.map(|now| now.outbound_burst),
        );
        let outbound_channels: Channels = defaulted(
            &mut errors,
            "outbound_channels",
            self.outbound_channels.as_ref(),
            current.map(|now| now.outbound_channels),
        );
        let credentials = self.credentials(&mut errors, current);
        let allowed_addresses = match &self.allowed_addresses {
            None => current.map(|now| now.allowed_addresses.clone()).unwrap_or_default(),
            Some(list) => addresses(&mut errors, list),
        };
        if inbound_auth == InboundAuth::Ip
            && allowed_addresses.is_empty()
            && errors.message("allowed_addresses").is_none()
        {
            errors.add(
                "allowed_addresses",
                FieldFault::new(
                    "allowlist_required",
                    "Add at least one address: with the IP allowlist, nobody else may call in.",
                ),
            );
        }
        match (name, sip_address) {
            (Some(name), Some(sip_address)) if errors.is_empty() => Ok(CarrierSettings {
                name,
                provider,
                sip_address,
                transport,
                destination_country,
                credentials,
                allowed_addresses,
                inbound_auth,
                accept_any_source,
                outbound_cps,
                outbound_burst,
                outbound_channels,
                krisp_enabled,
            }),
            _ => Err(errors),
        }
    }

    /// The version that the client has read; None where it sent none.
    pub fn version(&self) -> Result<Option<i64>, FieldErrors> {
        version(self.version.as_ref()).map_err(|fault| FieldErrors::one("version", fault))
    }

    fn credentials(&self, errors: &mut FieldErrors, current: Option<&CarrierSettings>) -> Option<SipCredentials> {
        let before = current.and_then(|now| now.credentials.as_ref());
        let typed = self.auth_password.as_ref().filter(|typed| !typed.is_empty() && typed.expose() != MASK);
        let username = match &self.auth_username {
            Some(text) if text.is_blank() => None,
            Some(text) => Some(errors.record("auth_username", text.0.parse::<SipUsername>())?),
            None => before.map(|before| before.username.clone()),
        };
        match (username, typed) {
            (None, None) => None,
            (None, Some(_)) => {
                errors.add("auth_username", FieldFault::required("Enter the username that belongs to the password."));
                None
            }
            (Some(username), Some(typed)) => {
                let password = errors.record("auth_password", SipPassword::new(typed.clone()))?;
                Some(SipCredentials { username, password })
            }
            (Some(username), None) => match before {
                Some(before) => Some(SipCredentials { username, password: before.password.clone() }),
                None => {
                    errors.record("auth_password", SipPassword::new(Secret::default()));
                    None
                }
            },
        }
    }
}

/// The value of a required field: absent as before.
fn required<T>(errors: &mut FieldErrors, field: &str, text: Option<&Text>, current: Option<T>) -> Option<T>
where
    T: FromStr<Err = FieldFault>,
{
    match (text, current) {
        (None, Some(current)) => Some(current),
        (text, _) => errors.record(field, text.map_or("", |text| &text.0).parse()),
    }
}

/// The value of an optional field: absent as before, blank the default.
fn defaulted<T>(errors: &mut FieldErrors, field: &str, text: Option<&Text>, current: Option<T>) -> T
where
    T: FromStr<Err = FieldFault> + Default,
{
    match text {
        None => current.unwrap_or_default(),
        Some(text) if text.is_blank() => T::default(),
        Some(text) => errors.record(field, text.0.trim().parse()).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(body: serde_json::Value) -> Result<CarrierSettings, FieldErrors> {
        serde_json::from_value::<CarrierInput>(body).unwrap().parse(None)
    }

    fn refused(body: serde_json::Value) -> Vec<(String, String)> {
        parse(body).unwrap_err().into_vec().into_iter().map(|error| (error.field, error.code)).collect()
    }

    fn existing() -> CarrierSettings {
        parse(json!({"name": "Twilio", "sip_address": "a.pstn.twilio.com", "auth_username": "acme",
                     "auth_password": "hunter2", "allowed_addresses": ["54.172.60.0/30"]}))
        .unwrap()
    }

    #[test]
    fn name_and_address_suffice() {
        let settings = parse(json!({"name": "Twilio", "sip_address": "acme.pstn.twilio.com"})).unwrap();
        assert_eq!(settings.name.as_str(), "Twilio");
        assert_eq!(settings.outbound_cps, Cps::default());
        assert_eq!(settings.credentials, None);
        assert!(!settings.accept_any_source);
    }

    #[test]
    fn numbers_and_flags_may_be_text() {
        let typed = json!({"name": "T", "sip_address": "a.b", "outbound_cps": 2.5, "outbound_burst": 7, "accept_any_source": true});
        let texts = json!({"name": "T", "sip_address": "a.b", "outbound_cps": "2.5", "outbound_burst": "7", "accept_any_source": "on"});
        assert_eq!(parse(typed).unwrap(), parse(texts).unwrap());
    }

    #[test]
    fn provider_is_that_of_the_address_unless_given() {
        let base = json!({"name": "T", "sip_address": "acme.pstn.twilio.com"});
        assert_eq!(parse(base.clone()).unwrap().provider, CarrierProvider::Twilio);
        let other = json!({"name": "T", "sip_address": "acme.pstn.twilio.com", "provider": "Custom"});
        assert_eq!(parse(other).unwrap().provider, CarrierProvider::Custom);
        let now = parse(json!({"name": "T", "sip_address": "sip.example.com", "provider": "vonage"})).unwrap();
        let update = |body| serde_json::from_value::<CarrierInput>(body).unwrap().parse(Some(&now)).unwrap().provider;
        assert_eq!(update(json!({"sip_address": "sip.telnyx.com"})), CarrierProvider::Vonage);
        assert_eq!(update(json!({"sip_address": "sip.telnyx.com", "provider": ""})), CarrierProvider::Telnyx);
    }

    #[test]
    fn krisp_is_unmanaged_unless_given() {
        let parsed = |value: serde_json::Value| {
            parse(json!({"name": "T", "sip_address": "a.b", "krisp_enabled": value})).unwrap().krisp_enabled
        };
        assert_eq!(existing().krisp_enabled, None);
        assert_eq!((parsed(json!(true)), parsed(json!("false"))), (Some(true), Some(false)));
        assert_eq!((parsed(json!(null)), parsed(json!(""))), (None, None));
    }

    #[test]
    fn all_faults_are_reported() {
        let body = json!({"name": " ", "sip_address": "sip:a.b", "transport": "sctp", "destination_country": "UK",
                          "outbound_cps": 0, "outbound_burst": 1001, "outbound_channels": "x",
                          "allowed_addresses": ["gw.plivo.com", "0.0.0.0/0"], "inbound_auth": "both"});
        let fields: Vec<_> = refused(body).into_iter().map(|(field, _)| field).collect();
        assert_eq!(
            fields,
            [
                "name",
                "sip_address",
                "transport",
                "destination_country",
                "inbound_auth",
                "outbound_cps",
                "outbound_burst",
                "outbound_channels",
                "allowed_addresses",
                "allowed_addresses"
            ]
        );
    }

    #[test]
    fn incomplete_credentials_are_rejected() {
        let base = json!({"name": "T", "sip_address": "a.b"});
        let with = |field: &str, value: &str| {
            let mut body = base.clone();
            body[field] = value.into();
            refused(body)
        };
        assert_eq!(with("auth_username", "acme"), [("auth_password".to_owned(), "required".to_owned())]);
        assert_eq!(with("auth_password", "secret"), [("auth_username".to_owned(), "required".to_owned())]);
    }

    #[test]
    fn empty_allowlist_is_rejected_in_ip_mode() {
        let body = json!({"name": "T", "sip_address": "a.b", "inbound_auth": "ip", "allowed_addresses": []});
        assert_eq!(refused(body), [("allowed_addresses".to_owned(), "allowlist_required".to_owned())]);
    }

    #[test]
    fn update_keeps_absent_fields_and_clears_null() {
        let now = existing();
        let update = |body| serde_json::from_value::<CarrierInput>(body).unwrap().parse(Some(&now)).unwrap();
        assert_eq!(update(json!({})), now);
        for unchanged in [json!({"auth_password": ""}), json!({"auth_password": null}), json!({"auth_password": MASK})]
        {
            assert_eq!(update(unchanged).credentials, now.credentials);
        }
        let renamed = update(json!({"auth_username": "other"})).credentials.unwrap();
        assert_eq!((renamed.username.as_str(), renamed.password.expose()), ("other", "hunter2"));
        assert_eq!(update(json!({"auth_username": null})).credentials, None);
        assert!(update(json!({"allowed_addresses": null})).allowed_addresses.is_empty());
        assert_eq!(update(json!({"allowed_addresses": "192.0.2.1, 192.0.2.2\n192.0.2.1"})).allowed_addresses.len(), 2);
    }

    #[test]
    fn debug_masks_the_password() {
        let input = serde_json::from_value::<CarrierInput>(json!({"auth_password": "hunter2"})).unwrap();
        assert!(!format!("{input:?}").contains("hunter2"));
        assert!(!format!("{:?}", existing()).contains("hunter2"));
    }
}
