//! `POST /route`: where a call goes, once for each Call-ID.

mod preview;
mod record;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use api_types::input::{EdgeCaller, EdgeRouteRequest};
use domain::{
    EdgeUserId, SipAddress,
    edge::{
        cac::{Admission, AdmitRequest, Admitted, CallParties, Dimension, EdgeDirection, Refusal},
        route::{
            AnswerContext, Bindings, Decision, Directory, Reject, RouteRequest, Rtjson, RtjsonAction, Step, answer,
            decide, limits, reachable,
        },
    },
};
use live_state::FirstAnswer;
use serde::Serialize;
use tracing::warn;

use super::{calls::CALL_LEASE, index::EdgeView};
use crate::{Error, Result, context::Context};

/// How long a repeated INVITE gets the same answer. Clients repeat one for 32 seconds (RFC 3261 §17.1.1.2), some of them as a
/// new transaction after a failure.
const ANSWER_KEPT: Duration = Duration::from_secs(300);
/// As long as that for a rejected call: a new attempt may be admitted.
const REJECTION_KEPT: Duration = Duration::from_secs(32);
/// How many users may be found busy one after another, by forwards.
const BUSY_USERS: usize = 8;

/// Routes calls; cheap to clone.
#[derive(Clone)]
pub struct Routing {
    context: Arc<Context>,
    /// LiveKit's SIP endpoint.
    livekit: Option<SipAddress>,
    /// Counts calls, for ring groups with `round_robin`.
    sequence: Arc<AtomicUsize>,
}

/// The body of the answer.
#[derive(Serialize)]
struct Body<'a> {
    rtjson: &'a Rtjson,
}

/// A routed call, before it is answered.
struct Routed {
    decision: Decision,
    document: Rtjson,
    /// What the call was admitted for.
    admission: Option<(AdmitRequest, Admitted)>,
}

impl Routing {
    pub(crate) fn new(context: Arc<Context>, livekit: Option<SipAddress>) -> Self {
        Self { context, livekit, sequence: Arc::default() }
    }

    /// Routes an INVITE, and returns the JSON of the answer: `{"rtjson": {…}}`. A repeated INVITE gets the answer of the first
    /// one, and is not admitted again.
    ///
    /// # Errors
    /// [`Error::EdgeNotReady`] before the configuration was read; [`Error::LiveState`]; [`Error::Journal`].
    pub async fn route(&self, request: &EdgeRouteRequest) -> Result<String> {
        let Context { live, account, .. } = &*self.context;
        match live.answer(account, &request.call_id).await {
            Ok(Some(answer)) => return Ok(answer),
            Ok(None) => {}
            Err(error) => warn!(%error, "the answer to a repeated INVITE is not known"),
        }
        let routed = self.decide(request).await?;
        let body = serde_json::to_string(&Body { rtjson: &routed.document })
            .expect("a document is a struct of texts, numbers and lists");
        let is_rejected = routed.document.action == RtjsonAction::Reject;
        // The INVITE of a device that was not challenged yet: it follows with credentials and the same Call-ID.
        if is_rejected && request.caller == EdgeCaller::Unknown {
            self.record_unchallenged(request, &routed)?;
            return Ok(body);
        }
        if let Err(error) = self.record(request, &routed) {
            self.release(request, &routed).await;
            return Err(error);
        }
        let kept = if is_rejected { REJECTION_KEPT } else { ANSWER_KEPT };
        match live.first_answer(account, &request.call_id, &body, kept).await {
            Ok(FirstAnswer::Stored) => Ok(body),
            Ok(FirstAnswer::Existing(first)) => {
                if !is_rejected && first.contains(r#""action":"reject""#) {
                    self.release(request, &routed).await;
                }
                Ok(first)
            }
            Err(error) => {
                warn!(%error, "a repeated INVITE may get another answer");
                Ok(body)
            }
        }
    }

    async fn release(&self, request: &EdgeRouteRequest, routed: &Routed) {
        if routed.admission.as_ref().is_some_and(|(_, admitted)| !admitted.repeated) {
            let released = self.context.live.release(&self.context.account, &request.call_id).await;
            if let Err(error) = released {
                warn!(%error, "a call that was not answered stays counted until its lease ends");
            }
        }
    }

    /// Decides, admits, and writes the document. A callee with as many calls as allowed is busy: the decision is made again.
    async fn decide(&self, request: &EdgeRouteRequest) -> Result<Routed> {
        let sequence = self.sequence.fetch_add(1, Ordering::Relaxed);
        let mut busy: Vec<EdgeUserId> = Vec::new();
        loop {
            let mut decision = self.decide_once(request, sequence, &busy)?;
            let bindings = self.bindings(&decision).await?;
            decision.step = reachable(decision.step, &bindings);
            let admission = match self.admit(request, &decision).await? {
                Admit::Uncounted => None,
                Admit::Admitted(admit, admitted) => Some((admit, admitted)),
                Admit::Refused(Refusal::Channels { dimension: Dimension::User(user), .. })
                    if decision.caller.as_ref() != Some(&user) && busy.len() < BUSY_USERS && !busy.contains(&user) =>
                {
                    busy.push(user);
                    continue;
                }
                Admit::Refused(refusal) => {
                    decision.step = Step::Reject(rejection(&refusal));
                    None
                }
            };
            let first_carrier = admission.as_ref().and_then(|(_, admitted)| admitted.alternative).unwrap_or_default();
            let domain = self.domain(request);
            let document = answer(
                &decision,
                &AnswerContext {
                    account: &self.context.account,
                    livekit: self.livekit.as_ref(),
                    domain: domain.as_ref(),
                    bindings: &bindings,
                    first_carrier,
                },
            );
            let mut routed = Routed { decision, document, admission };
            if routed.document.action == RtjsonAction::Reject && routed.admission.is_some() {
                // The answer could not be written after all.
                self.release(request, &routed).await;
                routed.admission = None;
            }
            return Ok(routed);
        }
    }

