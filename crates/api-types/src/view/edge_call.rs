//! What the SIP edge and the console read of calls at the edge.

use domain::{
    Timestamp,
    edge::{
        TraceSource, TraceStep,
        binding::Binding,
        cac::{Counters, EdgeDirection, OpenCall},
    },
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The answer to `POST /presence/event`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PresenceView {
    /// Always true: the event was received.
    pub ok: bool,
    /// What became of it: `applied`, `repeated`, or `out_of_order` where a later event came before and nothing has changed.
    pub result: String,
}

/// `GET /cac` and `GET /api/v1/edge/live`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CacView {
    /// The account.
    pub account_id: String,
    /// Open calls by what they are counted by; without those that are 0.
    pub channels: Vec<ChannelCounterView>,
    /// Calls that began in a period.
    pub windows: Vec<WindowCounterView>,
    /// The open calls, the oldest first.
    pub calls: Vec<OpenCallView>,
}

/// Open calls of a dimension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChannelCounterView {
    /// `account_in`, `account_out`, `account_dialer`, `user:us_…`, `did:did_…` or `carrier:car_…`.
    pub dimension: String,
    /// Open calls.
    pub in_use: u32,
    /// The limit as of the last call; null where there is none.
    pub max: Option<u32>,
}

/// Calls that began in a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WindowCounterView {
    /// The call limit.
    pub limit_id: String,
    /// The user or number where the limit applies to each of them; else empty.
    pub subject: String,
    /// The length of the period.
    pub period_sec: u32,
    /// Calls in the period.
    pub count: u64,
    /// How many there may be.
    pub max_count: u32,
    /// Further calls are refused.
    pub hard: bool,
}

/// An open call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpenCallView {
    /// SIP's Call-ID.
    pub call_id: String,
    /// `inbound`, `outbound` or `internal`.
    #[schema(value_type = String)]
    pub direction: EdgeDirection,
    /// The caller.
    pub from: String,
    /// Who is called.
    pub to: String,
    /// What the call is counted by.
    pub dimensions: Vec<String>,
    /// When it was admitted.
    pub admitted_at: Timestamp,
    /// When it ends without further news.
    pub expires_at: Timestamp,
}

impl CacView {
    /// What the live state knows.
    pub fn new(account_id: String, counters: Counters, calls: Vec<OpenCall>) -> Self {
        let channels = counters.channels.into_iter().map(|counter| ChannelCounterView {
            dimension: counter.dimension.to_string(),
            in_use: counter.in_use,
            max: counter.max,
        });
        let windows = counters.windows.into_iter().map(|counter| WindowCounterView {
            limit_id: counter.limit.key.limit.to_string(),
            subject: counter.limit.key.subject,
            period_sec: counter.limit.period_sec,
            count: counter.count,
            max_count: counter.limit.max_count,
            hard: counter.limit.hard,
        });
        Self {
            account_id,
            channels: channels.collect(),
            windows: windows.collect(),
            calls: calls.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<OpenCall> for OpenCallView {
    fn from(call: OpenCall) -> Self {
        Self {
            call_id: call.call_id,
            direction: call.parties.direction,
            from: call.parties.from,
            to: call.parties.to,
            dimensions: call.dimensions.iter().map(ToString::to_string).collect(),
            admitted_at: call.admitted_at,
            expires_at: call.expires_at,
        }
    }
}

/// The answer to `POST /cac/reset`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CacResetView {
    /// Always true.
    pub ok: bool,
    /// Calls that are not counted any more.
    pub released: usize,
}

/// `GET /calls/{callId}/trace` and `GET /api/v1/calls/{id}/trace`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TraceView {
    /// SIP's Call-ID.
    pub call_id: String,
    /// The steps, in order; at most 2,000.
    pub steps: Vec<TraceStepView>,
}

/// A step of a trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TraceStepView {
    /// When.
    pub at: Timestamp,
    /// Milliseconds since the first step.
    pub offset_ms: i64,
    /// What handled the step.
    pub source: TraceSource,
    /// Which step.
    pub step: String,
    /// How it ended.
    pub outcome: String,
    /// The particulars or the error; may be empty.
    pub detail: String,
}

impl TraceView {
    /// The steps in their order.
    pub fn new(call_id: String, steps: Vec<TraceStep>) -> Self {
        let first = steps.first().map_or(0, |step| step.at.millis());
        let view = |step: TraceStep| TraceStepView {
            offset_ms: step.at.millis() - first,
            at: step.at,
            source: step.source,
            step: step.step,
            outcome: step.outcome,
            detail: step.detail,
        };
        Self { call_id, steps: steps.into_iter().map(view).collect() }
    }
}

/// `GET /api/v1/edge/registrations`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RegistrationPage {
    /// By address of record.
    pub items: Vec<RegistrationView>,
    /// The cursor of the next page; null on the last.
    pub next_cursor: Option<String>,
}

/// An address of record that is reachable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RegistrationView {
    /// The address of record.
    pub aor: String,
    /// Its contacts.
    pub contacts: Vec<ContactView>,
}

/// A contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContactView {
    /// The contact's URI.
    pub uri: String,
    /// Where the REGISTER came from, if that differs.
    pub received: Option<String>,
    /// User-Agent.
    pub user_agent: Option<String>,
    /// The device that has authenticated.
    pub device_id: Option<String>,
    /// The edge node that received it.
    pub node: String,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
}

impl From<Binding> for ContactView {
    fn from(binding: Binding) -> Self {
        Self {
            uri: binding.contact.uri,
            received: binding.contact.received,
            user_agent: binding.contact.user_agent,
            device_id: binding.contact.device_id,
            node: binding.node,
            registered_at: binding.registered_at,
            expires_at: binding.expires_at,
        }
    }
}
