//! Nonces of this server: signed and timed, so that none must be stored before it was used.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{DigestHash, response::hex};

/// How long a nonce is valid, in milliseconds. A client that goes on with it is then challenged again, as stale.
pub const NONCE_LIFETIME_MS: u64 = 5 * 60 * 1000;

/// How far the clock of another server may be ahead, in milliseconds.
const MAX_AHEAD_MS: u64 = 60 * 1000;

/// Time (8 bytes), random (8), hash (1) and the first 16 bytes of the HMAC.
const SIGNED: usize = 17;
const LENGTH: usize = SIGNED + 16;

/// Signs nonces.
#[derive(Clone)]
pub struct NonceKey(Hmac<Sha256>);

/// What a nonce is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NonceState {
    /// Minted here for the realm and the algorithm, and not too old.
    Valid,
    /// Minted here, and too old.
    Expired,
    /// Minted here for another algorithm: using it would be a downgrade.
    OtherAlgorithm,
    /// Not minted here, or before a restart, or for another realm.
    Foreign,
}

impl NonceKey {
    /// A key of 32 random bytes. `start` distinguishes runs of the server where their nonce counts do not survive a restart:
    /// nonces of the last run are then stale.
    pub fn new(key: &[u8; 32], start: Option<u64>) -> Self {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC accepts keys of any length (RFC 2104)");
        mac.update(&start.unwrap_or_default().to_be_bytes());
        Self(mac)
    }

    /// A nonce, in hexadecimal digits. `now` is in milliseconds since 1970, `random` must not repeat.
    pub fn mint(&self, hash: DigestHash, realm: &str, now: u64, random: u64) -> String {
        let mut nonce = [0; LENGTH];
        nonce[..8].copy_from_slice(&now.to_be_bytes());
        nonce[8..16].copy_from_slice(&random.to_be_bytes());
        nonce[16] = byte_of(hash);
        let tag = self.mac(&nonce[..SIGNED], realm).finalize().into_bytes();
        nonce[SIGNED..].copy_from_slice(&tag[..LENGTH - SIGNED]);
        hex(&nonce)
    }

    /// What the nonce is worth for credentials of this realm and hash function.
    pub fn verify(&self, nonce: &str, hash: DigestHash, realm: &str, now: u64) -> NonceState {
        let Some(nonce) = unhex(nonce) else { return NonceState::Foreign };
        let (signed, tag) = nonce.split_at(SIGNED);
        if self.mac(signed, realm).verify_truncated_left(tag).is_err() {
            return NonceState::Foreign;
        }
        let minted = signed.first_chunk().map_or(0, |time| u64::from_be_bytes(*time));
        if signed[16] != byte_of(hash) {
            NonceState::OtherAlgorithm
        } else if minted.saturating_add(NONCE_LIFETIME_MS) < now || minted > now.saturating_add(MAX_AHEAD_MS) {
            NonceState::Expired
        } else {
            NonceState::Valid
        }
    }

    fn mac(&self, signed: &[u8], realm: &str) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        mac.update(signed);
        mac.update(realm.as_bytes());
        mac
    }
}

fn byte_of(hash: DigestHash) -> u8 {
    match hash {
        DigestHash::Md5 => 1,
        DigestHash::Sha256 => 2,
    }
}

fn unhex(text: &str) -> Option<[u8; LENGTH]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
    let mut bytes = [0; LENGTH];
    if pairs.len() != LENGTH {
        return None;
    }
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: u64 = 1_790_000_000_000;
    const REALM: &str = "sip.example.com";

    fn key(start: Option<u64>) -> NonceKey {
        NonceKey::new(&[7; 32], start)
    }

    #[test]
    fn nonce_is_valid_until_it_expires() {
        let nonce = key(Some(1)).mint(DigestHash::Md5, REALM, NOW, 42);
        let state = |now| key(Some(1)).verify(&nonce, DigestHash::Md5, REALM, now);
        assert_eq!(state(NOW), NonceState::Valid);
        assert_eq!(state(NOW + NONCE_LIFETIME_MS), NonceState::Valid);
        assert_eq!(state(NOW + NONCE_LIFETIME_MS + 1), NonceState::Expired);
        assert_eq!(state(NOW - 30_000), NonceState::Valid, "another server's clock is 30 seconds ahead");
        assert_eq!(state(NOW - 61_000), NonceState::Expired);
    }

    #[test]
    fn other_realm_key_or_run_is_foreign() {
        let nonce = key(Some(1)).mint(DigestHash::Md5, REALM, NOW, 42);
        assert_eq!(key(Some(1)).verify(&nonce, DigestHash::Md5, "other.example.com", NOW), NonceState::Foreign);
        assert_eq!(key(Some(2)).verify(&nonce, DigestHash::Md5, REALM, NOW), NonceState::Foreign);
        assert_eq!(NonceKey::new(&[8; 32], Some(1)).verify(&nonce, DigestHash::Md5, REALM, NOW), NonceState::Foreign);
    }

    #[test]
    fn nonce_for_another_algorithm_is_recognised() {
        let nonce = key(None).mint(DigestHash::Sha256, REALM, NOW, 42);
        assert_eq!(key(None).verify(&nonce, DigestHash::Md5, REALM, NOW), NonceState::OtherAlgorithm);
        assert_eq!(key(None).verify(&nonce, DigestHash::Sha256, REALM, NOW), NonceState::Valid);
    }

    proptest! {
        #[test]
        fn changed_nonce_is_foreign(position in 0..LENGTH * 2, digit in "[0-9a-f]") {
            let nonce = key(None).mint(DigestHash::Md5, REALM, NOW, 42);
            let mut changed = nonce.clone();
            changed.replace_range(position..=position, &digit);
            prop_assume!(changed != nonce);
            prop_assert_eq!(key(None).verify(&changed, DigestHash::Md5, REALM, NOW), NonceState::Foreign);
        }

        #[test]
        fn any_text_is_foreign(text in "\\PC{0,80}") {
            prop_assert_eq!(key(None).verify(&text, DigestHash::Md5, REALM, NOW), NonceState::Foreign);
        }
    }
}
