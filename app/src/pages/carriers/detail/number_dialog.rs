use domain::{CarrierId, Direction, view::DidView};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{
    number_form::{NumberForm, current},
    state::use_detail,
};
use crate::{
    api,
    components::{
        form::{
            Card, ConflictDialog, Form, ProblemBanner, RadioCards, SelectField, SubmitButton, TextField, TextKind,
            focus, guard_leaving,
        },
        ui::{BOTH_WAYS, Dialog, INWARD, OUTWARD, phone, use_toasts},
    },
    urls,
};

/// A new number, or one to edit: its number itself stays.
#[component]
pub fn NumberDialog(did: Option<DidView>) -> impl IntoView {
    let detail = use_detail();
    let fields = NumberForm::new(did.as_ref());
    let form = fields.form;
    let id = did.as_ref().map(|did| did.id.clone());
    let editing = id.is_some();
    let query = id.as_ref().map_or("new".to_owned(), ToString::to_string);
    let here = StoredValue::new(detail.href(&[("did", &query)]));
    let close = detail.href(&[]);
    guard_leaving(here.get_value(), move || form.changed(), move |target| here.with_value(|here| target == here));

    let toasts = use_toasts();
    let navigate = StoredValue::new(use_navigate());
    let saved = move |did: DidView| {
        toasts.say(format!("Saved {}.", phone(did.e164.as_deref().unwrap_or(&did.number))));
        let edit_link = format!("edit-{}", did.id);
        detail.put_number(did);
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate.with_value(|navigate| navigate(&detail.href(&[]), options));
        // The row was drawn anew, and with it the link that opened the dialog.
        if editing {
            focus(edit_link);
        }
    };
    let known = StoredValue::new(id.clone());
    let save = move || {
        if let Err(errors) = detail.carrier.with_untracked(|carrier| fields.check(carrier)) {
            form.refuse_fields(&errors);
            return;
        }
        let carrier = detail.id.get_value();
        match known.get_value() {
            Some(id) => form.send(api::did::update(carrier, id, fields.input()), saved),
            None => form.send(api::did::add(carrier, fields.input()), saved),
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        save();
    };
    let action = id.as_ref().map_or_else(|| detail.action("dids"), |id| detail.action(&format!("dids/{id}")));
    let (title, button, hint) = if editing {
        ("Edit number", "Save number", "A number stays what it is. Remove it and add the other one instead.")
    } else {
        ("Add number", "Add number", "With country code, or as the carrier writes it: 09812345678")
    };
    let cards = vec![
        Card { value: Direction::Both.as_str(), glyph: BOTH_WAYS, title: "Both", text: "Rings in and dials out" },
        Card { value: Direction::Inbound.as_str(), glyph: INWARD, title: "Inbound", text: "Only rings in" },
        Card { value: Direction::Outbound.as_str(), glyph: OUTWARD, title: "Outbound", text: "Only dials out" },
    ];
    view! {
        <Dialog title close=close.clone()>
            <form method="post" action=action novalidate class="did-form" on:submit=submit>
                {fields
                    .version
                    .map(|version| view! { <input type="hidden" name="version" value=move || version.get()/> })}
                <div class="dialog-body grid gap-4">
                    <ProblemBanner form/>
                    <div>
                        <TextField
                            input=fields.number
                            label="Phone number"
                            kind=TextKind::Tel
                            placeholder="+14155551234"
                            hint=hint
                            disabled=editing
                            autofocus=!editing
                        />
                        <TakenBy form/>
                    </div>
                    <TextField
                        input=fields.label
                        label="Label"
                        optional=true
                        placeholder="Support line"
                        autofocus=editing
                    />
                    <RadioCards input=fields.direction label="Direction" cards/>
                    <BotChoice fields/>
                </div>
                <footer class="dialog-foot">
                    <a class="btn" href=close data-noscroll="">"Cancel"</a>
                    <SubmitButton label=button busy_label="Saving…" busy=form.busy/>
                </footer>
            </form>
        </Dialog>
        {fields
            .version
            .map(|version| view! {
                <ConflictDialog form noun="number" read=current version reload=here.get_value() save=move |()| save()/>
            })}
    }
    .into_any()
}

/// Who answers. A number that only dials out has nobody: the style sheet hides the choice, with JavaScript or without.
#[component]
fn BotChoice(fields: NumberForm) -> impl IntoView {
    let detail = use_detail();
    let bots = detail.bots.get_untracked();
    let none = bots.is_empty();
    let options = std::iter::once((String::new(), "No bot: calls are rejected".to_owned()))
        .chain(bots.into_iter().map(|bot| (bot.id.to_string(), bot.name)))
        .collect();
    view! {
        <div class="did-bot">
            <SelectField input=fields.bot_id label="Assign bot" options hint="Answers when this number rings."/>
            {none
                .then(|| view! {
                    <p class="hint">
                        "There is no bot yet. " <a class="link" href=urls::CREATE_BOT>"Create one"</a>
                        ", then assign it here."
                    </p>
                })}
        </div>
    }
}

/// The way to the other carrier that holds the number already.
#[component]
fn TakenBy(form: Form) -> impl IntoView {
    let here = use_detail().id;
    let holder = move || {
        let problem = form.problem.get()?;
        let current = problem.current.filter(|_| problem.code == "number_taken")?;
        let id: CarrierId = current.get("carrier_id")?.as_str()?.parse().ok()?;
        if here.with_value(|here| *here == id) {
            return None;
        }
        let name = current.get("carrier_name")?.as_str()?.to_owned();
        Some(view! { <p class="mt-1"><a class="link" href=urls::carrier(&id)>{format!("Open {name}")}</a></p> })
    };
    view! { {holder} }
}
