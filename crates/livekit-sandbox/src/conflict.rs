//! Which objects LiveKit refuses as conflicting (`sip/sip.go`: ValidateTrunksIter, DispatchRuleValidator).

use std::collections::{BTreeSet, HashMap};

use livekit_protocol as proto;
use proto::sip_dispatch_rule::Rule;

use crate::{error::Refusal, number::normalize};

/// The order in which LiveKit checks the stored objects and the new one: it takes one of each alternately. It decides which
/// of two the message names first.
pub(crate) fn alternating<'a, T>(mut stored: impl Iterator<Item = &'a T>, new: &'a T) -> impl Iterator<Item = &'a T> {
    stored.next().into_iter().chain([new]).chain(stored)
}

/// No two trunks may share a called number and an allowed caller; "no number" and "any caller" each count as one value.
/// Neither credentials nor addresses make a difference.
pub(crate) fn trunks<'a>(trunks: impl IntoIterator<Item = &'a proto::SipInboundTrunkInfo>) -> Result<(), Refusal> {
    let mut checked: HashMap<(String, String), &proto::SipInboundTrunkInfo> = HashMap::new();
    for trunk in trunks {
        for called in keys(&trunk.numbers) {
            for caller in or_any(&trunk.allowed_numbers) {
                let key = (called.clone(), normalize(caller));
                match checked.get(&key) {
                    Some(other) if other.sip_trunk_id != trunk.sip_trunk_id => {
                        return Err(conflicting(trunk, other, caller));
                    }
                    _ => checked.insert(key, trunk),
                };
            }
        }
    }
    Ok(())
}

fn conflicting(trunk: &proto::SipInboundTrunkInfo, other: &proto::SipInboundTrunkInfo, caller: &str) -> Refusal {
    let callers = match caller {
        "" => "without AllowedNumbers set".to_owned(),
        caller => format!("and AllowedNumber {caller:?}"),
    };
    Refusal::invalid(format!(
        "Conflicting inbound SIP Trunks: {:?} and {:?}, using the same number(s) {} {callers}",
        new(&trunk.sip_trunk_id),
        new(&other.sip_trunk_id),
        numbers(&trunk.numbers),
    ))
}

/// No two rules may share trunk, called number, caller and PIN. A rule is also compared with itself: one number
/// in two spellings that normalise alike is a conflict.
pub(crate) fn rules<'a>(rules: impl IntoIterator<Item = &'a proto::SipDispatchRuleInfo>) -> Result<(), Refusal> {
    let mut checked: HashMap<[String; 4], &proto::SipDispatchRuleInfo> = HashMap::new();
    for rule in rules {
        let pin = pin(rule)?;
        for trunk in or_any(&rule.trunk_ids) {
            for caller in or_any(&rule.inbound_numbers) {
                for called in or_any(&rule.numbers) {
                    let key = [pin.to_owned(), trunk.to_owned(), normalize(called), normalize(caller)];
                    if let Some(other) = checked.insert(key, rule) {
                        return Err(Refusal::invalid(format!(
                            "Dispatch rule for the same trunk, inbound number, number, and PIN combination already \
                             exists in dispatch rule {:?} {:?}",
                            new(&other.sip_dispatch_rule_id),
                            if other.name.is_empty() { "<blank name>" } else { &other.name },
                        )));
                    }
                }
            }
        }
    }
    Ok(())
}

fn pin(rule: &proto::SipDispatchRuleInfo) -> Result<&str, Refusal> {
    match rule.rule.as_ref().and_then(|rule| rule.rule.as_ref()) {
        Some(Rule::DispatchRuleDirect(rule)) => Ok(&rule.pin),
        Some(Rule::DispatchRuleIndividual(rule)) => Ok(&rule.pin),
        Some(Rule::DispatchRuleCallee(rule)) => Ok(&rule.pin),
        None => Err(Refusal::invalid("twirp error unknown: unsupported SIP Dispatch Rule: <nil>")),
    }
}

fn or_any(list: &[String]) -> Vec<&str> {
    if list.is_empty() { vec![""] } else { list.iter().map(String::as_str).collect() }
}

fn keys(list: &[String]) -> BTreeSet<String> {
    or_any(list).into_iter().map(normalize).collect()
}

fn new(id: &str) -> &str {
    if id.is_empty() { "<new>" } else { id }
}

/// Go's `%q` of a list.
fn numbers(numbers: &[String]) -> String {
    if numbers.is_empty() {
        return "<any>".to_owned();
    }
    let quoted: Vec<_> = numbers.iter().map(|number| format!("{number:?}")).collect();
    format!("[{}]", quoted.join(" "))
}
