//! The routing document of Kamailio's module `rtjson`, with what Trunkline adds beside it.
//!
//! `rtjson_init_routes` reads `version`, `routing` and `routes`, and ignores other keys. It does not remove control
//! characters from values: a CR LF in a display name would become a header of the message to the callee. Values are
//! therefore types that cannot contain any. Kamailio keeps at most 8 KB of a document.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{edge::SipUri, field::FieldFault, text};

/// One way to reach the callee: an entry of `routes`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RtjsonRoute {
    /// The request URI.
    pub uri: SipUri,
    /// The next hop where it is not the host of `uri`, such as the address behind a NAT.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dst_uri: Option<SipUri>,
    /// The `Path` with which the contact registered (RFC 3327): `<sip:…>,<sip:…>`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<HeaderValue>,
    /// Kamailio's socket from which the message is sent: `udp:203.0.113.7:5060`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub socket: Option<HeaderValue>,
    /// Applied where `routing` is `serial`.
    #[serde(skip_serializing_if = "RtjsonHeaders::is_empty")]
    pub headers: RtjsonHeaders,
    /// Milliseconds until a first response; applied where `routing` is `serial`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fr_timer: Option<u32>,
    /// Milliseconds until a final response; applied where `routing` is `serial`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fr_inv_timer: Option<u32>,
    /// The carrier that the route goes to; Kamailio ignores it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carrier_id: Option<String>,
}

impl RtjsonRoute {
    /// A route to this URI.
    pub fn to(uri: SipUri) -> Self {
        Self {
            uri,
            dst_uri: None,
            path: None,
            socket: None,
            headers: RtjsonHeaders::default(),
            fr_timer: None,
            fr_inv_timer: None,
            carrier_id: None,
        }
    }
}

/// Headers of one route.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RtjsonHeaders {
    /// Written over the From header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<RtjsonParty>,
    /// Written over the To header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<RtjsonParty>,
    /// Lines that are added: `X-Name: value\r\n`.
    #[serde(skip_serializing_if = "String::is_empty")]
    extra: String,
}

impl RtjsonHeaders {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds a header line.
    ///
    /// # Errors
    /// `bad_header_name` where the name is no token (RFC 3261 §25.1).
    pub fn add(&mut self, name: &str, value: &HeaderValue) -> Result<(), FieldFault> {
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(&byte);
        if name.is_empty() || name.len() > 64 || !name.bytes().all(is_token) {
            return Err(FieldFault::new(
                "bad_header_name",
                "A header's name has letters, digits and hyphens, such as X-Account.",
            ));
        }
        self.extra.push_str(&format!("{name}: {}\r\n", value.0));
        Ok(())
    }
}

/// A party of a From or To header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RtjsonParty {
    /// Kamailio writes it as it is, so it is a quoted string.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display: Option<DisplayName>,
    /// The party's URI.
    pub uri: SipUri,
}

/// A header's value: one line without control characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeaderValue(String);

impl HeaderValue {
    /// In characters.
    pub const MAX: usize = 512;

    /// Reads a value.
    ///
    /// # Errors
    /// `unprintable_character`, `too_long`.
    pub fn new(value: &str) -> Result<Self, FieldFault> {
        text::plain(value, "the header", Self::MAX).map(Self)
    }

    /// The value as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A display name as a quoted string (RFC 3261 §25.1 `quoted-string`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DisplayName(String);

impl DisplayName {
    /// In characters, without the quotes.
    pub const MAX: usize = 80;

    /// Reads a display name as people write it; quotes and backslashes are escaped.
    ///
    /// # Errors
    /// `required`, `unprintable_character`, `too_long`.
    pub fn new(name: &str) -> Result<Self, FieldFault> {
        let name = text::plain(name, "the display name", Self::MAX)?;
        if name.is_empty() {
            return Err(FieldFault::required("Enter a display name."));
        }
        Ok(Self(format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))))
    }

    /// With quotes.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// In which order the routes are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Routing {
    /// One after another.
    Serial,
    /// All at once.
    Parallel,
}

/// The native part of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RtjsonRoutes {
    version: &'static str,
    routing: Routing,
    routes: Vec<RtjsonRoute>,
}

