//! The session's token: a JWT (RFC 7519), HS256.

use domain::{SessionId, Timestamp, UserId};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

use crate::MasterKey;

const ISSUER: &str = "trunkline";

/// Signs and reads tokens. A good signature alone lets nobody in: the session must still be in the database.
pub(crate) struct Tokens {
    signing: EncodingKey,
    checking: DecodingKey,
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
        Self { signing: EncodingKey::from_secret(&secret), checking: DecodingKey::from_secret(&secret), validation }
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

    /// The session of a token that we signed and that has not expired.
    pub(crate) fn session(&self, token: &str) -> Option<SessionId> {
        decode::<Claims>(token, &self.checking, &self.validation).ok().map(|token| token.claims.sid)
    }
}
