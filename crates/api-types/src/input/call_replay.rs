use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use domain::{FieldErrors, FieldFault, livekit::InboundCall, text};

/// The query of `GET /api/v1/calls/why` and of its page: a call that was rejected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct CallReplayQuery {
    /// The IP address that the INVITE came from.
    pub source: String,
    /// The From header, its URI, or its user part alone. Blank where the caller hides the number.
    pub from: String,
    /// The To header, its URI, or its user part alone.
    pub to: String,
    /// LiveKit's id of the trunk, `ST_…`, where it is known; otherwise it is matched.
    pub trunk: String,
}

/// The longest header that is read.
const MAX_HEADER: usize = 400;

impl CallReplayQuery {
    /// Whether nothing was entered.
    pub fn is_blank(&self) -> bool {
        [&self.source, &self.from, &self.to, &self.trunk].into_iter().all(|text| text.trim().is_empty())
    }

    /// The call, and its trunk where one is given.
    ///
    /// # Errors
    /// All faults.
    pub fn parse(&self) -> Result<(InboundCall, Option<String>), FieldErrors> {
        let mut errors = FieldErrors::default();
        let source = errors.record("source", address(&self.source));
        let from = errors.record("from", party(&self.from, "the From header"));
        let to = errors.record("to", party(&self.to, "the To header"));
        if to.as_ref().is_some_and(|(user, _)| user.is_empty()) {
            errors.add("to", FieldFault::required("Enter the called number, such as +14155550100, or the To header."));
        }
        let trunk = errors.record("trunk", trunk(&self.trunk)).flatten();
        match (source, from, to, errors.is_empty()) {
            (Some(source), Some((from_user, from_host)), Some((to_user, _)), true) => {
                let from_host = from_host.unwrap_or_else(|| source.to_string());
                Ok((InboundCall { source, from_user, from_host, to_user }, trunk))
            }
            _ => Err(errors),
        }
    }
}

fn address(typed: &str) -> Result<IpAddr, FieldFault> {
    let text = text::plain(typed, "the address", 64)?;
    if text.is_empty() {
        return Err(FieldFault::required("Enter the IP address that the INVITE came from, such as 203.0.113.7."));
    }
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(&text);
    bare.parse()
        .map_err(|_| FieldFault::new("bad_address", "Enter one IP address without a port, such as 203.0.113.7."))
}

/// User and host of a header such as `"Ann" <sip:+14155550123@203.0.113.7:5060>;tag=1`, of its URI, or a user alone.
fn party(typed: &str, what: &str) -> Result<(String, Option<String>), FieldFault> {
    let header = text::plain(typed, what, MAX_HEADER)?;
    let uri = match header.split_once('<') {
        Some((_, rest)) => rest.split('>').next().unwrap_or_default(),
        None => header.as_str(),
    };
    let uri = ["sip:", "sips:", "tel:"].iter().find_map(|scheme| strip_scheme(uri, scheme)).unwrap_or(uri);
    let address = uri.split([';', '?']).next().unwrap_or_default().trim();
    Ok(match address.rsplit_once('@') {
        Some((user, host)) => (user.to_owned(), Some(without_port(host).to_owned())),
        None => (address.to_owned(), None),
    })
}

fn strip_scheme<'a>(uri: &'a str, scheme: &str) -> Option<&'a str> {
    let (start, rest) = uri.trim_start().split_at_checked(scheme.len())?;
    start.eq_ignore_ascii_case(scheme).then_some(rest)
}

fn without_port(host: &str) -> &str {
    if let Some((address, _)) = host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return address;
    }
    host.split_once(':').map_or(host, |(host, _)| host)
}

fn trunk(typed: &str) -> Result<Option<String>, FieldFault> {
    let text = text::plain(typed, "the trunk", 64)?;
    if text.is_empty() {
        return Ok(None);
    }
    let is_id = text
        .strip_prefix("ST_")
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric()));
    if is_id {
        return Ok(Some(text));
    }
    Err(FieldFault::new(
        "bad_trunk",
        "Enter LiveKit's id of the inbound trunk, such as ST_9Xb2LqTc4Rf7, or leave it blank.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(source: &str, from: &str, to: &str, trunk: &str) -> CallReplayQuery {
        CallReplayQuery { source: source.into(), from: from.into(), to: to.into(), trunk: trunk.into() }
    }

    #[test]
    fn headers_uris_and_numbers_are_read() {
        for (from, user, host) in [
            ("+14155550123", "+14155550123", "203.0.113.7"),
            ("sip:+14155550123@carrier.example.com:5060;user=phone", "+14155550123", "carrier.example.com"),
            ("\"Ann <b>\" SIP:ann@example.com", "b", "203.0.113.7"),
            ("Ann <sip:ann@[2001:db8::1]:5061>;tag=7", "ann", "2001:db8::1"),
            ("tel:+14155550123;phone-context=x", "+14155550123", "203.0.113.7"),
            ("", "", "203.0.113.7"),
        ] {
            let (call, _) =
                query(" 203.0.113.7 ", from, "sips:+14155550100@trunkline.example.com", "").parse().unwrap();
            assert_eq!((call.from_user.as_str(), call.from_host.as_str()), (user, host), "{from}");
            assert_eq!(call.to_user, "+14155550100");
        }
        let (call, trunk) = query("[2001:db8::7]", "x", "100", "ST_9Xb2LqTc4Rf7").parse().unwrap();
        assert_eq!((call.source.to_string().as_str(), trunk.as_deref()), ("2001:db8::7", Some("ST_9Xb2LqTc4Rf7")));
    }

    #[test]
    fn invalid_values_are_rejected_by_field() {
        let long = "1".repeat(500);
        for (query, field, code) in [
            (query("", "1", "1", ""), "source", "required"),
            (query("carrier.example.com", "1", "1", ""), "source", "bad_address"),
            (query("203.0.113.7:5060", "1", "1", ""), "source", "bad_address"),
            (query("203.0.113.7", &long, "1", ""), "from", "too_long"),
            (query("203.0.113.7", "1", "", ""), "to", "required"),
            (query("203.0.113.7", "1", "sip:@host", ""), "to", "required"),
            (query("203.0.113.7", "1", "1\r\nVia: x", ""), "to", "unprintable_character"),
            (query("203.0.113.7", "1", "1", "Twilio"), "trunk", "bad_trunk"),
        ] {
            let errors = query.parse().unwrap_err().into_vec();
            let reported: Vec<_> = errors.iter().map(|error| (error.field.as_str(), error.code.as_str())).collect();
            assert_eq!(reported, [(field, code)], "{query:?}");
        }
    }
}
