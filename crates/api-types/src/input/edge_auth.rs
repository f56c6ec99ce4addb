use domain::edge::digest::{DigestFault, DigestParameters};
use serde::Deserialize;
use utoipa::ToSchema;

/// The body of `POST /auth`: the digest credentials of a SIP request, as parameters or as the whole header. Without either the
/// answer is a challenge.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EdgeAuthInput {
    /// The request's method.
    #[schema(example = "REGISTER")]
    pub method: String,
    /// The value of `Authorization` or `Proxy-Authorization`; the parameters below are then not read.
    pub authorization: Option<String>,
    /// The username of the credentials.
    pub username: Option<String>,
    /// The realm of the credentials; without credentials the realm to challenge for, if it is a SIP domain.
    pub realm: Option<String>,
    /// The nonce.
    pub nonce: Option<String>,
    /// The URI of the credentials, which may differ from the request's.
    pub uri: Option<String>,
    /// The response.
    pub response: Option<String>,
    /// `MD5` (also if absent), `MD5-sess`, `SHA-256` or `SHA-256-sess`; without credentials the algorithm to challenge for.
    pub algorithm: Option<String>,
    /// `auth`, or absent for clients of RFC 2069.
    pub qop: Option<String>,
    /// The nonce count, 8 hexadecimal digits.
    pub nc: Option<String>,
    /// The client's nonce.
    pub cnonce: Option<String>,
    /// The request's Call-ID, for the trace.
    pub call_id: Option<String>,
    /// The address that the request came from, for bans.
    pub source_ip: Option<String>,
    /// The request's User-Agent.
    pub user_agent: Option<String>,
}

impl EdgeAuthInput {
    /// The parameters of the credentials; None without credentials. An empty parameter counts as absent, since Kamailio writes
    /// absent pseudo-variables so.
    ///
    /// # Errors
    /// A [`DigestFault`] where the header is malformed.
    pub fn credentials(&self) -> Result<Option<DigestParameters<'_>>, DigestFault> {
        fn text(value: &Option<String>) -> Option<&str> {
            value.as_deref().filter(|text| !text.is_empty())
        }
        if let Some(header) = text(&self.authorization) {
            return DigestParameters::from_header(header).map(Some);
        }
        if text(&self.response).is_none() && text(&self.nonce).is_none() {
            return Ok(None);
        }
        Ok(Some(DigestParameters {
            username: text(&self.username),
            realm: text(&self.realm),
            nonce: text(&self.nonce),
            uri: text(&self.uri),
            response: text(&self.response),
            algorithm: text(&self.algorithm),
            cnonce: text(&self.cnonce),
            qop: text(&self.qop),
            nc: text(&self.nc),
            userhash: None,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_parameters_are_no_credentials() {
        let empty = Some(String::new());
        let input =
            EdgeAuthInput { response: empty.clone(), nonce: empty.clone(), authorization: empty, ..Default::default() };
        assert_eq!(input.credentials(), Ok(None));
    }

    #[test]
    fn header_precedes_parameters() {
        let header = Some(r#"Digest username="alice""#.to_owned());
        let input =
            EdgeAuthInput { authorization: header, username: Some("bob".to_owned()), ..EdgeAuthInput::default() };
        assert_eq!(input.credentials().unwrap().unwrap().username, Some("alice"));
        let bad = EdgeAuthInput { authorization: Some("Basic x".to_owned()), ..EdgeAuthInput::default() };
        assert_eq!(bad.credentials(), Err(DigestFault::NotDigest));
    }
}
