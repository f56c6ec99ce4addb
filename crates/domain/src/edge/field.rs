//! Fields of the edge's objects: how JSON and the texts of forms become values.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;

use crate::{
    BotId, CarrierId, Country, DeviceId, DidId, EdgeUserId, IpRange, ScheduleId, TimeZone, VoicemailId,
    field::{FieldErrors, FieldFault},
};

/// A value of a field, as the API gets it.
pub trait Field: Sized + Serialize {
    /// A form may leave the field blank.
    const OPTIONAL: bool = false;

    /// Parses JSON. A form sends every value as text.
    ///
    /// # Errors
    /// The reason and the remedy.
    fn parse(value: &Value) -> Result<Self, FieldFault>;

    /// What a form edits it with.
    fn control() -> Control {
        Control::Text
    }

    /// The text that a form shows, and sends.
    fn text(&self) -> String {
        match serde_json::to_value(self) {
            Ok(Value::String(text)) => text,
            Ok(Value::Null) | Err(_) => String::new(),
            Ok(value) => value.to_string(),
        }
    }

    /// What separates the entries of a list in the text of a form.
    fn is_separator(c: char) -> bool {
        c == ',' || c.is_whitespace()
    }

    /// The entries of a list that one part of its text stands for.
    ///
    /// # Errors
    /// As [`Self::parse`].
    fn parse_entries(text: &str) -> Result<Vec<Self>, FieldFault> {
        Self::parse(&Value::from(text)).map(|entry| vec![entry])
    }
}

/// What a form edits a field with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Control {
    /// A line of text.
    Text,
    /// A whole number.
    Number,
    /// On or off.
    Switch,
    /// One of these values.
    Choice(Vec<&'static str>),
    /// A row whose id has one of these prefixes.
    Row(&'static [&'static str]),
    /// A target.
    Target,
    /// A country.
    Country,
    /// Several rows, in their order.
    Rows(&'static [&'static str]),
    /// A list with an entry in each line.
    Lines,
    /// A password, which is never shown.
    Secret,
}

/// A field as forms show it.
#[derive(Clone, Debug)]
pub struct FieldInfo {
    /// The name in JSON and in forms.
    pub name: &'static str,
    /// What it means, in one sentence.
    pub hint: &'static str,
    /// What edits it.
    pub control: Control,
    /// It may be left blank.
    pub optional: bool,
    /// The value of a new object.
    pub default: String,
    /// The parser.
    pub check: fn(&str) -> Result<(), FieldFault>,
}

/// The fields of an object, for forms.
pub trait Fields {
    /// All fields, in their order.
    fn fields() -> Vec<FieldInfo>;

    /// The texts of the fields that can be read.
    fn texts(&self) -> Vec<(&'static str, String)>;
}

/// Checks the text of a form.
pub(super) fn check<T: Field>(text: &str) -> Result<(), FieldFault> {
    T::parse(&Value::from(text)).map(drop)
}

/// Rules that concern several fields of one object.
pub trait Rules {
    /// Appends what is wrong with the object as a whole.
    fn check(&self, _errors: &mut FieldErrors) {}
}

/// The value of a field: the given one, else the current one, else the default; without a default the field is required.
pub(super) fn read<T: Field + Clone>(
    given: Option<&Value>,
    current: Option<&T>,
    default: Option<T>,
) -> Result<T, FieldFault> {
    match (given, current.cloned().or(default)) {
        (Some(value), _) => T::parse(value),
        (None, Some(value)) => Ok(value),
        (None, None) => T::parse(&Value::Null),
    }
}

/// Distinguishes null from an absent field.
pub(super) fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// The text of a JSON value; null is blank.
pub(super) fn text(value: &Value) -> Result<String, FieldFault> {
    match value {
        Value::Null => Ok(String::new()),
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(flag) => Ok(flag.to_string()),
        Value::Array(_) | Value::Object(_) => {
            Err(FieldFault::new("bad_type", "Send a single value, not a list or an object."))
        }
    }
}

/// Parses an object, which a form sends as JSON text.
pub(super) fn object<T: de::DeserializeOwned + Rules>(value: &Value, what: &str) -> Result<T, FieldFault> {
    let parsed = match value {
        Value::Object(_) => serde_json::from_value(value.clone()),
        Value::String(text) => serde_json::from_str(text),
        _ => return Err(FieldFault::new("bad_type", format!("Send {what} as an object."))),
    };
    let object: T = parsed.map_err(|error| FieldFault::new("bad_object", format!("In {what}: {error}.")))?;
    let mut errors = FieldErrors::default();
    object.check(&mut errors);
    match errors.into_vec().into_iter().next() {
        None => Ok(object),
        Some(error) => Err(FieldFault::new("bad_object", error.message)),
    }
}

impl<T: Field> Field for Option<T> {
    const OPTIONAL: bool = true;

