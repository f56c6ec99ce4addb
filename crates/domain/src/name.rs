//! Names of carriers and bots, and labels of DIDs.

use std::{fmt, str::FromStr};

use crate::{field::FieldFault, text};

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident: $what:literal, max $max:literal, missing $missing:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The longest name, in characters.
            pub const MAX: usize = $max;

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = FieldFault;

            fn from_str(text: &str) -> Result<Self, FieldFault> {
                let text = text::plain(text, $what, Self::MAX)?;
                if text.is_empty() {
                    return Err(FieldFault::required($missing));
                }
                Ok(Self(text))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

names! {
    /// The name of a carrier. Two carriers may have the same name.
    CarrierName: "the name", max 100, missing "Enter a name, such as Twilio US East.";
    /// The name of a bot.
    BotName: "the name", max 100, missing "Enter a name, such as Concierge.";
    /// The name of an API key. Two keys may have the same name.
    ApiKeyName: "the name", max 100, missing "Enter a name, such as CRM.";
    /// The name of a fleet server. The input turns a blank one into none.
    FleetServerName: "the name", max 100, missing "Enter a name, or leave it out.";
    /// A remark on a DID. The input turns a blank one into none.
    Label: "the label", max 100, missing "Enter a label, or leave it empty.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_is_trimmed_and_required() {
        assert_eq!("  Twilio \n".parse::<CarrierName>().unwrap().as_str(), "Twilio");
        assert_eq!(" \t".parse::<CarrierName>().unwrap_err().code, "required");
    }

    #[test]
    fn invisible_characters_are_rejected_in_any_script() {
        assert!("Ünï→ 電話 ☎️".parse::<CarrierName>().is_ok());
        for hidden in ["a\0b", "a\r\nb", "a\u{202E}b", "a\u{200F}b", "a\u{200B}b"] {
            assert_eq!(hidden.parse::<CarrierName>().unwrap_err().code, "unprintable_character", "{hidden:?}");
        }
        assert_eq!("x".repeat(101).parse::<CarrierName>().unwrap_err().code, "too_long");
    }
}
