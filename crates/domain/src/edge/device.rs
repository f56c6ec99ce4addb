//! Devices: phones and softphones that register.

use super::{
    EdgeKind, EdgeNoun, Reference, Status, UniqueKey,
    field::{Bounded, Rules, choices, settings, texts},
    target::is_token,
};
use crate::{DeviceId, EdgeUserId, FieldFault, Secret};

texts! {
    /// The username of a device's digest credentials. HA1 separates it from the realm by a colon (RFC 7616 §3.4.2).
    AuthUsername: "the username", max 128, example "alice-desk",
    |text| is_token(&text.replace(['@', '+'], "")), "bad_username",
    "Write letters, digits, dots, hyphens, underscores, @ and +.";
    /// The realm of digest credentials (RFC 7616 §3.3).
    Realm: "the realm", max 128, example "sip.example.com",
    is_token, "bad_realm", "Write letters, digits, dots, hyphens and underscores, as in a domain.";
}

choices! {
    /// How a device sends SIP messages.
    DeviceTransport (unknown_transport) {
        /// SIP over UDP.
        Udp = "udp",
        /// SIP over TCP.
        Tcp = "tcp",
        /// SIP over TLS.
        Tls = "tls",
        /// SIP over secure WebSockets (RFC 7118).
        Wss = "wss",
    }
}

settings! {
    /// A phone or softphone.
    DeviceSettings, DeviceInput {
        /// The edge user whom it rings for.
        user_id: EdgeUserId,
        /// The username of its digest credentials.
        auth_username: AuthUsername,
        /// The realm of its digest credentials, which is the SIP domain as a rule.
        realm: Realm,
        /// How it sends SIP messages.
        transport: DeviceTransport = DeviceTransport::Udp,
        /// Whether it speaks WebRTC.
        is_webrtc: bool = false,
        /// Whether it may register and place calls.
        status: Status = Status::Active,
        /// Its place among the user's devices that ring one after another; the lowest first.
        ring_order: Bounded<0, 1_000> = Bounded::new(0),
        /// Whether it rings with the ring strategy `specific`.
        ring_on_fork: bool = true,
    }
    write_only {
        /// The password. It is stored as HA1 alone (RFC 7616 §3.4.2), and never returned.
        password: Secret, check_device_password;
    }
}

impl Rules for DeviceSettings {}

impl EdgeNoun for DeviceSettings {
    type Id = DeviceId;
    type Input = DeviceInput;
    const KIND: EdgeKind = EdgeKind::Device;

    fn name(&self) -> String {
        format!("{}@{}", self.auth_username, self.realm)
    }

    fn unique_keys(&self) -> Vec<UniqueKey> {
        vec![UniqueKey {
            field: "auth_username",
            key: self.name(),
            message: format!("Another device has the username {} in this realm.", self.auth_username),
        }]
    }

    fn digest_identity(&self) -> Option<(&AuthUsername, &Realm)> {
        Some((&self.auth_username, &self.realm))
    }

    fn references(&self) -> Vec<Reference> {
        vec![Reference { field: "user_id", id: self.user_id.to_string() }]
    }
}

/// H(username:realm:password) of a device, in lower-case hexadecimal digits, by both algorithms of RFC 8760.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceHa1 {
    /// By MD5, 32 digits.
    pub md5: Secret,
    /// By SHA-256, 64 digits.
    pub sha256: Secret,
}

/// Checks a device's password: 8 to 256 characters without control characters. It is not trimmed.
///
/// # Errors
/// `required`, `too_short`, `too_long` or `unprintable_character`.
pub fn check_device_password(password: &Secret) -> Result<(), FieldFault> {
    match password.expose().chars().count() {
        0 => Err(FieldFault::required("Enter the device's password.")),
        1..8 => Err(FieldFault::new("too_short", "Use a password of at least 8 characters.")),
        257.. => Err(FieldFault::new("too_long", "Use a password of at most 256 characters.")),
        _ if password.expose().chars().any(char::is_control) => {
            Err(FieldFault::new("unprintable_character", "Remove the line break or control character."))
        }
        _ => Ok(()),
    }
}
