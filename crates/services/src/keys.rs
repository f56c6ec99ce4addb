//! The one key that everything secret hangs on.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD as BASE64};
use sha2::{Digest, Sha256};

/// 32 random bytes, from `TRUNKLINE_MASTER_KEY` or the key file. Each use gets a key of its own, derived from it.
#[derive(Clone)]
pub struct MasterKey([u8; 32]);

impl MasterKey {
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// For [`store::Vault`].
    pub fn vault(&self) -> store::Vault {
        store::Vault::new(&self.derive("carrier secrets"))
    }

    /// Names the key without telling it, so that a start with another one is noticed before it does harm.
    pub(crate) fn fingerprint(&self) -> String {
        BASE64.encode(self.derive("fingerprint"))
    }

    /// For session tokens.
    pub(crate) fn session_tokens(&self) -> [u8; 32] {
        self.derive("session tokens")
    }

    /// Domain separation by a label: the master key is uniformly random, so one hash is enough.
    fn derive(&self, label: &str) -> [u8; 32] {
        Sha256::new()
            .chain_update(b"trunkline/v1/")
            .chain_update(label)
            .chain_update([0])
            .chain_update(self.0)
            .finalize()
            .into()
    }
}
