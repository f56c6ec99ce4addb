//! The response of credentials, and whether it is right.

use md5::Md5;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{DigestCredentials, DigestHash, NonceState};
use crate::{
    Secret,
    edge::{AuthUsername, DeviceHa1, Realm},
};

/// What credentials prove, apart from whether their nonce count was used before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigestVerdict {
    /// The response is right and the nonce valid.
    Right,
    /// The response is right, but the nonce has expired or is from before a restart: the client is challenged again with
    /// `stale=true` (RFC 7616 §3.3).
    Stale,
    /// The response is wrong, or another algorithm was used than the nonce was minted for.
    Wrong,
}

/// Checks the response to a challenge. `ha1` is the device's for the algorithm of the credentials, or that of no device: so
/// that an unknown username takes as long as a wrong password.
pub fn check(credentials: &DigestCredentials<'_>, method: &str, ha1: &Secret, nonce: NonceState) -> DigestVerdict {
    let is_right = response(credentials, method, ha1.expose())
        .as_bytes()
        .ct_eq(credentials.response.to_ascii_lowercase().as_bytes());
    match (bool::from(is_right), nonce) {
        (false, _) | (true, NonceState::OtherAlgorithm) => DigestVerdict::Wrong,
        (true, NonceState::Valid) => DigestVerdict::Right,
        (true, NonceState::Expired | NonceState::Foreign) => DigestVerdict::Stale,
    }
}

/// H(username:realm:password) in lower-case hexadecimal digits (RFC 7616 §3.4.2).
pub fn ha1(hash: DigestHash, username: &str, realm: &str, password: &Secret) -> Secret {
    Secret::new(digest(hash, &[username, realm, password.expose()]))
}

impl DeviceHa1 {
    /// The digests of a device's password.
    pub fn new(username: &AuthUsername, realm: &Realm, password: &Secret) -> Self {
        let of = |hash| ha1(hash, username.as_str(), realm.as_str(), password);
        Self { md5: of(DigestHash::Md5), sha256: of(DigestHash::Sha256) }
    }

    /// The digest by this hash function.
    pub fn of(&self, hash: DigestHash) -> &Secret {
        match hash {
            DigestHash::Md5 => &self.md5,
            DigestHash::Sha256 => &self.sha256,
        }
    }
}

/// The right response, in lower-case hexadecimal digits (RFC 7616 §3.4.1; without `qop` RFC 2069 §2.1.2).
fn response(credentials: &DigestCredentials<'_>, method: &str, ha1: &str) -> String {
    let DigestCredentials { nonce, uri, algorithm, qop, .. } = credentials;
    let hash = algorithm.hash;
    let ha2 = digest(hash, &[method, uri]);
    match qop {
        Some(qop) if algorithm.is_session => {
            let ha1 = digest(hash, &[ha1, nonce, qop.cnonce]);
            digest(hash, &[&ha1, nonce, qop.nc, qop.cnonce, "auth", &ha2])
        }
        Some(qop) => digest(hash, &[ha1, nonce, qop.nc, qop.cnonce, "auth", &ha2]),
        None => digest(hash, &[ha1, nonce, &ha2]),
    }
}

/// The digest of the parts, joined by colons.
fn digest(hash: DigestHash, parts: &[&str]) -> String {
    match hash {
        DigestHash::Md5 => hex(&joined::<Md5>(parts)),
        DigestHash::Sha256 => hex(&joined::<Sha256>(parts)),
    }
}

fn joined<D: Digest>(parts: &[&str]) -> impl AsRef<[u8]> + use<D> {
    let mut hasher = D::new();
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            hasher.update(b":");
        }
        hasher.update(part);
    }
    hasher.finalize()
}

