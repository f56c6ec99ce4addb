//! A carrier's desired and observed objects, compared field by field.
//!
//! Objects are matched as in [`super::plan`]: everything is in sync exactly when the plan has no steps
//! (`tests/plan_property.rs` checks that).

use std::collections::BTreeMap;

use super::{
    Desired, DispatchRule, InboundTrunk, Listed, ObjectKind, Observed, OutboundTrunk,
    plan::{outbound_trunks, owned},
};
use crate::{
    BotId, CarrierId, MASK, Secret,
    livekit::{DriftState, FieldDrift, ObjectDrift},
};

/// In place of the id of a trunk that does not exist yet.
const NEW_TRUNK: &str = "(the new trunk)";
const SET_OUTSIDE: &str = "set outside Trunkline";

/// Every object that the carrier has in LiveKit or should have: inbound trunks and rules by bot, the outbound trunk, then
/// the objects that should not exist.
pub fn compare(carrier: &CarrierId, desired: &Desired, observed: &Observed) -> Vec<ObjectDrift> {
    let trunks = owned(&observed.inbound, carrier, |trunk| &trunk.metadata);
    let rules = owned(&observed.rules, carrier, |rule| &rule.metadata);
    let outbound_trunks = outbound_trunks(carrier, desired, observed);
    let mut objects = Vec::new();
    let (mut kept_trunks, mut kept_rules) = (Vec::new(), Vec::new());
    for inbound_desired in &desired.inbound {
        let bot = Some(&inbound_desired.bot_id);
        let trunk = trunks.iter().find(|(other, _)| other.as_ref() == bot).map(|(_, listed)| *listed);
        let rule = rules.iter().find(|(other, _)| other.as_ref() == bot).map(|(_, listed)| *listed);
        kept_trunks.extend(trunk.map(|trunk| &trunk.id));
        kept_rules.extend(rule.map(|rule| &rule.id));
        let trunk_id = trunk.map_or(NEW_TRUNK, |trunk| trunk.id.as_str());
        let on_trunk = DispatchRule { trunk_ids: vec![trunk_id.to_owned()], ..inbound_desired.rule.clone() };
        let desired_trunk = trunk.map_or_else(
            || inbound_desired.trunk.clone(),
            |trunk| inbound_desired.trunk.with_operator_settings_of(&trunk.object),
        );
        objects.push(inbound(bot, Some(&desired_trunk), trunk));
        objects.push(dispatch(bot, Some(&on_trunk), rule));
    }
    if desired.outbound.is_some() {
        objects.push(outbound(desired.outbound.as_ref(), outbound_trunks.first().copied()));
    }
    for (bot, listed) in trunks.iter().filter(|(_, listed)| !kept_trunks.contains(&&listed.id)) {
        objects.push(inbound(bot.as_ref(), None, Some(listed)));
    }
    for (bot, listed) in rules.iter().filter(|(_, listed)| !kept_rules.contains(&&listed.id)) {
        objects.push(dispatch(bot.as_ref(), None, Some(listed)));
    }
    for listed in outbound_trunks.iter().skip(usize::from(desired.outbound.is_some())) {
        objects.push(outbound(None, Some(listed)));
    }
    objects
}

pub(super) fn inbound(
    bot: Option<&BotId>,
    desired: Option<&InboundTrunk>,
    observed: Option<&Listed<InboundTrunk>>,
) -> ObjectDrift {
    let mut fields = Fields::new(desired, observed);
    fields.one("name", |trunk| trunk.name.clone());
    fields.one("metadata", |trunk| trunk.metadata.clone());
    fields.list("numbers", |trunk| trunk.numbers.clone());
    fields.list("allowed_addresses", |trunk| trunk.allowed_addresses.clone());
    fields.one("auth_username", |trunk| trunk.auth_username.clone());
    fields.secret("auth_password", |trunk| &trunk.auth_password);
    fields.list("headers_to_attributes", |trunk| entries(&trunk.headers_to_attributes));
    fields.list("krisp_enabled", |trunk| trunk.krisp_enabled.iter().map(ToString::to_string).collect());
    fields.finish(ObjectKind::InboundTrunk, bot, |trunk| &trunk.name)
}

