//! Trunks, as in `pkg/service/sip.go` of livekit-server.

use livekit_protocol as proto;
use proto::{
    update_sip_inbound_trunk_request::Action as InboundAction,
    update_sip_outbound_trunk_request::Action as OutboundAction,
};

use crate::{
    conflict,
    error::{Fault, Refusal},
    list::{inbound_matches, outbound_matches, paged},
    store::{Objects, Store, new_id},
    update, validate,
};

const PREFIX: &str = "ST_";

pub(crate) fn create_inbound(
    store: &Store,
    request: proto::CreateSipInboundTrunkRequest,
) -> Result<proto::SipInboundTrunkInfo, Refusal> {
    let mut trunk = request.trunk.ok_or_else(|| Refusal::invalid("missing trunk"))?;
    no_id(&trunk.sip_trunk_id)?;
    validate::inbound(&trunk).map_err(Fault::in_request)?;
    store.change(|objects| {
        // Before it has an id, so that the message says "<new>".
        conflict::trunks(conflict::alternating(sharing_a_number(objects, &trunk.numbers), &trunk))?;
        trunk.sip_trunk_id = new_id(PREFIX);
        objects.inbound.insert(trunk.sip_trunk_id.clone(), trunk.clone());
        Ok(trunk)
    })
}

pub(crate) fn update_inbound(
    store: &Store,
    request: proto::UpdateSipInboundTrunkRequest,
) -> Result<proto::SipInboundTrunkInfo, Refusal> {
    let id = request.sip_trunk_id;
    let action = checked_action(&id, request.action)?;
    match &action {
        InboundAction::Replace(trunk) => {
            same_id(&trunk.sip_trunk_id, &id)?;
            validate::inbound(trunk).map_err(Fault::in_request)?;
        }
        InboundAction::Update(change) => update::check_inbound(change).map_err(Fault::in_request)?,
    }
    store.change(|objects| {
        let old = objects.inbound.get(&id).ok_or_else(Refusal::no_trunk)?;
        let trunk = match action {
            InboundAction::Replace(trunk) => proto::SipInboundTrunkInfo { sip_trunk_id: id.clone(), ..trunk },
            InboundAction::Update(change) => {
                let mut trunk = old.clone();
                update::inbound(&mut trunk, change);
                validate::inbound(&trunk).map_err(Fault::in_result)?;
                trunk
            }
        };
        // The new trunk takes part only where the old one is found by the new numbers: moving a trunk to other numbers
        // goes unchecked, here as there.
        conflict::trunks(
            sharing_a_number(objects, &trunk.numbers)
                .map(|stored| if stored.sip_trunk_id == id { &trunk } else { stored }),
        )?;
        objects.inbound.insert(id.clone(), trunk.clone());
        Ok(trunk)
    })
}

fn sharing_a_number<'a>(
    objects: &'a Objects,
    numbers: &'a [String],
) -> impl Iterator<Item = &'a proto::SipInboundTrunkInfo> {
    objects.inbound.values().filter(|trunk| inbound_matches(trunk, &[], numbers))
}

pub(crate) fn create_outbound(
    store: &Store,
    request: proto::CreateSipOutboundTrunkRequest,
) -> Result<proto::SipOutboundTrunkInfo, Refusal> {
    let mut trunk = request.trunk.ok_or_else(|| Refusal::invalid("missing trunk"))?;
    no_id(&trunk.sip_trunk_id)?;
    validate::outbound(&trunk).map_err(Fault::in_request)?;
    store.change(|objects| {
        trunk.sip_trunk_id = new_id(PREFIX);
        objects.outbound.insert(trunk.sip_trunk_id.clone(), trunk.clone());
        Ok(trunk)
    })
}

