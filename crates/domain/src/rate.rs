//! Limits of outbound calls.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::field::FieldFault;

/// New calls per second, 0.1 to 100, in steps of a thousandth. A number in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cps {
    thousandths: u32,
}

impl Cps {
    /// The lowest rate.
    pub const MIN: f64 = 0.1;
    /// The highest rate.
    pub const MAX: f64 = 100.0;

    /// Calls per second.
    pub fn get(self) -> f64 {
        f64::from(self.thousandths) / 1000.0
    }

    /// Thousandths of a call per second.
    pub fn thousandths(self) -> u32 {
        self.thousandths
    }

    fn from_thousandths(thousandths: u32) -> Option<Self> {
        (100..=100_000).contains(&thousandths).then_some(Self { thousandths })
    }
}

impl Default for Cps {
    fn default() -> Self {
        Self { thousandths: 1000 }
    }
}

impl fmt::Display for Cps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.thousandths / 1000)?;
        let rest = format!("{:03}", self.thousandths % 1000);
        match rest.trim_end_matches('0') {
            "" => Ok(()),
            decimals => write!(f, ".{decimals}"),
        }
    }
}

impl FromStr for Cps {
    type Err = FieldFault;

    fn from_str(text: &str) -> Result<Self, FieldFault> {
        thousandths(text.trim())
            .and_then(Self::from_thousandths)
            .ok_or_else(|| FieldFault::new("out_of_range", "Calls per second is a number from 0.1 to 100."))
    }
}

/// Parses digits with at most one point, and rounds further decimals. The parser of f64 also accepts "inf", "1e2" and "+1".
fn thousandths(text: &str) -> Option<u32> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if text.len() > 12 || (whole.is_empty() && decimals.is_empty()) || !digits(whole) || !digits(decimals) {
        return None;
    }
    let mut value = 0;
    for place in 0..4 {
        let digit = decimals.as_bytes().get(place).map_or(0, |byte| u32::from(byte - b'0'));
        value = value * 10 + digit;
    }
    let whole: u32 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    whole.checked_mul(1000)?.checked_add((value + 5) / 10)
}

impl Serialize for Cps {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.get())
    }
}

impl<'de> Deserialize<'de> for Cps {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "casts saturate, and bounds follow")]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rate = f64::deserialize(deserializer)?;
        Self::from_thousandths((rate * 1000.0).round() as u32)
            .ok_or_else(|| serde::de::Error::custom("a rate is a number from 0.1 to 100"))
    }
}

macro_rules! counts {
    ($($(#[$doc:meta])* $name:ident: 1 to $max:literal, default $default:literal, $message:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(u32);

        impl $name {
            /// The lowest value.
            pub const MIN: u32 = 1;
            /// The highest value.
            pub const MAX: u32 = $max;

            /// The number of calls.
            pub fn get(self) -> u32 {
                self.0
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self($default)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }

        impl FromStr for $name {
            type Err = FieldFault;

            fn from_str(text: &str) -> Result<Self, FieldFault> {
                let text = text.trim();
                text.parse()
                    .ok()
                    .filter(|count| !text.starts_with('+') && (Self::MIN..=Self::MAX).contains(count))
                    .map(Self)
                    .ok_or_else(|| FieldFault::new("out_of_range", $message))
            }
        }
    )+};
}

counts! {
    /// Calls that may start at the same time before [`Cps`] delays them.
    Burst: 1 to 1000, default 5, "The burst is a whole number from 1 to 1000.";
    /// Concurrent calls.
    Channels: 1 to 500, default 10, "Channels is a whole number from 1 to 500.";
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_outside_the_bounds_are_rejected() {
        for good in ["0.1", "100", " 5 ", "0.5", "2.25", "100.0"] {
            assert!(good.parse::<Cps>().is_ok(), "{good}");
        }
        for bad in ["", "0", "0.09", "100.1", "-1", "+1", "1e2", "inf", "NaN", "1,5", "٣", "1.2.3"] {
            assert!(bad.parse::<Cps>().is_err(), "{bad}");
        }
        assert_eq!(".25".parse::<Cps>().unwrap().to_string(), "0.25");
        assert_eq!("1.0004".parse::<Cps>().unwrap().to_string(), "1");
        assert_eq!("0.0995".parse::<Cps>().unwrap().to_string(), "0.1");
        assert!("1000".parse::<Burst>().is_ok() && "1001".parse::<Burst>().is_err() && "0".parse::<Burst>().is_err());
        assert!("500".parse::<Channels>().is_ok() && "501".parse::<Channels>().is_err());
        for bad in ["", "1.5", "-1", "+1", "1e2", "99999999999999999999"] {
            assert!(bad.parse::<Burst>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn written_rate_is_parsed(thousandths in 100u32..=100_000) {
            let rate: Cps = (f64::from(thousandths) / 1000.0).to_string().parse().unwrap();
            prop_assert_eq!(rate.thousandths, thousandths);
            prop_assert_eq!(rate.to_string().parse::<Cps>().unwrap(), rate);
            prop_assert_eq!(rate.to_string(), rate.get().to_string());
            let json = serde_json::to_string(&rate).unwrap();
            prop_assert_eq!(serde_json::from_str::<Cps>(&json).unwrap(), rate);
        }
    }
}