pub(super) fn outbound(desired: Option<&OutboundTrunk>, observed: Option<&Listed<OutboundTrunk>>) -> ObjectDrift {
    let mut fields = Fields::new(desired, observed);
    fields.one("name", |trunk| trunk.name.clone());
    fields.one("metadata", |trunk| trunk.metadata.clone());
    fields.one("address", |trunk| trunk.address.clone());
    fields.one("transport", |trunk| trunk.transport.as_str().to_owned());
    fields.list("destination_country", |trunk| {
        trunk.destination_country.iter().map(|country| country.as_str().to_owned()).collect()
    });
    fields.list("numbers", |trunk| trunk.numbers.clone());
    fields.one("auth_username", |trunk| trunk.auth_username.clone());
    fields.secret("auth_password", |trunk| &trunk.auth_password);
    fields.finish(ObjectKind::OutboundTrunk, None, |trunk| &trunk.name)
}

pub(super) fn dispatch(
    bot: Option<&BotId>,
    desired: Option<&DispatchRule>,
    observed: Option<&Listed<DispatchRule>>,
) -> ObjectDrift {
    let mut fields = Fields::new(desired, observed);
    fields.one("name", |rule| rule.name.clone());
    fields.one("metadata", |rule| rule.metadata.clone());
    fields.list("trunk_ids", |rule| rule.trunk_ids.clone());
    fields.list("numbers", |rule| rule.numbers.clone());
    fields.one("room_prefix", |rule| rule.room_prefix.clone());
    fields.one("agent_name", |rule| rule.agent_name.clone());
    fields.one("agent_metadata", |rule| rule.agent_metadata.clone());
    fields.list("attributes", |rule| entries(&rule.attributes));
    fields.finish(ObjectKind::DispatchRule, bot, |rule| &rule.name)
}

fn entries(map: &BTreeMap<String, String>) -> Vec<String> {
    map.iter().map(|(name, value)| format!("{name}={value}")).collect()
}

/// The desired and the observed state of one object, compared one field at a time.
struct Fields<'a, T> {
    desired: Option<&'a T>,
    observed: Option<&'a Listed<T>>,
    fields: Vec<FieldDrift>,
}

impl<'a, T> Fields<'a, T> {
    fn new(desired: Option<&'a T>, observed: Option<&'a Listed<T>>) -> Self {
        Self { desired, observed, fields: Vec::new() }
    }

    fn one(&mut self, name: &str, read: impl Fn(&T) -> String) {
        self.list(name, |object| Some(read(object)).filter(|text| !text.is_empty()).into_iter().collect());
    }

    fn list(&mut self, name: &str, read: impl Fn(&T) -> Vec<String>) {
        let desired = self.desired.map(&read);
        let observed = self.observed.map(|listed| read(&listed.object));
        let differs = desired != observed;
        self.fields.push(FieldDrift { name: name.to_owned(), differs, desired, observed });
    }

    /// Shows whether there is a secret and whether it differs, never the secret itself.
    fn secret(&mut self, name: &str, read: impl Fn(&T) -> &Secret) {
        self.list(name, |object| if read(object).is_empty() { Vec::new() } else { vec![MASK.to_owned()] });
        if let (Some(desired), Some(observed), Some(field)) = (self.desired, self.observed, self.fields.last_mut()) {
            field.differs = read(desired) != read(&observed.object);
        }
    }

    fn finish(mut self, kind: ObjectKind, bot: Option<&BotId>, name: impl Fn(&T) -> &str) -> ObjectDrift {
        if self.observed.is_some_and(|listed| listed.unmanaged_settings) {
            self.fields.push(FieldDrift {
                name: "unmanaged_settings".to_owned(),
                differs: true,
                desired: self.desired.map(|_| Vec::new()),
                observed: Some(vec![SET_OUTSIDE.to_owned()]),
            });
        }
        let state = match (self.desired, self.observed) {
            (Some(_), None) => DriftState::Missing,
            (None, _) => DriftState::Extra,
            _ if self.fields.iter().any(|field| field.differs) => DriftState::Drifted,
            _ => DriftState::InSync,
        };
        ObjectDrift {
            kind,
            state,
            id: self.observed.map(|listed| listed.id.clone()),
            name: self.desired.or(self.observed.map(|listed| &listed.object)).map_or("", name).to_owned(),
            bot_id: bot.cloned(),
            fields: self.fields,
        }
    }
}
