//! Tokens of links that are valid once.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use domain::Secret;
use sha2::{Digest, Sha256};

/// A new token of 192 random bits.
pub(crate) fn generate() -> Secret {
    Secret::new(BASE64.encode(rand::random::<[u8; 24]>()))
}

/// What the database stores instead of the token. Digests of a 192-bit random value need no comparison in constant time.
pub(crate) fn digest(token: &str) -> String {
    BASE64.encode(Sha256::digest(token))
}
