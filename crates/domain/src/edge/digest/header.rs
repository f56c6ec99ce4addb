//! The header `Authorization` or `Proxy-Authorization` (RFC 3261 §25.1, `credentials`).

use super::{DigestFault, DigestParameters};

/// More parameters than any client sends.
const MAX_PARAMETERS: usize = 32;

impl<'a> DigestParameters<'a> {
    /// Parses the value of a header. Unknown parameters are ignored.
    ///
    /// # Errors
    /// [`DigestFault::NotDigest`] for another scheme, [`DigestFault::Duplicate`] for a parameter that occurs twice, and
    /// [`DigestFault::Malformed`].
    pub fn from_header(value: &'a str) -> Result<Self, DigestFault> {
        let value = value.trim_matches([' ', '\t', '\r', '\n']);
        let (scheme, mut rest) = value.split_once([' ', '\t']).ok_or(DigestFault::NotDigest)?;
        if !scheme.eq_ignore_ascii_case("Digest") {
            return Err(DigestFault::NotDigest);
        }
        let mut parameters = Self::default();
        let mut names: Vec<&str> = Vec::with_capacity(12);
        loop {
            let (name, value, after) = parameter(rest.trim_start())?;
            if names.len() == MAX_PARAMETERS {
                return Err(DigestFault::Malformed);
            }
            if names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                return Err(DigestFault::Duplicate);
            }
            names.push(name);
            parameters.set(name, value);
            let after = after.trim_start();
            if after.is_empty() {
                return Ok(parameters);
            }
            rest = after.strip_prefix(',').ok_or(DigestFault::Malformed)?;
        }
    }

    fn set(&mut self, name: &str, value: &'a str) {
        let fields: [(&str, &mut Option<&'a str>); 10] = [
            ("username", &mut self.username),
            ("realm", &mut self.realm),
            ("nonce", &mut self.nonce),
            ("uri", &mut self.uri),
            ("response", &mut self.response),
            ("algorithm", &mut self.algorithm),
            ("cnonce", &mut self.cnonce),
            ("qop", &mut self.qop),
            ("nc", &mut self.nc),
            ("userhash", &mut self.userhash),
        ];
        if let Some((_, field)) = fields.into_iter().find(|(field, _)| name.eq_ignore_ascii_case(field)) {
            *field = Some(value);
        }
    }
}

/// The first parameter: its name, its value without quotes, and the text after it.
fn parameter(text: &str) -> Result<(&str, &str, &str), DigestFault> {
    let (name, rest) = text.split_once('=').ok_or(DigestFault::Malformed)?;
    let (name, rest) = (name.trim_end(), rest.trim_start());
    if name.is_empty() || !name.bytes().all(is_token) {
        return Err(DigestFault::Malformed);
    }
    let (value, after) = match rest.strip_prefix('"') {
        Some(quoted) => {
            let end = closing_quote(quoted).ok_or(DigestFault::Malformed)?;
            (&quoted[..end], &quoted[end + 1..])
        }
        None => {
            let end = rest.bytes().position(|byte| !is_token(byte)).unwrap_or(rest.len());
            if end == 0 {
                return Err(DigestFault::Malformed);
            }
            rest.split_at(end)
        }
    };
    if value.bytes().any(|byte| byte.is_ascii_control()) {
        Err(DigestFault::Malformed)
    } else {
        Ok((name, value, after))
    }
}

/// The quote that no backslash precedes.
fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })
}

/// A character of a `token` (RFC 3261 §25.1).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parameters_of_rfc_3261_are_parsed() {
        let header = "Digest username=\"Alice\", realm=\"atlanta.com\",nonce=\"84a4cc6f3082121f32b42a2187831a9e\",\r\n \
                      response=\"7587245234b3434cc3412213e5f113a5432\" , QOP=auth ,nc=00000001, opaque=\"\"";
        let parameters = DigestParameters::from_header(header).unwrap();
        assert_eq!((parameters.username, parameters.realm), (Some("Alice"), Some("atlanta.com")));
        assert_eq!((parameters.qop, parameters.nc), (Some("auth"), Some("00000001")));
        assert_eq!(parameters.uri, None);
    }

    #[test]
    fn quotes_and_commas_within_values_are_kept() {
        let header = r#"digest username="a\"b, c\\", uri="sip:x,y=z""#;
        let parameters = DigestParameters::from_header(header).unwrap();
        assert_eq!((parameters.username, parameters.uri), (Some(r#"a\"b, c\\"#), Some("sip:x,y=z")));
    }

    #[test]
    fn doubled_parameter_is_refused() {
        for header in
            [r#"Digest nc=1, username="a", nc=2"#, r#"Digest username="a", USERNAME="b""#, "Digest x=1, y=2, X=3"]
        {
            assert_eq!(DigestParameters::from_header(header).unwrap_err(), DigestFault::Duplicate, "{header}");
        }
    }

    #[test]
    fn malformed_header_is_refused() {
        for header in [
            "Digest username",
            "Digest username=\"a",
            "Digest =a",
            "Digest username=\"a\" realm=\"b\"",
            "Digest username=\"a\",",
            "Digest username=a b",
            "Digest username=\"a\0\"",
            "Digest username=\"a\\\"",
            "Digest user name=\"a\"",
        ] {
            assert_eq!(DigestParameters::from_header(header).unwrap_err(), DigestFault::Malformed, "{header:?}");
        }
        for header in ["", "Digest", "Basic YTpi", "Bearer x", "Digestusername=\"a\""] {
            assert_eq!(DigestParameters::from_header(header).unwrap_err(), DigestFault::NotDigest, "{header:?}");
        }
        let many: Vec<String> = (0..40).map(|number| format!("p{number}=1")).collect();
        assert!(DigestParameters::from_header(&format!("Digest {}", many.join(","))).is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_parsed_or_refused(text in "(Digest )?\\PC{0,200}") {
            let _ = DigestParameters::from_header(&text);
        }

        #[test]
        fn near_miss_is_parsed_or_refused(text in r#"Digest [a-z =",\\;]{0,60}"#) {
            if let Ok(parameters) = DigestParameters::from_header(&text) {
                let values = [parameters.username, parameters.realm, parameters.nonce];
                prop_assert!(values.into_iter().flatten().all(|value| text.contains(value)));
            }
        }

        #[test]
        fn written_parameters_are_read_back(username in "[a-z0-9@.+]{1,20}", uri in "[^\"\\\\\\p{Cc}]{0,40}", nc in 1u32..) {
            let header = format!(r#"Digest  username="{username}" ,uri = "{uri}",nc={nc:08x}"#);
            let parameters = DigestParameters::from_header(&header).unwrap();
            prop_assert_eq!(parameters.username, Some(username.as_str()));
            prop_assert_eq!(parameters.uri, Some(uri.as_str()));
            prop_assert_eq!(parameters.nc.map(str::to_owned), Some(format!("{nc:08x}")));
        }
    }
}
