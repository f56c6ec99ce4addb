//! The session's token: a JWT (RFC 7519), HS256.

use domain::{SessionId, Timestamp, UserId};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

use crate::MasterKey;

const ISSUER: &str = "trunkline";

/// Signs and verifies tokens. A valid signature alone is not enough: the session must still be in the database.
pub(crate) struct Tokens {
    signing: EncodingKey,
    /// The key that signs, and the one that did before it.
    checking: [DecodingKey; 2],
    validation: Validation,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    sid: SessionId,
    /// Seconds.
    iat: i64,
    exp: i64,
}

impl Tokens {
    pub(crate) fn new(key: &MasterKey) -> Self {
        let secret = key.session_tokens();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_required_spec_claims(&["iss", "sub", "exp"]);
        let checking = [secret, key.previous_session_tokens()].map(|secret| DecodingKey::from_secret(&secret));
        Self { signing: EncodingKey::from_secret(&secret), checking, validation }
    }

    pub(crate) fn sign(&self, user: &UserId, session: &SessionId, now: Timestamp, expires_at: Timestamp) -> String {
        let claims = Claims {
            iss: ISSUER.to_owned(),
            sub: user.to_string(),
            sid: session.clone(),
            iat: now.millis() / 1000,
            exp: expires_at.millis() / 1000,
        };
        encode(&Header::new(Algorithm::HS256), &claims, &self.signing).expect("these claims always serialise")
    }

    /// The session of a token that was signed here and has not expired.
    pub(crate) fn session(&self, token: &str) -> Option<SessionId> {
        let decode = |key| decode::<Claims>(token, key, &self.validation).ok();
        self.checking.iter().find_map(decode).map(|token| token.claims.sid)
    }
}
