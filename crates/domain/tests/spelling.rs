//! The spellings of enumerations in JSON, in the database and in queries.

use std::{fmt::Debug, str::FromStr};

use domain::{
    Attention, AuditAction, AuditKind, CarrierSort, Direction, ExotelSubdomain, InboundAuth, IntoEnumIterator, Role,
    SyncStatus, Transport,
};
use serde::Serialize;

/// Checks that the variants have these spellings, in JSON too, and that each spelling is parsed.
fn check<T>(spellings: &[&str])
where
    T: IntoEnumIterator + Into<&'static str> + FromStr + Copy + Debug + PartialEq + Serialize,
    T::Err: Debug,
{
    assert_eq!(T::iter().map(Into::into).collect::<Vec<&str>>(), spellings);
    for variant in T::iter() {
        let text: &str = variant.into();
        assert_eq!(serde_json::to_value(variant).unwrap(), text);
        assert_eq!(text.parse::<T>().unwrap(), variant);
    }
}

#[test]
fn wire_spellings_are_stable() {
    check::<Attention>(&["sync_error", "no_bot", "open", "no_numbers"]);
    check::<AuditAction>(&[
        "created",
        "updated",
        "deleted",
        "logged_in",
        "logged_out",
        "password_changed",
        "link_created",
        "sessions_ended",
    ]);
    check::<Direction>(&["both", "inbound", "outbound"]);
    check::<ExotelSubdomain>(&["api.in.exotel.com", "api.exotel.com"]);
    check::<InboundAuth>(&["credentials", "ip"]);
    check::<Role>(&["viewer", "developer", "admin"]);
    check::<SyncStatus>(&["pending", "synced", "error"]);
    check::<Transport>(&["auto", "tcp", "udp", "tls"]);
}

#[test]
fn audit_kinds_of_filters_leave_out_other() {
    let spellings: Vec<_> = AuditKind::filters().map(AuditKind::as_str).collect();
    let expected = [
        "carrier",
        "did",
        "bot",
        "user",
        "api_key",
        "integration",
        "fleet_server",
        "number_purchase",
        "sip_domain",
        "edge_user",
        "device",
        "extension",
        "did_target",
        "ring_group",
        "schedule",
        "outbound_route",
        "call_limit",
        "ban",
        "allow_entry",
        "edge_settings",
    ];
    assert_eq!(spellings, expected);
    assert_eq!(AuditKind::Other.as_str(), "other");
    assert!(AuditKind::iter().all(|kind| serde_json::to_value(kind).unwrap() == kind.as_str()));
}

#[test]
fn sort_is_parsed_with_its_direction() {
    let spellings: Vec<_> = CarrierSort::iter().map(CarrierSort::as_str).collect();
    let expected = ["name", "sip_address", "dids", "outbound_cps", "lk_sync_status", "lk_last_synced_at", "created_at"];
    assert_eq!(spellings, expected);
    assert!(CarrierSort::iter().all(|sort| CarrierSort::parse(sort.as_str()) == Some((sort, false))));
    assert_eq!(CarrierSort::parse("-dids"), Some((CarrierSort::Dids, true)));
    assert_eq!(CarrierSort::parse("-"), Some((CarrierSort::Name, true)));
    assert_eq!(CarrierSort::parse("cps"), None);
}

#[test]
fn unknown_spellings_are_rejected_with_the_choice() {
    assert_eq!("TLS".parse(), Ok(Transport::Tls));
    assert_eq!("sctp".parse::<Transport>().unwrap_err().message, "Choose one of auto, tcp, udp or tls.");
    assert_eq!("up".parse::<Direction>().unwrap_err().message, "Choose one of both, inbound or outbound.");
    assert_eq!("digest".parse::<InboundAuth>().unwrap_err().message, "Choose one of credentials or ip.");
    assert_eq!("Admin".parse::<Role>().unwrap_err().message, "Choose one of viewer, developer or admin.");
    assert_eq!(
        "create".parse::<AuditAction>().unwrap_err().message,
        "Choose one of created, updated, deleted, logged_in, logged_out, password_changed, link_created, sessions_ended."
    );
    assert_eq!("done".parse::<SyncStatus>(), Err("no sync status: done".to_owned()));
}
