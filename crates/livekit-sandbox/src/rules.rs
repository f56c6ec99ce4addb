//! Dispatch rules, as in `pkg/service/sip.go` of livekit-server.

use livekit_protocol as proto;
use proto::update_sip_dispatch_rule_request::Action;

use crate::{
    conflict,
    error::{Fault, Refusal},
    list::{paged, rule_matches},
    media,
    store::{Objects, Store, new_id},
    update, validate,
};

const PREFIX: &str = "SDR_";

#[expect(deprecated, reason = "the fields beside `dispatch_rule` are deprecated, and still served")]
pub(crate) fn create(
    store: &Store,
    request: proto::CreateSipDispatchRuleRequest,
) -> Result<proto::SipDispatchRuleInfo, Refusal> {
    let mut rule = match request.dispatch_rule {
        Some(mut rule) => {
            if !rule.sip_dispatch_rule_id.is_empty() {
                return Err(Refusal::invalid("rule id must not be set"));
            }
            media::upgrade(&mut rule.media, rule.media_encryption);
            rule
        }
        None => proto::SipDispatchRuleInfo {
            rule: request.rule,
            trunk_ids: request.trunk_ids.clone(),
            inbound_numbers: request.inbound_numbers,
            hide_phone_number: request.hide_phone_number,
            name: request.name,
            metadata: request.metadata,
            attributes: request.attributes,
            room_preset: request.room_preset,
            room_config: request.room_config,
            ..Default::default()
        },
    };
    validate::rule(&rule).map_err(Fault::in_request)?;
    store.change(|objects| {
        // LiveKit filters by the deprecated list, which is mostly empty: then all rules are checked, and two that conflict
        // already make every new one fail.
        conflict::rules(conflict::alternating(sharing_a_trunk(objects, &request.trunk_ids), &rule))?;
        rule.sip_dispatch_rule_id = new_id(PREFIX);
        objects.rules.insert(rule.sip_dispatch_rule_id.clone(), rule.clone());
        Ok(rule)
    })
}

pub(crate) fn update(
    store: &Store,
    request: proto::UpdateSipDispatchRuleRequest,
) -> Result<proto::SipDispatchRuleInfo, Refusal> {
    let id = request.sip_dispatch_rule_id;
    if id.is_empty() {
        return Err(Refusal::invalid("rule id must be set"));
    }
    let action = request.action.ok_or_else(|| Refusal::invalid("missing or unsupported update action"))?;
    match &action {
        Action::Replace(rule) => {
            if !rule.sip_dispatch_rule_id.is_empty() && rule.sip_dispatch_rule_id != id {
                return Err(Refusal::invalid("rule id in the info must be empty or match the id in the update"));
            }
            validate::rule(rule).map_err(Fault::in_request)?;
        }
        Action::Update(change) => update::check_rule(change).map_err(Fault::in_request)?,
    }
    store.change(|objects| {
        let old = objects.rules.get(&id).ok_or_else(Refusal::no_rule)?;
        let rule = match action {
            Action::Replace(rule) => proto::SipDispatchRuleInfo { sip_dispatch_rule_id: id.clone(), ..rule },
            Action::Update(change) => {
                let mut rule = old.clone();
                update::rule(&mut rule, change);
                validate::rule(&rule).map_err(Fault::in_result)?;
                rule
            }
        };
        // As with trunks: a rule that moves to other trunks is not checked.
        conflict::rules(
            sharing_a_trunk(objects, &rule.trunk_ids)
                .map(|stored| if stored.sip_dispatch_rule_id == id { &rule } else { stored }),
        )?;
        objects.rules.insert(id.clone(), rule.clone());
        Ok(rule)
    })
}

fn sharing_a_trunk<'a>(
    objects: &'a Objects,
    trunk_ids: &'a [String],
) -> impl Iterator<Item = &'a proto::SipDispatchRuleInfo> {
    objects.rules.values().filter(|rule| rule_matches(rule, &[], trunk_ids))
}

pub(crate) fn list(
    store: &Store,
    request: proto::ListSipDispatchRuleRequest,
) -> Result<proto::ListSipDispatchRuleResponse, Refusal> {
    let keep = |rule: &_| rule_matches(rule, &request.dispatch_rule_ids, &request.trunk_ids);
    let items = store.read(|objects| paged(&objects.rules, request.page.as_ref(), keep));
    Ok(proto::ListSipDispatchRuleResponse { items })
}

/// Unlike a trunk, a missing rule is an error.
pub(crate) fn delete(
    store: &Store,
    request: proto::DeleteSipDispatchRuleRequest,
) -> Result<proto::SipDispatchRuleInfo, Refusal> {
    if request.sip_dispatch_rule_id.is_empty() {
        return Err(Refusal::invalid("dispatch rule ID is required"));
    }
    store.change(|objects| objects.rules.remove(&request.sip_dispatch_rule_id).ok_or_else(Refusal::no_rule))
}
