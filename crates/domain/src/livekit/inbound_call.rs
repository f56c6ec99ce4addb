//! How LiveKit chooses the trunk and the dispatch rule of an inbound call.
//!
//! Source: `MatchTrunkDetailed`, `matchAddrMasks` and the priority of rules in `sip/sip.go` of livekit/protocol. Settings that
//! Trunkline never writes (allowed numbers of a trunk, callers and PINs of a rule) are not known here.

use std::net::IpAddr;

use ipnet::IpNet;

use super::{DispatchRule, InboundTrunk, Listed};

/// What LiveKit compares of an INVITE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboundCall {
    /// The address that the INVITE comes from.
    pub source: IpAddr,
    /// User part of the From header.
    pub from_user: String,
    /// Host of the From header, which the caller chooses freely.
    pub from_host: String,
    /// User part of the To header. LiveKit does not read the request URI.
    pub to_user: String,
}

/// The trunk of a call.
#[derive(Clone, Debug, PartialEq)]
pub enum TrunkMatch<'a> {
    /// No trunk accepts it.
    None,
    /// This one.
    One(&'a Listed<InboundTrunk>),
    /// Several: LiveKit fails the call.
    Several(Vec<&'a Listed<InboundTrunk>>),
}

/// The dispatch rule of a call.
#[derive(Clone, Debug, PartialEq)]
pub enum RuleMatch<'a> {
    /// No rule accepts it.
    None,
    /// This one.
    One(&'a Listed<DispatchRule>),
    /// Several of the same priority: LiveKit fails the call.
    Several(Vec<&'a Listed<DispatchRule>>),
}

impl InboundCall {
    /// The trunk whose credentials, if it has any, LiveKit asks for. A trunk with the called number comes before one without
    /// numbers.
    pub fn trunk<'a>(&self, trunks: &'a [Listed<InboundTrunk>]) -> TrunkMatch<'a> {
        let accepting = self.trunks_of_number(trunks).filter(|trunk| self.is_allowed(&trunk.object.allowed_addresses));
        let (wildcard, named): (Vec<_>, Vec<_>) = accepting.partition(|trunk| trunk.object.numbers.is_empty());
        let mut candidates = if named.is_empty() { wildcard } else { named };
        match candidates.len() {
            0 => TrunkMatch::None,
            1 => TrunkMatch::One(candidates.remove(0)),
            _ => TrunkMatch::Several(candidates),
        }
    }

    /// The trunks with the called number, and those without numbers, from whatever source they accept calls.
    pub fn trunks_of_number<'a>(
        &self,
        trunks: &'a [Listed<InboundTrunk>],
    ) -> impl Iterator<Item = &'a Listed<InboundTrunk>> {
        trunks.iter().filter(|trunk| {
            let numbers = &trunk.object.numbers;
            numbers.is_empty() || numbers.iter().any(|number| is_same_number(number, &self.to_user))
        })
    }

    /// Whether a trunk with this allowlist accepts the source. LiveKit leaves out entries that it cannot read, and a list of
    /// nothing else accepts every source. An entry without a prefix also matches the From header's host, as text.
    pub fn is_allowed(&self, entries: &[String]) -> bool {
        let mut known = entries.iter().filter(|entry| is_known_form(entry)).peekable();
        known.peek().is_none() || known.any(|entry| *entry == self.from_host || contains(entry, self.source))
    }

    /// Whether an entry of the allowlist is the host that the caller wrote into the From header.
    pub fn is_allowed_by_from_host(&self, entries: &[String]) -> bool {
        entries.iter().any(|entry| is_known_form(entry) && *entry == self.from_host)
            && !entries.iter().any(|entry| is_known_form(entry) && contains(entry, self.source))
    }

    /// The rule of a call on this trunk; without a trunk, only rules for all trunks match. A rule's numbers are compared as
    /// text. A rule that names the trunk comes before rules for all trunks, and among those one that names the number.
    pub fn rule<'a>(&self, rules: &'a [Listed<DispatchRule>], trunk_id: Option<&str>) -> RuleMatch<'a> {
        let of_number = rules.iter().filter(|rule| {
            let numbers = &rule.object.numbers;
            numbers.is_empty() || numbers.contains(&self.to_user)
        });
        let (wildcard, bound): (Vec<_>, Vec<_>) = of_number
            .filter(|rule| {
                let trunks = &rule.object.trunk_ids;
                trunks.is_empty() || trunk_id.is_some_and(|id| trunks.iter().any(|trunk| trunk == id))
            })
            .partition(|rule| rule.object.trunk_ids.is_empty());
        let class = if bound.is_empty() { wildcard } else { bound };
        let (named, others): (Vec<_>, Vec<_>) = class.into_iter().partition(|rule| !rule.object.numbers.is_empty());
        let mut candidates = if named.is_empty() { others } else { named };
        match candidates.len() {
            0 => RuleMatch::None,
            1 => RuleMatch::One(candidates.remove(0)),
            _ => RuleMatch::Several(candidates),
        }
    }
}

