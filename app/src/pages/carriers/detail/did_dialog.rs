use api_types::view::DidView;
use domain::{CarrierId, Direction};
use leptos::prelude::*;
use serde_json::Value;

use super::context::CarrierContext;
use crate::{
    api::http::row,
    components::{
        form::{
            Card, ConflictDialog, Form, Input, ProblemBanner, RadioCards, ReadValues, SavedField, SavedRow,
            SelectField, SubmitButton, TextField, TextKind,
        },
        ui::{BOTH_WAYS, Dialog, INWARD, OUTWARD},
    },
    urls,
};

/// Adds a phone number, or edits one. The number itself cannot be changed.
pub fn did_dialog(context: &CarrierContext, did: Option<&DidView>) -> AnyView {
    let form = Form::new("number");
    let text = |value: Option<String>| value.unwrap_or_default();
    let number = form.input("number", text(did.map(|did| did.number.clone())), |_| Ok(()));
    let label = form.input("label", text(did.and_then(|did| did.label.clone())), |_| Ok(()));
    let saved_direction = did.map_or(Direction::Both, |did| did.direction);
    let direction = form.choice("direction", saved_direction.as_str().to_owned());
    let bot = did.and_then(|did| did.bot_id.as_ref()).map(ToString::to_string);
    let bot_id = form.choice("bot_id", text(bot));
    let version = did.map(|did| form.version(did.version));
    let id = did.map(|did| did.id.clone());
    let editing = id.is_some();
    let query = id.as_ref().map_or("new".to_owned(), ToString::to_string);
    let (here, close) = (context.href(&[("did", &query)]), context.href(&[]));
    let (taken_by, bots) = (taken_by(form, context), bot_choice(bot_id, context));
    let action = context.href(&[("did", id.as_ref().map_or("new", |id| id.as_str()))]);
    let (title, button, done, hint) = if editing {
        (
            "Edit number",
            "Save number",
            "Saved the number.",
            "A number stays what it is. Remove it and add the other one instead.",
        )
    } else {
        ("Add number", "Add number", "Added {number}.", "With country code, or as the carrier writes it: 09812345678")
    };
    let cards = vec![
        Card { value: Direction::Both.as_str(), glyph: BOTH_WAYS, title: "Both", text: "Rings in and dials out" },
        Card { value: Direction::Inbound.as_str(), glyph: INWARD, title: "Inbound", text: "Only rings in" },
        Card { value: Direction::Outbound.as_str(), glyph: OUTWARD, title: "Outbound", text: "Only dials out" },
    ];
    view! {
        <Dialog title close=close.clone()>
            <form id=form.element_id() method="post" action=action novalidate class="did-form" data-done=done>
                {version.map(|version| view! { <ReadValues form version/> })}
                <div class="dialog-body grid gap-4">
                    <ProblemBanner form/>
                    <div>
                        <TextField
                            input=number
                            label="Phone number"
                            kind=TextKind::Tel
                            placeholder="+14155551234"
                            hint=hint
                            disabled=editing
                            autofocus=!editing
                        />
                        {taken_by}
                    </div>
                    <TextField
                        input=label
                        label="Label"
                        optional=true
                        placeholder="Support line"
                        autofocus=editing
                    />
                    <RadioCards input=direction label="Direction" cards/>
                    {bots}
                </div>
                <footer class="dialog-foot">
                    <a class="btn" href=close data-noscroll="">"Cancel"</a>
                    <SubmitButton label=button busy_label="Saving…" busy=form.busy/>
                </footer>
            </form>
        </Dialog>
        {version.map(|version| view! { <ConflictDialog form noun="number" read=current version reload=here save=|()| ()/> })}
    }
    .into_any()
}

/// The bot that answers. For an outbound number the style sheet hides the choice.
fn bot_choice(bot_id: Input, context: &CarrierContext) -> AnyView {
    let no_bots = context.bots.is_empty();
    let options = std::iter::once((String::new(), "No bot: calls are rejected".to_owned()))
        .chain(context.bots.iter().map(|bot| (bot.id.to_string(), bot.name.clone())))
        .collect();
    view! {
        <div class="did-bot">
            <SelectField input=bot_id label="Assign bot" options hint="Answers when this number rings."/>
            {no_bots
                .then(|| view! {
                    <p class="hint">
                        "There is no bot yet. " <a class="link" href=urls::CREATE_BOT>"Create one"</a>
                        ", then assign it here."
                    </p>
                })}
        </div>
    }
    .into_any()
}

/// A link to the other carrier that has the number already.
fn taken_by(form: Form, context: &CarrierContext) -> Option<AnyView> {
    let problem = form.problem.get_untracked()?;
    let current = problem.current.filter(|_| problem.code == "number_taken")?;
    let id: CarrierId = current.get("carrier_id")?.as_str()?.parse().ok()?;
    if id == context.carrier.id {
        return None;
    }
    let name = current.get("carrier_name")?.as_str()?.to_owned();
    let open = format!("Open {name}");
    Some(view! { <p class="mt-1"><a class="link" href=urls::carrier(&id)>{open}</a></p> }.into_any())
}

/// The saved row for the conflict dialog.
fn current(json: Value) -> Option<SavedRow> {
    let did: DidView = row(&json)?;
    let field = |name, label, value| SavedField { name, label, value };
    let fields = vec![
        field("label", "Label", did.label.unwrap_or_default()),
        field("direction", "Direction", did.direction.as_str().to_owned()),
        field("bot_id", "Bot", did.bot_id.map(|id| id.to_string()).unwrap_or_default()),
    ];
    Some(SavedRow { version: did.version, fields })
}
