//! What the pages of each kind say.

use domain::edge::EdgeKind;

/// The texts of a kind, and the fields that its list shows.
pub struct Wording {
    /// The title of the list.
    pub title: &'static str,
    /// In sentences: "device", "devices".
    pub noun: (&'static str, &'static str),
    /// In titles and buttons: "Device".
    pub label: &'static str,
    /// What the objects are for, where there is none yet.
    pub purpose: &'static str,
    /// The fields that are columns, besides the name.
    pub columns: &'static [&'static str],
    /// What a deletion changes.
    pub consequence: &'static str,
}

pub fn wording(kind: EdgeKind) -> Wording {
    match kind {
        EdgeKind::Domain => Wording {
            title: "SIP Domains",
            noun: ("SIP domain", "SIP domains"),
            label: "SIP Domain",
            purpose: "Devices register in a SIP domain, such as sip.example.com.",
            columns: &["is_primary"],
            consequence: "Devices of this domain can no longer register.",
        },
        EdgeKind::User => Wording {
            title: "Edge Users",
            noun: ("edge user", "edge users"),
            label: "Edge User",
            purpose: "An edge user is a person or a line. Its devices ring when it is called.",
            columns: &["username", "out_cid_number", "max_simultaneous", "dnd", "status"],
            consequence: "It can no longer be called.",
        },
        EdgeKind::Device => Wording {
            title: "Devices",
            noun: ("device", "devices"),
            label: "Device",
            purpose: "A device is a phone or softphone that registers with its own username and password.",
            columns: &["user_id", "transport", "status"],
            consequence: "It can no longer register or place calls.",
        },
        EdgeKind::Extension => Wording {
            title: "Extensions",
            noun: ("extension", "extensions"),
            label: "Extension",
            purpose: "Devices dial an extension, such as 1001, to reach a user, a ring group or a bot.",
            columns: &["target", "status"],
            consequence: "It can no longer be dialled.",
        },
        EdgeKind::DidTarget => Wording {
            title: "DID Targets",
            noun: ("DID target", "DID targets"),
            label: "DID Target",
            purpose: "A DID goes to its bot. A DID target sends it elsewhere, or by business hours.",
            columns: &["target", "schedule_id", "max_channels", "status"],
            consequence: "Its calls go to the DID's bot again.",
        },
        EdgeKind::RingGroup => Wording {
            title: "Ring Groups",
            noun: ("ring group", "ring groups"),
            label: "Ring Group",
            purpose: "A ring group rings several users or devices for one call.",
            columns: &["strategy", "members", "exit_target"],
            consequence: "It can no longer be called.",
        },
        EdgeKind::Schedule => Wording {
            title: "Schedules",
            noun: ("schedule", "schedules"),
            label: "Schedule",
            purpose: "A schedule has business hours and holidays. DID targets choose by it where a call goes.",
            columns: &["timezone", "rules"],
            consequence: "No DID target may use it any more.",
        },
        EdgeKind::OutboundRoute => Wording {
            title: "Outbound Routes",
            noun: ("outbound route", "outbound routes"),
            label: "Outbound Route",
            purpose: "An outbound route sends dialled numbers with a prefix to carriers, in their order.",
            columns: &["prefix", "priority", "carrier_ids", "status"],
            consequence: "Numbers with its prefix take the next route that matches.",
        },
        EdgeKind::Limit => Wording {
            title: "Call Limits",
            noun: ("call limit", "call limits"),
            label: "Call Limit",
            purpose: "A call limit says how many calls may begin within a time. Limits of simultaneous calls are settings of the edge, its users and DIDs.",
            columns: &["direction", "period_sec", "max_count", "hard"],
            consequence: "Calls are no longer counted by it.",
        },
        EdgeKind::Allow => Wording {
            title: "Allowlist",
            noun: ("allowlist entry", "allowlist entries"),
            label: "Allowlist Entry",
            purpose: "Addresses and ranges on the allowlist are never banned.",
            columns: &["reason"],
            consequence: "The address can be banned again.",
        },
        EdgeKind::Settings => Wording {
            title: "Edge Settings",
            noun: ("setting", "settings"),
            label: "Edge Settings",
            purpose: "",
            columns: &[],
            consequence: "",
        },
    }
}

