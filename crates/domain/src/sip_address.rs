//! SIP addresses of carriers: `host[:port]`.

use std::{
    fmt,
    net::{Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

use crate::{field::FieldFault, text};

/// The host of a SIP URI (RFC 3261 §25.1 `host`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SipHost {
    /// A host name in lower case, without a final dot.
    Name(String),
    /// An IPv4 address.
    V4(Ipv4Addr),
    /// An IPv6 address, in brackets in a URI.
    V6(Ipv6Addr),
}

/// `host[:port]` of a SIP URI (RFC 3261 §25.1 `hostport`), without scheme, user and parameters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SipAddress {
    host: SipHost,
    port: Option<u16>,
}

impl SipAddress {
    /// The host.
    pub fn host(&self) -> &SipHost {
        &self.host
    }

    /// The port; None for the transport's default port.
    pub fn port(&self) -> Option<u16> {
        self.port
    }
}

impl fmt::Display for SipAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            SipHost::Name(name) => f.write_str(name)?,
            SipHost::V4(address) => write!(f, "{address}")?,
            SipHost::V6(address) => write!(f, "[{address}]")?,
        }
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

impl FromStr for SipAddress {
    type Err = FieldFault;

    fn from_str(text: &str) -> Result<Self, FieldFault> {
        let text = text::plain(text, "the SIP address", 262)?;
        if text.is_empty() {
            return Err(FieldFault::required("Enter the carrier's SIP address, such as acme.pstn.twilio.com."));
        }
        refuse_uri_parts(&text)?;
        let (host, port) = split(&text)?;
        Ok(Self { host: parse_host(host)?, port: port.map(parse_port).transpose()? })
    }
}

fn refuse_uri_parts(text: &str) -> Result<(), FieldFault> {
    let lower = text.to_ascii_lowercase();
    for scheme in ["sip:", "sips:", "tel:", "http://", "https://", "//"] {
        if let Some(rest) = lower.strip_prefix(scheme) {
            let rest = rest.trim_start_matches('/').rsplit('@').next().unwrap_or_default();
            let bare = rest.split([';', '?', '/', '>']).next().unwrap_or_default();
            let remedy = if bare.is_empty() { String::new() } else { format!(": use {}", text::excerpt(bare)) };
            return Err(FieldFault::new("has_scheme", format!("Remove the scheme{remedy}")));
        }
    }
    if text.contains('@') {
        return Err(FieldFault::new("has_user", "Remove the user: only what follows the @ belongs here."));
    }
    if text.contains([';', '?']) {
        return Err(FieldFault::new("has_parameters", "Remove the parameters, and choose the transport below."));
    }
    if text.contains(char::is_whitespace) {
        return Err(FieldFault::new("has_blank", "Remove the space inside the address."));
    }
    Ok(())
}

/// Host and port.
fn split(text: &str) -> Result<(&str, Option<&str>), FieldFault> {
    if let Some(rest) = text.strip_prefix('[') {
        let (host, after) = rest.split_once(']').ok_or_else(|| {
            FieldFault::new("bad_host", "Close the bracket after the IPv6 address: [2001:db8::1]:5060.")
        })?;
        host.parse::<Ipv6Addr>().map_err(|_| FieldFault::new("bad_host", "Only an IPv6 address goes in brackets."))?;
        return match after.strip_prefix(':') {
            Some(port) => Ok((host, Some(port))),
            None if after.is_empty() => Ok((host, None)),
            None => Err(FieldFault::new("bad_port", "After the bracket comes nothing, or a colon and the port.")),
        };
    }
    if text.parse::<Ipv6Addr>().is_ok() {
        return Err(FieldFault::new("bare_ipv6", format!("Put the IPv6 address in brackets: [{text}]")));
    }
    Ok(text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))))
}

