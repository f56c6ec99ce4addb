use domain::{CarrierId, OutboundRouteId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The answer of `POST /route`, as OpenAPI describes it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct EdgeRouteView {
    /// The routing document.
    pub rtjson: EdgeRtjson,
}

/// What the edge does with the call. `version`, `routing` and `routes` are those of Kamailio's module rtjson; they are there
/// for `proxy`, `bot` and `outbound`. The document has less than 8 KB.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct EdgeRtjson {
    /// `flow`, `proxy`, `bot`, `outbound` or `reject`.
    #[schema(example = "flow")]
    pub action: String,
    /// The account.
    pub account_id: Option<String>,
    /// The call flow; without one, `kind` and `target_id` name the queue, the voicemail box or the conference.
    pub flow_id: Option<String>,
    /// `queue`, `voicemail` or `conference`.
    pub kind: Option<String>,
    /// The id of the queue or the voicemail box, or the conference's room.
    pub target_id: Option<String>,
    /// `caller_cid`, `called`, `direction`, `caller_name`.
    #[schema(value_type = Object)]
    pub vars: Option<serde_json::Value>,
    /// Always `1.0`.
    pub version: Option<String>,
    /// `serial` or `parallel`.
    pub routing: Option<String>,
    /// `uri`, `dst_uri`, `path`, `socket`, `headers`, `fr_timer`, `fr_inv_timer`, and `carrier_id` beside them.
    #[schema(value_type = Option<Vec<Object>>)]
    pub routes: Option<serde_json::Value>,
    /// How long the phones ring, in milliseconds.
    pub ring_timeout: Option<u32>,
    /// The document that follows where the callee is busy or declines.
    #[schema(value_type = Option<Object>)]
    pub on_busy: Option<serde_json::Value>,
    /// The document that follows where nobody answers.
    #[schema(value_type = Option<Object>)]
    pub on_no_answer: Option<serde_json::Value>,
    /// The SIP status of a rejected call.
    pub code: Option<u16>,
    /// The reason phrase of a rejected call.
    pub reason: Option<String>,
    /// Why the call is rejected.
    pub why: Option<String>,
}

/// Which rule decides a call, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EdgeRoutePreview {
    /// `inbound`, `outbound` or `internal`.
    pub direction: String,
    /// The caller.
    pub from: String,
    /// What is called, normalised.
    pub to: String,
    /// `flow`, `proxy`, `bot`, `outbound` or `reject`, if every device were registered.
    pub action: String,
    /// What happens, in a sentence.
    pub summary: String,
    /// The SIP status where the call is rejected.
    pub code: Option<u16>,
    /// The carriers of an outbound call, in the order in which they are tried.
    pub carriers: Vec<EdgeRouteCarrier>,
    /// The addresses of record that ring.
    pub aors: Vec<String>,
    /// Every rule that was considered, in order.
    pub considered: Vec<EdgeRouteRule>,
}

/// A carrier of an outbound call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EdgeRouteCarrier {
    /// The carrier.
    pub carrier_id: CarrierId,
    /// Its name.
    pub name: String,
    /// The outbound route that names it; absent for the user's own carrier and for emergency numbers.
    pub route_id: Option<OutboundRouteId>,
    /// The number that the carrier gets.
    pub number: String,
    /// The caller ID's number.
    pub cid_number: Option<String>,
}

/// A rule that was considered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EdgeRouteRule {
    /// `emergency`, `extension`, `user`, `did`, `schedule`, `trunk` or `outbound_route`.
    pub rule: String,
    /// The rule's id or name.
    pub id: Option<String>,
    /// Whether it decides the call.
    pub applies: bool,
    /// Why, or why not.
    pub why: String,
}
