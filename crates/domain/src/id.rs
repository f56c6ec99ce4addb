//! Ids: a prefix that names the noun, and a lower-case ULID.

use thiserror::Error;
use ulid::Ulid;

/// The text is no id of the noun.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("expected an id of the form {prefix}… with 26 letters and digits after the prefix")]
pub struct IdError {
    prefix: &'static str,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The prefix, which names the noun.
            pub const PREFIX: &'static str = $prefix;

            /// The id with this ULID. The caller has the clock and the random source.
            pub fn new(ulid: Ulid) -> Self {
                Self(format!("{}{}", $prefix, ulid.to_string().to_ascii_lowercase()))
            }

            /// The ULID, in which the id is compact.
            pub fn ulid(&self) -> Ulid {
                self.0[$prefix.len()..].parse().expect("the constructors accept nothing else")
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let refused = IdError { prefix: $prefix };
                let ulid = text.strip_prefix($prefix).ok_or(refused.clone())?;
                if ulid.bytes().any(|byte| byte.is_ascii_uppercase()) || ulid.parse::<Ulid>().is_err() {
                    return Err(refused);
                }
                Ok(Self(text.to_owned()))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <String as serde::Deserialize>::deserialize(deserializer)?
                    .parse()
                    .map_err(serde::de::Error::custom)
            }
        }
    )+};
}

ids! {
    /// Id of an account, the tenant to which every row belongs.
    AccountId = "acc_";
    /// Id of a user.
    UserId = "usr_";
    /// Id of a session.
    SessionId = "ses_";
    /// Id of an API key.
    ApiKeyId = "key_";
    /// Id of a carrier.
    CarrierId = "car_";
    /// Id of a DID.
    DidId = "did_";
    /// Id of a bot.
    BotId = "bot_";
    /// Id of a call.
    CallId = "call_";
    /// Id of a fleet server.
    FleetServerId = "flt_";
    /// Id of the purchase of a phone number.
    NumberPurchaseId = "npu_";
    /// Id of an integration.
    IntegrationId = "int_";
    /// Id of an audit event, or of an event of a call.
    EventId = "evt_";
    /// Id of a SIP domain.
    SipDomainId = "dom_";
    /// Id of an edge user.
    EdgeUserId = "us_";
    /// Id of a device.
    DeviceId = "dev_";
    /// Id of an extension.
    ExtensionId = "ext_";
    /// Id of a DID's target.
    DidTargetId = "dt_";
    /// Id of a ring group.
    RingGroupId = "rg_";
    /// Id of a schedule.
    ScheduleId = "sch_";
    /// Id of an outbound route.
    OutboundRouteId = "rt_";
    /// Id of a call limit.
    CallLimitId = "lim_";
    /// Id of an entry of the security allowlist.
    AllowEntryId = "alw_";
    /// Id of the settings of an account's edge.
    EdgeSettingsId = "eset_";
    /// Id of a ban.
    BanId = "ban_";
    /// Id of a call flow.
    FlowId = "flow_";
    /// Id of a queue.
    QueueId = "q_";
    /// Id of a voicemail box.
    VoicemailId = "vm_";
}

/// Id of an actor: a user, or an API key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActorId {
    /// A user.
    User(UserId),
    /// An API key.
    ApiKey(ApiKeyId),
}

impl ActorId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::User(id) => id.as_str(),
            Self::ApiKey(id) => id.as_str(),
        }
    }
}

impl std::fmt::Display for ActorId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for ActorId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        if text.starts_with(ApiKeyId::PREFIX) { text.parse().map(Self::ApiKey) } else { text.parse().map(Self::User) }
    }
}

impl serde::Serialize for ActorId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for ActorId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <String as serde::Deserialize>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_id_is_parsed() {
        let id = CarrierId::new(Ulid::from_parts(1_700_000_000_000, 42));
        assert!(id.as_str().starts_with("car_01h"));
        assert_eq!(id.as_str().parse::<CarrierId>(), Ok(id.clone()));
        assert_eq!(CarrierId::new(id.ulid()), id);
    }

    #[test]
    fn actor_is_a_user_or_an_api_key() {
        let ulid = Ulid::from_parts(1_700_000_000_000, 42);
        for id in [ActorId::User(UserId::new(ulid)), ActorId::ApiKey(ApiKeyId::new(ulid))] {
            assert_eq!(id.as_str().parse::<ActorId>(), Ok(id.clone()));
            let json = serde_json::to_string(&id).unwrap();
            assert_eq!(serde_json::from_str::<ActorId>(&json).unwrap(), id);
        }
        assert!(CarrierId::new(ulid).as_str().parse::<ActorId>().is_err());
    }

    #[test]
    fn other_prefix_upper_case_and_other_text_are_rejected() {
        let id = CarrierId::new(Ulid::from_parts(1_700_000_000_000, 42));
        assert!(id.as_str().parse::<DidId>().is_err());
        assert!(id.as_str().to_uppercase().parse::<CarrierId>().is_err());
        for text in ["", "car_", "car_1", "car_../../etc/passwd", "car_01hf7yat0000000000000000001é"] {
            assert!(text.parse::<CarrierId>().is_err(), "{text}");
        }
    }
}
