//! Addresses of the console's pages.

use domain::CarrierId;
#[cfg(feature = "ssr")]
use domain::{Attention, BotId};

pub const HOME: &str = "/dashboard";
pub const CARRIERS: &str = "/dashboard/carriers";
pub const CREATE_CARRIER: &str = "/dashboard/carriers/create";
pub const BOTS: &str = "/dashboard/bots";
pub const CREATE_BOT: &str = "/dashboard/bots/create";
pub const AUDIT: &str = "/dashboard/audit";
pub const EXOTEL: &str = "/dashboard/integrations/exotel";
pub const LOGIN: &str = "/login";

/// The form for a new carrier, started from a provider; from none where the id is blank.
pub fn create_carrier_from(provider: &str) -> String {
    format!("{CREATE_CARRIER}{}", query(&[("provider", provider)]))
}

pub fn carrier(id: &CarrierId) -> String {
    format!("{CARRIERS}/{id}")
}

/// What LiveKit holds of the carrier, beside what it should.
#[cfg(feature = "ssr")]
pub fn carrier_drift(id: &CarrierId) -> String {
    format!("{CARRIERS}/{id}/drift")
}

/// The carrier's id in the path of such a page.
pub fn drift_of(path: &str) -> Option<&str> {
    let id = path.strip_prefix(CARRIERS)?.strip_prefix('/')?.strip_suffix("/drift")?;
    (!id.contains('/')).then_some(id)
}

#[cfg(feature = "ssr")]
pub fn bot(id: &BotId) -> String {
    format!("{BOTS}/{id}")
}

/// The carrier's id in the path of its page.
pub fn carrier_of(path: &str) -> Option<&str> {
    let id = path.strip_prefix(CARRIERS)?.strip_prefix('/')?;
    (!id.contains('/') && path != CREATE_CARRIER).then_some(id)
}

/// The bot's id in the path of its page.
pub fn bot_of(path: &str) -> Option<&str> {
    let id = path.strip_prefix(BOTS)?.strip_prefix('/')?;
    (!id.contains('/') && path != CREATE_BOT).then_some(id)
}

/// The carriers with which that is the matter.
#[cfg(feature = "ssr")]
pub fn carriers_with(kind: Attention) -> String {
    format!("{CARRIERS}?attention={}", kind.as_str())
}

/// What happened to a row.
#[cfg(feature = "ssr")]
pub fn history(id: &str) -> String {
    format!("{AUDIT}?subject={id}")
}

/// The login page, which comes back to `next`.
pub fn login(next: &str) -> String {
    format!("{LOGIN}{}", query(&[("next", next)]))
}

/// `?a=1&b=2` of the pairs that have a value; nothing where none has.
pub fn query(pairs: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        text.push(if text.is_empty() { '?' } else { '&' });
        text.push_str(name);
        text.push('=');
        escape(value, &mut text);
    }
    text
}

/// Percent-encodes all but RFC 3986's unreserved characters.
fn escape(value: &str, text: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push('%');
            text.push(char::from(HEX[usize::from(byte >> 4)]));
            text.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_has_what_has_a_value_and_escapes_it() {
        assert_eq!(query(&[("q", ""), ("sort", "")]), "");
        assert_eq!(query(&[("q", "a&b ü"), ("sort", "-name")]), "?q=a%26b%20%C3%BC&sort=-name");
        assert_eq!(login("/dashboard/bots?guide=1"), "/login?next=%2Fdashboard%2Fbots%3Fguide%3D1");
    }
}