    fn control() -> Control {
        T::control()
    }

    fn text(&self) -> String {
        self.as_ref().map(T::text).unwrap_or_default()
    }

    fn parse(value: &Value) -> Result<Self, FieldFault> {
        match value {
            Value::Null => Ok(None),
            Value::String(text) if text.trim().is_empty() => Ok(None),
            value => T::parse(value).map(Some),
        }
    }
}

/// The most entries of a list.
const LIST_MAX: usize = 200;

impl<T: Field> Field for Vec<T> {
    /// A list. The text of a form is a JSON list, or values between separators.
    fn parse(value: &Value) -> Result<Self, FieldFault> {
        let entries = match value {
            Value::Null => Vec::new(),
            Value::Array(entries) => entries.clone(),
            Value::String(text) if text.trim_start().starts_with('[') => serde_json::from_str(text)
                .map_err(|error| FieldFault::new("bad_type", format!("This is no JSON list: {error}.")))?,
            Value::String(text) => {
                text.split(T::is_separator).map(str::trim).filter(|part| !part.is_empty()).map(Value::from).collect()
            }
            _ => return Err(FieldFault::new("bad_type", "Send a list.")),
        };
        let mut parsed = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            let entries = match entry {
                Value::String(text) => T::parse_entries(text),
                entry => T::parse(entry).map(|entry| vec![entry]),
            };
            parsed.extend(
                entries
                    .map_err(|fault| FieldFault::new(fault.code, format!("Entry {}: {}", index + 1, fault.message)))?,
            );
        }
        if parsed.len() > LIST_MAX {
            let message = format!("Shorten the list: it has {} entries, at most {LIST_MAX} fit.", parsed.len());
            return Err(FieldFault::new("too_many", message));
        }
        Ok(parsed)
    }

    fn control() -> Control {
        match T::control() {
            Control::Row(prefixes) => Control::Rows(prefixes),
            _ => Control::Lines,
        }
    }

    fn text(&self) -> String {
        self.iter().map(T::text).collect::<Vec<_>>().join("\n")
    }
}

impl Field for bool {
    fn parse(value: &Value) -> Result<Self, FieldFault> {
        match text(value)?.trim() {
            "true" | "on" | "1" => Ok(true),
            "false" | "off" | "0" | "" => Ok(false),
            _ => Err(FieldFault::new("bad_flag", "Say true or false.")),
        }
    }

    fn control() -> Control {
        Control::Switch
    }
}

/// Fields that are parsed from their text.
macro_rules! text_fields {
    ($($name:ty),+ $(,)?) => {$(
        impl $crate::edge::field::Field for $name {
            fn parse(value: &serde_json::Value) -> Result<Self, $crate::FieldFault> {
                $crate::edge::field::text(value)?.trim().parse()
            }
        }
    )+};
}
pub(super) use text_fields;

/// JSON texts, whose parser is `FromStr`, with their schema.
macro_rules! json_texts {
    ($($name:ident: $example:literal),+ $(,)?) => {$(
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                let text = utoipa::openapi::ObjectBuilder::new().schema_type(utoipa::openapi::Type::String);
                text.examples([$example]).into()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}
    )+};
}
pub(super) use json_texts;

json_texts! { TimeZone: "Europe/Berlin", IpRange: "203.0.113.0/24" }
text_fields! { TimeZone, IpRange }

impl Field for Country {
    fn parse(value: &Value) -> Result<Self, FieldFault> {
        text(value)?.trim().parse()
    }

    fn control() -> Control {
        Control::Country
    }
}

/// Fields that name a row.
macro_rules! id_fields {
    ($($id:ident)+) => {$(
        impl Field for $id {
            fn parse(value: &Value) -> Result<Self, FieldFault> {
                match text(value)?.trim() {
                    "" => Err(FieldFault::required(format!("Enter an id, which begins with {}.", $id::PREFIX))),
                    text => text.parse().map_err(|error: crate::IdError| FieldFault::new("bad_id", error.to_string())),
                }
            }

            fn control() -> Control {
                Control::Row(&[$id::PREFIX])
            }
        }
    )+};
}

id_fields! { BotId CarrierId DeviceId DidId EdgeUserId ScheduleId VoicemailId }

