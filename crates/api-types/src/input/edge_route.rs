use std::net::IpAddr;

use domain::{DeviceId, EdgeUserId, FieldErrors, FieldFault, edge::SipUri};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// The longest Call-ID, in characters.
const MAX_CALL_ID: usize = 255;

/// The body of `POST /route`: an INVITE that is to be routed. Empty fields count as absent, since Kamailio writes absent
/// pseudo-variables so.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EdgeRouteInput {
    /// Call-ID. A repeated INVITE gets the same answer.
    #[schema(example = "abc123")]
    pub call_id: String,
    /// The user of the From header; absent or `anonymous` for a caller without a number.
    #[schema(example = "1001")]
    pub from: Option<String>,
    /// The host of the From header.
    #[schema(example = "acme.sip.io")]
    pub from_domain: Option<String>,
    /// The user of the request URI.
    #[schema(example = "12025550123")]
    pub to: String,
    /// The host of the request URI.
    pub to_domain: Option<String>,
    /// Where the INVITE came from. With it, a carrier's calls are accepted from its allowlist alone.
    pub source_ip: Option<String>,
    /// `device_id` of the answer of `/auth`; with it the call is one of the device's user.
    pub device_id: Option<String>,
    /// `user_id` of the answer of `/auth`, where there is no `deviceId`.
    pub user_id: Option<String>,
    /// The username of right credentials, whose realm is `fromDomain`, where there is neither of them.
    pub auth_user: Option<String>,
}

/// [`EdgeRouteInput`], parsed.
#[derive(Clone, Debug)]
pub struct EdgeRouteRequest {
    /// SIP's Call-ID.
    pub call_id: String,
    /// The caller's number or user; may be empty.
    pub from: String,
    /// The host of the From header.
    pub from_domain: String,
    /// The called number or user.
    pub to: String,
    /// Where the INVITE came from.
    pub source: Option<IpAddr>,
    /// Who has authenticated.
    pub caller: EdgeCaller,
}

/// Who has authenticated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EdgeCaller {
    /// Nobody.
    Unknown,
    /// A device.
    Device(DeviceId),
    /// A user.
    User(EdgeUserId),
    /// Whoever has these credentials.
    Credentials {
        /// The username.
        username: String,
        /// The realm.
        realm: String,
    },
}

impl EdgeRouteInput {
    /// The parsed request. What is no number or user is not refused here: the call is rejected.
    ///
    /// # Errors
    /// `callId` is missing, too long or has control characters; an id or `sourceIp` is none.
    pub fn parse(self) -> Result<EdgeRouteRequest, FieldErrors> {
        let mut errors = FieldErrors::default();
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        let bad_id = |error: domain::IdError| FieldFault::new("bad_id", error.to_string());
        let call_id = errors.record("callId", call_id(&self.call_id));
        let source = given(self.source_ip).map(|source| source_ip(&source)).transpose();
        let source = errors.record("sourceIp", source);
        let device = errors.record("deviceId", given(self.device_id).map(|id| id.parse().map_err(bad_id)).transpose());
        let user = errors.record("userId", given(self.user_id).map(|id| id.parse().map_err(bad_id)).transpose());
        let from_domain = self.from_domain.unwrap_or_default();
        let (Some(call_id), Some(source), Some(device), Some(user)) = (call_id, source, device, user) else {
            return Err(errors);
        };
        let caller = match (device, user, given(self.auth_user)) {
            (Some(device), _, _) => EdgeCaller::Device(device),
            (None, Some(user), _) => EdgeCaller::User(user),
            (None, None, Some(username)) => EdgeCaller::Credentials { username, realm: from_domain.clone() },
            (None, None, None) => EdgeCaller::Unknown,
        };
        let from = self.from.unwrap_or_default();
        Ok(EdgeRouteRequest { call_id, from, from_domain, to: self.to, source, caller })
    }
}

fn call_id(text: &str) -> Result<String, FieldFault> {
    if text.is_empty() {
        return Err(FieldFault::required("Send the INVITE's Call-ID."));
    }
    if text.chars().count() > MAX_CALL_ID {
        return Err(FieldFault::new("too_long", format!("A Call-ID has at most {MAX_CALL_ID} characters.")));
    }
    if text.chars().any(char::is_control) {
        return Err(FieldFault::new("unprintable_character", "A Call-ID has no control characters."));
    }
    Ok(text.to_owned())
}

/// An address, in brackets or not; an IPv4-mapped IPv6 address is the IPv4 address.
fn source_ip(text: &str) -> Result<IpAddr, FieldFault> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let address: Result<IpAddr, _> = bare.parse();
    address
        .map(|address| address.to_canonical())
        .map_err(|_| FieldFault::new("bad_address", "Send an IP address, such as 203.0.113.7."))
}

/// The query of `GET /api/v1/edge/route-preview`.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct EdgeRoutePreviewQuery {
    /// Who calls: an edge user's name or id, or the number of a caller outside. Blank: a caller outside without a number.
    #[param(example = "alice")]
    pub from: String,
    /// What is called: a number, an extension, or an edge user's name.
    #[param(example = "+34911234567")]
    pub to: String,
}

impl EdgeRoutePreviewQuery {
    /// What is called, and who calls.
    ///
    /// # Errors
    /// `to` is blank, or one of them is too long.
    pub fn parse(self) -> Result<(String, String), FieldErrors> {
        let mut errors = FieldErrors::default();
        let bounded = |text: &str| domain::text::plain(text, "the text", SipUri::MAX);
        let from = errors.record("from", bounded(&self.from));
        let to = errors.record(
            "to",
            bounded(&self.to).and_then(|to| match to.is_empty() {
                true => Err(FieldFault::required("Enter the number, the extension or the user that is called.")),
                false => Ok(to),
            }),
        );
        let (Some(from), Some(to)) = (from, to) else { return Err(errors) };
        Ok((from, to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(to: &str) -> EdgeRouteInput {
        EdgeRouteInput { call_id: "abc123".to_owned(), to: to.to_owned(), ..EdgeRouteInput::default() }
    }

    #[test]
    fn empty_fields_are_absent() {
        let empty = || Some(String::new());
        let request = EdgeRouteInput {
            from: empty(),
            source_ip: empty(),
            device_id: empty(),
            user_id: empty(),
            auth_user: empty(),
            ..input("1001")
        };
        let request = request.parse().unwrap();
        assert_eq!((request.from.as_str(), request.source, request.caller), ("", None, EdgeCaller::Unknown));
    }

    #[test]
    fn call_id_and_ids_are_checked() {
        for call_id in ["", "a\r\nb", "a\0", &"x".repeat(256)] {
            let errors = EdgeRouteInput { call_id: call_id.to_owned(), ..input("1") }.parse().unwrap_err();
            assert!(errors.message("callId").is_some(), "{call_id:?}");
        }
        let errors = EdgeRouteInput { device_id: Some("1".to_owned()), source_ip: Some("x".to_owned()), ..input("1") };
        let errors = errors.parse().unwrap_err();
        assert!(errors.message("deviceId").is_some() && errors.message("sourceIp").is_some());
        assert!(EdgeRouteInput { call_id: "../../x".to_owned(), ..input("1") }.parse().is_ok());
    }

    #[test]
    fn source_is_an_address_in_one_form() {
        for (text, expected) in
            [("203.0.113.7", "203.0.113.7"), ("[2001:db8::1]", "2001:db8::1"), ("::ffff:203.0.113.7", "203.0.113.7")]
        {
            assert_eq!(source_ip(text).unwrap().to_string(), expected);
        }
    }
}
