//! Secrets at rest: AES-256-GCM (NIST SP 800-38D), bound to their row.

use aes_gcm::{
    Aes256Gcm, Key, KeyInit, Nonce,
    aead::{Aead, Generate, Payload},
};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD as BASE64};
use domain::Secret;

/// Bytes; the length that GCM is specified for.
const NONCE_LENGTH: usize = 12;

/// Seals and opens the secrets of rows. The sealed form is base64 of nonce and ciphertext.
#[derive(Clone)]
pub struct Vault {
    cipher: Aes256Gcm,
    /// Opens what was sealed before the key was replaced; seals nothing.
    previous: Option<Aes256Gcm>,
}

impl Vault {
    /// A vault with this AES-256 key.
    pub fn new(key: &[u8; 32]) -> Self {
        Self { cipher: cipher(key), previous: None }
    }

    /// The vault, which also opens what was sealed with the previous key.
    #[must_use]
    pub fn with_previous(self, key: &[u8; 32]) -> Self {
        Self { previous: Some(cipher(key)), ..self }
    }

    /// `row` is the id of the row, authenticated with the secret: copied to another row, the ciphertext does not open.
    pub(crate) fn seal(&self, secret: &Secret, row: &str) -> String {
        let nonce = Nonce::generate();
        let payload = Payload { msg: secret.expose().as_bytes(), aad: row.as_bytes() };
        let sealed =
            self.cipher.encrypt(&nonce, payload).expect("a secret is shorter than the 64 GiB that AES-GCM can encrypt");
        BASE64.encode([nonce.as_slice(), &sealed].concat())
    }

    /// None where the key, the row or the ciphertext is another one.
    pub(crate) fn open(&self, sealed: &str, row: &str) -> Option<Secret> {
        let bytes = BASE64.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LENGTH)?;
        let nonce = <[u8; NONCE_LENGTH]>::try_from(nonce).ok()?;
        let open =
            |cipher: &Aes256Gcm| cipher.decrypt(&Nonce::from(nonce), Payload { msg: sealed, aad: row.as_bytes() }).ok();
        let opened = open(&self.cipher).or_else(|| self.previous.as_ref().and_then(open))?;
        String::from_utf8(opened).ok().map(Secret::new)
    }
}

fn cipher(key: &[u8; 32]) -> Aes256Gcm {
    Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_opens_with_its_key_and_row_alone() {
        let vault = Vault::new(&[7; 32]);
        let sealed = vault.seal(&Secret::new("hunter2"), "car_a");
        assert!(!sealed.contains("hunter2"));
        assert_eq!(vault.open(&sealed, "car_a"), Some(Secret::new("hunter2")));
        assert_eq!(vault.open(&sealed, "car_b"), None);
        assert_eq!(Vault::new(&[8; 32]).open(&sealed, "car_a"), None);
        assert_eq!(vault.open("no base64", "car_a"), None);
    }

    #[test]
    fn previous_key_opens_but_does_not_seal() {
        let previous = Vault::new(&[7; 32]);
        let vault = Vault::new(&[8; 32]).with_previous(&[7; 32]);
        let secret = Secret::new("hunter2");
        assert_eq!(vault.open(&previous.seal(&secret, "car_a"), "car_a"), Some(secret.clone()));
        assert_eq!(vault.open(&previous.seal(&secret, "car_a"), "car_b"), None);
        assert_eq!(previous.open(&vault.seal(&secret, "car_a"), "car_a"), None);
    }

    #[test]
    fn same_secret_is_sealed_differently_each_time() {
        let vault = Vault::new(&[7; 32]);
        assert_ne!(vault.seal(&Secret::new("x"), "car_a"), vault.seal(&Secret::new("x"), "car_a"));
    }
}
