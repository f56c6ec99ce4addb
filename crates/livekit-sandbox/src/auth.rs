//! Access tokens (`pkg/service/auth.go` in livekit-server, `auth/verifier.go` in livekit/protocol).

use axum::http::{HeaderMap, header};
use domain::Secret;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, dangerous, errors::ErrorKind};
use serde::Deserialize;

/// Seconds by which clocks may differ, either way.
const LEEWAY: u64 = 60;

#[derive(Deserialize)]
struct Issuer {
    #[serde(default)]
    iss: String,
}

/// What a token permits (`auth/grants.go` in livekit/protocol).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SipGrant {
    /// Trunks and dispatch rules.
    pub admin: bool,
    /// Starting and transferring calls.
    pub call: bool,
}

#[derive(Deserialize)]
struct Grants {
    #[serde(default)]
    sip: SipGrant,
}

/// The token's grants; none without a token. The error is the plain text of a 401.
pub(crate) fn grants(headers: &HeaderMap, api_key: &str, api_secret: &Secret) -> Result<SipGrant, String> {
    let Some(header) = headers.get(header::AUTHORIZATION) else { return Ok(SipGrant::default()) };
    let token = header
        .to_str()
        .ok()
        .and_then(|value| value.strip_prefix("Bearer "))
        .ok_or("invalid authorization header. Must start with Bearer ")?;
    let issuer = dangerous::insecure_decode::<Issuer>(token).map_err(|_| "invalid authorization token")?.claims.iss;
    if issuer != api_key {
        return Err(format!("invalid API key: {issuer}"));
    }
    let mut rules = Validation::new(Algorithm::HS256);
    // livekit-server 1.13.5 accepts a token that never expires; later versions do not.
    rules.set_required_spec_claims(&["exp"]);
    rules.set_issuer(&[api_key]);
    rules.validate_aud = false;
    rules.validate_nbf = true;
    rules.leeway = LEEWAY;
    let key = DecodingKey::from_secret(api_secret.expose().as_bytes());
    match jsonwebtoken::decode::<Grants>(token, &key, &rules) {
        Ok(token) => Ok(token.claims.sip),
        Err(error) => {
            let reason = match error.kind() {
                ErrorKind::InvalidSignature => "token signature is invalid: signature is invalid",
                ErrorKind::ExpiredSignature => "token has invalid claims: token is expired",
                ErrorKind::ImmatureSignature => "token has invalid claims: token is not valid yet",
                ErrorKind::MissingRequiredClaim(_) => {
                    "token has invalid claims: token is missing required claim: exp claim is required"
                }
                _ => "token is malformed",
            };
            Err(format!("invalid token: {token}, error: {reason}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{EncodingKey, Header, encode, get_current_timestamp};
    use serde_json::{Value, json};

    use super::*;

    fn granted(claims: &Value) -> Result<bool, String> {
        let token = encode(&Header::default(), claims, &EncodingKey::from_secret(b"secret")).unwrap();
        let headers = HeaderMap::from_iter([(header::AUTHORIZATION, format!("Bearer {token}").parse().unwrap())]);
        grants(&headers, "devkey", &Secret::new("secret")).map(|grant| grant.admin)
    }

    #[test]
    fn token_without_expiry_is_refused() {
        let mut claims = json!({ "iss": "devkey", "sip": { "admin": true } });
        assert!(granted(&claims).unwrap_err().ends_with("exp claim is required"));
        claims["exp"] = json!(get_current_timestamp() + 60);
        assert_eq!(granted(&claims), Ok(true));
    }
}
