//! The domain's objects as protobuf, and back.
//!
//! Whether a listed object has settings that Trunkline never writes is found out by writing again what was read: whatever
//! does not come out again is foreign. So a field that the protobufs gain is covered by itself.

use domain::{
    Country, Secret, Transport,
    livekit::{DispatchRule, InboundTrunk, Listed, OutboundTrunk},
};
use livekit_protocol as proto;
use proto::sip_dispatch_rule::Rule;

pub(crate) fn inbound_to(trunk: &InboundTrunk) -> proto::SipInboundTrunkInfo {
    proto::SipInboundTrunkInfo {
        name: trunk.name.clone(),
        metadata: trunk.metadata.clone(),
        numbers: trunk.numbers.clone(),
        allowed_addresses: trunk.allowed_addresses.clone(),
        auth_username: trunk.auth_username.clone(),
        auth_password: trunk.auth_password.expose().to_owned(),
        headers_to_attributes: trunk.headers_to_attributes.clone().into_iter().collect(),
        krisp_enabled: trunk.krisp_enabled.unwrap_or_default(),
        ..Default::default()
    }
}

pub(crate) fn inbound_from(mut info: proto::SipInboundTrunkInfo) -> Listed<InboundTrunk> {
    let id = std::mem::take(&mut info.sip_trunk_id);
    info.created_at = None;
    info.updated_at = None;
    forget_empty_media(&mut info.media);
    sort(&mut info.numbers);
    sort(&mut info.allowed_addresses);
    let object = InboundTrunk {
        name: info.name.clone(),
        metadata: info.metadata.clone(),
        numbers: info.numbers.clone(),
        allowed_addresses: info.allowed_addresses.clone(),
        auth_username: info.auth_username.clone(),
        auth_password: Secret::new(info.auth_password.clone()),
        headers_to_attributes: info.headers_to_attributes.clone().into_iter().collect(),
        krisp_enabled: Some(info.krisp_enabled),
    };
    let unmanaged_settings = inbound_to(&object) != info;
    Listed { id, object, unmanaged_settings }
}

pub(crate) fn outbound_to(trunk: &OutboundTrunk) -> proto::SipOutboundTrunkInfo {
    proto::SipOutboundTrunkInfo {
        name: trunk.name.clone(),
        metadata: trunk.metadata.clone(),
        address: trunk.address.clone(),
        transport: transport_to(trunk.transport).into(),
        destination_country: trunk.destination_country.map(Country::as_str).unwrap_or_default().to_owned(),
        numbers: trunk.numbers.clone(),
        auth_username: trunk.auth_username.clone(),
        auth_password: trunk.auth_password.expose().to_owned(),
        ..Default::default()
    }
}

pub(crate) fn outbound_from(mut info: proto::SipOutboundTrunkInfo) -> Listed<OutboundTrunk> {
    let id = std::mem::take(&mut info.sip_trunk_id);
    info.created_at = None;
    info.updated_at = None;
    forget_empty_media(&mut info.media);
    sort(&mut info.numbers);
    let object = OutboundTrunk {
        name: info.name.clone(),
        metadata: info.metadata.clone(),
        address: info.address.clone(),
        transport: transport_from(info.transport()),
        destination_country: info.destination_country.parse().ok(),
        numbers: info.numbers.clone(),
        auth_username: info.auth_username.clone(),
        auth_password: Secret::new(info.auth_password.clone()),
    };
    let unmanaged_settings = outbound_to(&object) != info;
    Listed { id, object, unmanaged_settings }
}

pub(crate) fn rule_to(rule: &DispatchRule) -> proto::SipDispatchRuleInfo {
    let individual = proto::SipDispatchRuleIndividual { room_prefix: rule.room_prefix.clone(), ..Default::default() };
    let agent = || proto::RoomAgentDispatch {
        agent_name: rule.agent_name.clone(),
        metadata: rule.agent_metadata.clone(),
        ..Default::default()
    };
    // An agent without a name would be every agent that waits for no explicit dispatch.
    let room_config =
        (!rule.agent_name.is_empty()).then(|| proto::RoomConfiguration { agents: vec![agent()], ..Default::default() });
    proto::SipDispatchRuleInfo {
        name: rule.name.clone(),
        metadata: rule.metadata.clone(),
        trunk_ids: rule.trunk_ids.clone(),
        numbers: rule.numbers.clone(),
        rule: Some(proto::SipDispatchRule { rule: Some(Rule::DispatchRuleIndividual(individual)) }),
        room_config,
        attributes: rule.attributes.clone().into_iter().collect(),
        ..Default::default()
    }
}

/// A rule of another kind (direct, callee) reads as one with an empty prefix, and foreign.
pub(crate) fn rule_from(mut info: proto::SipDispatchRuleInfo) -> Listed<DispatchRule> {
    let id = std::mem::take(&mut info.sip_dispatch_rule_id);
    info.created_at = None;
    info.updated_at = None;
    forget_empty_media(&mut info.media);
    info.room_config.take_if(|room| *room == proto::RoomConfiguration::default());
    sort(&mut info.trunk_ids);
    sort(&mut info.numbers);
    let room_prefix = match info.rule.as_ref().and_then(|rule| rule.rule.as_ref()) {
        Some(Rule::DispatchRuleIndividual(individual)) => individual.room_prefix.clone(),
        _ => String::new(),
    };
    let agent = info.room_config.as_ref().and_then(|room| room.agents.first()).cloned().unwrap_or_default();
    let object = DispatchRule {
        name: info.name.clone(),
        metadata: info.metadata.clone(),
        trunk_ids: info.trunk_ids.clone(),
        numbers: info.numbers.clone(),
        room_prefix,
        agent_name: agent.agent_name,
        agent_metadata: agent.metadata,
        attributes: info.attributes.clone().into_iter().collect(),
    };
    let unmanaged_settings = rule_to(&object) != info;
    Listed { id, object, unmanaged_settings }
}

fn transport_to(transport: Transport) -> proto::SipTransport {
    match transport {
        Transport::Auto => proto::SipTransport::Auto,
        Transport::Tcp => proto::SipTransport::Tcp,
        Transport::Udp => proto::SipTransport::Udp,
        Transport::Tls => proto::SipTransport::Tls,
    }
}

fn transport_from(transport: proto::SipTransport) -> Transport {
    match transport {
        proto::SipTransport::Auto => Transport::Auto,
        proto::SipTransport::Tcp => Transport::Tcp,
        proto::SipTransport::Udp => Transport::Udp,
        proto::SipTransport::Tls => Transport::Tls,
    }
}

/// LiveKit itself adds an empty `media` to each rule that is created and each object that is updated.
fn forget_empty_media(media: &mut Option<proto::SipMediaConfig>) {
    media.take_if(|media| *media == proto::SipMediaConfig::default());
}

fn sort(list: &mut Vec<String>) {
    list.sort_unstable();
    list.dedup();
}

#[cfg(test)]
#[path = "mapping_tests.rs"]
mod tests;
