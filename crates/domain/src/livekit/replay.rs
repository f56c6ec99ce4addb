//! Why a call is rejected: LiveKit's matching, replayed step by step on a list of trunks and rules.

use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use super::{DispatchRule, InboundCall, InboundTrunk, Listed, Observed, OwnerTag, RuleMatch, TrunkMatch};
use crate::{BotId, CarrierId, DidId};

/// A step of the matching, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ReplayStage {
    /// Trunkline has the called number, with a bot. On the desired state only.
    Number,
    /// A trunk with the number accepts the source address.
    Source,
    /// Exactly one trunk accepts the call.
    Trunk,
    /// The trunk requires digest credentials.
    Credentials,
    /// A dispatch rule accepts the call.
    Rule,
    /// What joins the room.
    Agent,
}

impl ReplayStage {
    /// The spelling on pages: `Dispatch Rule`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Number => "Phone Number",
            Self::Source => "Source Policy",
            Self::Trunk => "Inbound Trunk",
            Self::Credentials => "Credentials",
            Self::Rule => "Dispatch Rule",
            Self::Agent => "Agent",
        }
    }
}

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ReplayResult {
    /// The call passes.
    Passed,
    /// The call is rejected here, or goes another way than it should.
    Failed,
    /// It depends on what is not known here.
    Depends,
}

/// The page that corrects a failed step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "page")]
pub enum ReplayFix {
    /// The list of carriers.
    Carriers,
    /// The carrier's settings.
    Carrier {
        /// The carrier.
        carrier_id: CarrierId,
    },
    /// The comparison of the carrier with LiveKit.
    Drift {
        /// The carrier.
        carrier_id: CarrierId,
    },
    /// One phone number.
    Did {
        /// The number's carrier.
        carrier_id: CarrierId,
        /// The number.
        did_id: DidId,
    },
    /// The bot's settings.
    Bot {
        /// The bot.
        bot_id: BotId,
    },
}

/// One step of a replay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReplayStep {
    /// Which step.
    pub stage: ReplayStage,
    /// How it ended.
    pub result: ReplayResult,
    /// What LiveKit compares and decides, in words.
    pub text: String,
    /// The page that corrects a failed step.
    pub fix: Option<ReplayFix>,
}

impl ReplayStep {
    /// A step without a page that corrects it.
    pub fn new(stage: ReplayStage, result: ReplayResult, text: impl Into<String>) -> Self {
        Self { stage, result, text: text.into(), fix: None }
    }

    /// The step with the page that corrects it.
    #[must_use]
    pub fn with_fix(self, fix: Option<ReplayFix>) -> Self {
        Self { fix, ..self }
    }
}

/// The replay of one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    /// The steps, up to the one that rejects the call.
    pub steps: Vec<ReplayStep>,
    /// The rule that accepts the call.
    pub rule: Option<DispatchRule>,
    /// What the caller gets.
    pub answer: String,
    /// Whether the call reaches a room.
    pub accepted: bool,
}

const NO_FINAL_ANSWER: &str = "The caller gets 100 Trying and 180 Ringing, and no final answer: LiveKit ends the INVITE silently, \
                               and its log says \"flood\".";
const TRY_AGAIN: &str = "The caller gets 503 Try again later.";

