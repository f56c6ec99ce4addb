//! Digest authentication of SIP requests (RFC 3261 §22, RFC 7616, RFC 8760).
//!
//! Algorithms: MD5 and SHA-256, each with `-sess`; `qop=auth`, and none for clients of RFC 2069. Values are hashed as they were
//! sent between their quotes, without removing backslashes (RFC 7616 §3.4.1, `unq`).

mod algorithm;
mod credentials;
mod header;
mod nonce;
#[cfg(test)]
mod oracle;
mod response;

pub use algorithm::{DigestAlgorithm, DigestHash};
pub use credentials::{DigestCredentials, DigestFault, DigestParameters, QopAuth};
pub use nonce::{NONCE_LIFETIME_MS, NonceKey, NonceState};
pub use response::{DigestVerdict, check, ha1};