impl RtjsonRoutes {
    /// The part with these routes; None without any.
    pub fn new(routing: Routing, routes: Vec<RtjsonRoute>) -> Option<Self> {
        (!routes.is_empty()).then_some(Self { version: "1.0", routing, routes })
    }

    /// The routes, at least one.
    pub fn routes(&self) -> &[RtjsonRoute] {
        &self.routes
    }

    /// In which order they are tried.
    pub fn routing(&self) -> Routing {
        self.routing
    }
}

/// What Kamailio does with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RtjsonAction {
    /// Hands it to the media engine: for a flow, a queue, a voicemail box or a conference.
    Flow,
    /// Sends it to phones.
    Proxy,
    /// Sends it to LiveKit, where a bot answers.
    Bot,
    /// Sends it to carriers.
    Outbound,
    /// Answers it with `code` and `reason`.
    Reject,
}

impl RtjsonAction {
    /// The spelling in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Flow => "flow",
            Self::Proxy => "proxy",
            Self::Bot => "bot",
            Self::Outbound => "outbound",
            Self::Reject => "reject",
        }
    }
}

/// The document `rtjson`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rtjson {
    /// What to do.
    pub action: RtjsonAction,
    /// `acc_…`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
    /// What a flow, a queue, a voicemail box or a conference is: `flow`, `queue`, `voicemail`, `conference`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    /// `flow_…`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow_id: Option<String>,
    /// The id of what `kind` names, where it is no flow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_id: Option<String>,
    /// Variables that a flow begins with.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub vars: BTreeMap<&'static str, String>,
    /// What Kamailio's module reads.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub routes: Option<RtjsonRoutes>,
    /// How long the routes ring altogether, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ring_timeout: Option<u32>,
    /// What follows where the callee is busy or declines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_busy: Option<Box<Rtjson>>,
    /// What follows where no route answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_no_answer: Option<Box<Rtjson>>,
    /// The SIP status of a rejected call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<u16>,
    /// The reason phrase of a rejected call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// Why the call is rejected, for operators.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

impl Rtjson {
    /// The size that a document stays below, in bytes.
    pub const LIMIT: usize = 8 * 1024;
    /// Left for the key `rtjson` around the document.
    const RESERVE: usize = 64;

    /// A document with this action and nothing else.
    pub fn new(action: RtjsonAction) -> Self {
        Self {
            action,
            account_id: None,
            kind: None,
            flow_id: None,
            target_id: None,
            vars: BTreeMap::new(),
            routes: None,
            ring_timeout: None,
            on_busy: None,
            on_no_answer: None,
            code: None,
            reason: None,
            why: None,
        }
    }

    /// The document below [`Self::LIMIT`]: what follows a failed attempt is left out first, from the innermost on, then the last routes.
    #[must_use]
    pub fn limited(mut self) -> Self {
        while self.size() >= Self::LIMIT - Self::RESERVE {
            if !self.shorten() {
                break;
            }
        }
        self
    }

    /// Bytes of its JSON.
    pub fn size(&self) -> usize {
        serde_json::to_vec(self).map_or(usize::MAX, |json| json.len())
    }

