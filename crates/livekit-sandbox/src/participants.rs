//! Calls. The sandbox has none: it responds as a LiveKit without livekit-sip.

use livekit_protocol as proto;

use crate::{
    error::{Fault, Refusal},
    store::Store,
};

pub(crate) fn create(
    store: &Store,
    request: proto::CreateSipParticipantRequest,
) -> Result<proto::SipParticipantInfo, Refusal> {
    check(&request).map_err(Fault::in_request)?;
    let id = &request.sip_trunk_id;
    if !id.is_empty() && !store.read(|objects| objects.outbound.contains_key(id)) {
        return Err(Refusal::no_trunk());
    }
    Err(Refusal::new("unavailable", "twirp error unknown: no response from servers"))
}

fn check(request: &proto::CreateSipParticipantRequest) -> Result<(), Fault> {
    if request.sip_trunk_id.is_empty() && request.trunk.is_none() && request.sip_number.is_empty() {
        return Err(Fault::plain("missing sip trunk id and sip number"));
    }
    if request.sip_call_to.is_empty() {
        return Err(Fault::plain("missing sip callee number"));
    }
    if request.sip_call_to.contains('@') {
        return Err(Fault::plain("SipCallTo should be a phone number or SIP user, not a full SIP URI"));
    }
    if request.room_name.is_empty() {
        return Err(Fault::plain("missing room name"));
    }
    Ok(())
}
