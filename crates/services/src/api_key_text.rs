//! The text of an API key: what its owner sends, and what the database has of it.

use std::fmt::Write;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use domain::{ApiKey, Secret};
use sha2::{Digest, Sha256};

/// 192 bits, which nobody guesses: a plain hash suffices, and its comparison need not be in constant time.
const RANDOM_BYTES: usize = 24;
/// 24 bytes in base64.
const RANDOM_LENGTH: usize = 32;

/// A new text.
pub(crate) fn generate() -> Secret {
    Secret::new(format!("{}{}", ApiKey::MARK, BASE64.encode(rand::random::<[u8; RANDOM_BYTES]>())))
}

/// What people recognise the key by.
pub(crate) fn prefix(text: &Secret) -> String {
    text.expose().chars().take(ApiKey::PREFIX_LENGTH).collect()
}

/// SHA-256 in hex, by which the row is found.
pub(crate) fn hash(text: &Secret) -> String {
    Sha256::digest(text.expose()).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Whether the text may be a key's. Anything else need not be searched for.
pub(crate) fn is_well_formed(text: &Secret) -> bool {
    let random = text.expose().strip_prefix(ApiKey::MARK);
    random.is_some_and(|random| {
        random.len() == RANDOM_LENGTH
            && random.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_text_is_well_formed_and_unique() {
        let (one, other) = (generate(), generate());
        assert!(is_well_formed(&one) && one != other);
        assert_eq!(prefix(&one), one.expose()[..7]);
    }

    #[test]
    fn other_text_is_not_well_formed() {
        let text = |text: &str| Secret::new(text);
        assert!(is_well_formed(&text("tl_ABCDEFGHIJKLMNOPQRSTUVWXYZ-_0123")));
        for other in [
            "",
            "tl_",
            "tl_ABCDEFGHIJKLMNOPQRSTUVWXYZ-_012",
            "vx_ABCDEFGHIJKLMNOPQRSTUVWXYZ-_0123",
            "tl_ABCDEFGHIJKLMNOPQRSTUVWXYZ-_01234",
            "tl_ABCDEFGHIJKLMNOPQRSTUVWXYZ-_012é",
        ] {
            assert!(!is_well_formed(&text(other)), "{other}");
        }
    }

    #[test]
    fn hash_is_sha_256_in_hex() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hash(&Secret::new("abc")), expected);
    }
}