    fn shorten(&mut self) -> bool {
        for next in [&mut self.on_busy, &mut self.on_no_answer] {
            if let Some(document) = next {
                if !document.shorten() {
                    *next = None;
                }
                return true;
            }
        }
        match &mut self.routes {
            Some(routes) if routes.routes.len() > 1 => routes.routes.pop().is_some(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn uri(text: &str) -> SipUri {
        text.parse().unwrap()
    }

    fn proxy(routing: Routing, routes: Vec<RtjsonRoute>) -> Rtjson {
        Rtjson { routes: RtjsonRoutes::new(routing, routes), ..Rtjson::new(RtjsonAction::Proxy) }
    }

    #[test]
    fn native_keys_are_beside_the_action() {
        let mut route = RtjsonRoute::to(uri("sip:1001@192.0.2.5:5062"));
        route.dst_uri = Some(uri("sip:198.51.100.9:40000"));
        route.fr_inv_timer = Some(25_000);
        let display = Some(DisplayName::new("Ann \"the\" \\ Boss").unwrap());
        route.headers.from = Some(RtjsonParty { display, uri: uri("sip:+14155550123@acme.example") });
        route.headers.add("X-Account", &HeaderValue::new("acc_1").unwrap()).unwrap();
        let json = serde_json::to_value(proxy(Routing::Serial, vec![route])).unwrap();
        assert_eq!(
            json,
            json!({
                "action": "proxy",
                "version": "1.0",
                "routing": "serial",
                "routes": [{
                    "uri": "sip:1001@192.0.2.5:5062",
                    "dst_uri": "sip:198.51.100.9:40000",
                    "fr_inv_timer": 25_000,
                    "headers": {
                        "from": { "display": r#""Ann \"the\" \\ Boss""#, "uri": "sip:+14155550123@acme.example" },
                        "extra": "X-Account: acc_1\r\n",
                    },
                }],
            })
        );
    }

    #[test]
    fn document_without_routes_has_no_native_keys() {
        assert!(RtjsonRoutes::new(Routing::Serial, Vec::new()).is_none());
        assert_eq!(serde_json::to_value(Rtjson::new(RtjsonAction::Flow)).unwrap(), json!({ "action": "flow" }));
    }

    #[test]
    fn line_breaks_are_refused_everywhere() {
        for text in ["a\r\nX-Evil: 1", "a\nb", "a\0b", "a\rb"] {
            assert!(DisplayName::new(text).is_err() && HeaderValue::new(text).is_err(), "{text:?}");
            let value = HeaderValue::new("1").unwrap();
            assert_eq!(RtjsonHeaders::default().add(text, &value).unwrap_err().code, "bad_header_name");
        }
        assert_eq!(DisplayName::new(" ").unwrap_err().code, "required");
        assert_eq!(DisplayName::new(&"x".repeat(81)).unwrap_err().code, "too_long");
    }

    #[test]
    fn large_document_loses_fallbacks_before_routes() {
        let routes = |count: usize| -> Vec<RtjsonRoute> {
            (0..count).map(|at| RtjsonRoute::to(uri(&format!("sip:{at}-{}@example.com", "x".repeat(400))))).collect()
        };
        let mut document = proxy(Routing::Parallel, routes(10));
        document.on_no_answer = Some(Box::new(proxy(Routing::Serial, routes(10))));
        let document = document.limited();
        assert!(document.size() < Rtjson::LIMIT);
        assert_eq!(document.routes.as_ref().unwrap().routes().len(), 10);
        assert!((1..10).contains(&document.on_no_answer.unwrap().routes.unwrap().routes().len()));
        let document = proxy(Routing::Parallel, routes(60)).limited();
        assert!(document.size() < Rtjson::LIMIT && document.routes.unwrap().routes().len() > 10);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn every_document_is_below_the_limit(
            users in prop::collection::vec("[^\\s\\pC]{1,60}", 1..40),
            display in "[\\PC\\r\\n\"\\\\]{0,90}",
            fallbacks in 0..4usize,
        ) {
            let routes: Vec<RtjsonRoute> = users
                .iter()
                .filter_map(|user| SipUri::new(user, "[2001:db8::1]:5060".parse().unwrap()).ok())
                .map(|uri| {
                    let display = DisplayName::new(&display).ok();
                    let mut route = RtjsonRoute::to(uri.clone());
                    route.headers.from = Some(RtjsonParty { display, uri });
                    route
                })
                .collect();
            let mut document = proxy(Routing::Serial, routes.clone());
            for _ in 0..fallbacks {
                let inner = Some(Box::new(document));
                document = Rtjson { on_no_answer: inner, ..proxy(Routing::Serial, routes.clone()) };
            }
            let document = document.limited();
            let json = serde_json::to_string(&document).unwrap();
            prop_assert!(json.len() < Rtjson::LIMIT);
            let has_line_break = |value: &Value| value.as_str().is_some_and(|text| text.contains(['\r', '\n', '\0']));
            let value: Value = serde_json::from_str(&json).unwrap();
            for route in value["routes"].as_array().into_iter().flatten() {
                prop_assert!(!has_line_break(&route["uri"]) && !has_line_break(&route["headers"]["from"]["display"]));
            }
        }
    }
}