pub(crate) fn update_outbound(
    store: &Store,
    request: proto::UpdateSipOutboundTrunkRequest,
) -> Result<proto::SipOutboundTrunkInfo, Refusal> {
    let id = request.sip_trunk_id;
    let action = checked_action(&id, request.action)?;
    match &action {
        OutboundAction::Replace(trunk) => {
            same_id(&trunk.sip_trunk_id, &id)?;
            validate::outbound(trunk).map_err(Fault::in_request)?;
        }
        OutboundAction::Update(change) => update::check_outbound(change).map_err(Fault::in_request)?,
    }
    store.change(|objects| {
        let old = objects.outbound.get(&id).ok_or_else(Refusal::no_trunk)?;
        let trunk = match action {
            OutboundAction::Replace(trunk) => proto::SipOutboundTrunkInfo { sip_trunk_id: id.clone(), ..trunk },
            OutboundAction::Update(change) => {
                let mut trunk = old.clone();
                update::outbound(&mut trunk, change);
                validate::outbound(&trunk).map_err(Fault::in_result)?;
                trunk
            }
        };
        objects.outbound.insert(id.clone(), trunk.clone());
        Ok(trunk)
    })
}

pub(crate) fn get_inbound(
    store: &Store,
    request: proto::GetSipInboundTrunkRequest,
) -> Result<proto::GetSipInboundTrunkResponse, Refusal> {
    given(&request.sip_trunk_id)?;
    let trunk = store.read(|objects| objects.inbound.get(&request.sip_trunk_id).cloned());
    Ok(proto::GetSipInboundTrunkResponse { trunk: Some(trunk.ok_or_else(Refusal::no_trunk)?) })
}

pub(crate) fn get_outbound(
    store: &Store,
    request: proto::GetSipOutboundTrunkRequest,
) -> Result<proto::GetSipOutboundTrunkResponse, Refusal> {
    given(&request.sip_trunk_id)?;
    let trunk = store.read(|objects| objects.outbound.get(&request.sip_trunk_id).cloned());
    Ok(proto::GetSipOutboundTrunkResponse { trunk: Some(trunk.ok_or_else(Refusal::no_trunk)?) })
}

pub(crate) fn list_inbound(
    store: &Store,
    request: proto::ListSipInboundTrunkRequest,
) -> Result<proto::ListSipInboundTrunkResponse, Refusal> {
    let keep = |trunk: &_| inbound_matches(trunk, &request.trunk_ids, &request.numbers);
    let items = store.read(|objects| paged(&objects.inbound, request.page.as_ref(), keep));
    Ok(proto::ListSipInboundTrunkResponse { items })
}

pub(crate) fn list_outbound(
    store: &Store,
    request: proto::ListSipOutboundTrunkRequest,
) -> Result<proto::ListSipOutboundTrunkResponse, Refusal> {
    let keep = |trunk: &_| outbound_matches(trunk, &request.trunk_ids, &request.numbers);
    let items = store.read(|objects| paged(&objects.outbound, request.page.as_ref(), keep));
    Ok(proto::ListSipOutboundTrunkResponse { items })
}

/// Deleting a missing trunk succeeds, and rules keep the id of a deleted one.
pub(crate) fn delete(store: &Store, request: proto::DeleteSipTrunkRequest) -> Result<proto::SipTrunkInfo, Refusal> {
    given(&request.sip_trunk_id)?;
    store.change(|objects| {
        objects.inbound.remove(&request.sip_trunk_id);
        objects.outbound.remove(&request.sip_trunk_id);
        Ok(proto::SipTrunkInfo { sip_trunk_id: request.sip_trunk_id, ..Default::default() })
    })
}

fn given(id: &str) -> Result<(), Refusal> {
    if id.is_empty() { Err(Refusal::invalid("trunk ID is required")) } else { Ok(()) }
}

fn no_id(id: &str) -> Result<(), Refusal> {
    if id.is_empty() { Ok(()) } else { Err(Refusal::invalid("trunk id must not be set")) }
}

fn same_id(inside: &str, id: &str) -> Result<(), Refusal> {
    if inside.is_empty() || inside == id {
        return Ok(());
    }
    Err(Refusal::invalid("trunk id in the info must be empty or match the id in the update"))
}

fn checked_action<Action>(id: &str, action: Option<Action>) -> Result<Action, Refusal> {
    if id.is_empty() {
        return Err(Refusal::invalid("trunk id must be set"));
    }
    action.ok_or_else(|| Refusal::invalid("missing or unsupported update action"))
}
