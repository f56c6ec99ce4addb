//! The provider of a carrier.

use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoStaticStr};

use crate::{NumberProviderKind, SipAddress, SipHost, field::FieldFault};

/// The company that a carrier's calls go through.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, EnumString, IntoStaticStr,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase", ascii_case_insensitive)]
#[strum(parse_err_ty = FieldFault, parse_err_fn = unknown)]
pub enum CarrierProvider {
    /// Twilio Elastic SIP Trunking.
    Twilio,
    /// Plivo Zentrunk.
    Plivo,
    /// Telnyx.
    Telnyx,
    /// Vonage, formerly Nexmo.
    Vonage,
    /// Exotel.
    Exotel,
    /// Any other provider, or a PBX.
    #[default]
    Custom,
}

fn unknown(_: &str) -> FieldFault {
    FieldFault::new("unknown_provider", "Choose one of twilio, plivo, telnyx, vonage, exotel or custom.")
}

impl CarrierProvider {
    /// The spelling in JSON and in the database: `twilio`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The spelling on pages: `Twilio`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Twilio => "Twilio",
            Self::Plivo => "Plivo",
            Self::Telnyx => "Telnyx",
            Self::Vonage => "Vonage",
            Self::Exotel => "Exotel",
            Self::Custom => "Custom",
        }
    }

    /// The provider whose domain the address is in; [`Self::Custom`] for any other address. The same domains are in
    /// `migrations/0016_carrier_provider.sql`.
    pub fn of_address(address: &SipAddress) -> Self {
        let SipHost::Name(host) = address.host() else { return Self::Custom };
        let is_in = |domain: &str| host.strip_suffix(domain).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'));
        match () {
            () if is_in("twilio.com") => Self::Twilio,
            () if is_in("plivo.com") => Self::Plivo,
            () if is_in("telnyx.com") => Self::Telnyx,
            () if is_in("vonage.com") || is_in("nexmo.com") => Self::Vonage,
            () if is_in("exotel.com") || is_in("exotel.in") => Self::Exotel,
            () => Self::Custom,
        }
    }
}

impl From<NumberProviderKind> for CarrierProvider {
    fn from(kind: NumberProviderKind) -> Self {
        match kind {
            NumberProviderKind::Twilio => Self::Twilio,
            NumberProviderKind::Vonage => Self::Vonage,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_tells_the_provider() {
        let of = |address: &str| CarrierProvider::of_address(&address.parse().unwrap()).as_str();
        assert_eq!(of("acme.pstn.twilio.com"), "twilio");
        assert_eq!(of("12345.zt.plivo.com:5061"), "plivo");
        assert_eq!(of("sip.telnyx.com"), "telnyx");
        assert_eq!(of("acme.sip-us.vonage.com"), "vonage");
        assert_eq!(of("sip.nexmo.com"), "vonage");
        assert_eq!(of("SIP.Exotel.com"), "exotel");
        for custom in ["twilio.com.example.org", "nottwilio.com", "203.0.113.7", "[2001:db8::1]:5070"] {
            assert_eq!(of(custom), "custom", "{custom}");
        }
    }
}
