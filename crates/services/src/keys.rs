//! The master key, and the keys that are derived from it.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD as BASE64};
use hkdf::Hkdf;
use sha2::{Digest, Sha256};

/// 32 random bytes, from `TRUNKLINE_MASTER_KEY` or the key file. Each use has a key of its own, derived by HKDF-SHA-256
/// (RFC 5869).
///
/// Earlier they were derived by SHA-256 alone. Those keys still open and verify what was sealed and signed with them, but
/// seal and sign nothing new.
#[derive(Clone)]
pub struct MasterKey([u8; 32]);

/// What a derived key is for.
#[derive(Clone, Copy)]
enum Use {
    CarrierSecrets,
    Fingerprint,
    SessionTokens,
    EdgeNonces,
}

impl Use {
    fn label(self) -> &'static str {
        match self {
            Self::CarrierSecrets => "carrier secrets",
            Self::Fingerprint => "fingerprint",
            Self::SessionTokens => "session tokens",
            Self::EdgeNonces => "edge nonces",
        }
    }
}

impl MasterKey {
    /// `bytes` are uniformly random.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// For [`store::Store::open`].
    pub fn vault(&self) -> store::Vault {
        store::Vault::new(&self.derive(Use::CarrierSecrets)).with_previous(&self.derive_sha256(Use::CarrierSecrets))
    }

    /// Identifies the key without disclosing it, so that a start with another one is refused.
    pub(crate) fn fingerprint(&self) -> String {
        BASE64.encode(self.derive(Use::Fingerprint))
    }

    /// The fingerprint in a database that was created before HKDF.
    pub(crate) fn previous_fingerprint(&self) -> String {
        BASE64.encode(self.derive_sha256(Use::Fingerprint))
    }

    /// Signs session tokens.
    pub(crate) fn session_tokens(&self) -> [u8; 32] {
        self.derive(Use::SessionTokens)
    }

    /// Signed session tokens before HKDF.
    pub(crate) fn previous_session_tokens(&self) -> [u8; 32] {
        self.derive_sha256(Use::SessionTokens)
    }

    /// Signs nonces of digest authentication at the SIP edge.
    pub(crate) fn edge_nonces(&self) -> [u8; 32] {
        self.derive(Use::EdgeNonces)
    }

    fn derive(&self, usage: Use) -> [u8; 32] {
        let mut key = [0; 32];
        let derived = Hkdf::<Sha256>::new(Some(b"trunkline/v2"), &self.0).expand(usage.label().as_bytes(), &mut key);
        derived.expect("32 bytes are fewer than HKDF-SHA-256 can expand to (8,160)");
        key
    }

    fn derive_sha256(&self, usage: Use) -> [u8; 32] {
        Sha256::new()
            .chain_update(b"trunkline/v1/")
            .chain_update(usage.label())
            .chain_update([0])
            .chain_update(self.0)
            .finalize()
            .into()
    }
}
