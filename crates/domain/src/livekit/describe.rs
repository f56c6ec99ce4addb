//! A plan as text, for the operator who decides whether it is applied.

use super::{DispatchRule, Listed, ObjectKind, Observed, Step, TrunkRef, compare};
use crate::livekit::{ObjectDrift, StepAction, StepView};

/// Each step as a sentence, in order. `observed` is the state that the plan was made for.
pub fn describe(steps: &[Step], observed: &Observed) -> Vec<StepView> {
    let mut now = observed.clone();
    steps.iter().map(|step| describe_step(step, &mut now)).collect()
}

/// Updates `now`, since a plan may replace one object twice.
fn describe_step(step: &Step, now: &mut Observed) -> StepView {
    match step {
        Step::CreateInbound(_, trunk) => {
            let numbers = trunk.numbers.join(", ");
            create(ObjectKind::InboundTrunk, &trunk.name, &format!(" for {numbers}"))
        }
        Step::CreateOutbound(trunk) => {
            create(ObjectKind::OutboundTrunk, &trunk.name, &format!(" to {}", trunk.address))
        }
        Step::CreateRule(trunk, rule) => {
            let on = match trunk {
                TrunkRef::Id(id) => format!(" on {id}"),
                TrunkRef::Created(_) => " on the new trunk".to_owned(),
            };
            let to = match rule.agent_name.as_str() {
                "" => ", without an agent: the fleet answers".to_owned(),
                agent => format!(", to the agent {agent}"),
            };
            create(ObjectKind::DispatchRule, &rule.name, &format!("{on}{to}"))
        }
        Step::ReplaceInbound(id, trunk) => {
            let changed = changed(&compare::inbound(None, Some(trunk), find(&now.inbound, id)));
            put(&mut now.inbound, id, trunk);
            replace(ObjectKind::InboundTrunk, id, &trunk.name, &changed)
        }
        Step::ReplaceOutbound(id, trunk) => {
            let changed = changed(&compare::outbound(Some(trunk), find(&now.outbound, id)));
            put(&mut now.outbound, id, trunk);
            replace(ObjectKind::OutboundTrunk, id, &trunk.name, &changed)
        }
        Step::ReplaceRule(id, trunk, rule) => {
            let trunk_ids = match trunk {
                TrunkRef::Id(id) => vec![id.clone()],
                TrunkRef::Created(_) => vec!["(the new trunk)".to_owned()],
            };
            let on_trunk = DispatchRule { trunk_ids, ..rule.clone() };
            let changed = changed(&compare::dispatch(None, Some(&on_trunk), find(&now.rules, id)));
            put(&mut now.rules, id, &on_trunk);
            replace(ObjectKind::DispatchRule, id, &rule.name, &changed)
        }
        Step::DeleteInbound(id) => {
            delete(ObjectKind::InboundTrunk, id, find(&now.inbound, id).map(|listed| &*listed.object.name))
        }
        Step::DeleteOutbound(id) => {
            delete(ObjectKind::OutboundTrunk, id, find(&now.outbound, id).map(|listed| &*listed.object.name))
        }
        Step::DeleteRule(id) => {
            delete(ObjectKind::DispatchRule, id, find(&now.rules, id).map(|listed| &*listed.object.name))
        }
    }
}

fn create(kind: ObjectKind, name: &str, what: &str) -> StepView {
    let text = format!("Create the {} {name}{what}.", kind.label());
    StepView { action: StepAction::Create, kind, id: None, name: name.to_owned(), text, blocked: None }
}

fn replace(kind: ObjectKind, id: &str, name: &str, changed: &str) -> StepView {
    let text = format!("Replace the {} {id} in place, so that calls continue: {changed}.", kind.label());
    StepView { action: StepAction::Replace, kind, id: Some(id.to_owned()), name: name.to_owned(), text, blocked: None }
}

fn delete(kind: ObjectKind, id: &str, name: Option<&str>) -> StepView {
    let name = name.unwrap_or_default();
    let shown = if name.is_empty() { String::new() } else { format!(" ({name})") };
    let text = format!("Delete the {} {id}{shown}.", kind.label());
    StepView { action: StepAction::Delete, kind, id: Some(id.to_owned()), name: name.to_owned(), text, blocked: None }
}

/// The names of the fields that a replace changes.
fn changed(object: &ObjectDrift) -> String {
    let names: Vec<String> =
        object.fields.iter().filter(|field| field.differs).map(|field| field.name.replace('_', " ")).collect();
    if names.is_empty() { "nothing new".to_owned() } else { names.join(", ") }
}

fn find<'a, T>(listed: &'a [Listed<T>], id: &str) -> Option<&'a Listed<T>> {
    listed.iter().find(|listed| listed.id == id)
}

fn put<T: Clone>(listed: &mut [Listed<T>], id: &str, object: &T) {
    if let Some(entry) = listed.iter_mut().find(|listed| listed.id == id) {
        *entry = Listed::written(id.to_owned(), object.clone());
    }
}
