//! The calls that Trunkline makes.

use std::collections::BTreeMap;

use domain::livekit::{DispatchRule, InboundTrunk, Observed, OutboundTrunk};
use livekit_protocol as proto;
use prost::Message;
use proto::{
    update_sip_dispatch_rule_request::Action as RuleAction, update_sip_inbound_trunk_request::Action as InboundAction,
    update_sip_outbound_trunk_request::Action as OutboundAction,
};

use crate::{Config, Error, mapping, twirp::Twirp};

/// Objects asked for in one page; LiveKit's own default.
const PAGE: i32 = 1000;
/// Pages after which a listing is given up: a server that invents ids must not keep Trunkline busy for ever.
const MOST_PAGES: usize = 1000;

/// Which objects to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Inbound trunks by id (`ST_…`).
    pub inbound_ids: Vec<String>,
    /// Inbound trunks by called number, with or without the plus.
    pub numbers: Vec<String>,
    /// Outbound trunks by id (`ST_…`).
    pub outbound_ids: Vec<String>,
    /// Dispatch rules by id (`SDR_…`).
    pub rule_ids: Vec<String>,
}

/// Calls LiveKit's SIP API, with one project's key. Cheap to clone: clones share their connections.
#[derive(Clone, Debug)]
pub struct Client {
    twirp: Twirp,
}

impl Client {
    /// # Errors
    /// [`Error::Config`]; nothing is sent yet.
    pub fn new(config: Config) -> Result<Self, Error> {
        Ok(Self { twirp: Twirp::new(config)? })
    }

    /// Checks that LiveKit answers and accepts the key. Changes nothing, and the answer is small whatever LiveKit has.
    pub async fn ping(&self) -> Result<(), Error> {
        let request = proto::ListSipInboundTrunkRequest { trunk_ids: vec!["ST_ping".to_owned()], ..Default::default() };
        let _: proto::ListSipInboundTrunkResponse = self.twirp.call("ListSIPInboundTrunk", &request).await?;
        Ok(())
    }

    /// All trunks and dispatch rules of the project, managed or not. Each list is sorted by id.
    pub async fn list_all(&self) -> Result<Observed, Error> {
        let inbound = self
            .list(
                "ListSIPInboundTrunk",
                |page| proto::ListSipInboundTrunkRequest { page, ..Default::default() },
                |answer: proto::ListSipInboundTrunkResponse| answer.items,
                |trunk| &trunk.sip_trunk_id,
            )
            .await?;
        let outbound = self
            .list(
                "ListSIPOutboundTrunk",
                |page| proto::ListSipOutboundTrunkRequest { page, ..Default::default() },
                |answer: proto::ListSipOutboundTrunkResponse| answer.items,
                |trunk| &trunk.sip_trunk_id,
            )
            .await?;
        let rules = self
            .list(
                "ListSIPDispatchRule",
                |page| proto::ListSipDispatchRuleRequest { page, ..Default::default() },
                |answer: proto::ListSipDispatchRuleResponse| answer.items,
                |rule| &rule.sip_dispatch_rule_id,
            )
            .await?;
        Ok(Observed {
            inbound: inbound.into_iter().map(mapping::inbound_from).collect(),
            outbound: outbound.into_iter().map(mapping::outbound_from).collect(),
            rules: rules.into_iter().map(mapping::rule_from).collect(),
        })
    }