/// `NormalizeNumber` in `livekit/sip.go`: digits with blanks, hyphens and parentheses are compared by their digits, with or
/// without a plus before them; a national number is another one than its international form.
fn is_same_number(one: &str, other: &str) -> bool {
    one == other || normalized(one) == normalized(other)
}

fn normalized(number: &str) -> String {
    let rest = number.strip_prefix('+').unwrap_or(number);
    if rest.is_empty() || !rest.chars().all(|letter| letter.is_ascii_digit() || " -()".contains(letter)) {
        return number.to_owned();
    }
    format!("+{}", rest.chars().filter(char::is_ascii_digit).collect::<String>())
}

fn is_known_form(entry: &str) -> bool {
    !entry.contains(['(', ')', '+', '*', ';', ',', ' ', '\t', '\n', '\r']) && !entry.contains("://")
}

fn contains(entry: &str, source: IpAddr) -> bool {
    if entry.contains('/') {
        entry.parse::<IpNet>().is_ok_and(|net| net.contains(&source))
    } else {
        entry.parse::<IpAddr>().is_ok_and(|address| address == source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(source: &str, from_host: &str, to: &str) -> InboundCall {
        InboundCall {
            source: source.parse().unwrap(),
            from_user: "+14155550123".to_owned(),
            from_host: from_host.to_owned(),
            to_user: to.to_owned(),
        }
    }

    fn trunk(id: &str, numbers: &[&str], addresses: &[&str]) -> Listed<InboundTrunk> {
        let owned = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect();
        let object =
            InboundTrunk { numbers: owned(numbers), allowed_addresses: owned(addresses), ..InboundTrunk::default() };
        Listed::written(id.to_owned(), object)
    }

    fn rule(id: &str, trunks: &[&str], numbers: &[&str]) -> Listed<DispatchRule> {
        let owned = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect();
        let object = DispatchRule { trunk_ids: owned(trunks), numbers: owned(numbers), ..DispatchRule::default() };
        Listed::written(id.to_owned(), object)
    }

    fn matched(matched: TrunkMatch<'_>) -> Vec<&str> {
        match matched {
            TrunkMatch::None => Vec::new(),
            TrunkMatch::One(trunk) => vec![&trunk.id],
            TrunkMatch::Several(trunks) => trunks.iter().map(|trunk| trunk.id.as_str()).collect(),
        }
    }

    fn chosen(matched: RuleMatch<'_>) -> Vec<&str> {
        match matched {
            RuleMatch::None => Vec::new(),
            RuleMatch::One(rule) => vec![&rule.id],
            RuleMatch::Several(rules) => rules.iter().map(|rule| rule.id.as_str()).collect(),
        }
    }

    #[test]
    fn called_number_matches_with_and_without_plus_only() {
        let trunks = [trunk("ST_1", &["+14155550100"], &[])];
        for (to, matches) in [
            ("+14155550100", true),
            ("14155550100", true),
            ("1 (415) 555-0100", true),
            ("0014155550100", false),
            ("4155550100", false),
            ("1.415.555.0100", false),
            ("concierge", false),
        ] {
            assert_eq!(!matched(call("203.0.113.7", "", to).trunk(&trunks)).is_empty(), matches, "{to}");
        }
    }

    #[test]
    fn from_host_passes_an_allowlist_without_prefix() {
        let forged = call("198.51.100.1", "203.0.113.7", "+14155550100");
        for (entry, allowed) in [("203.0.113.7", true), ("203.0.113.7/32", false)] {
            let entries = [entry.to_owned()];
            assert_eq!(forged.is_allowed(&entries), allowed, "{entry}");
            assert_eq!(forged.is_allowed_by_from_host(&entries), allowed, "{entry}");
        }
        let real = call("203.0.113.7", "203.0.113.7", "+14155550100");
        assert!(!real.is_allowed_by_from_host(&["203.0.113.7".to_owned()]));
    }

    #[test]
    fn rule_of_the_trunk_comes_first() {
        let call = call("203.0.113.7", "", "+14155550100");
        let rules = [
            rule("any", &[], &[]),
            rule("bound", &["ST_1"], &[]),
            rule("number", &["ST_1"], &["+14155550100"]),
            rule("spelling", &["ST_1"], &["14155550100"]),
            rule("other", &["ST_2"], &[]),
        ];
        assert_eq!(chosen(call.rule(&rules, Some("ST_1"))), ["number"]);
        assert_eq!(chosen(call.rule(&rules[..2], Some("ST_1"))), ["bound"]);
        assert_eq!(chosen(call.rule(&rules, Some("ST_3"))), ["any"]);
        assert_eq!(chosen(call.rule(&rules, None)), ["any"]);
        assert_eq!(chosen(call.rule(&rules[1..], None)), [] as [&str; 0]);
        let twice = [rule("one", &["ST_1"], &[]), rule("two", &["ST_1"], &[])];
        assert_eq!(chosen(call.rule(&twice, Some("ST_1"))), ["one", "two"]);
    }
}
