//! The access token of each call.

use domain::Secret;
use jsonwebtoken::{EncodingKey, Header, get_current_timestamp};
use serde::{Deserialize, Serialize};

use crate::Error;

/// Seconds that a token is valid. Each call signs its own, so that a leaked one soon expires.
const LIFETIME: u64 = 60;
/// Seconds by which this clock may be ahead of LiveKit's, which allows another 60 either way.
const BACKDATED: u64 = 10;

/// LiveKit's access token (`auth/accesstoken.go` and `auth/grants.go` in livekit/protocol), HS256.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Claims {
    /// The API key.
    pub iss: String,
    /// Unix seconds.
    pub nbf: u64,
    pub exp: u64,
    #[serde(default)]
    pub sip: SipGrant,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct SipGrant {
    /// Trunks and dispatch rules.
    pub admin: bool,
    /// Starting and transferring calls.
    pub call: bool,
}

/// A token to manage trunks and dispatch rules with.
pub(crate) fn sign(api_key: &str, api_secret: &Secret) -> Result<String, Error> {
    let now = get_current_timestamp();
    let claims = Claims {
        iss: api_key.to_owned(),
        nbf: now - BACKDATED,
        exp: now + LIFETIME,
        sip: SipGrant { admin: true, call: false },
    };
    jsonwebtoken::encode(&Header::default(), &claims, &EncodingKey::from_secret(api_secret.expose().as_bytes()))
        .map_err(|error| Error::Config { message: format!("LIVEKIT_API_SECRET cannot sign a token: {error}") })
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{Algorithm, DecodingKey, Validation};

    use super::*;

    #[test]
    fn token_is_valid_for_a_minute_and_grants_sip_admin_only() {
        let token = sign("key", &Secret::new("secret")).unwrap();
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_issuer(&["key"]);
        rules.validate_nbf = true;
        rules.leeway = 0;
        let claims =
            jsonwebtoken::decode::<Claims>(&token, &DecodingKey::from_secret(b"secret"), &rules).unwrap().claims;
        assert_eq!(claims.exp - claims.nbf, LIFETIME + BACKDATED);
        assert!(claims.sip.admin && !claims.sip.call);
    }
}