fn parse_host(host: &str) -> Result<SipHost, FieldFault> {
    if let Ok(address) = host.parse::<Ipv6Addr>() {
        return Ok(SipHost::V6(address));
    }
    if let Ok(address) = host.parse::<Ipv4Addr>() {
        return Ok(SipHost::V4(address));
    }
    let name = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    let labels: Vec<&str> = name.split('.').collect();
    // RFC 3261 §25.1: the last label of a host name starts with a letter; all digits and dots is a broken IPv4 address.
    if labels.last().is_some_and(|last| last.starts_with(|c: char| c.is_ascii_digit())) {
        return Err(FieldFault::new(
            "bad_host",
            format!("{} is neither a host name nor an IP address, such as 203.0.113.20.", text::excerpt(host)),
        ));
    }
    if name.len() > 253 || !labels.iter().all(|label| is_label(label)) {
        return Err(FieldFault::new(
            "bad_host",
            "Write a host name of letters, digits, dots and hyphens, such as acme.pstn.twilio.com.",
        ));
    }
    Ok(SipHost::Name(name))
}

/// RFC 1123 §2.1, and the underscore that some carriers use.
fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

fn parse_port(port: &str) -> Result<u16, FieldFault> {
    let fault = || FieldFault::new("bad_port", "The port is a number from 1 to 65535.");
    if port.is_empty() || port.len() > 5 || !port.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(fault());
    }
    port.parse().ok().filter(|&port| port != 0).ok_or_else(fault)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(text: &str) -> &'static str {
        text.parse::<SipAddress>().map(|_| "ok").unwrap_or_else(|fault| fault.code)
    }

    #[test]
    fn addresses_are_normalised() {
        for (given, normalised) in [
            ("acme.pstn.twilio.com", "acme.pstn.twilio.com"),
            (" SIP.Telnyx.EU:5061 ", "sip.telnyx.eu:5061"),
            ("203.0.113.20:5060", "203.0.113.20:5060"),
            ("[2001:DB8::1]:5061", "[2001:db8::1]:5061"),
            ("[::1]", "[::1]"),
            ("sbc", "sbc"),
            ("pstn.in2.exotel.com.", "pstn.in2.exotel.com"),
        ] {
            assert_eq!(given.parse::<SipAddress>().unwrap().to_string(), normalised);
        }
    }

    #[test]
    fn other_text_is_rejected_with_its_reason() {
        for (given, expected) in [
            ("", "required"),
            ("  ", "required"),
            ("sip:4821907.zt.plivo.com", "has_scheme"),
            ("sips:user@example.com;transport=tls", "has_scheme"),
            ("https://example.com/path", "has_scheme"),
            ("user@example.com", "has_user"),
            ("example.com;transport=tcp", "has_parameters"),
            ("exa mple.com", "has_blank"),
            ("example.com:0", "bad_port"),
            ("example.com:65536", "bad_port"),
            ("example.com:", "bad_port"),
            ("example.com:+80", "bad_port"),
            ("example.com:50 60", "has_blank"),
            ("2001:db8::1", "bare_ipv6"),
            ("[2001:db8::1", "bad_host"),
            ("[example.com]:5060", "bad_host"),
            ("999.1.1.1", "bad_host"),
            ("1.2.3", "bad_host"),
            ("-a.com", "bad_host"),
            ("a..com", "bad_host"),
            ("exämple.com", "bad_host"),
            ("😀.com", "bad_host"),
            ("a\r\nb.com", "unprintable_character"),
            ("a\0", "unprintable_character"),
        ] {
            assert_eq!(code(given), expected, "{given:?}");
        }
        assert_eq!(code(&"a".repeat(10_000)), "too_long");
    }

    #[test]
    fn uri_is_rejected_with_the_address_to_use() {
        let fault = "sip:4821907.zt.plivo.com".parse::<SipAddress>().unwrap_err();
        assert_eq!(fault.message, "Remove the scheme: use 4821907.zt.plivo.com");
    }

    proptest! {
        #[test]
        fn written_address_is_parsed(text in "[a-z][a-z0-9-]{0,8}[a-z0-9](\\.[a-z]{2,5}){0,3}(:[1-9][0-9]{0,3})?") {
            let address: SipAddress = text.parse().unwrap();
            prop_assert_eq!(address.to_string().parse::<SipAddress>().unwrap(), address);
        }

        #[test]
        fn parser_never_panics(text in "\\PC{0,60}|[0-9a-f:.\\[\\]]{0,40}") {
            let _ = text.parse::<SipAddress>();
        }
    }
}
