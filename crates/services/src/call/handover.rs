//! Hands the call of a bot that the fleet answers over to a fleet server: once, however often LiveKit reports the caller.
//!
//! The hand-over is claimed in the database before the fleet is asked. A refusal releases the claim, so that LiveKit's next
//! report of the event asks again; after a lost answer the fleet may have accepted the call, and it is not asked again.

use std::sync::Arc;

use api_types::view::ChangeKind;
use domain::{CallEventKind, CallId, FleetUrl, Handover, Secret};
use fleet::{Answer, DispatchRequest};
use serde_json::Value;
use thiserror::Error as ThisError;
use tracing::warn;

use super::{add_event, save};
use crate::{Error, FleetServers, Result, context::Context, unit_of_work::UnitOfWork};

/// A call that the fleet is to answer.
#[derive(Clone, Debug)]
pub(super) struct HandoverRequest {
    pub call_id: CallId,
    pub dispatch: DispatchRequest,
}

/// Why a call was not handed over.
#[derive(Clone, Debug, ThisError)]
pub enum HandoverError {
    /// This server shares no secret with the fleet.
    #[error("no core secret is configured")]
    NoCoreSecret,
    /// No fleet server is enabled.
    #[error("the fleet has no enabled server")]
    NoFleet,
    /// No fleet server is healthy and has free capacity.
    #[error("no healthy fleet server has free capacity")]
    NoHealthyFleet,
    /// A server is asking the fleet at this moment.
    #[error("the call is being handed over")]
    UnderWay,
    /// The fleet refused the call.
    #[error("the fleet refused the call: {}", .0.error)]
    Refused(Box<Answer>),
    /// The fleet server did not accept the connection.
    #[error("the fleet server cannot be reached: {0}")]
    Unreachable(String),
    /// The answer was lost: the fleet may have accepted the call.
    #[error("the fleet server's answer was lost: {0}")]
    Lost(String),
}

/// The fleet's answer; None where the call was handed over before.
pub(super) async fn hand_over(
    context: &Arc<Context>,
    fleet: &FleetServers,
    request: HandoverRequest,
    secret: Option<&Secret>,
) -> Result<Result<Option<Value>, HandoverError>> {
    let Some(secret) = secret else { return Ok(Err(HandoverError::NoCoreSecret)) };
    let HandoverRequest { call_id, dispatch } = request;
    let state = context
        .transact(None, call_id.clone(), |uow, id| Box::pin(async move { Ok(uow.tx.claim_handover(id).await?) }));
    match state.await? {
        Handover::None => {}
        Handover::Claimed => return Ok(Err(HandoverError::UnderWay)),
        Handover::Done => return Ok(Ok(None)),
        Handover::Lost => {
            return Ok(Err(HandoverError::Lost("the fleet may have accepted the call before".to_owned())));
        }
    }
    let outcome = ask(context, fleet, &dispatch, secret).await;
    let (state, entry) = match &outcome {
        Ok((url, answer)) => (Handover::Done, Entry::accepted(url, answer)),
        Err(error @ HandoverError::Lost(_)) => (Handover::Lost, Entry::failed(error)),
        Err(error) => (Handover::None, Entry::failed(error)),
    };
    let input = (call_id, state, entry);
    context.transact(None, input, |uow, (id, state, entry)| Box::pin(finish(uow, id, *state, entry))).await?;
    Ok(outcome.map(|(_, answer)| answer.body))
}

async fn ask(
    context: &Arc<Context>,
    fleet: &FleetServers,
    dispatch: &DispatchRequest,
    secret: &Secret,
) -> Result<(FleetUrl, Answer), HandoverError> {
    let url = fleet.pick(&context.account).await.map_err(|error| match error {
        Error::NoFleet => HandoverError::NoFleet,
        Error::NoHealthyFleet => HandoverError::NoHealthyFleet,
        error => HandoverError::Unreachable(error.to_string()),
    })?;
    match fleet.client().dispatch(&url, secret, dispatch).await {
        Ok(answer) if answer.status == 200 => Ok((url, answer)),
        Ok(answer) => Err(HandoverError::Refused(Box::new(answer))),
        Err(fleet::Error::Lost { message }) => Err(HandoverError::Lost(message)),
        Err(error) => {
            fleet.failed(&url, &error.to_string());
            Err(HandoverError::Unreachable(error.to_string()))
        }
    }
}

/// What the call's history says of the hand-over.
struct Entry {
    kind: CallEventKind,
    detail: String,
    fleet_url: Option<String>,
    fleet_call_id: Option<String>,
}

impl Entry {
    fn accepted(url: &FleetUrl, answer: &Answer) -> Self {
        let id = answer.body.as_ref().and_then(|body| body.get("call_id")?.as_str()).map(str::to_owned);
        let url = url.to_string();
        Self { kind: CallEventKind::HandedOver, detail: url.clone(), fleet_url: Some(url), fleet_call_id: id }
    }

    fn failed(error: &HandoverError) -> Self {
        warn!(%error, "a call was not handed over to the fleet");
        Self { kind: CallEventKind::HandoverFailed, detail: error.to_string(), fleet_url: None, fleet_call_id: None }
    }
}

async fn finish(uow: &mut UnitOfWork, id: &CallId, state: Handover, entry: &Entry) -> Result<()> {
    uow.tx.set_handover(id, state).await?;
    // It may have been pruned.
    let Some(mut call) = uow.tx.call(&uow.account, id).await? else { return Ok(()) };
    if entry.fleet_url.is_some() {
        call.fleet_url.clone_from(&entry.fleet_url);
        call.fleet_call_id.clone_from(&entry.fleet_call_id);
    }
    save(uow, &call, ChangeKind::Updated).await?;
    let now = uow.now();
    add_event(uow, &call, now, entry.kind, &entry.detail).await
}