/// Replays LiveKit's matching. `trunk_id` names the trunk of the call, where the operator knows it; otherwise it is matched.
pub fn replay(call: &InboundCall, state: &Observed, trunk_id: Option<&str>) -> Replay {
    let mut steps = Vec::new();
    let trunk = match trunk_id {
        Some(id) => match state.inbound.iter().find(|trunk| trunk.id == id) {
            None => {
                let text = format!("There is no inbound trunk {id}.");
                steps.push(ReplayStep::new(ReplayStage::Trunk, ReplayResult::Failed, text));
                return Replay { steps, rule: None, answer: "The trunk is not there.".to_owned(), accepted: false };
            }
            Some(trunk) => {
                steps.push(source(call, state));
                steps.push(given_trunk(call, state, trunk));
                Some(trunk)
            }
        },
        None => {
            steps.push(source(call, state));
            match trunk(call, state) {
                (step, Ok(trunk)) => {
                    steps.push(step);
                    trunk
                }
                (step, Err(())) => {
                    steps.push(step);
                    return Replay { steps, rule: None, answer: TRY_AGAIN.to_owned(), accepted: false };
                }
            }
        }
    };
    steps.extend(trunk.and_then(credentials));
    match call.rule(&state.rules, trunk.map(|trunk| trunk.id.as_str())) {
        RuleMatch::None => {
            let text = match trunk {
                Some(trunk) => {
                    format!("No dispatch rule names the trunk {}, and no rule is for all trunks.", named(trunk))
                }
                None => "Without a trunk only rules for all trunks match, and there is none.".to_owned(),
            };
            let fix = trunk.and_then(fix_of);
            steps.push(ReplayStep::new(ReplayStage::Rule, ReplayResult::Failed, text).with_fix(fix));
            Replay { steps, rule: None, answer: NO_FINAL_ANSWER.to_owned(), accepted: false }
        }
        RuleMatch::Several(rules) => {
            let names: Vec<String> = rules.iter().map(|rule| with_id(&rule.object.name, &rule.id)).collect();
            let text = format!("Several dispatch rules have the same priority: {}.", names.join(", "));
            let fix = rules.iter().find_map(|rule| drift(&rule.object.metadata));
            steps.push(ReplayStep::new(ReplayStage::Rule, ReplayResult::Failed, text).with_fix(fix));
            Replay { steps, rule: None, answer: TRY_AGAIN.to_owned(), accepted: false }
        }
        RuleMatch::One(rule) => {
            let object = &rule.object;
            let scope = if object.trunk_ids.is_empty() { "is for all trunks" } else { "names the trunk" };
            let mut text = format!("The rule {} {scope}.", with_id(&object.name, &rule.id));
            let result = if rule.unmanaged_settings {
                text.push_str(" It has settings that Trunkline does not write, such as a PIN or callers: they may reject the call.");
                ReplayResult::Depends
            } else {
                ReplayResult::Passed
            };
            steps.push(ReplayStep::new(ReplayStage::Rule, result, text));
            Replay {
                steps,
                rule: Some(object.clone()),
                answer: "The call is accepted: the caller hears ringing until what answers has joined the room."
                    .to_owned(),
                accepted: true,
            }
        }
    }
}

/// Which of the trunks with the number accept the source.
fn source(call: &InboundCall, state: &Observed) -> ReplayStep {
    let stage = ReplayStage::Source;
    let trunks: Vec<_> = call.trunks_of_number(&state.inbound).collect();
    if trunks.is_empty() {
        return ReplayStep::new(stage, ReplayResult::Depends, "No trunk has the number, so no source policy applies.");
    }
    let accepting: Vec<_> =
        trunks.iter().filter(|trunk| call.is_allowed(&trunk.object.allowed_addresses)).copied().collect();
    let source = call.source;
    let Some(first) = accepting.first() else {
        let lists: Vec<String> = trunks
            .iter()
            .map(|trunk| format!("{} accepts {}", named(trunk), trunk.object.allowed_addresses.join(", ")))
            .collect();
        let text = format!("{source} is on no allowlist of a trunk with the number: {}.", lists.join("; "));
        let fix = trunks.iter().find_map(|trunk| carrier_of(trunk));
        return ReplayStep::new(stage, ReplayResult::Failed, text).with_fix(fix);
    };
    let entries = &first.object.allowed_addresses;
    let text = if entries.is_empty() {
        format!("The trunk {} accepts every source address.", named(first))
    } else if call.is_allowed_by_from_host(entries) {
        format!(
            "{source} is not on the allowlist of {}, but the host of the From header, {}, equals an entry. Anybody can write \
             that host: give the entry a prefix, such as /32.",
            named(first),
            call.from_host
        )
    } else {
        format!("{source} is on the allowlist of {}: {}.", named(first), entries.join(", "))
    };
    ReplayStep::new(stage, ReplayResult::Passed, text)
}