/// The label of a field.
pub fn field_label(name: &str) -> &'static str {
    match name {
        "allow_anonymous" => "Accept Anonymous Calls",
        "auth_username" => "Auth Username",
        "carrier_ids" => "Carriers",
        "cid_number" => "Caller ID Number",
        "closed_target" => "Target Out of Hours",
        "country" => "Country",
        "default_cid_name" => "Default Caller ID Name",
        "default_cid_number" => "Default Caller ID Number",
        "did_default_target" => "Default Target of DIDs",
        "did_id" => "DID",
        "digits" => "Digits",
        "direction" => "Direction",
        "display_name" => "Display Name",
        "dnd" => "Do Not Disturb",
        "domain" => "Domain",
        "exit_target" => "Target Without an Answer",
        "fwd_always" => "Forward Always",
        "fwd_busy" => "Forward When Busy",
        "fwd_noanswer" => "Forward Without an Answer",
        "hard" => "Reject Further Calls",
        "holiday_target" => "Target on Holidays",
        "ip" => "Address or Range",
        "is_agent" => "Agent",
        "is_primary" => "Primary Domain",
        "is_webrtc" => "WebRTC",
        "language" => "Language",
        "max_channels" => "Channels",
        "max_count" => "Calls",
        "max_dialer" => "Dialout Channels",
        "max_in" => "Inbound Channels",
        "max_out" => "Outbound Channels",
        "max_simultaneous" => "Simultaneous Calls",
        "members" => "Members",
        "name" => "Name",
        "out_cid_name" => "Caller ID Name",
        "out_cid_number" => "Caller ID Number",
        "password" => "Password",
        "period_sec" => "Window in Seconds",
        "prefix" => "Prefix",
        "prepend" => "Prepend",
        "priority" => "Priority",
        "realm" => "Realm",
        "reason" => "Reason",
        "ring_on_fork" => "Rings With Specific",
        "ring_order" => "Ring Order",
        "ring_strategy" | "strategy" => "Ring Strategy",
        "ring_timeout_sec" => "Ring Time in Seconds",
        "rules" => "Rules",
        "schedule_id" => "Schedule",
        "scope_id" => "Id or Number",
        "scope_kind" => "Counted Together",
        "status" => "Status",
        "strip" => "Strip Digits",
        "target" => "Target",
        "timezone" => "Time Zone",
        "transport" => "Transport",
        "trunk_id" => "Carrier of Outbound Calls",
        "user_id" => "User",
        "username" => "Username",
        "voice_gender" => "Voice",
        "voicemail_id" => "Voicemail Box",
        _ => "",
    }
}

/// A value of a choice in Title Case: `ring_all` becomes "Ring All".
pub fn choice_label(value: &str) -> String {
    let word = |word: &str| match word {
        "udp" | "tcp" | "tls" | "wss" | "did" => word.to_ascii_uppercase(),
        _ => {
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
        }
    };
    value.split('_').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use domain::IntoEnumIterator;

    use super::*;

    #[test]
    fn each_field_has_a_label() {
        for kind in EdgeKind::iter() {
            let fields = kind.fields();
            for field in &fields {
                assert!(!field_label(field.name).is_empty(), "{kind:?} {}", field.name);
            }
            for column in wording(kind).columns {
                assert!(fields.iter().any(|field| field.name == *column), "{kind:?} {column}");
            }
        }
    }

    #[test]
    fn choices_are_in_title_case() {
        assert_eq!(choice_label("ring_all"), "Ring All");
        assert_eq!(choice_label("udp"), "UDP");
    }
}
