//! The Contact header of a REGISTER (RFC 3261 section 20.10), as far as bindings need it.

/// What a Contact header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContactHeader {
    /// `*`
    All,
    /// Each URI with its parameter `expires` in seconds.
    Some(Vec<(String, Option<u32>)>),
}

/// Characters of a contact's URI, at most.
const MAX_URI: usize = 512;

impl ContactHeader {
    /// Reads the header's value; None where it has no SIP URI, or one that is too long.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text == "*" {
            return Some(Self::All);
        }
        let contacts = split(text, ',').into_iter().map(contact).collect::<Option<Vec<_>>>()?;
        Some(Self::Some(contacts))
    }
}

/// `"Bob" <sip:bob@192.0.2.4:5062;transport=tcp>;expires=60` or `sip:bob@192.0.2.4;expires=60`. Without angle brackets the
/// parameters are the header's (RFC 3261 section 20.10).
fn contact(text: &str) -> Option<(String, Option<u32>)> {
    let parts = split(text, ';');
    let (address, parameters) = parts.split_first()?;
    let uri = match split(address, '<').as_slice() {
        [_, rest] => rest.strip_suffix('>')?.trim(),
        [bare] => bare.trim(),
        _ => return None,
    };
    let is_sip = ["sip:", "sips:"].iter().any(|scheme| {
        uri.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)) && uri.len() > scheme.len()
    });
    let is_printable = uri.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_sip || !is_printable || uri.len() > MAX_URI {
        return None;
    }
    let expires = parameters.iter().find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("expires").then_some(value)
    });
    // RFC 3261 section 10.3: a malformed value is 3600.
    let expires = expires.map(|value| value.trim().parse().unwrap_or(3_600));
    Some((uri.to_owned(), expires))
}

/// Splits at a character outside of quoted strings and, unless it is the bracket itself, of angle brackets.
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut quoted, mut escaped, mut inside) = (false, false, false);
    text.split(move |c: char| {
        if std::mem::take(&mut escaped) {
            return false;
        }
        match c {
            '\\' if quoted => escaped = true,
            '"' if !inside => quoted = !quoted,
            _ if quoted => {}
            '<' if separator == '<' => return true,
            '<' => inside = true,
            '>' => inside = false,
            _ => return c == separator && !inside,
        }
        false
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(uri: &str, expires: Option<u32>) -> Option<ContactHeader> {
        Some(ContactHeader::Some(vec![(uri.to_owned(), expires)]))
    }

    #[test]
    fn uri_and_expiry_are_read() {
        assert_eq!(ContactHeader::parse(" * "), Some(ContactHeader::All));
        for (text, expected) in [
            ("<sip:a@192.0.2.4:5062;transport=tcp>", one("sip:a@192.0.2.4:5062;transport=tcp", None)),
            ("\"B, <C>\" <sip:a@h>;q=0.5;Expires=60", one("sip:a@h", Some(60))),
            ("sip:a@h;expires=0", one("sip:a@h", Some(0))),
            ("<sip:a@[2001:db8::1]:5060>;expires=x", one("sip:a@[2001:db8::1]:5060", Some(3_600))),
        ] {
            assert_eq!(ContactHeader::parse(text), expected, "{text}");
        }
        let two = ContactHeader::parse("<sip:a@h,x>;expires=1, <sips:b@h>");
        let expected = vec![("sip:a@h,x".to_owned(), Some(1)), ("sips:b@h".to_owned(), None)];
        assert_eq!(two, Some(ContactHeader::Some(expected)));
    }

    #[test]
    fn other_text_is_refused() {
        for text in ["", "<sip:>", "<tel:+1>", "<sip:a@h", "sip:a b@h", "<sip:a@h\r\nX: y>", "\"a", "*, <sip:a@h>"] {
            assert_eq!(ContactHeader::parse(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "[ -~é\"<>;,\\\\]{0,60}") {
            ContactHeader::parse(&text);
        }
    }
}
