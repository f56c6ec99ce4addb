//! Targets: where a call goes.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Reference,
    field::{Control, Field, Rules, object, texts},
};
use crate::{
    BotId, CarrierId, EdgeUserId, ExtensionId, FieldFault, FlowId, QueueId, RingGroupId, VoicemailId, field::one_of,
};

texts! {
    /// What is dialled: digits, `*` and `#`, with `+` before an E.164 number.
    DialNumber: "the number", max 32, example "+14155550123",
    is_dialled, "bad_number", "Write digits, * and #, and + only at the start.";
    /// The number that the called party sees: digits, with `+` before an E.164 number.
    CallerNumber: "the caller ID number", max 32, example "+14155550123",
    |text| is_dialled(text) && !text.contains(['*', '#']), "bad_number", "Write digits, and + only at the start.";
    /// The name that the called party sees. It becomes a quoted string of a header (RFC 3261 §25.1).
    CallerName: "the caller ID name", max 64, example "Example Inc.",
    is_display_name, "bad_name", "Remove quotation marks, backslashes and angle brackets.";
    /// The name of a conference room.
    ConferenceRoom: "the room", max 64, example "sales",
    is_token, "bad_room", "Write letters, digits, dots, hyphens and underscores.";
}

pub(super) fn is_token(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

pub(super) fn is_display_name(text: &str) -> bool {
    !text.contains(['"', '\\', '<', '>'])
}

fn is_dialled(text: &str) -> bool {
    let rest = text.strip_prefix('+').unwrap_or(text);
    !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'*' || byte == b'#')
}

/// Where a call goes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Target {
    /// A call flow.
    Flow {
        /// Id of the flow.
        id: FlowId,
    },
    /// A bot, by LiveKit's SIP endpoint.
    Bot {
        /// Id of the bot.
        id: BotId,
    },
    /// An edge user: all the devices.
    User {
        /// Id of the edge user.
        id: EdgeUserId,
    },
    /// An extension.
    Extension {
        /// Id of the extension.
        id: ExtensionId,
    },
    /// A ring group.
    RingGroup {
        /// Id of the ring group.
        id: RingGroupId,
    },
    /// A queue.
    Queue {
        /// Id of the queue.
        id: QueueId,
    },
    /// A voicemail box.
    Voicemail {
        /// Id of the voicemail box.
        id: VoicemailId,
    },
    /// A conference.
    Conference {
        /// Name of the room.
        room: ConferenceRoom,
    },
    /// Another number, which is dialled by the outbound routes.
    Forward {
        /// The number.
        number: DialNumber,
    },
    /// A carrier, with the called number or another one.
    Trunk {
        /// Id of the carrier.
        id: CarrierId,
        /// The number to send; absent: the called one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<DialNumber>,
    },
    /// The call ends.
    Hangup,
}

/// The spellings of `kind`.
const KINDS: [&str; 11] = [
    "flow",
    "bot",
    "user",
    "extension",
    "ring_group",
    "queue",
    "voicemail",
    "conference",
    "forward",
    "trunk",
    "hangup",
];

impl Target {
    /// The kind in JSON: `ring_group`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Flow { .. } => "flow",
            Self::Bot { .. } => "bot",
            Self::User { .. } => "user",
            Self::Extension { .. } => "extension",
            Self::RingGroup { .. } => "ring_group",
            Self::Queue { .. } => "queue",
            Self::Voicemail { .. } => "voicemail",
            Self::Conference { .. } => "conference",
            Self::Forward { .. } => "forward",
            Self::Trunk { .. } => "trunk",
            Self::Hangup => "hangup",
        }
    }

    /// The id of the row that the target names.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Flow { id } => Some(id.as_str()),
            Self::Bot { id } => Some(id.as_str()),
            Self::User { id } => Some(id.as_str()),
            Self::Extension { id } => Some(id.as_str()),
            Self::RingGroup { id } => Some(id.as_str()),
            Self::Queue { id } => Some(id.as_str()),
            Self::Voicemail { id } => Some(id.as_str()),
            Self::Trunk { id, .. } => Some(id.as_str()),
            Self::Conference { .. } | Self::Forward { .. } | Self::Hangup => None,
        }
    }

    /// The reference of the field `field` that has this target.
    pub fn reference(&self, field: &'static str) -> Option<Reference> {
        self.id().map(|id| Reference { field, id: id.to_owned() })
    }
}

impl Rules for Target {}