/// `Err`: LiveKit fails the call.
fn trunk<'a>(call: &InboundCall, state: &'a Observed) -> (ReplayStep, Result<Option<&'a Listed<InboundTrunk>>, ()>) {
    let stage = ReplayStage::Trunk;
    let to = &call.to_user;
    match call.trunk(&state.inbound) {
        TrunkMatch::One(trunk) => {
            let has =
                if trunk.object.numbers.is_empty() { "has no numbers, and so accepts all" } else { "has the number" };
            let mut text = format!("The trunk {} {has}: To is {to}.", named(trunk));
            let result = if trunk.unmanaged_settings {
                text.push_str(" It has settings that Trunkline does not write, such as allowed callers: they may reject the call.");
                ReplayResult::Depends
            } else {
                ReplayResult::Passed
            };
            (ReplayStep::new(stage, result, text), Ok(Some(trunk)))
        }
        TrunkMatch::Several(trunks) => {
            let names: Vec<String> = trunks.iter().map(|trunk| named(trunk)).collect();
            let text = format!("Several trunks accept the call: {}. LiveKit chooses none of them.", names.join(", "));
            let fix = trunks.iter().find_map(|trunk| fix_of(trunk));
            (ReplayStep::new(stage, ReplayResult::Failed, text).with_fix(fix), Err(()))
        }
        TrunkMatch::None => {
            let rejected = call.trunks_of_number(&state.inbound).next().is_some();
            let reason = if rejected {
                "No trunk with the number accepts the source.".to_owned()
            } else {
                format!(
                    "No trunk has the number {to}. LiveKit compares the user part of the To header: blanks, hyphens, brackets \
                     and a missing plus make no difference, a national form or a prefix 00 does."
                )
            };
            let text = format!("{reason} LiveKit then asks for no credentials, and goes on without a trunk.");
            (ReplayStep::new(stage, ReplayResult::Failed, text), Ok(None))
        }
    }
}

/// The operator knows the trunk: whether the matching leads to it, too.
fn given_trunk(call: &InboundCall, state: &Observed, trunk: &Listed<InboundTrunk>) -> ReplayStep {
    let stage = ReplayStage::Trunk;
    match call.trunk(&state.inbound) {
        TrunkMatch::One(matched) if matched.id == trunk.id => ReplayStep::new(
            stage,
            ReplayResult::Passed,
            format!("The call matches the trunk {}, as given.", named(trunk)),
        ),
        TrunkMatch::One(matched) => {
            let text = format!("The call matches {}, not the given trunk {}.", named(matched), named(trunk));
            ReplayStep::new(stage, ReplayResult::Failed, text).with_fix(fix_of(matched))
        }
        TrunkMatch::Several(_) | TrunkMatch::None => {
            let text =
                format!("The call does not match the given trunk {} alone. The replay goes on with it.", named(trunk));
            ReplayStep::new(stage, ReplayResult::Failed, text).with_fix(fix_of(trunk))
        }
    }
}

fn credentials(trunk: &Listed<InboundTrunk>) -> Option<ReplayStep> {
    let username = &trunk.object.auth_username;
    if username.is_empty() {
        return None;
    }
    let text = format!(
        "The trunk requires digest credentials: LiveKit answers the first INVITE with 407, and the next one with 401 unless it \
         has the username {username} and its password. Compare them with what the carrier sends."
    );
    Some(ReplayStep::new(ReplayStage::Credentials, ReplayResult::Depends, text).with_fix(carrier_of(trunk)))
}

fn named(trunk: &Listed<InboundTrunk>) -> String {
    with_id(&trunk.object.name, &trunk.id)
}

/// Objects of the desired state have no id of LiveKit's.
fn with_id(name: &str, id: &str) -> String {
    if id.starts_with("ST_") || id.starts_with("SDR_") { format!("{name} ({id})") } else { name.to_owned() }
}

/// Where the objects of a carrier are compared with LiveKit.
fn fix_of(trunk: &Listed<InboundTrunk>) -> Option<ReplayFix> {
    drift(&trunk.object.metadata)
}

fn drift(metadata: &str) -> Option<ReplayFix> {
    OwnerTag::read(metadata).map(|tag| ReplayFix::Drift { carrier_id: tag.carrier_id })
}

fn carrier_of(trunk: &Listed<InboundTrunk>) -> Option<ReplayFix> {
    OwnerTag::read(&trunk.object.metadata).map(|tag| ReplayFix::Carrier { carrier_id: tag.carrier_id })
}