/// Texts with a rule of their own: `is_valid` gets the trimmed text, which has no invisible characters.
macro_rules! texts {
    ($(
        $(#[$doc:meta])*
        $name:ident: $what:literal, max $max:literal, example $example:literal,
        $is_valid:expr, $code:literal, $message:literal;
    )+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The longest text, in characters.
            pub const MAX: usize = $max;

            /// The text.
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
            type Err = $crate::FieldFault;

            fn from_str(text: &str) -> Result<Self, $crate::FieldFault> {
                let text = $crate::text::plain(text, $what, Self::MAX)?;
                let is_valid: fn(&str) -> bool = $is_valid;
                if text.is_empty() {
                    return Err($crate::FieldFault::required(concat!("Enter ", $what, ", such as ", $example, ".")));
                }
                if !is_valid(&text) {
                    return Err($crate::FieldFault::new($code, $message));
                }
                Ok(Self(text))
            }
        }

        $crate::edge::field::json_texts! { $name: $example }
        $crate::edge::field::text_fields! { $name }
    )+};
}
pub(super) use texts;

/// Enumerations, by the spelling that they have in JSON.
macro_rules! choices {
    ($(
        $(#[$doc:meta])*
        $name:ident ($fault:ident) { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }
    )+) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, strum::EnumIter,
            strum::EnumString, strum::IntoStaticStr,
        )]
        #[strum(parse_err_ty = $crate::FieldFault, parse_err_fn = $fault)]
        pub enum $name {
            $(
                $(#[$variant_doc])*
                #[serde(rename = $text)]
                #[strum(serialize = $text)]
                $variant,
            )+
        }

        fn $fault(_: &str) -> $crate::FieldFault {
            let message = $crate::field::one_of(<$name as strum::IntoEnumIterator>::iter());
            $crate::FieldFault::new(stringify!($fault), message)
        }

        impl $name {
            /// The spelling in JSON.
            pub fn as_str(self) -> &'static str {
                self.into()
            }
        }

        // The derivation does not read the spelling out of a macro's fragment.
        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                let text = utoipa::openapi::ObjectBuilder::new().schema_type(utoipa::openapi::Type::String);
                text.enum_values(Some([$($text),+])).into()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}

        impl $crate::edge::field::Field for $name {
            fn parse(value: &serde_json::Value) -> Result<Self, $crate::FieldFault> {
                $crate::edge::field::text(value)?.trim().parse()
            }

            fn control() -> $crate::edge::field::Control {
                $crate::edge::field::Control::Choice(
                    <Self as strum::IntoEnumIterator>::iter().map(Self::as_str).collect(),
                )
            }
        }
    )+};
}
pub(super) use choices;

/// An integer from `MIN` to `MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bounded<const MIN: u32, const MAX: u32>(u32);

impl<const MIN: u32, const MAX: u32> Bounded<MIN, MAX> {
    /// The value; a compile-time error where it is out of range and the context is constant.
    pub const fn new(value: u32) -> Self {
        assert!(MIN <= value && value <= MAX);
        Self(value)
    }

    /// The number.
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl<const MIN: u32, const MAX: u32> fmt::Display for Bounded<MIN, MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<const MIN: u32, const MAX: u32> FromStr for Bounded<MIN, MAX> {
    type Err = FieldFault;

    fn from_str(text: &str) -> Result<Self, FieldFault> {
        let message = || format!("Enter a whole number from {MIN} to {MAX}.");
        if text.trim().is_empty() {
            return Err(FieldFault::required(message()));
        }
        let number = text.trim().parse().ok().filter(|number| (MIN..=MAX).contains(number));
        number.map(Self).ok_or_else(|| FieldFault::new("out_of_range", message()))
    }
}

impl<const MIN: u32, const MAX: u32> Field for Bounded<MIN, MAX> {
    fn parse(value: &Value) -> Result<Self, FieldFault> {
        text(value)?.parse()
    }

    fn control() -> Control {
        Control::Number
    }
}

impl<const MIN: u32, const MAX: u32> Serialize for Bounded<MIN, MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, const MIN: u32, const MAX: u32> Deserialize<'de> for Bounded<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = u32::deserialize(deserializer)?;
        number.to_string().parse().map_err(de::Error::custom)
    }
}

#[cfg(feature = "openapi")]
impl<const MIN: u32, const MAX: u32> utoipa::PartialSchema for Bounded<MIN, MAX> {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        let number = utoipa::openapi::ObjectBuilder::new().schema_type(utoipa::openapi::Type::Integer);
        number.minimum(Some(MIN)).maximum(Some(MAX)).into()
    }
}