/// As a form's choice has it: `user:us_…`, `conference:sales`, `forward:+14155550123`, `hangup`.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())?;
        match self {
            Self::Conference { room } => write!(f, ":{room}"),
            Self::Forward { number } => write!(f, ":{number}"),
            Self::Trunk { id, number: Some(number) } => write!(f, ":{id}:{number}"),
            Self::Hangup => Ok(()),
            _ => write!(f, ":{}", self.id().unwrap_or_default()),
        }
    }
}

impl FromStr for Target {
    type Err = FieldFault;

    fn from_str(text: &str) -> Result<Self, FieldFault> {
        let (kind, rest) = text.split_once(':').unwrap_or((text, ""));
        let value = match kind {
            "conference" => json!({ "kind": kind, "room": rest }),
            "forward" => json!({ "kind": kind, "number": rest }),
            "trunk" => match rest.split_once(':') {
                Some((id, number)) => json!({ "kind": kind, "id": id, "number": number }),
                None => json!({ "kind": kind, "id": rest }),
            },
            "hangup" => json!({ "kind": kind }),
            _ => json!({ "kind": kind, "id": rest }),
        };
        Self::parse(&value)
    }
}

impl Field for Target {
    fn parse(value: &Value) -> Result<Self, FieldFault> {
        match value {
            Value::Null => Err(FieldFault::required("Choose where the call goes.")),
            Value::String(text) if !text.trim_start().starts_with('{') => match text.trim() {
                "" => Self::parse(&Value::Null),
                text => text.parse(),
            },
            Value::Object(object) if !object.get("kind").and_then(Value::as_str).is_some_and(is_kind) => {
                Err(FieldFault::new("unknown_kind", one_of(KINDS.into_iter())))
            }
            value => object(value, "the target"),
        }
    }

    fn control() -> Control {
        Control::Target
    }

    fn text(&self) -> String {
        self.to_string()
    }
}

fn is_kind(kind: &str) -> bool {
    KINDS.contains(&kind)
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    #[test]
    fn json_and_text_of_a_form_are_the_same_target() {
        let ulid = Ulid::from_parts(1, 2);
        let targets = [
            Target::Flow { id: FlowId::new(ulid) },
            Target::Bot { id: BotId::new(ulid) },
            Target::User { id: EdgeUserId::new(ulid) },
            Target::Extension { id: ExtensionId::new(ulid) },
            Target::RingGroup { id: RingGroupId::new(ulid) },
            Target::Queue { id: QueueId::new(ulid) },
            Target::Voicemail { id: VoicemailId::new(ulid) },
            Target::Conference { room: "sales".parse().unwrap() },
            Target::Forward { number: "+14155550123".parse().unwrap() },
            Target::Trunk { id: CarrierId::new(ulid), number: None },
            Target::Trunk { id: CarrierId::new(ulid), number: Some("0049".parse().unwrap()) },
            Target::Hangup,
        ];
        for target in targets {
            let json = serde_json::to_value(&target).unwrap();
            assert_eq!(json["kind"], target.kind());
            assert!(is_kind(target.kind()));
            assert_eq!(Target::parse(&json), Ok(target.clone()));
            assert_eq!(Target::parse(&Value::from(target.to_string())), Ok(target.clone()));
            assert_eq!(Target::parse(&Value::from(json.to_string())), Ok(target));
        }
    }

    #[test]
    fn other_targets_are_rejected() {
        for (value, code) in [
            (json!(null), "required"),
            (json!(" "), "required"),
            (json!({}), "unknown_kind"),
            (json!({ "kind": "moon" }), "unknown_kind"),
            (json!("moon:1"), "unknown_kind"),
            (json!({ "kind": "user" }), "bad_object"),
            (json!({ "kind": "user", "id": "usr_01hf7yat000000000000000000" }), "bad_object"),
            (json!({ "kind": "forward", "number": "+1\r\nX: y" }), "bad_object"),
            (json!({ "kind": "conference", "room": "a b" }), "bad_object"),
            (json!(7), "bad_type"),
        ] {
            assert_eq!(Target::parse(&value).unwrap_err().code, code, "{value}");
        }
    }

    #[test]
    fn names_and_numbers_cannot_leave_their_header() {
        for name in ["a\r\nb", "a\"b", "a\\b", "<sip:x>"] {
            assert!(name.parse::<CallerName>().is_err(), "{name:?}");
        }
        for number in ["", "+", "1+2", "12a", "１２"] {
            assert!(number.parse::<DialNumber>().is_err(), "{number:?}");
        }
        assert!("*97".parse::<DialNumber>().is_ok());
        assert!("*97".parse::<CallerNumber>().is_err());
    }
}
