use domain::{
    Direction, FieldErrors, FieldFault, Label, PhoneNumber,
    input::{DidInput, Text},
    view::{CarrierView, DidView},
};
use leptos::prelude::*;
use serde_json::Value;

use crate::{
    api::http::row,
    components::form::{Current, Form, Input, Theirs},
};

/// What is typed about a number.
#[derive(Clone, Copy)]
pub struct NumberForm {
    pub form: Form,
    pub number: Input,
    pub label: Input,
    pub direction: Input,
    pub bot_id: Input,
    /// Of the number that is edited.
    pub version: Option<RwSignal<String>>,
}

impl NumberForm {
    pub fn new(did: Option<&DidView>) -> Self {
        let form = Form::new("number");
        let text = |value: Option<String>| value.unwrap_or_default();
        Self {
            form,
            number: form.input("number", text(did.map(|did| did.number.clone())), |text| {
                PhoneNumber::parse(text, None).map(drop)
            }),
            label: form.input("label", text(did.and_then(|did| did.label.clone())), blank_or_label),
            direction: form.choice("direction", did.map_or(Direction::Both, |did| did.direction).as_str().to_owned()),
            bot_id: form.choice("bot_id", text(did.and_then(|did| did.bot_id.as_ref().map(ToString::to_string)))),
            version: did.map(|did| form.version(did.version)),
        }
    }

    pub fn input(&self) -> DidInput {
        let text = |input: Input| Some(Text(input.value.get_untracked()));
        DidInput {
            number: if self.version.is_none() { text(self.number) } else { None },
            label: text(self.label),
            direction: text(self.direction),
            bot_id: text(self.bot_id),
            version: self.version.map(|version| Text(version.get_untracked())),
        }
    }

    /// The form of the number only: the country's numbering plan is the server's.
    pub fn check(&self, carrier: &CarrierView) -> Result<(), FieldErrors> {
        let number = Some(Text(self.number.value.get_untracked()));
        DidInput { number, ..self.input() }.parse_new(carrier.destination_country).map(drop)
    }
}

fn blank_or_label(text: &str) -> Result<(), FieldFault> {
    if text.trim().is_empty() { Ok(()) } else { text.parse::<Label>().map(drop) }
}

/// For the conflict dialog.
pub fn current(json: Value) -> Option<Current> {
    let did: DidView = row(&json)?;
    let field = |name, label, value| Theirs { name, label, value };
    let fields = vec![
        field("label", "Label", did.label.unwrap_or_default()),
        field("direction", "Direction", did.direction.as_str().to_owned()),
        field("bot_id", "Bot", did.bot_id.map(|id| id.to_string()).unwrap_or_default()),
    ];
    Some(Current { version: did.version, fields })
}