    fn view(&self) -> Result<EdgeView<'_>> {
        self.context.index.edge().ok_or(Error::EdgeNotReady)
    }

    fn decide_once(&self, request: &EdgeRouteRequest, sequence: usize, busy: &[EdgeUserId]) -> Result<Decision> {
        let view = self.view()?;
        let caller = match caller(&view, &request.caller) {
            Ok(caller) => caller,
            Err(why) => return Ok(rejected(request, why)),
        };
        let request = RouteRequest {
            from: &request.from,
            to: &request.to,
            caller,
            source: request.source,
            now: self.context.clock.now(),
            sequence,
            busy,
        };
        Ok(decide(&view, &request))
    }

    /// The domain of callers' addresses: that of the From header if it is one of the account's, else the primary one.
    fn domain(&self, request: &EdgeRouteRequest) -> Option<SipAddress> {
        let view = self.view().ok()?;
        let given = Some(request.from_domain.as_str()).filter(|domain| view.has_domain(domain));
        given.or(view.primary_domain())?.parse().ok()
    }

    async fn bindings(&self, decision: &Decision) -> Result<Bindings> {
        let aors = decision.step.aors();
        if aors.is_empty() {
            return Ok(Bindings::default());
        }
        let bindings = self.context.live.bindings_of(&self.context.account, &aors).await?;
        Ok(aors.into_iter().zip(bindings).collect())
    }

    async fn admit(&self, request: &EdgeRouteRequest, decision: &Decision) -> Result<Admit> {
        let Some(limits) = limits(&self.view()?, decision) else { return Ok(Admit::Uncounted) };
        let admit = AdmitRequest {
            call_id: request.call_id.clone(),
            parties: CallParties {
                direction: decision.direction,
                from: decision.from.clone(),
                to: decision.to.clone(),
            },
            channels: limits.channels,
            alternatives: limits.alternatives,
            windows: limits.windows,
            lease_millis: i64::try_from(CALL_LEASE.as_millis()).unwrap_or(i64::MAX),
        };
        match self.context.live.admit(&self.context.account, &admit).await {
            Ok(Admission::Admitted(admitted)) => Ok(Admit::Admitted(admit, admitted)),
            Ok(Admission::Refused(refusal)) => Ok(Admit::Refused(refusal)),
            Err(error) if is_emergency(decision) => {
                warn!(%error, "an emergency call is not counted");
                Ok(Admit::Uncounted)
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// What became of the admission.
enum Admit {
    /// The call is rejected anyway, or is an emergency call without live state.
    Uncounted,
    Admitted(AdmitRequest, Admitted),
    Refused(Refusal),
}

fn is_emergency(decision: &Decision) -> bool {
    matches!(&decision.step, Step::Carriers(call) if call.is_emergency)
}

/// The user who calls; None for a caller who has not authenticated.
fn caller(view: &EdgeView<'_>, caller: &EdgeCaller) -> Result<Option<EdgeUserId>, &'static str> {
    let device = match caller {
        EdgeCaller::Unknown => return Ok(None),
        EdgeCaller::User(user) => return Ok(Some(user.clone())),
        EdgeCaller::Device(device) => view.device(device),
        EdgeCaller::Credentials { username, realm } => view.device_by_credentials(username, realm),
    };
    match device {
        Some(device) if device.is_active => Ok(Some(device.user_id)),
        Some(_) => Err("the caller's device is disabled"),
        None => Err("the caller's device does not exist any more"),
    }
}

fn rejected(request: &EdgeRouteRequest, why: &str) -> Decision {
    Decision {
        direction: EdgeDirection::Internal,
        from: request.from.clone(),
        to: request.to.clone(),
        caller_name: None,
        did: None,
        caller: None,
        step: Step::reject(403, why),
        considered: Vec::new(),
    }
}

fn rejection(refusal: &Refusal) -> Reject {
    match refusal {
        Refusal::Channels { dimension, max, in_use } => {
            let code = if matches!(dimension, Dimension::User(_) | Dimension::Did(_)) { 486 } else { 503 };
            Reject::new(code, format!("{dimension} has {in_use} open calls, and may have {max}"))
        }
        Refusal::Window { key, max_count, period_sec, .. } => {
            let why = format!("{}: {max_count} calls in {period_sec} s are reached", key.limit);
            Reject::new(503, why)
        }
    }
}