    /// Those objects of the project that the selection names, each list sorted by id. Nothing is asked for where the
    /// selection names nothing.
    ///
    /// LiveKit filters all of its objects before it answers (`Filter` in `livekit/sip.go`), but ends a paged list at the first
    /// page of which the filter leaves nothing: so the answer is asked for in one piece. Inbound trunks without numbers
    /// match every number.
    pub async fn list_selected(&self, selection: &Selection) -> Result<Observed, Error> {
        let Selection { inbound_ids, numbers, outbound_ids, rule_ids } = selection;
        let mut inbound = BTreeMap::new();
        for (trunk_ids, numbers) in [(inbound_ids, &Vec::new()), (&Vec::new(), numbers)] {
            if trunk_ids.is_empty() && numbers.is_empty() {
                continue;
            }
            let request = proto::ListSipInboundTrunkRequest {
                trunk_ids: trunk_ids.clone(),
                numbers: numbers.clone(),
                ..Default::default()
            };
            let answer: proto::ListSipInboundTrunkResponse = self.twirp.call("ListSIPInboundTrunk", &request).await?;
            inbound.extend(answer.items.into_iter().map(|trunk| (trunk.sip_trunk_id.clone(), trunk)));
        }
        let mut outbound = BTreeMap::new();
        if !outbound_ids.is_empty() {
            let request = proto::ListSipOutboundTrunkRequest { trunk_ids: outbound_ids.clone(), ..Default::default() };
            let answer: proto::ListSipOutboundTrunkResponse = self.twirp.call("ListSIPOutboundTrunk", &request).await?;
            outbound.extend(answer.items.into_iter().map(|trunk| (trunk.sip_trunk_id.clone(), trunk)));
        }
        let mut rules = BTreeMap::new();
        if !rule_ids.is_empty() {
            let request =
                proto::ListSipDispatchRuleRequest { dispatch_rule_ids: rule_ids.clone(), ..Default::default() };
            let answer: proto::ListSipDispatchRuleResponse = self.twirp.call("ListSIPDispatchRule", &request).await?;
            rules.extend(answer.items.into_iter().map(|rule| (rule.sip_dispatch_rule_id.clone(), rule)));
        }
        // A server may send an empty item for an id that it does not know.
        inbound.remove("");
        outbound.remove("");
        rules.remove("");
        Ok(Observed {
            inbound: inbound.into_values().map(mapping::inbound_from).collect(),
            outbound: outbound.into_values().map(mapping::outbound_from).collect(),
            rules: rules.into_values().map(mapping::rule_from).collect(),
        })
    }

    /// The id (`ST_…`) of the new trunk.
    pub async fn create_inbound(&self, trunk: &InboundTrunk) -> Result<String, Error> {
        let request = proto::CreateSipInboundTrunkRequest { trunk: Some(mapping::inbound_to(trunk)) };
        let made: proto::SipInboundTrunkInfo = self.twirp.call("CreateSIPInboundTrunk", &request).await?;
        Ok(made.sip_trunk_id)
    }

    /// Sets the whole trunk: what `trunk` leaves out is cleared. The id and running calls stay.
    ///
    /// LiveKit checks the numbers for conflicts only where the old and the new trunk share one or the old had none.
    pub async fn replace_inbound(&self, id: &str, trunk: &InboundTrunk) -> Result<(), Error> {
        let request = proto::UpdateSipInboundTrunkRequest {
            sip_trunk_id: id.to_owned(),
            action: Some(InboundAction::Replace(mapping::inbound_to(trunk))),
        };
        let _: proto::SipInboundTrunkInfo = self.twirp.call("UpdateSIPInboundTrunk", &request).await?;
        Ok(())
    }

    /// The id (`ST_…`) of the new trunk.
    pub async fn create_outbound(&self, trunk: &OutboundTrunk) -> Result<String, Error> {
        let request = proto::CreateSipOutboundTrunkRequest { trunk: Some(mapping::outbound_to(trunk)) };
        let made: proto::SipOutboundTrunkInfo = self.twirp.call("CreateSIPOutboundTrunk", &request).await?;
        Ok(made.sip_trunk_id)
    }

    /// Sets the whole trunk, as [`Self::replace_inbound`] does.
    pub async fn replace_outbound(&self, id: &str, trunk: &OutboundTrunk) -> Result<(), Error> {
        let request = proto::UpdateSipOutboundTrunkRequest {
            sip_trunk_id: id.to_owned(),
            action: Some(OutboundAction::Replace(mapping::outbound_to(trunk))),
        };
        let _: proto::SipOutboundTrunkInfo = self.twirp.call("UpdateSIPOutboundTrunk", &request).await?;
        Ok(())
    }

    /// The id (`SDR_…`) of the new rule.
    pub async fn create_rule(&self, rule: &DispatchRule) -> Result<String, Error> {
        let request =
            proto::CreateSipDispatchRuleRequest { dispatch_rule: Some(mapping::rule_to(rule)), ..Default::default() };
        let made: proto::SipDispatchRuleInfo = self.twirp.call("CreateSIPDispatchRule", &request).await?;
        Ok(made.sip_dispatch_rule_id)
    }

