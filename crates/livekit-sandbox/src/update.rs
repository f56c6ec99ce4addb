//! `update`: some fields of an object, the others stay (`ApplyResult` and `Apply` in `livekit/sip.go`).

use livekit_protocol as proto;

use crate::{
    error::Fault,
    media,
    validate::{self, list_update},
};

pub(crate) fn check_inbound(update: &proto::SipInboundTrunkUpdate) -> Result<(), Fault> {
    list_update(update.numbers.as_ref())?;
    list_update(update.allowed_addresses.as_ref())?;
    list_update(update.allowed_numbers.as_ref())?;
    validate::media(update.media.as_ref())
}

#[expect(deprecated, reason = "media_encryption is deprecated, and still served")]
pub(crate) fn inbound(trunk: &mut proto::SipInboundTrunkInfo, update: proto::SipInboundTrunkUpdate) {
    apply_list(&mut trunk.numbers, update.numbers);
    apply_list(&mut trunk.allowed_addresses, update.allowed_addresses);
    apply_list(&mut trunk.allowed_numbers, update.allowed_numbers);
    apply(&mut trunk.auth_username, update.auth_username);
    apply(&mut trunk.auth_password, update.auth_password);
    apply(&mut trunk.auth_realm, update.auth_realm);
    apply(&mut trunk.name, update.name);
    apply(&mut trunk.metadata, update.metadata);
    media::update(&mut trunk.media, &mut trunk.media_encryption, update.media, update.media_encryption);
}

pub(crate) fn check_outbound(update: &proto::SipOutboundTrunkUpdate) -> Result<(), Fault> {
    list_update(update.numbers.as_ref())?;
    validate::media(update.media.as_ref())
}

#[expect(deprecated, reason = "media_encryption is deprecated, and still served")]
pub(crate) fn outbound(trunk: &mut proto::SipOutboundTrunkInfo, update: proto::SipOutboundTrunkUpdate) {
    apply(&mut trunk.address, update.address);
    apply(&mut trunk.transport, update.transport);
    apply(&mut trunk.destination_country, update.destination_country);
    apply_list(&mut trunk.numbers, update.numbers);
    apply(&mut trunk.auth_username, update.auth_username);
    apply(&mut trunk.auth_password, update.auth_password);
    apply(&mut trunk.name, update.name);
    apply(&mut trunk.metadata, update.metadata);
    apply(&mut trunk.from_host, update.from_host);
    media::update(&mut trunk.media, &mut trunk.media_encryption, update.media, update.media_encryption);
}

pub(crate) fn check_rule(update: &proto::SipDispatchRuleUpdate) -> Result<(), Fault> {
    list_update(update.trunk_ids.as_ref())?;
    validate::media(update.media.as_ref())
}

/// A rule's numbers and room configuration are out of an update's reach.
#[expect(deprecated, reason = "media_encryption is deprecated, and still served")]
pub(crate) fn rule(rule: &mut proto::SipDispatchRuleInfo, update: proto::SipDispatchRuleUpdate) {
    apply_list(&mut rule.trunk_ids, update.trunk_ids);
    if update.rule.is_some() {
        rule.rule = update.rule;
    }
    apply(&mut rule.name, update.name);
    apply(&mut rule.metadata, update.metadata);
    for (key, value) in update.attributes {
        if value.is_empty() {
            rule.attributes.remove(&key);
        } else {
            rule.attributes.insert(key, value);
        }
    }
    media::update(&mut rule.media, &mut rule.media_encryption, update.media, update.media_encryption);
}

fn apply<T>(field: &mut T, update: Option<T>) {
    if let Some(value) = update {
        *field = value;
    }
}

fn apply_list(list: &mut Vec<String>, update: Option<proto::ListUpdate>) {
    let Some(update) = update else { return };
    if update.clear {
        list.clear();
    } else if !update.set.is_empty() {
        *list = update.set;
    } else {
        for gone in update.remove {
            if let Some(at) = list.iter().position(|item| *item == gone) {
                list.remove(at);
            }
        }
        for item in update.add {
            if !list.contains(&item) {
                list.push(item);
            }
        }
    }
}
