//! Algorithms of digest authentication.

use std::{fmt, str::FromStr};

use super::DigestFault;

/// A hash function of digest authentication. A device has one HA1 for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DigestHash {
    /// MD5, 16 bytes.
    Md5,
    /// SHA-256, 32 bytes.
    Sha256,
}

impl DigestHash {
    /// The value of `algorithm` in a challenge.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha256 => "SHA-256",
        }
    }

    /// The hexadecimal digits of a digest.
    pub fn digits(self) -> usize {
        match self {
            Self::Md5 => 32,
            Self::Sha256 => 64,
        }
    }
}

impl fmt::Display for DigestHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The `algorithm` of credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DigestAlgorithm {
    /// Its hash function.
    pub hash: DigestHash,
    /// HA1 covers nonce and cnonce, too (`-sess`).
    pub is_session: bool,
}

impl FromStr for DigestAlgorithm {
    type Err = DigestFault;

    /// Case does not matter (RFC 7616 §3.3: a token).
    fn from_str(text: &str) -> Result<Self, DigestFault> {
        let suffix = text.len().checked_sub("-sess".len()).and_then(|start| text.split_at_checked(start));
        let (name, is_session) = match suffix {
            Some((name, suffix)) if suffix.eq_ignore_ascii_case("-sess") => (name, true),
            _ => (text, false),
        };
        let hash =
            [DigestHash::Md5, DigestHash::Sha256].into_iter().find(|hash| name.eq_ignore_ascii_case(hash.as_str()));
        hash.map(|hash| Self { hash, is_session }).ok_or(DigestFault::UnknownAlgorithm)
    }
}
