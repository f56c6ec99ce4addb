//! What is written is read back; what Trunkline never writes is noticed.

use domain::IntoEnumIterator;
use prost::Message;

use super::*;

fn inbound() -> InboundTrunk {
    InboundTrunk {
        name: "Acme in".to_owned(),
        metadata: r#"{"managed_by":"trunkline"}"#.to_owned(),
        numbers: vec!["+15550100".to_owned(), "+15550101".to_owned()],
        allowed_addresses: vec!["192.0.2.0/24".to_owned(), "198.51.100.7".to_owned()],
        auth_username: "acme".to_owned(),
        auth_password: Secret::new("hunter2"),
        headers_to_attributes: [("X-Tier".to_owned(), "sip.h.x-tier".to_owned())].into(),
        krisp_enabled: Some(true),
    }
}

fn outbound() -> OutboundTrunk {
    OutboundTrunk {
        name: "Acme out".to_owned(),
        metadata: r#"{"managed_by":"trunkline"}"#.to_owned(),
        address: "sip.example.com:5070".to_owned(),
        transport: Transport::Tls,
        destination_country: "IN".parse().ok(),
        numbers: vec!["+15550100".to_owned()],
        auth_username: "acme".to_owned(),
        auth_password: Secret::new("hunter2"),
    }
}

fn rule() -> DispatchRule {
    DispatchRule {
        name: "Acme to Front desk".to_owned(),
        metadata: r#"{"managed_by":"trunkline"}"#.to_owned(),
        trunk_ids: vec!["ST_a".to_owned()],
        numbers: vec!["+15550100".to_owned()],
        room_prefix: "call-".to_owned(),
        agent_name: "front-desk".to_owned(),
        agent_metadata: "{}".to_owned(),
        attributes: [("carrier_id".to_owned(), "car_1".to_owned())].into(),
    }
}

/// As it arrives: through the bytes.
fn wire<M: Message + Default>(info: &M) -> M {
    M::decode(info.encode_to_vec().as_slice()).expect("what was encoded")
}

#[test]
fn an_inbound_trunk_is_read_as_it_was_written() {
    let mut info = inbound_to(&inbound());
    info.sip_trunk_id = "ST_a".to_owned();
    assert_eq!(
        inbound_from(wire(&info)),
        Listed { id: "ST_a".to_owned(), object: inbound(), unmanaged_settings: false }
    );
}

#[test]
fn an_outbound_trunk_is_read_as_it_was_written_with_each_transport() {
    for transport in Transport::iter() {
        let trunk = OutboundTrunk { transport, ..outbound() };
        let listed = outbound_from(wire(&outbound_to(&trunk)));
        assert_eq!((listed.object, listed.unmanaged_settings), (trunk, false));
    }
    assert_eq!(outbound_to(&outbound()).transport, 3, "SIP_TRANSPORT_TLS");
    let plain = OutboundTrunk { destination_country: None, ..outbound() };
    assert!(!outbound_from(wire(&outbound_to(&plain))).unmanaged_settings);
}

#[test]
fn a_rule_is_read_as_it_was_written() {
    let mut info = rule_to(&rule());
    info.sip_dispatch_rule_id = "SDR_a".to_owned();
    assert_eq!(rule_from(wire(&info)), Listed { id: "SDR_a".to_owned(), object: rule(), unmanaged_settings: false });
}

#[test]
fn a_rule_without_an_agent_is_read_as_it_was_written() {
    let plain = DispatchRule { agent_name: String::new(), agent_metadata: String::new(), ..rule() };
    let info = rule_to(&plain);
    assert_eq!(info.room_config, None);
    assert_eq!(rule_from(wire(&info)), Listed::written(String::new(), plain.clone()));
    let empty = proto::SipDispatchRuleInfo { room_config: Some(Default::default()), ..info };
    assert_eq!(rule_from(empty), Listed::written(String::new(), plain));
}

#[test]
fn lists_are_read_sorted_and_without_doubles() {
    let mut info = inbound_to(&inbound());
    info.numbers = vec!["+2".to_owned(), "+1".to_owned(), "+2".to_owned()];
    info.allowed_addresses = vec!["b".to_owned(), "a".to_owned()];
    let listed = inbound_from(info);
    assert_eq!(listed.object.numbers, ["+1", "+2"]);
    assert_eq!(listed.object.allowed_addresses, ["a", "b"]);
    assert!(!listed.unmanaged_settings);
}

