//! The settings of the SIP edge's paths.

use domain::Secret;

use super::Error;
use crate::AddressList;

const MIN_TOKEN: usize = 16;

/// Who may call the edge's paths, and where.
#[derive(Clone, Default)]
pub struct Edge {
    /// Address and port of a listener of its own; None: the paths are on the main listener.
    pub listen: Option<String>,
    /// What the edge sends as Bearer or `x-edge-token`.
    pub token: Option<Secret>,
    /// What operators' tools send as `x-admin-token`.
    pub admin_token: Option<Secret>,
    /// Source addresses; None: loopback.
    pub allow: Option<AddressList>,
    /// The edge mints the nonces of digest authentication, instead of this server.
    pub edge_nonces: bool,
    /// Media nodes, which are never banned.
    pub media_nodes: AddressList,
}

/// The settings as texts of flags, environment or file.
pub(super) struct Texts {
    pub listen: Option<String>,
    pub token: Option<String>,
    pub admin_token: Option<String>,
    pub allow: Option<String>,
    pub nonces: Option<String>,
    pub media_nodes: Option<String>,
}

impl Edge {
    pub(super) fn parse(texts: Texts) -> Result<Self, Error> {
        let edge_nonces = match texts.nonces.as_deref() {
            None | Some("own") => false,
            Some("edge") => true,
            Some(_) => return Err(Error::EdgeNonces),
        };
        Ok(Self {
            listen: texts.listen,
            token: texts.token.map(|text| token(text, Error::EdgeToken)).transpose()?,
            admin_token: texts.admin_token.map(|text| token(text, Error::AdminToken)).transpose()?,
            allow: texts.allow.map(|list| list.parse().map_err(Error::EdgeAllow)).transpose()?,
            edge_nonces,
            media_nodes: texts
                .media_nodes
                .map_or(Ok(AddressList::default()), |list| list.parse().map_err(Error::MediaNodes))?,
        })
    }
}

fn token(text: String, fault: Error) -> Result<Secret, Error> {
    let is_fit = text.len() >= MIN_TOKEN && text.bytes().all(|byte| byte.is_ascii_graphic());
    if is_fit { Ok(Secret::new(text)) } else { Err(fault) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(name: &str, text: &str) -> Result<Edge, Error> {
        let given = |field: &str| (field == name).then(|| text.to_owned());
        Edge::parse(Texts {
            listen: given("listen"),
            token: given("token"),
            admin_token: given("admin_token"),
            allow: given("allow"),
            nonces: given("nonces"),
            media_nodes: given("media_nodes"),
        })
    }

    #[test]
    fn short_or_unprintable_token_is_rejected() {
        for bad in ["short", "sixteen letters\u{e9}", "with a blank in it"] {
            assert!(matches!(parse("token", bad), Err(Error::EdgeToken)), "{bad}");
            assert!(matches!(parse("admin_token", bad), Err(Error::AdminToken)), "{bad}");
        }
        assert!(parse("token", "0123456789abcdef").is_ok_and(|edge| edge.token.is_some()));
    }

    #[test]
    fn lists_and_nonces_are_parsed() {
        assert!(parse("nonces", "edge").is_ok_and(|edge| edge.edge_nonces));
        assert!(parse("nonces", "own").is_ok_and(|edge| !edge.edge_nonces));
        assert!(matches!(parse("nonces", "both"), Err(Error::EdgeNonces)));
        assert!(matches!(parse("allow", "10.0.0.0/8, edge"), Err(Error::EdgeAllow(_))));
        assert!(parse("media_nodes", "10.1.0.0/16").is_ok_and(|edge| edge.media_nodes.contains([10, 1, 2, 3].into())));
    }
}