#[cfg(feature = "openapi")]
impl<const MIN: u32, const MAX: u32> utoipa::ToSchema for Bounded<MIN, MAX> {
    fn name() -> std::borrow::Cow<'static, str> {
        format!("Integer{MIN}To{MAX}").into()
    }
}

/// The settings of a noun, and its input: the same fields as the API gets them, each of which may be absent, and the version
/// that the client has read. A field after `write_only` is in the input alone.
macro_rules! settings {
    (
        $(#[$doc:meta])*
        $settings:ident, $input:ident {
            $($(#[doc = $field_doc:literal])* $field:ident: $type:ty $(= $default:expr)?,)+
        }
        $(write_only { $($(#[doc = $secret_doc:literal])* $secret:ident: $secret_type:ty, $secret_check:path;)+ })?
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub struct $settings {
            $($(#[doc = $field_doc])* pub $field: $type,)+
        }

        #[doc = concat!("What the API gets for [`", stringify!($settings), "`]. An absent field keeps its value.")]
        #[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(default)]
        pub struct $input {
            $(
                $(#[doc = $field_doc])*
                #[serde(deserialize_with = "crate::edge::field::present", skip_serializing_if = "Option::is_none")]
                #[cfg_attr(feature = "openapi", schema(value_type = Option<$type>))]
                pub $field: Option<serde_json::Value>,
            )+
            $($(
                $(#[doc = $secret_doc])*
                #[serde(skip_serializing_if = "Option::is_none", serialize_with = "crate::secret::expose_option")]
                #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Password, write_only, default = json!(null)))]
                pub $secret: Option<$secret_type>,
            )+)?
            /// The version that the client has read; absent to save over any version.
            #[serde(deserialize_with = "crate::edge::field::present", skip_serializing_if = "Option::is_none")]
            #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>))]
            pub version: Option<serde_json::Value>,
        }

        impl $crate::edge::Fields for $settings {
            fn fields() -> Vec<$crate::edge::FieldInfo> {
                vec![
                    $({
                        let default: Option<$type> = $crate::edge::field::settings!(@default $($default)?);
                        $crate::edge::FieldInfo {
                            name: stringify!($field),
                            hint: concat!($($field_doc),*).trim_start(),
                            control: <$type as $crate::edge::Field>::control(),
                            optional: <$type as $crate::edge::Field>::OPTIONAL,
                            default: default.as_ref().map($crate::edge::Field::text).unwrap_or_default(),
                            check: $crate::edge::field::check::<$type>,
                        }
                    },)+
                    $($($crate::edge::FieldInfo {
                        name: stringify!($secret),
                        hint: concat!($($secret_doc),*).trim_start(),
                        control: $crate::edge::Control::Secret,
                        optional: false,
                        default: String::new(),
                        check: |text| $secret_check(&$crate::Secret::new(text)),
                    },)+)?
                ]
            }

            fn texts(&self) -> Vec<(&'static str, String)> {
                vec![$((stringify!($field), $crate::edge::Field::text(&self.$field)),)+]
            }
        }

        impl $crate::edge::EdgeInput for $input {
            type Settings = $settings;

            fn parse(&self, current: Option<&$settings>) -> Result<$settings, $crate::FieldErrors> {
                let mut errors = $crate::FieldErrors::default();
                $(
                    let default: Option<$type> = $crate::edge::field::settings!(@default $($default)?);
                    let given = $crate::edge::field::read(
                        self.$field.as_ref(), current.map(|current| &current.$field), default,
                    );
                    let $field = errors.record(stringify!($field), given);
                )+
                let ($(Some($field),)+) = ($($field,)+) else { return Err(errors) };
                let settings = $settings { $($field,)+ };
                $crate::edge::field::Rules::check(&settings, &mut errors);
                if errors.is_empty() { Ok(settings) } else { Err(errors) }
            }

            fn version(&self) -> Result<Option<i64>, $crate::FieldErrors> {
                $crate::edge::field::version(self.version.as_ref())
            }

            $($(fn $secret(&self) -> Option<&$crate::Secret> {
                self.$secret.as_ref()
            })+)?
        }
    };
    (@default) => { None };
    (@default $default:expr) => { Some($default) };
}
pub(super) use settings;

/// The version that the client has read.
pub(super) fn version(value: Option<&Value>) -> Result<Option<i64>, FieldErrors> {
    let Some(value) = value else { return Ok(None) };
    let refused = || FieldFault::new("bad_version", "Send the version as it was read, a whole number.");
    let version = text(value).and_then(|text| match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| refused()),
    });
    version.map_err(|fault| FieldErrors::one("version", fault))
}
