//! What LiveKit checks of one object (`livekit/sip.go`, `livekit/sip_validation.go`). It checks neither numbers, nor
//! addresses, nor countries.

use std::collections::HashMap;

use livekit_protocol as proto;

use crate::error::Fault;

/// Headers that LiveKit writes itself, and short forms.
const FORBIDDEN_HEADERS: [&str; 26] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "allow",
    "allow-events",
    "call-id",
    "contact",
    "content-encoding",
    "content-length",
    "content-type",
    "cseq",
    "event",
    "expires",
    "from",
    "max-forwards",
    "record-route",
    "refer-to",
    "reply-to",
    "k",
    "l",
    "m",
    "o",
    "r",
    "t",
    "u",
    "v",
];
const LONGEST_HEADER_VALUE: usize = 1024;
const LONGEST_HEADER_NAME: usize = 255;
/// Seconds.
const LONGEST_MEDIA_TIMEOUT: i64 = 600;

pub(crate) fn inbound(trunk: &proto::SipInboundTrunkInfo) -> Result<(), Fault> {
    let auth = !trunk.auth_username.is_empty() || !trunk.auth_password.is_empty();
    if !auth && trunk.allowed_addresses.is_empty() && trunk.numbers.is_empty() {
        return Err(Fault::Coded(
            "for security, one of the fields must be set: AuthUsername+AuthPassword, AllowedAddresses or Numbers"
                .to_owned(),
        ));
    }
    media(trunk.media.as_ref())?;
    headers(&trunk.headers)?;
    header_names(trunk.attributes_to_headers.values())?;
    header_names(trunk.headers_to_attributes.keys())
}

pub(crate) fn outbound(trunk: &proto::SipOutboundTrunkInfo) -> Result<(), Fault> {
    if trunk.numbers.is_empty() {
        return Err(Fault::plain("no trunk numbers specified"));
    }
    if trunk.address.is_empty() {
        return Err(Fault::plain("no outbound address specified"));
    }
    host(&trunk.address, "trunk address")?;
    host(&trunk.from_host, "from_host")?;
    headers(&trunk.headers)?;
    header_names(trunk.attributes_to_headers.values())?;
    header_names(trunk.headers_to_attributes.keys())?;
    media(trunk.media.as_ref())
}

pub(crate) fn rule(rule: &proto::SipDispatchRuleInfo) -> Result<(), Fault> {
    if rule.rule.is_none() {
        return Err(Fault::plain("missing rule"));
    }
    media(rule.media.as_ref())
}

fn host(host: &str, field: &str) -> Result<(), Fault> {
    if host.contains("transport=") {
        return Err(Fault::plain(format!("{field} should not contain transport parameter")));
    }
    if host.contains(['@', ';']) || host.starts_with("sip:") || host.starts_with("sips:") {
        return Err(Fault::plain(format!("{field} should be a hostname or IP, not SIP URI")));
    }
    Ok(())
}

fn headers(headers: &HashMap<String, String>) -> Result<(), Fault> {
    for (name, value) in headers {
        header_name(name, true).map_err(|reason| Fault::plain(format!("invalid header name: {reason}")))?;
        header_value(value)
            .map_err(|reason| Fault::plain(format!("invalid header value for {name}: header {name}: {reason}")))?;
    }
    Ok(())
}

fn header_names<'a>(names: impl Iterator<Item = &'a String>) -> Result<(), Fault> {
    for name in names {
        header_name(name, false).map_err(|reason| Fault::plain(format!("invalid header name: {reason}")))?;
    }
    Ok(())
}

/// RFC 3261 §25.1 `token`.
fn header_name(name: &str, restricted: bool) -> Result<(), String> {
    if name.is_empty() {
        return Err("header name cannot be empty".to_owned());
    }
    if name.len() > LONGEST_HEADER_NAME {
        return Err(format!("header name too long (max {LONGEST_HEADER_NAME} characters)"));
    }
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || "-.!%*_+`'~".contains(letter);
    if let Some(letter) = name.chars().find(|letter| !allowed(*letter)) {
        return Err(format!("header name {name} contains invalid characters: {}", not_allowed(letter)));
    }
    if restricted && FORBIDDEN_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
        return Err(format!("header name {name} not supported"));
    }
    Ok(())
}

fn header_value(value: &str) -> Result<(), String> {
    if value.len() > LONGEST_HEADER_VALUE {
        return Err(format!("value too long (max {LONGEST_HEADER_VALUE} characters)"));
    }
    let allowed = |letter: char| !letter.is_ascii_control() || letter == '\t';
    match value.chars().find(|letter| !allowed(*letter)) {
        Some(letter) => Err(format!("value: {}", not_allowed(letter))),
        None => Ok(()),
    }
}

fn not_allowed(letter: char) -> String {
    let code = u32::from(letter);
    if letter.is_ascii() {
        format!("char {code} not allowed")
    } else {
        format!("char {code} out of range, consider explicilty adding utf8 characters")
    }
}

pub(crate) fn media(media: Option<&proto::SipMediaConfig>) -> Result<(), Fault> {
    let Some(media) = media else { return Ok(()) };
    for codec in &media.codecs {
        if codec.name.is_empty() {
            return Err(Fault::plain("missing codec name"));
        }
        if codec.name.contains([' ', '\t', '\n', '\r']) {
            return Err(Fault::plain("invalid codec name"));
        }
        if codec.name.contains('/') {
            return Err(Fault::plain("codec name must not contain '/'"));
        }
    }
    let Some(timeout) = &media.media_timeout else { return Ok(()) };
    if timeout.seconds < 0 || timeout.nanos < 0 {
        return Err(Fault::plain("media_timeout must not be negative"));
    }
    if timeout.seconds > LONGEST_MEDIA_TIMEOUT || (timeout.seconds == LONGEST_MEDIA_TIMEOUT && timeout.nanos > 0) {
        return Err(Fault::plain("media_timeout must not exceed 10m0s"));
    }
    Ok(())
}

pub(crate) fn list_update(update: Option<&proto::ListUpdate>) -> Result<(), Fault> {
    let Some(update) = update else { return Ok(()) };
    let partial = !update.add.is_empty() || !update.remove.is_empty();
    let change = partial || !update.set.is_empty();
    if !update.clear && !change {
        return Err(Fault::plain("unsupported list update operation"));
    }
    if update.clear && change {
        return Err(Fault::plain("cannot clear and change the list at the same time"));
    }
    if !update.set.is_empty() && partial {
        return Err(Fault::plain("cannot set and change the list at the same time"));
    }
    if [&update.set, &update.add, &update.remove].into_iter().flatten().any(String::is_empty) {
        return Err(Fault::plain("empty element in the list"));
    }
    Ok(())
}
