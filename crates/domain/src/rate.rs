//! How fast and how much a carrier may be called.

use std::{fmt, str::FromStr};

use crate::field::FieldFault;

/// New calls per second, 0.1 to 100, in steps of a thousandth.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Cps(f64);

impl Cps {
    pub const MIN: f64 = 0.1;
    pub const MAX: f64 = 100.0;

    pub fn get(self) -> f64 {
        self.0
    }
}

impl Default for Cps {
    fn default() -> Self {
        Self(1.0)
    }
}

impl fmt::Display for Cps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for Cps {
    type Err = FieldFault;

    fn from_str(text: &str) -> Result<Self, FieldFault> {
        let fault = || FieldFault::new("out_of_range", "Calls per second is a number from 0.1 to 100.");
        let text = text.trim();
        // f64 would also take "inf", "1e2" and "+1".
        if text.is_empty() || text.len() > 12 || !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
            return Err(fault());
        }
        let rate: f64 = text.parse().map_err(|_| fault())?;
        let rate = (rate * 1000.0).round() / 1000.0;
        if (Self::MIN..=Self::MAX).contains(&rate) { Ok(Self(rate)) } else { Err(fault()) }
    }
}

macro_rules! counts {
    ($($(#[$doc:meta])* $name:ident: 1 to $max:literal, default $default:literal, $message:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(u32);

        impl $name {
            pub const MIN: u32 = 1;
            pub const MAX: u32 = $max;

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
    /// Calls that may start at once before [`Cps`] holds them back.
    Burst: 1 to 1000, default 5, "The burst is a whole number from 1 to 1000.";
    /// Calls at the same time.
    Channels: 1 to 500, default 10, "Channels is a whole number from 1 to 500.";
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_bounds_are_in_and_what_lies_beyond_is_out() {
        for good in ["0.1", "100", " 5 ", "0.5", "2.25", "100.0"] {
            assert!(good.parse::<Cps>().is_ok(), "{good}");
        }
        for bad in ["", "0", "0.09", "100.1", "-1", "+1", "1e2", "inf", "NaN", "1,5", "٣", "1.2.3"] {
            assert!(bad.parse::<Cps>().is_err(), "{bad}");
        }
        assert!("1000".parse::<Burst>().is_ok() && "1001".parse::<Burst>().is_err() && "0".parse::<Burst>().is_err());
        assert!("500".parse::<Channels>().is_ok() && "501".parse::<Channels>().is_err());
        for bad in ["", "1.5", "-1", "+1", "1e2", "99999999999999999999"] {
            assert!(bad.parse::<Burst>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn a_rate_reads_back_what_it_shows(thousandths in 100u32..=100_000) {
            let rate: Cps = (f64::from(thousandths) / 1000.0).to_string().parse().unwrap();
            prop_assert_eq!(rate.to_string().parse::<Cps>().unwrap(), rate);
        }
    }
}
