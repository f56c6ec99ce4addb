//! Which inbound trunk admits a call (`sip/sip.go` in livekit/protocol: `MatchTrunkDetailed`, `matchAddrMasks`).

use std::net::IpAddr;

use ipnet::IpNet;
use livekit_protocol as proto;

use crate::number::normalize;

/// What LiveKit compares of an INVITE with its inbound trunks.
#[derive(Clone, Debug)]
pub struct InboundCall {
    /// Address that the INVITE came from.
    pub source_ip: IpAddr,
    /// User part of the From header: the caller's number.
    pub from_user: String,
    /// Host of the From header. The caller chooses it freely.
    pub from_host: String,
    /// User part of the To header: the called number.
    pub to_user: String,
}

/// Several trunks match; LiveKit refuses such a call with `failed_precondition`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmbiguousTrunk {
    /// Ids of the trunks that match.
    pub trunk_ids: Vec<String>,
}

/// The trunk whose credentials, if it has any, LiveKit then asks for. A trunk with the called number comes before one
/// without numbers.
pub(crate) fn matching_trunk<'a>(
    trunks: impl IntoIterator<Item = &'a proto::SipInboundTrunkInfo>,
    call: &InboundCall,
) -> Result<Option<&'a proto::SipInboundTrunkInfo>, AmbiguousTrunk> {
    let admitting = trunks.into_iter().filter(|trunk| {
        contains_number(&trunk.allowed_numbers, &call.from_user) && allows_source(&trunk.allowed_addresses, call)
    });
    let (default, specific): (Vec<_>, Vec<_>) = admitting.partition(|trunk| trunk.numbers.is_empty());
    let specific: Vec<_> =
        specific.into_iter().filter(|trunk| contains_number(&trunk.numbers, &call.to_user)).collect();
    let candidates = if specific.is_empty() { default } else { specific };
    match candidates.as_slice() {
        [] => Ok(None),
        [trunk] => Ok(Some(trunk)),
        several => Err(AmbiguousTrunk { trunk_ids: several.iter().map(|trunk| trunk.sip_trunk_id.clone()).collect() }),
    }
}

/// An empty list contains every number.
fn contains_number(list: &[String], number: &str) -> bool {
    list.is_empty() || list.iter().any(|listed| listed == number || normalize(listed) == normalize(number))
}

/// Entries of a form that LiveKit does not know are left out, and a list of nothing else allows every source. An entry
/// without a prefix also matches the From header's host, as text.
fn allows_source(entries: &[String], call: &InboundCall) -> bool {
    let mut known = entries.iter().filter(|entry| is_known_form(entry)).peekable();
    known.peek().is_none() || known.any(|entry| *entry == call.from_host || matches_address(entry, call.source_ip))
}

fn is_known_form(entry: &str) -> bool {
    !entry.contains(['(', ')', '+', '*', ';', ',', ' ', '\t', '\n', '\r']) && !entry.contains("://")
}

fn matches_address(entry: &str, source: IpAddr) -> bool {
    if entry.contains('/') {
        entry.parse::<IpNet>().is_ok_and(|net| net.contains(&source))
    } else {
        entry.parse::<IpAddr>().is_ok_and(|address| address == source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(source_ip: &str, from_host: &str) -> InboundCall {
        InboundCall {
            source_ip: source_ip.parse().unwrap(),
            from_user: "+15550123".to_owned(),
            from_host: from_host.to_owned(),
            to_user: "+15550100".to_owned(),
        }
    }

    fn trunk(id: &str, numbers: &[&str], addresses: &[&str]) -> proto::SipInboundTrunkInfo {
        let owned = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect();
        proto::SipInboundTrunkInfo {
            sip_trunk_id: id.to_owned(),
            numbers: owned(numbers),
            allowed_addresses: owned(addresses),
            ..Default::default()
        }
    }

    fn matched(trunks: &[proto::SipInboundTrunkInfo], call: &InboundCall) -> Result<Option<String>, AmbiguousTrunk> {
        matching_trunk(trunks, call).map(|trunk| trunk.map(|trunk| trunk.sip_trunk_id.clone()))
    }

    /// The rows of `TestMatchIP` and `TestMatchMasks` in livekit/protocol, and the forms that Trunkline writes.
    #[test]
    fn allowlist_matches_as_in_livekit_protocol() {
        for (source, from_host, entries, allowed) in [
            ("192.168.0.10", "", &[][..], true),
            ("192.168.0.10", "", &["192.168.0.10"], true),
            ("192.168.0.10", "", &["192.168.0.11"], false),
            ("192.168.0.10", "", &["192.168.0.0/24"], true),
            ("192.168.0.10", "", &["192.168.0.10/0"], true),
            ("192.168.0.10", "", &["192.168.1.0/24"], false),
            ("192.168.0.10", "sip.example.com", &["sip.example.com"], true),
            ("192.168.0.10", "sip.example.com", &["some.domain"], false),
            ("192.168.0.10", "", &["some.domain,192.168.0.10/24", "192.168.0.0/24"], true),
            ("192.168.0.10", "", &["some.domain", "192.168.1.0/24"], false),
            ("192.168.0.10", "", &["https://example.com", "192.168.1.0/24 "], true),
            ("2001:db8::7", "", &["2001:db8::7/128"], true),
            ("2001:db8::8", "", &["2001:db8::7/128"], false),
            ("2001:db8::7", "", &["[2001:db8::7]"], false),
            ("::ffff:192.168.0.10", "", &["192.168.0.0/24"], false),
        ] {
            let entries: Vec<String> = entries.iter().map(|&entry| entry.to_owned()).collect();
            assert_eq!(allows_source(&entries, &call(source, from_host)), allowed, "{source} {from_host} {entries:?}");
        }
    }

    #[test]
    fn from_host_matches_an_entry_without_prefix_only() {
        for (entry, host) in [("203.0.113.7", "203.0.113.7"), ("2001:db8::7", "2001:db8::7")] {
            let forged = call("198.51.100.1", host);
            assert!(allows_source(&[entry.to_owned()], &forged), "{entry}");
            let prefix = if entry.contains(':') { "128" } else { "32" };
            assert!(!allows_source(&[format!("{entry}/{prefix}")], &forged), "{entry}/{prefix}");
        }
    }

    #[test]
    fn trunk_with_the_number_comes_before_one_without_numbers() {
        let trunks = [trunk("ST_any", &[], &[]), trunk("ST_one", &["1 555 0100"], &["203.0.113.7/32"])];
        assert_eq!(matched(&trunks, &call("203.0.113.7", "")), Ok(Some("ST_one".to_owned())));
        assert_eq!(matched(&trunks, &call("198.51.100.1", "")), Ok(Some("ST_any".to_owned())));
        assert_eq!(matched(&trunks[1..], &call("198.51.100.1", "")), Ok(None));
    }

    #[test]
    fn several_matching_trunks_are_ambiguous() {
        let both = Err(AmbiguousTrunk { trunk_ids: vec!["ST_a".to_owned(), "ST_b".to_owned()] });
        let call = call("203.0.113.7", "");
        assert_eq!(matched(&[trunk("ST_a", &["+15550100"], &[]), trunk("ST_b", &["+15550100"], &[])], &call), both);
        assert_eq!(matched(&[trunk("ST_a", &[], &[]), trunk("ST_b", &[], &[])], &call), both);
    }
}
