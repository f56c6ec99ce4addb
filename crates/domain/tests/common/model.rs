//! A model of LiveKit that is stricter: it never deletes a trunk before its rules, and checks each write against all
//! objects.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    BotId, CarrierId,
    livekit::{DispatchRule, InboundTrunk, Listed, Observed, OutboundTrunk, OwnerTag, Step, TrunkRef, digits},
};

#[derive(Clone, Debug, Default)]
pub struct Model {
    pub inbound: BTreeMap<String, Listed<InboundTrunk>>,
    pub outbound: BTreeMap<String, Listed<OutboundTrunk>>,
    pub rules: BTreeMap<String, Listed<DispatchRule>>,
    id_count: u32,
}

/// A number that both lists have.
fn shared<'a>(one: &'a [String], other: &[String]) -> Option<&'a String> {
    one.iter().find(|number| other.iter().any(|other| digits(other) == digits(number)))
}

/// The rule on its trunk.
fn on_trunk(rule: DispatchRule, trunk: TrunkRef, created: &BTreeMap<BotId, String>) -> Result<DispatchRule, String> {
    let id = match trunk {
        TrunkRef::Id(id) => id,
        TrunkRef::Created(bot) => created.get(&bot).ok_or("the rule comes before its trunk")?.clone(),
    };
    Ok(DispatchRule { trunk_ids: vec![id], ..rule })
}

impl Model {
    pub fn observed(&self) -> Observed {
        Observed {
            inbound: self.inbound.values().cloned().collect(),
            outbound: self.outbound.values().cloned().collect(),
            rules: self.rules.values().cloned().collect(),
        }
    }

    /// Ids in random order, like LiveKit's.
    pub fn new_id(&mut self, prefix: &str) -> String {
        self.id_count += 1;
        format!("{prefix}_{:08x}", self.id_count.wrapping_mul(0x9E37_79B9))
    }

    /// Executes the steps one by one. The error names the step that LiveKit would refuse.
    pub fn execute(&mut self, steps: &[Step]) -> Result<(), String> {
        let mut created = BTreeMap::new();
        for step in steps {
            let open = self.open_rules();
            self.execute_step(step, &mut created).map_err(|reason| format!("{reason}: {step:?} of {steps:#?}"))?;
            if let Some(rule) = self.open_rules().difference(&open).next() {
                return Err(format!("{rule} answers all trunks after {step:?} of {steps:#?}"));
            }
        }
        Ok(())
    }

    fn execute_step(&mut self, step: &Step, created: &mut BTreeMap<BotId, String>) -> Result<(), String> {
        match step.clone() {
            Step::CreateInbound(bot, trunk) => {
                self.check_inbound("", &trunk)?;
                let id = self.new_id("ST");
                created.insert(bot, id.clone());
                self.inbound.insert(id.clone(), Listed::written(id, trunk));
            }
            Step::ReplaceInbound(id, trunk) => {
                self.inbound.get(&id).ok_or("no such inbound trunk")?;
                self.check_inbound(&id, &trunk)?;
                self.inbound.insert(id.clone(), Listed::written(id, trunk));
            }
            Step::CreateOutbound(trunk) => {
                let id = self.new_id("ST");
                self.outbound.insert(id.clone(), Listed::written(id, trunk));
            }
            Step::ReplaceOutbound(id, trunk) => {
                self.outbound.get(&id).ok_or("no such outbound trunk")?;
                self.outbound.insert(id.clone(), Listed::written(id, trunk));
            }
            Step::CreateRule(trunk, rule) => {
                let rule = on_trunk(rule, trunk, created)?;
                self.check_rule("", &rule)?;
                let id = self.new_id("SDR");
                self.rules.insert(id.clone(), Listed::written(id, rule));
            }
            Step::ReplaceRule(id, trunk, rule) => {
                let rule = on_trunk(rule, trunk, created)?;
                self.rules.get(&id).ok_or("no such rule")?;
                self.check_rule(&id, &rule)?;
                self.rules.insert(id.clone(), Listed::written(id, rule));
            }
            Step::DeleteInbound(id) => {
                self.inbound.remove(&id).ok_or("no such inbound trunk")?;
            }
            Step::DeleteOutbound(id) => {
                self.outbound.remove(&id).ok_or("no such outbound trunk")?;
            }
            Step::DeleteRule(id) => {
                self.rules.remove(&id).ok_or("no such rule")?;
            }
        }
        Ok(())
    }

    fn check_inbound(&self, id: &str, trunk: &InboundTrunk) -> Result<(), String> {
        if trunk.numbers.is_empty() {
            return Err("a trunk without numbers answers every number".to_owned());
        }
        for other in self.inbound.values().filter(|other| other.id != id) {
            if let Some(number) = shared(&trunk.numbers, &other.object.numbers) {
                return Err(format!("{number} is on {} already", other.id));
            }
        }
        Ok(())
    }

    /// A rule for all numbers of a trunk conflicts with other such rules only.
    fn check_rule(&self, id: &str, rule: &DispatchRule) -> Result<(), String> {
        for other in self.rules.values().filter(|other| other.id != id) {
            let trunk = rule.trunk_ids.iter().any(|trunk| other.object.trunk_ids.contains(trunk));
            let number = match (rule.numbers.is_empty(), other.object.numbers.is_empty()) {
                (true, both) => both,
                (false, _) => shared(&rule.numbers, &other.object.numbers).is_some(),
            };
            if trunk && number {
                return Err(format!("{} answers there already", other.id));
            }
        }
        Ok(())
    }

    /// Rules without a trunk, which answer every trunk, and rules whose trunk is deleted.
    fn open_rules(&self) -> BTreeSet<String> {
        let is_deleted = |trunk: &String| !self.inbound.contains_key(trunk);
        let open = |rule: &DispatchRule| rule.trunk_ids.is_empty() || rule.trunk_ids.iter().any(is_deleted);
        self.rules.values().filter(|listed| open(&listed.object)).map(|listed| listed.id.clone()).collect()
    }

    /// The objects of none of these carriers.
    pub fn of_others(&self, carriers: &[CarrierId]) -> Observed {
        let is_other =
            |metadata: &str| OwnerTag::read(metadata).is_none_or(|owner_tag| !carriers.contains(&owner_tag.carrier_id));
        let mut observed = self.observed();
        observed.inbound.retain(|listed| is_other(&listed.object.metadata));
        observed.outbound.retain(|listed| is_other(&listed.object.metadata));
        observed.rules.retain(|listed| is_other(&listed.object.metadata));
        observed
    }
}
