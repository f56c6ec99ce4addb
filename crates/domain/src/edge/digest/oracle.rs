//! Comparison with the client crate `digest_auth`.

use digest_auth::{AuthContext, HttpMethod};
use proptest::prelude::*;

use super::{DigestCredentials, DigestHash, DigestParameters, DigestVerdict, NonceState, check, ha1};
use crate::Secret;

/// The client's header for this challenge.
fn authorization(challenge: &str, username: &str, password: &str, uri: &str, method: &'static str) -> String {
    let mut prompt = digest_auth::parse(challenge).unwrap();
    let context =
        AuthContext::new_with_method(username, password, uri, Option::<&[u8]>::None, HttpMethod::from(method));
    prompt.respond(&context).unwrap().to_header_string()
}

fn verdict(header: &str, realm: &str, password: &str, method: &str) -> DigestVerdict {
    let credentials = DigestCredentials::new(DigestParameters::from_header(header).unwrap()).unwrap();
    let ha1 = ha1(credentials.algorithm.hash, credentials.username, realm, &Secret::new(password));
    check(&credentials, method, &ha1, NonceState::Valid)
}

proptest! {
    #[test]
    fn client_and_server_agree(
        algorithm in prop::sample::select(vec!["MD5", "MD5-sess", "SHA-256", "SHA-256-sess"]),
        method in prop::sample::select(vec!["REGISTER", "INVITE"]),
        username in "[a-z0-9@._-]{1,20}",
        password in "[^\\p{Cc}]{1,30}",
        uri in "sip:[a-z0-9@.:;=-]{1,30}",
    ) {
        let realm = "sip.example.com";
        let challenge = format!(r#"Digest realm="{realm}", nonce="4e6f6e6365", qop="auth", algorithm={algorithm}"#);
        let header = authorization(&challenge, &username, &password, &uri, method);
        prop_assert_eq!(verdict(&header, realm, &password, method), DigestVerdict::Right, "{}", header);
        prop_assert_eq!(verdict(&header, realm, &format!("{password}x"), method), DigestVerdict::Wrong);
        prop_assert_eq!(verdict(&header, "other.example.com", &password, method), DigestVerdict::Wrong);
        prop_assert_eq!(verdict(&header, realm, &password, "OPTIONS"), DigestVerdict::Wrong);
    }
}

#[test]
fn client_without_qop_agrees() {
    let challenge = r#"Digest realm="sip.example.com", nonce="4e6f6e6365""#;
    let header = authorization(challenge, "alice", "secret", "sip:sip.example.com", "REGISTER");
    assert_eq!(verdict(&header, "sip.example.com", "secret", "REGISTER"), DigestVerdict::Right);
}

#[test]
fn hash_functions_have_the_names_of_challenges() {
    assert_eq!([DigestHash::Md5, DigestHash::Sha256].map(DigestHash::as_str), ["MD5", "SHA-256"]);
}
