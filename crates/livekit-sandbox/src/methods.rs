//! The methods of `livekit.SIP`, each with the grant that it needs.

use axum::{
    body::Bytes,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use prost::Message;
use serde::{Serialize, de::DeserializeOwned};

use crate::auth::SipGrant;
use crate::{error::Refusal, json, participants, rules, store::Store, trunks};

#[derive(Clone, Copy, Debug)]
pub(crate) enum Encoding {
    Protobuf,
    Json,
}

/// One call whose token was right.
pub(crate) struct Call<'a> {
    pub store: &'a Store,
    pub grant: SipGrant,
    pub encoding: Encoding,
    pub body: Bytes,
}

/// None for an unknown method, and for `TransferSIPParticipant`, which needs a call.
pub(crate) fn serve(method: &str, call: &Call<'_>) -> Option<Result<Response, Refusal>> {
    let admin = call.grant.admin;
    Some(match method {
        "CreateSIPInboundTrunk" => call.answer(admin, trunks::create_inbound),
        "CreateSIPOutboundTrunk" => call.answer(admin, trunks::create_outbound),
        "UpdateSIPInboundTrunk" => call.answer(admin, trunks::update_inbound),
        "UpdateSIPOutboundTrunk" => call.answer(admin, trunks::update_outbound),
        "GetSIPInboundTrunk" => call.answer(admin, trunks::get_inbound),
        "GetSIPOutboundTrunk" => call.answer(admin, trunks::get_outbound),
        "ListSIPInboundTrunk" => call.answer(admin, trunks::list_inbound),
        "ListSIPOutboundTrunk" => call.answer(admin, trunks::list_outbound),
        "DeleteSIPTrunk" => call.answer(admin, trunks::delete),
        "CreateSIPDispatchRule" => call.answer(admin, rules::create),
        "UpdateSIPDispatchRule" => call.answer(admin, rules::update),
        "ListSIPDispatchRule" => call.answer(admin, rules::list),
        "DeleteSIPDispatchRule" => call.answer(admin, rules::delete),
        "CreateSIPParticipant" => call.answer(call.grant.call, participants::create),
        _ => return None,
    })
}

impl Call<'_> {
    /// Decodes before it checks the grant, as LiveKit does.
    fn answer<Request, Answer>(
        &self,
        granted: bool,
        method: impl FnOnce(&Store, Request) -> Result<Answer, Refusal>,
    ) -> Result<Response, Refusal>
    where
        Request: Message + Default + DeserializeOwned,
        Answer: Message + Serialize,
    {
        let request = match self.encoding {
            Encoding::Protobuf => Request::decode(self.body.clone())
                .map_err(|_| Refusal::new("malformed", "the protobuf request could not be decoded"))?,
            Encoding::Json => serde_json::from_slice(&self.body)
                .map_err(|_| Refusal::new("malformed", "the json request could not be decoded"))?,
        };
        if !granted {
            return Err(Refusal::permission());
        }
        let answer = method(self.store, request)?;
        let (content_type, body) = match self.encoding {
            Encoding::Protobuf => ("application/protobuf", answer.encode_to_vec()),
            Encoding::Json => {
                let body = json::render(&answer).map(|json| json.to_string());
                ("application/json", body.map_err(|error| Refusal::new("internal", error.to_string()))?.into_bytes())
            }
        };
        Ok(([(header::CONTENT_TYPE, HeaderValue::from_static(content_type))], body).into_response())
    }
}