    /// Sets the whole rule, as [`Self::replace_inbound`] does; conflicts are checked only where the old and the new rule
    /// share a trunk or the old had none.
    pub async fn replace_rule(&self, id: &str, rule: &DispatchRule) -> Result<(), Error> {
        let request = proto::UpdateSipDispatchRuleRequest {
            sip_dispatch_rule_id: id.to_owned(),
            action: Some(RuleAction::Replace(mapping::rule_to(rule))),
        };
        let _: proto::SipDispatchRuleInfo = self.twirp.call("UpdateSIPDispatchRule", &request).await?;
        Ok(())
    }

    /// Sets an inbound trunk's metadata, and nothing else.
    pub async fn tag_inbound(&self, id: &str, metadata: &str) -> Result<(), Error> {
        let update = proto::SipInboundTrunkUpdate { metadata: Some(metadata.to_owned()), ..Default::default() };
        let request = proto::UpdateSipInboundTrunkRequest {
            sip_trunk_id: id.to_owned(),
            action: Some(InboundAction::Update(update)),
        };
        let _: proto::SipInboundTrunkInfo = self.twirp.call("UpdateSIPInboundTrunk", &request).await?;
        Ok(())
    }

    /// Sets a rule's metadata, and nothing else.
    pub async fn tag_rule(&self, id: &str, metadata: &str) -> Result<(), Error> {
        let update = proto::SipDispatchRuleUpdate { metadata: Some(metadata.to_owned()), ..Default::default() };
        let request = proto::UpdateSipDispatchRuleRequest {
            sip_dispatch_rule_id: id.to_owned(),
            action: Some(RuleAction::Update(update)),
        };
        let _: proto::SipDispatchRuleInfo = self.twirp.call("UpdateSIPDispatchRule", &request).await?;
        Ok(())
    }

    /// Removes a trunk of either kind. Done, too, where there is none: LiveKit does not tell the two apart. Rules that
    /// name the trunk keep its id.
    pub async fn delete_trunk(&self, id: &str) -> Result<(), Error> {
        let request = proto::DeleteSipTrunkRequest { sip_trunk_id: id.to_owned() };
        let _: proto::SipTrunkInfo = self.twirp.call("DeleteSIPTrunk", &request).await?;
        Ok(())
    }

    /// Removes a rule. Done, too, where there is none (LiveKit then answers `not_found`).
    pub async fn delete_rule(&self, id: &str) -> Result<(), Error> {
        let request = proto::DeleteSipDispatchRuleRequest { sip_dispatch_rule_id: id.to_owned() };
        let deleted: Result<proto::SipDispatchRuleInfo, Error> =
            self.twirp.call("DeleteSIPDispatchRule", &request).await;
        match deleted {
            Err(error) if error.code() != Some("not_found") => Err(error),
            _ => Ok(()),
        }
    }

    /// Asks page after page until one brings nothing new. That also ends with servers that ignore the page, or only its
    /// limit (the open-source server: it reads in batches of `limit` and answers all of them at once), and it does not
    /// take a page for the last because the server's limit is lower than ours.
    async fn list<Request: Message, Answer: Message + Default, Item>(
        &self,
        method: &'static str,
        request: impl Fn(Option<proto::Pagination>) -> Request,
        items: impl Fn(Answer) -> Vec<Item>,
        id: impl Fn(&Item) -> &String,
    ) -> Result<Vec<Item>, Error> {
        let mut found = BTreeMap::new();
        let mut after_id = String::new();
        for _ in 0..MOST_PAGES {
            let page = proto::Pagination { after_id: after_id.clone(), limit: PAGE };
            let answer = self.twirp.call(method, &request(Some(page))).await?;
            let before = found.len();
            // A server may send an empty item in the place of an unknown id.
            found.extend(
                items(answer).into_iter().map(|item| (id(&item).clone(), item)).filter(|(id, _)| !id.is_empty()),
            );
            match found.last_key_value() {
                Some((last, _)) if found.len() > before => after_id.clone_from(last),
                _ => return Ok(found.into_values().collect()),
            }
        }
        Err(Error::Lost { method, status: None, message: format!("the list did not end after {MOST_PAGES} pages") })
    }
}
