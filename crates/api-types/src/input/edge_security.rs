use domain::{FieldErrors, FieldFault, IpRange, Timestamp, edge::ban::BanStatus, field::one_of, text};
use serde::{Deserialize, Deserializer, Serialize};
use strum::IntoEnumIterator;
use utoipa::{IntoParams, ToSchema};

use super::search::{given, limit, search};

/// The bans of one report, at most.
const MAX_BANS: usize = 5_000;

/// The query of `GET /security/bans`. A blank value is the same as an absent one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct BanQuery {
    /// `active`, `expired` or `lifted`.
    pub status: String,
    /// Part of the source, the user, the node, the reason or the User-Agent, in any case.
    pub q: String,
    /// `1`: bans of sources that cannot be banned; `0`: all others.
    pub flagged: String,
    /// 1 to 1000; 100 where absent.
    pub limit: String,
}

/// A [`BanQuery`] that is parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsedBanQuery {
    /// Those of this status.
    pub status: Option<BanStatus>,
    /// What they contain.
    pub q: Option<String>,
    /// Whether their source cannot be banned.
    pub flagged: Option<bool>,
    /// So many at most.
    pub limit: i64,
}

impl BanQuery {
    /// Parses all fields.
    ///
    /// # Errors
    /// All faults.
    pub fn parse(&self) -> Result<ParsedBanQuery, FieldErrors> {
        let mut errors = FieldErrors::default();
        let status = given(&self.status).and_then(|text| {
            let fault = |_| FieldFault::new("unknown_status", one_of(BanStatus::iter()));
            errors.record("status", text.parse().map_err(fault))
        });
        let q = errors.record("q", search(&self.q)).filter(|q| !q.is_empty());
        let flagged = given(&self.flagged).and_then(|text| errors.record("flagged", flag(text)));
        let limit = given(&self.limit).map_or(Some(100), |text| errors.record("limit", limit(text, 1_000)));
        let limit = i64::from(limit.unwrap_or_default());
        if errors.is_empty() { Ok(ParsedBanQuery { status, q, flagged, limit }) } else { Err(errors) }
    }
}

fn flag(text: &str) -> Result<bool, FieldFault> {
    match text {
        "1" | "true" => Ok(true),
        "0" | "false" => Ok(false),
        _ => Err(FieldFault::new("bad_flag", "Write 1 or 0.")),
    }
}

/// The body of `POST /security/report`: all bans of a node.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportInput {
    /// The node's name, at most 64 characters.
    #[schema(example = "edge-1")]
    pub node: String,
    /// Its bans, at most 5,000. In a form: the JSON text of the list.
    #[serde(deserialize_with = "list_or_json")]
    pub bans: Vec<ReportInputBan>,
}

/// A ban that a node has made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportInputBan {
    /// An address, or a range in CIDR notation.
    #[schema(example = "203.0.113.7")]
    pub ip: String,
    /// Why.
    #[schema(example = "pike")]
    pub reason: String,
    /// The requests that led to it.
    pub count: Option<u32>,
    /// Since when: seconds since 1970, or RFC 3339.
    pub since: Option<ReportTime>,
    /// Until when: seconds since 1970, or RFC 3339. Absent: until it is no longer reported.
    pub expires: Option<ReportTime>,
    /// The user who is banned there; absent: everybody.
    pub user: Option<String>,
    /// The User-Agent of the last request.
    pub user_agent: Option<String>,
}

/// Seconds since 1970, or RFC 3339.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum ReportTime {
    /// Seconds since 1970.
    Seconds(u32),
    /// RFC 3339.
    Text(String),
}

/// A [`ReportInputBan`] that is parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedBan {
    /// The source.
    pub ip: IpRange,
    /// Why.
    pub reason: String,
    /// The requests that led to it.
    pub count: i64,
    /// Since when.
    pub since: Option<Timestamp>,
    /// Until when.
    pub expires: Option<Timestamp>,
    /// The user who is banned there.
    pub user: Option<String>,
    /// The User-Agent.
    pub user_agent: Option<String>,
}

impl ReportInput {
    /// The node, and its bans without duplicates.
    ///
    /// # Errors
    /// All faults.
    pub fn parse(&self) -> Result<(String, Vec<ReportedBan>), FieldErrors> {
        let mut errors = FieldErrors::default();
        let node = errors.record("node", node(&self.node));
        if self.bans.len() > MAX_BANS {
            let message = format!("A report has at most {MAX_BANS} bans.");
            errors.add("bans", FieldFault::new("too_many", message));
        }
        let mut bans: Vec<ReportedBan> = Vec::with_capacity(self.bans.len().min(MAX_BANS));
        let mut known = std::collections::HashSet::new();
        for (index, ban) in self.bans.iter().take(MAX_BANS).enumerate() {
            let parsed = ban.parse(&mut errors, index);
            bans.extend(parsed.filter(|ban| known.insert((ban.ip.clone(), ban.user.clone()))));
        }
        if errors.is_empty() { Ok((node.unwrap_or_default(), bans)) } else { Err(errors) }
    }
}

