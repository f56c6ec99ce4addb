use domain::{AccountId, DeviceId, EdgeUserId};
use serde::Serialize;
use utoipa::ToSchema;

/// The answer of `POST /auth` to right credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EdgeAuthView {
    /// Always true.
    pub ok: bool,
    /// The account.
    pub account_id: AccountId,
    /// The edge user of the device.
    pub user_id: EdgeUserId,
    /// The device.
    pub device_id: DeviceId,
    /// The user's address of record, without a scheme.
    #[schema(example = "alice@sip.example.com")]
    pub aor: String,
    /// The name that others see.
    pub display_name: Option<String>,
    /// The caller ID's number of outbound calls.
    pub caller_id: Option<String>,
}

/// The answer of `POST /auth` that makes the edge challenge the client: 401, or 407 by a proxy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EdgeChallengeView {
    /// Always false.
    pub ok: bool,
    /// The challenge. Every client has its algorithm: MD5, or the one that the client has used.
    pub challenge: DigestChallenge,
    /// The challenges of an edge that sends several, in the order of preference (RFC 8760 section 2.4).
    pub challenges: Vec<DigestChallenge>,
}

/// The parameters of `WWW-Authenticate` or `Proxy-Authenticate`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DigestChallenge {
    /// The realm.
    pub realm: String,
    /// A nonce for this realm and algorithm; null where the edge mints its own (`TRUNKLINE_EDGE_NONCES=edge`).
    pub nonce: Option<String>,
    /// `MD5` or `SHA-256`.
    pub algorithm: String,
    /// Always `auth`.
    pub qop: String,
    /// The credentials were right, but their nonce was not: the client may repeat them with this one, without asking the user.
    pub stale: bool,
}

/// The answer of `POST /auth` to a device that is refused, whatever its credentials are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EdgeAuthRefusal {
    /// Always false.
    pub ok: bool,
    /// `disabled`: the device or its user; the credentials were right. `banned`: the source, or the user there.
    #[schema(example = "disabled")]
    pub reason: String,
}
