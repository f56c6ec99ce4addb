//! SIP providers that a carrier form can start from: public data in `providers.json`, with its sources and dates. A
//! correction there also sets the date.

use std::sync::LazyLock;

use api_types::view::ProviderView;
use domain::{FieldErrors, FieldFault, SipAddress, SipHost};

static PROVIDERS: LazyLock<Vec<ProviderView>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("providers.json")).expect("providers.json is read by this crate's tests")
});

/// All providers, in the order in which they are offered.
pub fn all() -> &'static [ProviderView] {
    &PROVIDERS
}

/// The provider with this id.
pub fn find(id: &str) -> Option<&'static ProviderView> {
    all().iter().find(|provider| provider.id == id)
}

/// Refuses an address whose placeholder was not replaced, such as `your-trunk.pstn.twilio.com`.
pub(crate) fn refuse_pattern(address: &SipAddress) -> Result<(), FieldErrors> {
    let SipHost::Name(host) = address.host() else { return Ok(()) };
    let unfinished = all().iter().find(|provider| !provider.replace.is_empty() && provider.sip_address == *host);
    unfinished.map_or(Ok(()), |provider| {
        let ProviderView { replace, replace_with, .. } = provider;
        let fault = FieldFault::new("placeholder", format!("Replace {replace} with {replace_with}."));
        Err(FieldErrors::one("sip_address", fault))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::IpRange;

    use super::*;

    /// An https address, and a date.
    fn is_sourced(source: &str, retrieved_on: &str) -> bool {
        let midnight = |day: &str| serde_json::from_str::<domain::Timestamp>(&format!("\"{day}T00:00:00Z\""));
        let day = |text: &str| text.len() == 10 && midnight(text).is_ok();
        source.strip_prefix("https://").is_some_and(|rest| rest.contains('.')) && day(retrieved_on)
    }

    #[test]
    fn every_provider_is_listed_once() {
        let ids: Vec<&str> = all().iter().map(|provider| provider.id.as_str()).collect();
        assert_eq!(ids, ["twilio", "plivo", "telnyx", "vonage", "exotel", "other"]);
        assert_eq!(find("plivo").map(|provider| provider.name.as_str()), Some("Plivo"));
        assert!(find("unknown").is_none());
    }

    #[test]
    fn every_address_is_valid_and_names_its_placeholder() {
        for provider in all().iter().filter(|provider| !provider.sip_address.is_empty()) {
            let address: SipAddress = provider.sip_address.parse().expect(&provider.id);
            assert_eq!(address.to_string(), provider.sip_address, "{}: as it will be stored", provider.id);
            assert!(is_sourced(&provider.source, &provider.retrieved_on), "{}: source and date", provider.id);
            let whole = provider.replace.is_empty();
            assert_eq!(whole, provider.replace_with.is_empty(), "{}", provider.id);
            assert!(whole || provider.sip_address.starts_with(&format!("{}.", provider.replace)), "{}", provider.id);
        }
    }

    #[test]
    fn every_range_is_valid_and_sourced() {
        for provider in all() {
            let signalling = &provider.signalling;
            let sourced = is_sourced(&signalling.source, &signalling.retrieved_on);
            assert_eq!(sourced, !signalling.ranges.is_empty(), "{}: source and date of its ranges", provider.id);
            let mut seen = BTreeSet::new();
            for entry in &signalling.ranges {
                let range: IpRange = entry.range.parse().unwrap_or_else(|fault| panic!("{}: {fault}", entry.range));
                assert_eq!(range.to_string(), entry.range, "{}: as it will be stored", provider.id);
                assert!(seen.insert(range), "{}: {} is listed twice", provider.id, entry.range);
                assert!(!entry.region.is_empty(), "{}", entry.range);
            }
        }
    }

    /// Otherwise the form that starts from it would be refused unchanged.
    #[test]
    fn providers_authenticated_by_address_have_ranges() {
        for provider in all() {
            let by_address = provider.inbound_auth == domain::InboundAuth::Ip;
            assert_eq!(by_address, !provider.signalling.ranges.is_empty(), "{}", provider.id);
        }
    }

    #[test]
    fn address_with_a_placeholder_is_refused() {
        let refused = |text: &str| refuse_pattern(&text.parse().unwrap()).err();
        let errors = refused("your-trunk.pstn.twilio.com:5061").expect("it has a placeholder");
        assert_eq!(
            errors.message("sip_address"),
            Some("Replace your-trunk with the name in your Elastic SIP trunk's termination URI.")
        );
        assert!(refused("acme.pstn.twilio.com").is_none());
        assert!(refused("sip.telnyx.com").is_none(), "it has no placeholder");
    }
}
