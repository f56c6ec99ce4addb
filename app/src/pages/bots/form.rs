use api_types::{
    input::{BotInput, Text},
    view::BotView,
};
use domain::{AgentName, BotMetadata, BotName, FieldErrors};
use leptos::prelude::*;
use serde_json::Value;

use crate::components::form::{Form, Input, SavedField, SavedRow, TextArea, TextField, TextKind, parsed, row};

/// Fields of the bot form.
#[derive(Clone, Copy)]
pub struct BotForm {
    pub form: Form,
    name: Input,
    agent_name: Input,
    metadata: Input,
    /// Only for an existing bot.
    pub version: Option<RwSignal<String>>,
}

impl BotForm {
    pub fn new(bot: Option<&BotView>) -> Self {
        let form = Form::new("bot");
        let saved = |read: fn(&BotView) -> &String| bot.map(read).cloned().unwrap_or_default();
        Self {
            form,
            name: form.input("name", saved(|bot| &bot.name), parsed::<BotName>),
            agent_name: form.input("agent_name", saved(|bot| &bot.agent_name), parsed::<AgentName>),
            metadata: form.input("metadata", saved(|bot| &bot.metadata), parsed::<BotMetadata>),
            version: bot.map(|bot| form.version(bot.version)),
        }
    }

    /// Faults of the fields, checked by the server's own parsers.
    pub fn check(self) -> Result<(), FieldErrors> {
        self.input().parse(None).map(drop)
    }

    pub fn input(self) -> BotInput {
        let text = |input: Input| Some(Text(input.value.get_untracked()));
        BotInput {
            name: text(self.name),
            agent_name: text(self.agent_name),
            metadata: text(self.metadata),
            version: self.version.map(|version| Text(version.get_untracked())),
        }
    }
}

/// The saved row for the conflict dialog.
pub fn conflicting(json: Value) -> Option<SavedRow> {
    row(&json).map(current)
}

pub fn current(bot: BotView) -> SavedRow {
    let field = |name, label, value| SavedField { name, label, value };
    let fields = vec![
        field("name", "Name", bot.name),
        field("agent_name", "Agent name", bot.agent_name),
        field("metadata", "Metadata", bot.metadata),
    ];
    SavedRow { version: bot.version, fields }
}

#[component]
pub fn BotFields(fields: BotForm) -> impl IntoView {
    view! {
        <section class="form-section">
            <div>
                <h2 class="text-[14px] font-medium">"Bot"</h2>
                <p class="hint">"When a number is called, LiveKit dispatches this agent to the call's room."</p>
            </div>
            <div class="form-fields">
                <TextField input=fields.name label="Name" placeholder="Concierge" hint="Shown in this console"/>
                <TextField
                    input=fields.agent_name
                    label="Agent Name"
                    kind=TextKind::Code
                    placeholder="concierge"
                    hint="Exactly as the worker registers with LiveKit"
                />
                <div class="sm:col-span-2">
                    <TextArea
                        input=fields.metadata
                        label="Metadata"
                        optional=true
                        hint="Passed to the agent with each call. Any text; usually JSON"
                        placeholder=r#"{"language": "en"}"#
                    />
                </div>
            </div>
        </section>
    }
}
