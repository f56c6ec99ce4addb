use api_types::{
    input::{DidInput, Text},
    view::DidView,
};
use domain::{CarrierId, Country, Direction, FieldErrors, FieldFault, Label, PhoneNumber};
use leptos::prelude::*;
use serde_json::Value;

use super::context::{CarrierContext, use_carrier};
use crate::{
    components::{
        form::{
            Card, Editing, Form, Input, RadioCards, SavedField, SavedRow, SelectField, TextField, TextKind, parsed, row,
        },
        ui::{BOTH_WAYS, INWARD, OUTWARD},
    },
    urls,
};

/// Fields of the DID form.
#[derive(Clone, Copy)]
pub struct DidForm {
    pub form: Form,
    number: Input,
    label: Input,
    direction: Input,
    bot_id: Input,
    /// Only for an existing DID.
    version: Option<RwSignal<String>>,
}

impl DidForm {
    pub fn new(did: Option<&DidView>) -> Self {
        let form = Form::new("number");
        let text = |value: Option<String>| value.unwrap_or_default();
        let bot = did.and_then(|did| did.bot_id.as_ref()).map(ToString::to_string);
        Self {
            form,
            number: form.input("number", text(did.map(|did| did.number.clone())), phone_number),
            label: form.input("label", text(did.and_then(|did| did.label.clone())), blank_or_label),
            direction: form.choice("direction", did.map_or(Direction::Both, |did| did.direction).as_str().to_owned()),
            bot_id: form.choice("bot_id", text(bot)),
            version: did.map(|did| form.version(did.version)),
        }
    }

    pub fn input(self) -> DidInput {
        let text = |input: Input| Some(Text(input.value.get_untracked()));
        DidInput {
            // It cannot be changed.
            number: if self.version.is_none() { text(self.number) } else { None },
            label: text(self.label),
            direction: text(self.direction),
            bot_id: text(self.bot_id),
            version: self.version.map(|version| Text(version.get_untracked())),
        }
    }

    /// Faults of the fields, checked by the server's own parsers. The numbering plans are on the server only.
    pub fn check(self, country: Option<Country>) -> Result<(), FieldErrors> {
        let number = Some(Text(self.number.value.get_untracked()));
        DidInput { number, ..self.input() }.parse_new(country).map(drop)
    }

    pub fn editing(self) -> Option<Editing> {
        self.version.map(|version| Editing { noun: "number", version, read: conflicting })
    }
}

fn phone_number(text: &str) -> Result<(), FieldFault> {
    PhoneNumber::parse(text, None).map(drop)
}

fn blank_or_label(text: &str) -> Result<(), FieldFault> {
    if text.trim().is_empty() { Ok(()) } else { parsed::<Label>(text) }
}

/// The saved row for the conflict dialog.
fn conflicting(json: Value) -> Option<SavedRow> {
    let did: DidView = row(&json)?;
    let field = |name, label, value| SavedField { name, label, value };
    let fields = vec![
        field("label", "Label", did.label.unwrap_or_default()),
        field("direction", "Direction", did.direction.as_str().to_owned()),
        field("bot_id", "Bot", did.bot_id.map(|id| id.to_string()).unwrap_or_default()),
    ];
    Some(SavedRow { version: did.version, fields })
}

#[component]
pub fn DidFields(fields: DidForm) -> impl IntoView {
    let context = use_carrier();
    let editing = fields.version.is_some();
    let hint = if editing {
        "Numbers can't be edited. Remove this one and add another instead."
    } else {
        "With country code, or in the carrier's format: 09812345678"
    };
    view! {
        // The style sheet hides the bot of an outbound number, also without JavaScript.
        <div class="did-form grid gap-4">
            <div>
                <TextField
                    input=fields.number
                    label="Phone Number"
                    kind=TextKind::Tel
                    placeholder="+14155551234"
                    hint
                    disabled=editing
                    autofocus=!editing
                />
                <TakenBy form=fields.form/>
            </div>
            <TextField input=fields.label label="Label" optional=true placeholder="Support line" autofocus=editing/>
            <DirectionCards input=fields.direction/>
            <div class="did-bot"><BotField context input=fields.bot_id/></div>
        </div>
    }
    .into_any()
}

#[component]
pub fn DirectionCards(input: Input) -> impl IntoView {
    let cards = vec![
        Card { value: Direction::Both.as_str(), glyph: BOTH_WAYS, title: "Both", text: "Receives and places calls" },
        Card { value: Direction::Inbound.as_str(), glyph: INWARD, title: "Inbound", text: "Receives calls" },
        Card { value: Direction::Outbound.as_str(), glyph: OUTWARD, title: "Outbound", text: "Places calls" },
    ];
    view! { <RadioCards input label="Direction" cards/> }.into_any()
}

/// The bot that answers.
#[component]
pub fn BotField(context: CarrierContext, input: Input) -> impl IntoView {
    let bots = context.row.current.with_untracked(|row| row.bots.clone());
    let create = bots.is_empty().then(|| {
        view! {
            <p class="hint">
                "There are no bots yet. " <a class="link" href=urls::CREATE_BOT>"Add a bot"</a> ", then assign it here."
            </p>
        }
    });
    let options = std::iter::once((String::new(), "No bot: calls are rejected".to_owned()))
        .chain(bots.into_iter().map(|bot| (bot.id.to_string(), bot.name)))
        .collect();
    view! {
        <SelectField input label="Assign Bot" options hint="Answers calls to this number."/>
        {create}
    }
    .into_any()
}

/// A link to the other carrier that has the number already.
#[component]
fn TakenBy(form: Form) -> impl IntoView {
    let here = use_carrier().id;
    move || {
        let problem = form.problem.get()?;
        let current = problem.current.filter(|_| problem.code == "number_taken")?;
        let id: CarrierId = current.get("carrier_id")?.as_str()?.parse().ok()?;
        if here.with_value(|here| *here == id) {
            return None;
        }
        let open = format!("Open {}", current.get("carrier_name")?.as_str()?);
        Some(view! { <p class="mt-1"><a class="link" href=urls::carrier(&id)>{open}</a></p> })
    }
}
