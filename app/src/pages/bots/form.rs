use std::str::FromStr;

use api_types::{
    input::{BotInput, JsonText, SipHeaderConfigInput, Text, TextList},
    view::BotView,
};
use domain::{
    AgentName, AnsweredBy, BotMetadata, BotName, FieldErrors, FieldFault, HeaderValueLength, RuntimeConfig,
    SipHeaderConfig, SipHeaderName, SipHeaderNames,
};
use leptos::prelude::*;
use serde_json::Value;

use crate::components::form::{Form, Input, SavedField, SavedRow, parsed, row};

/// Fields of the bot form.
#[derive(Clone, Copy)]
pub struct BotForm {
    pub form: Form,
    pub name: Input,
    pub answered_by: Input,
    pub agent_name: Input,
    pub metadata: Input,
    pub runtime_config: Input,
    pub sip_headers: SipHeaderFields,
    /// Only for an existing bot.
    pub version: Option<RwSignal<String>>,
}

/// Which SIP headers reach the prompt.
#[derive(Clone, Copy)]
pub struct SipHeaderFields {
    pub enabled: Input,
    pub allowed_headers: Input,
    pub transfer_passthrough_headers: Input,
    pub max_value_length: Input,
}

impl BotForm {
    pub fn new(bot: Option<&BotView>) -> Self {
        let form = Form::new("bot");
        let fields = bot.map_or_else(blank, fields);
        let saved = |name: &str| {
            fields.iter().find(|field| field.name == name).map_or(String::new(), |field| field.value.clone())
        };
        let input = |name, check| form.input(name, saved(name), check);
        let choice = |name| form.choice(name, saved(name));
        Self {
            form,
            name: input("name", parsed::<BotName>),
            answered_by: choice("answered_by"),
            agent_name: input("agent_name", blank_or_parsed::<AgentName>),
            metadata: input("metadata", parsed::<BotMetadata>),
            runtime_config: input("runtime_config", parsed::<RuntimeConfig>),
            sip_headers: SipHeaderFields {
                enabled: choice("sip_header_config.enabled"),
                allowed_headers: input("sip_header_config.allowed_headers", names),
                transfer_passthrough_headers: input("sip_header_config.transfer_passthrough_headers", names),
                max_value_length: input("sip_header_config.max_value_length", blank_or_parsed::<HeaderValueLength>),
            },
            version: bot.map(|bot| form.version(bot.version)),
        }
    }

    /// Faults of the fields, checked by the server's own parsers.
    pub fn check(self) -> Result<(), FieldErrors> {
        self.input().parse(None).map(drop)
    }

    pub fn input(self) -> BotInput {
        let text = |input: Input| Some(Text(input.value.get_untracked()));
        let list = |input: Input| Some(input.value.with_untracked(|list| TextList::split(list)));
        BotInput {
            name: text(self.name),
            answered_by: text(self.answered_by),
            agent_name: text(self.agent_name),
            metadata: text(self.metadata),
            sip_header_config: Some(SipHeaderConfigInput {
                enabled: text(self.sip_headers.enabled),
                allowed_headers: list(self.sip_headers.allowed_headers),
                transfer_passthrough_headers: list(self.sip_headers.transfer_passthrough_headers),
                max_value_length: text(self.sip_headers.max_value_length),
            }),
            runtime_config: Some(JsonText(self.runtime_config.value.get_untracked())),
            version: self.version.map(|version| Text(version.get_untracked())),
        }
    }
}

impl SipHeaderFields {
    /// The configuration as it is typed; None while a field is not valid. Tracks.
    pub fn config(self) -> Option<SipHeaderConfig> {
        let list = |input: Input| {
            input.value.with(|list| SipHeaderNames::parse(TextList::split(list).0.iter().map(String::as_str))).ok()
        };
        let length = self.max_value_length.value.get();
        let config = SipHeaderConfig {
            enabled: self.enabled.value.read().as_str() == "true",
            allowed_headers: list(self.allowed_headers)?,
            transfer_passthrough_headers: list(self.transfer_passthrough_headers)?,
            max_value_length: if length.trim().is_empty() { Default::default() } else { length.parse().ok()? },
        };
        config.check_transfer().is_ok().then_some(config)
    }
}

/// The saved row for the conflict dialog.
pub fn conflicting(json: Value) -> Option<SavedRow> {
    row(&json).map(current)
}

pub fn current(bot: BotView) -> SavedRow {
    SavedRow { version: bot.version, fields: fields(&bot) }
}

/// The values of a bot, formatted as in the form.
fn fields(bot: &BotView) -> Vec<SavedField> {
    let field = |name, label, value| SavedField { name, label, value };
    let config = &bot.sip_header_config;
    let list = |names: &SipHeaderNames| names.texts().join("\n");
    vec![
        field("name", "Name", bot.name.clone()),
        field("answered_by", "Answered By", bot.answered_by.as_str().to_owned()),
        field("agent_name", "Agent Name", bot.agent_name.clone().unwrap_or_default()),
        field("metadata", "Metadata", bot.metadata.clone()),
        field("runtime_config", "Runtime Configuration", pretty(bot)),
        field("sip_header_config.enabled", "SIP Headers as Variables", config.enabled.to_string()),
        field("sip_header_config.allowed_headers", "Allowed Headers", list(&config.allowed_headers)),
        field(
            "sip_header_config.transfer_passthrough_headers",
            "Headers Repeated on Transfer",
            list(&config.transfer_passthrough_headers),
        ),
        field("sip_header_config.max_value_length", "Longest Value", config.max_value_length.to_string()),
    ]
}

/// The defaults of a new bot.
fn blank() -> Vec<SavedField> {
    let field = |name, value: String| SavedField { name, label: "", value };
    vec![
        field("answered_by", AnsweredBy::default().as_str().to_owned()),
        field("sip_header_config.enabled", "false".to_owned()),
        field("sip_header_config.max_value_length", HeaderValueLength::default().to_string()),
    ]
}

/// The runtime configuration as it is edited.
pub fn pretty(bot: &BotView) -> String {
    bot.runtime_config.as_ref().map(RuntimeConfig::pretty).unwrap_or_default()
}

fn blank_or_parsed<T: FromStr<Err = FieldFault>>(text: &str) -> Result<(), FieldFault> {
    if text.trim().is_empty() { Ok(()) } else { parsed::<T>(text) }
}

fn names(text: &str) -> Result<(), FieldFault> {
    SipHeaderNames::parse(TextList::split(text).0.iter().map(String::as_str)).map(drop)
}

/// Checks one name of a list.
pub fn header_name(text: &str) -> Result<(), FieldFault> {
    parsed::<SipHeaderName>(text)
}
