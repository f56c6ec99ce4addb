//! The credentials of a request.

use thiserror::Error;

use super::DigestAlgorithm;

/// The parameters of credentials as they were sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DigestParameters<'a> {
    /// `username`.
    pub username: Option<&'a str>,
    /// `realm`.
    pub realm: Option<&'a str>,
    /// `nonce`.
    pub nonce: Option<&'a str>,
    /// `uri`, which may differ from the request's URI.
    pub uri: Option<&'a str>,
    /// `response`.
    pub response: Option<&'a str>,
    /// `algorithm`; absent: MD5.
    pub algorithm: Option<&'a str>,
    /// `cnonce`.
    pub cnonce: Option<&'a str>,
    /// `qop`; absent: a client of RFC 2069.
    pub qop: Option<&'a str>,
    /// `nc`.
    pub nc: Option<&'a str>,
    /// `userhash`, which no challenge of ours offers.
    pub userhash: Option<&'a str>,
}

/// Why credentials are not checked at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DigestFault {
    /// Another scheme.
    #[error("the credentials are not of the scheme Digest")]
    NotDigest,
    /// Not the syntax of RFC 3261 §25.1.
    #[error("the credentials are malformed")]
    Malformed,
    /// A parameter occurs twice.
    #[error("a parameter occurs twice")]
    Duplicate,
    /// `username`, `realm`, `nonce`, `uri` or `response` is missing, or with `qop` also `nc` or `cnonce`.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// Neither MD5 nor SHA-256.
    #[error("the algorithm is neither MD5 nor SHA-256")]
    UnknownAlgorithm,
    /// Such as `auth-int`, which no challenge of ours offers.
    #[error("qop is not auth")]
    UnknownQop,
    /// Not as many hexadecimal digits as the algorithm gives.
    #[error("the response is not a digest of the algorithm")]
    BadResponse,
    /// Not 8 hexadecimal digits, or 0.
    #[error("nc is not a count of 8 hexadecimal digits from 1")]
    BadCount,
    /// The username is hashed.
    #[error("a hashed username is not supported")]
    Userhash,
}

/// Well-formed credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestCredentials<'a> {
    /// The username as it was sent.
    pub username: &'a str,
    /// The realm as it was sent.
    pub realm: &'a str,
    /// The nonce.
    pub nonce: &'a str,
    /// The URI that is hashed.
    pub uri: &'a str,
    /// The response, as many hexadecimal digits as the algorithm gives.
    pub response: &'a str,
    /// The algorithm.
    pub algorithm: DigestAlgorithm,
    /// With `qop=auth`: the nonce count and the client's nonce.
    pub qop: Option<QopAuth<'a>>,
}

/// What `qop=auth` adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QopAuth<'a> {
    /// The count as it was sent, 8 hexadecimal digits.
    pub nc: &'a str,
    /// The count, from 1.
    pub count: u32,
    /// The client's nonce.
    pub cnonce: &'a str,
}

impl<'a> DigestCredentials<'a> {
    /// Checks the parameters, but not the response.
    ///
    /// # Errors
    /// A [`DigestFault`] where a parameter is missing, or not one that this server checks.
    pub fn new(parameters: DigestParameters<'a>) -> Result<Self, DigestFault> {
        let required =
            |name, value: Option<&'a str>| value.filter(|text| !text.is_empty()).ok_or(DigestFault::Missing(name));
        let DigestParameters { username, realm, nonce, uri, cnonce, .. } = parameters;
        let is_control = |text: &str| text.chars().any(char::is_control);
        if [username, realm, nonce, uri, cnonce].into_iter().flatten().any(is_control) {
            return Err(DigestFault::Malformed);
        }
        if parameters.userhash.is_some_and(|value| value.eq_ignore_ascii_case("true")) {
            return Err(DigestFault::Userhash);
        }
        let algorithm: DigestAlgorithm = parameters.algorithm.unwrap_or("MD5").parse()?;
        let response = required("response", parameters.response)?;
        if response.len() != algorithm.hash.digits() || !response.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(DigestFault::BadResponse);
        }
        let qop = match parameters.qop {
            Some(qop) if qop.eq_ignore_ascii_case("auth") => {
                let nc = required("nc", parameters.nc)?;
                let cnonce = required("cnonce", parameters.cnonce)?;
                Some(QopAuth { nc, count: count(nc)?, cnonce })
            }
            Some(_) => return Err(DigestFault::UnknownQop),
            None => None,
        };
        // HA1 of -sess has a cnonce, which only qop brings.
        if algorithm.is_session && qop.is_none() {
            return Err(DigestFault::Missing("qop"));
        }
        Ok(Self {
            username: required("username", parameters.username)?,
            realm: required("realm", parameters.realm)?,
            nonce: required("nonce", parameters.nonce)?,
            uri: required("uri", parameters.uri)?,
            response,
            algorithm,
            qop,
        })
    }

    /// The nonce count. Without `qop` a nonce is good for one request, as if the count were 1.
    pub fn count(&self) -> u32 {
        self.qop.map_or(1, |qop| qop.count)
    }
}