/// Lower-case hexadecimal digits.
pub(super) fn hex(bytes: &impl AsRef<[u8]>) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = |byte: &u8| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]].map(char::from);
    bytes.as_ref().iter().flat_map(digits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edge::digest::DigestParameters;

    /// RFC 7616 §3.9.1: MD5 and SHA-256 of the same request.
    const RFC_7616: [(&str, &str); 2] = [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ];

    fn rfc_7616<'a>(algorithm: &'a str, response: &'a str) -> DigestCredentials<'a> {
        DigestCredentials::new(DigestParameters {
            username: Some("Mufasa"),
            realm: Some("http-auth@example.org"),
            nonce: Some("7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"),
            uri: Some("/dir/index.html"),
            response: Some(response),
            algorithm: Some(algorithm),
            cnonce: Some("f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"),
            qop: Some("auth"),
            nc: Some("00000001"),
            userhash: None,
        })
        .unwrap()
    }

    fn mufasa(hash: DigestHash, realm: &str, password: &str) -> Secret {
        ha1(hash, "Mufasa", realm, &Secret::new(password))
    }

    #[test]
    fn vectors_of_rfc_7616_are_right() {
        for (algorithm, response) in RFC_7616 {
            let credentials = rfc_7616(algorithm, response);
            let right = mufasa(credentials.algorithm.hash, "http-auth@example.org", "Circle of Life");
            assert_eq!(check(&credentials, "GET", &right, NonceState::Valid), DigestVerdict::Right, "{algorithm}");
            let upper = response.to_uppercase();
            let upper = rfc_7616(algorithm, &upper);
            assert_eq!(check(&upper, "GET", &right, NonceState::Valid), DigestVerdict::Right, "{algorithm}");
            assert_eq!(check(&credentials, "POST", &right, NonceState::Valid), DigestVerdict::Wrong, "{algorithm}");
            let wrong = mufasa(credentials.algorithm.hash, "http-auth@example.org", "Circle of life");
            assert_eq!(check(&credentials, "GET", &wrong, NonceState::Valid), DigestVerdict::Wrong, "{algorithm}");
        }
    }

    #[test]
    fn vectors_of_rfc_2617_and_2069_are_right() {
        let ha1 = mufasa(DigestHash::Md5, "testrealm@host.com", "Circle Of Life");
        assert_eq!(ha1.expose(), "939e7578ed9e3c518a452acee763bce9");
        let parameters = DigestParameters {
            username: Some("Mufasa"),
            realm: Some("testrealm@host.com"),
            nonce: Some("dcd98b7102dd2f0e8b11d0f600bfb0c093"),
            uri: Some("/dir/index.html"),
            response: Some("6629fae49393a05397450978507c4ef1"),
            cnonce: Some("0a4f113b"),
            qop: Some("auth"),
            nc: Some("00000001"),
            ..DigestParameters::default()
        };
        let with_qop = DigestCredentials::new(parameters).unwrap();
        assert_eq!(check(&with_qop, "GET", &ha1, NonceState::Valid), DigestVerdict::Right);
        // The same request without qop, by RFC 2069 (its erratum 749).
        let response = Some("670fd8c2df070c60b045671b8b24ff02");
        let without = DigestParameters { response, qop: None, nc: None, cnonce: None, ..parameters };
        let without = DigestCredentials::new(without).unwrap();
        assert_eq!(check(&without, "GET", &ha1, NonceState::Valid), DigestVerdict::Right);
    }

    #[test]
    fn only_a_right_response_is_stale() {
        let (algorithm, response) = RFC_7616[0];
        let credentials = rfc_7616(algorithm, response);
        let right = mufasa(DigestHash::Md5, "http-auth@example.org", "Circle of Life");
        let wrong = mufasa(DigestHash::Md5, "http-auth@example.org", "x");
        for nonce in [NonceState::Expired, NonceState::Foreign] {
            assert_eq!(check(&credentials, "GET", &right, nonce), DigestVerdict::Stale);
            assert_eq!(check(&credentials, "GET", &wrong, nonce), DigestVerdict::Wrong);
        }
        assert_eq!(check(&credentials, "GET", &right, NonceState::OtherAlgorithm), DigestVerdict::Wrong);
    }
}