impl ReportInputBan {
    fn parse(&self, errors: &mut FieldErrors, index: usize) -> Option<ReportedBan> {
        let field = |name: &str| format!("bans.{index}.{name}");
        let ip = errors.record(&field("ip"), self.ip.parse::<IpRange>());
        let mut time = |name: &str, given: &Option<ReportTime>| {
            let parsed = given.as_ref().map(ReportTime::parse).transpose();
            errors.record(&field(name), parsed).flatten()
        };
        let (since, expires) = (time("since", &self.since), time("expires", &self.expires));
        let user = self.user.clone().filter(|user| !user.is_empty());
        Some(ReportedBan {
            ip: ip?,
            reason: self.reason.clone(),
            count: i64::from(self.count.unwrap_or_default()),
            since,
            expires,
            user,
            user_agent: self.user_agent.clone(),
        })
    }
}

impl ReportTime {
    fn parse(&self) -> Result<Timestamp, FieldFault> {
        match self {
            Self::Seconds(seconds) => Ok(Timestamp::from_millis(i64::from(*seconds) * 1000)),
            Self::Text(text) => Timestamp::parse(text).ok_or_else(|| {
                FieldFault::new("bad_time", "Write seconds since 1970, or RFC 3339 such as 2026-11-20T18:42:41Z.")
            }),
        }
    }
}

fn node(given: &str) -> Result<String, FieldFault> {
    let name = text::plain(given, "the node's name", 64)?;
    if name.is_empty() { Err(FieldFault::required("Enter the node's name.")) } else { Ok(name) }
}

/// A list, or in a form its JSON text.
fn list_or_json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<ReportInputBan>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Given {
        List(Vec<ReportInputBan>),
        Json(String),
    }
    match Given::deserialize(deserializer)? {
        Given::List(list) => Ok(list),
        Given::Json(text) => serde_json::from_str(&text).map_err(serde::de::Error::custom),
    }
}

/// The body of `POST /security/allow`.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct AllowInput {
    /// An address, or a range in CIDR notation. Its bans are lifted.
    #[schema(example = "203.0.113.0/28")]
    pub ip: String,
    /// Why.
    pub reason: Option<String>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn faults(bans: serde_json::Value) -> Vec<String> {
        let input: ReportInput = serde_json::from_value(json!({ "node": "edge-1", "bans": bans })).unwrap();
        let errors = input.parse().unwrap_err();
        errors.iter().map(|error| format!("{} {}", error.field, error.code)).collect()
    }

    #[test]
    fn report_is_a_list_or_its_text() {
        let list = json!([{ "ip": "::ffff:203.0.113.7", "reason": "pike", "since": 1_790_000_000, "userAgent": "x" }]);
        let json: ReportInput = serde_json::from_value(json!({ "node": "edge-1", "bans": list })).unwrap();
        let form: ReportInput = serde_json::from_value(json!({ "node": "edge-1", "bans": list.to_string() })).unwrap();
        assert_eq!(json.parse().unwrap(), form.parse().unwrap());
        let (_, bans) = json.parse().unwrap();
        assert_eq!(bans[0].ip.to_string(), "203.0.113.7");
        assert_eq!(bans[0].since.map(Timestamp::millis), Some(1_790_000_000_000));
    }

    #[test]
    fn everything_cannot_be_banned() {
        for ip in ["0.0.0.0/0", "::/0", "::ffff:0.0.0.0/96"] {
            assert_eq!(faults(json!([{ "ip": ip, "reason": "x" }])), ["bans.0.ip matches_everything"], "{ip}");
        }
        assert_eq!(faults(json!([{ "ip": "10.0.0.0/33", "reason": "x" }])), ["bans.0.ip bad_prefix"]);
        let good = json!({ "ip": "203.0.113.7", "reason": "x" });
        let late = json!({ "ip": "203.0.113.8", "reason": "x", "expires": "tomorrow" });
        assert_eq!(faults(json!([good, late])), ["bans.1.expires bad_time"]);
    }

    #[test]
    fn query_is_parsed() {
        let query = BanQuery { status: "active".into(), flagged: "1".into(), q: " Pike ".into(), limit: String::new() };
        let parsed = query.parse().unwrap();
        assert_eq!((parsed.status, parsed.flagged, parsed.limit), (Some(BanStatus::Active), Some(true), 100));
        let bad = BanQuery { status: "x".into(), flagged: "x".into(), limit: "0".into(), ..BanQuery::default() };
        assert_eq!(bad.parse().unwrap_err().len(), 3);
    }
}