fn count(nc: &str) -> Result<u32, DigestFault> {
    // `from_str_radix` accepts a sign.
    let is_hex = nc.len() == 8 && nc.bytes().all(|byte| byte.is_ascii_hexdigit());
    let count = is_hex.then(|| u32::from_str_radix(nc, 16).ok()).flatten();
    count.filter(|count| *count > 0).ok_or(DigestFault::BadCount)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters() -> DigestParameters<'static> {
        DigestParameters {
            username: Some("alice"),
            realm: Some("example.com"),
            nonce: Some("n"),
            uri: Some("sip:example.com"),
            response: Some("0123456789abcdef0123456789abcdef"),
            algorithm: None,
            cnonce: Some("c"),
            qop: Some("auth"),
            nc: Some("0000001f"),
            userhash: None,
        }
    }

    fn fault(change: impl FnOnce(&mut DigestParameters<'static>)) -> DigestFault {
        let mut parameters = parameters();
        change(&mut parameters);
        DigestCredentials::new(parameters).unwrap_err()
    }

    #[test]
    fn count_is_read_as_hexadecimal() {
        assert_eq!(DigestCredentials::new(parameters()).unwrap().count(), 31);
        let without = DigestParameters { qop: None, nc: None, cnonce: None, ..parameters() };
        assert_eq!(DigestCredentials::new(without).unwrap().count(), 1);
    }

    #[test]
    fn count_of_zero_or_another_length_is_refused() {
        for nc in ["00000000", "1", "000000001", "0000000g", "+0000001", "-0000001"] {
            assert_eq!(fault(|parameters| parameters.nc = Some(nc)), DigestFault::BadCount, "{nc}");
        }
        assert_eq!(fault(|parameters| parameters.nc = None), DigestFault::Missing("nc"));
    }

    #[test]
    fn auth_int_and_other_qop_are_refused() {
        for qop in ["auth-int", "auth,auth-int", ""] {
            assert_eq!(fault(|parameters| parameters.qop = Some(qop)), DigestFault::UnknownQop, "{qop}");
        }
    }

    #[test]
    fn short_or_non_hexadecimal_response_is_refused() {
        for response in ["0123", "0123456789abcdef0123456789abcdeg", "0123456789abcdef0123456789abcdef00"] {
            assert_eq!(
                fault(|parameters| parameters.response = Some(response)),
                DigestFault::BadResponse,
                "{response}"
            );
        }
        // MD5's length for SHA-256.
        assert_eq!(fault(|parameters| parameters.algorithm = Some("SHA-256")), DigestFault::BadResponse);
    }

    #[test]
    fn unknown_algorithm_is_refused() {
        for algorithm in ["SHA-1", "SHA-512-256", "MD5-SESS-sess", "", "sess", "AKAv1-MD5"] {
            let fault = fault(|parameters| parameters.algorithm = Some(algorithm));
            assert_eq!(fault, DigestFault::UnknownAlgorithm, "{algorithm}");
        }
        let lower = DigestParameters { algorithm: Some("md5-SESS"), ..parameters() };
        assert!(DigestCredentials::new(lower).unwrap().algorithm.is_session);
    }

    #[test]
    fn missing_parameters_are_named() {
        assert_eq!(fault(|parameters| parameters.username = None), DigestFault::Missing("username"));
        assert_eq!(fault(|parameters| parameters.realm = Some("")), DigestFault::Missing("realm"));
        assert_eq!(fault(|parameters| parameters.uri = None), DigestFault::Missing("uri"));
        assert_eq!(fault(|parameters| parameters.userhash = Some("true")), DigestFault::Userhash);
        let session = fault(|parameters| {
            parameters.algorithm = Some("MD5-sess");
            parameters.qop = None;
        });
        assert_eq!(session, DigestFault::Missing("qop"));
    }

    #[test]
    fn control_characters_are_refused() {
        for text in ["a\r\nVia: x", "a\0", "\u{7f}"] {
            assert_eq!(fault(|parameters| parameters.username = Some(text)), DigestFault::Malformed, "{text:?}");
            assert_eq!(fault(|parameters| parameters.uri = Some(text)), DigestFault::Malformed, "{text:?}");
        }
    }
}
