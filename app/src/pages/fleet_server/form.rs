use api_types::{
    input::{FleetServerInput, Text},
    view::FleetServerView,
};
use domain::{FieldErrors, FieldFault, FleetServerName, FleetUrl};
use leptos::prelude::*;
use serde_json::Value;

use crate::components::form::{Editing, Form, Input, SavedField, SavedRow, Switch, TextField, TextKind, parsed, row};

/// Fields of the form of a fleet server.
#[derive(Clone, Copy)]
pub struct FleetServerForm {
    pub form: Form,
    url: Input,
    name: Input,
    enabled: Input,
    /// Only for an existing server.
    version: Option<RwSignal<String>>,
}

impl FleetServerForm {
    pub fn new(server: Option<&FleetServerView>) -> Self {
        let form = Form::new("fleet-server");
        let url = server.map(|server| server.url.clone()).unwrap_or_default();
        let name = server.and_then(|server| server.name.clone()).unwrap_or_default();
        let enabled = server.is_none_or(|server| server.enabled);
        Self {
            form,
            url: form.input("url", url, parsed::<FleetUrl>),
            name: form.input("name", name, blank_or_name),
            enabled: form.choice("enabled", enabled.to_string()),
            version: server.map(|server| form.version(server.version)),
        }
    }

    pub fn input(self) -> FleetServerInput {
        let text = |input: Input| Some(Text(input.value.get_untracked()));
        FleetServerInput {
            url: text(self.url),
            name: text(self.name),
            enabled: text(self.enabled),
            version: self.version.map(|version| Text(version.get_untracked())),
        }
    }

    /// Faults of the fields, checked by the server's own parsers.
    pub fn check(self) -> Result<(), FieldErrors> {
        self.input().parse(None).map(drop)
    }

    /// Only for an existing server.
    pub fn editing(self) -> Option<Editing> {
        self.version.map(|version| Editing { noun: "fleet server", version, read: conflicting })
    }
}

fn blank_or_name(text: &str) -> Result<(), FieldFault> {
    if text.trim().is_empty() { Ok(()) } else { parsed::<FleetServerName>(text) }
}

fn conflicting(json: Value) -> Option<SavedRow> {
    row(&json).map(|server: FleetServerView| {
        let field = |name, label, value| SavedField { name, label, value };
        let fields = vec![
            field("url", "Base URL", server.url),
            field("name", "Name", server.name.unwrap_or_default()),
            field("enabled", "Enabled", server.enabled.to_string()),
        ];
        SavedRow { version: server.version, fields }
    })
}

#[component]
pub fn FleetServerFields(fields: FleetServerForm) -> impl IntoView {
    view! {
        <TextField
            input=fields.url
            label="Base URL"
            kind=TextKind::Code
            placeholder="https://core-1.example.com"
            hint="http or https, without user, password and query"
            autofocus=true
        />
        <TextField input=fields.name label="Name" optional=true placeholder="Core 1" hint="Shown in this console"/>
        <Switch input=fields.enabled label="Enabled" hint="A disabled server is not polled and gets no calls"/>
    }
    .into_any()
}