#[test]
fn what_livekit_adds_by_itself_is_not_foreign() {
    let mut info = rule_to(&rule());
    info.media = Some(proto::SipMediaConfig::default());
    info.created_at = Some(Default::default());
    info.updated_at = Some(Default::default());
    assert!(!rule_from(info).unmanaged_settings);
}

#[test]
fn settings_that_trunkline_never_writes_are_noticed_on_an_inbound_trunk() {
    let changes: [fn(&mut proto::SipInboundTrunkInfo); 7] = [
        |info| info.allowed_numbers = vec!["+1".to_owned()],
        |info| info.auth_realm = "r".to_owned(),
        |info| info.headers = [("X-A".to_owned(), "1".to_owned())].into(),
        |info| info.include_headers = 1,
        |info| info.ringing_timeout = Some(Default::default()),
        |info| info.media = Some(proto::SipMediaConfig { encryption: Some(2), ..Default::default() }),
        |info| info.ringing_timeout_status = 486,
    ];
    for change in changes {
        let mut info = inbound_to(&inbound());
        change(&mut info);
        assert!(inbound_from(info.clone()).unmanaged_settings, "{info:?}");
    }
}

#[test]
fn settings_that_trunkline_never_writes_are_noticed_on_an_outbound_trunk() {
    let changes: [fn(&mut proto::SipOutboundTrunkInfo); 5] = [
        |info| info.from_host = "h".to_owned(),
        |info| info.attributes_to_headers = [("a".to_owned(), "X-A".to_owned())].into(),
        |info| info.transport = 9,
        |info| info.destination_country = "in".to_owned(),
        |info| info.destination_country = "Nowhere".to_owned(),
    ];
    for change in changes {
        let mut info = outbound_to(&outbound());
        change(&mut info);
        assert!(outbound_from(info.clone()).unmanaged_settings, "{info:?}");
    }
}

#[test]
fn settings_that_trunkline_never_writes_are_noticed_on_a_rule() {
    let individual = |change: fn(&mut proto::SipDispatchRuleIndividual)| {
        let mut rule = proto::SipDispatchRuleIndividual { room_prefix: "call-".to_owned(), ..Default::default() };
        change(&mut rule);
        Some(proto::SipDispatchRule { rule: Some(Rule::DispatchRuleIndividual(rule)) })
    };
    let direct = Rule::DispatchRuleDirect(proto::SipDispatchRuleDirect::default());
    let two_agents = proto::RoomConfiguration { agents: vec![Default::default(); 2], ..Default::default() };
    let infos = [
        proto::SipDispatchRuleInfo { rule: individual(|rule| rule.pin = "1".to_owned()), ..rule_to(&rule()) },
        proto::SipDispatchRuleInfo { rule: individual(|rule| rule.no_randomness = true), ..rule_to(&rule()) },
        proto::SipDispatchRuleInfo { rule: Some(proto::SipDispatchRule { rule: Some(direct) }), ..rule_to(&rule()) },
        proto::SipDispatchRuleInfo { rule: None, ..rule_to(&rule()) },
        proto::SipDispatchRuleInfo { hide_phone_number: true, ..rule_to(&rule()) },
        proto::SipDispatchRuleInfo { inbound_numbers: vec!["+1".to_owned()], ..rule_to(&rule()) },
        proto::SipDispatchRuleInfo { room_preset: "p".to_owned(), ..rule_to(&rule()) },
        proto::SipDispatchRuleInfo { room_config: Some(two_agents), ..rule_to(&rule()) },
    ];
    for info in infos {
        assert!(rule_from(info.clone()).unmanaged_settings, "{info:?}");
    }
}

#[test]
fn debug_of_a_listed_trunk_shows_no_password() {
    let shown = format!("{:?} {:?}", inbound_from(inbound_to(&inbound())), outbound_from(outbound_to(&outbound())));
    assert!(!shown.contains("hunter2"));
}
