//! Dialogs that ask or edit, and the frame of a form's page.

use api_types::Problem;
use leptos::prelude::*;

use super::{
    stage::{Sample, Theme, sample, state},
    ui::{is_open, opener},
};
use crate::{components::form::*, urls};

pub fn samples() -> Vec<Sample> {
    vec![
        sample("ConfirmDialog", "form/confirm_dialog.rs", |_| {
            view! {
                {state("Something is lost", opener("confirm"))}
                {state("Refused", opener("confirm-refused"))}
                {state("Busy", opener("confirm-busy"))}
            }
            .into_any()
        }),
        sample("FormDialog", "form/form_dialog.rs", |_| {
            view! { {state("Untouched", opener("form"))} {state("Refused", opener("form-refused"))} }.into_any()
        }),
        sample("FormPage", "form/form_page.rs", pages),
        sample("LeaveDialog", "form/leave_dialog.rs", |_| {
            state("Type something in the dialog, then press Esc", opener("form"))
        }),
    ]
}

fn refusal() -> Problem {
    Problem::new(0, "offline", "No connection", "The server does not respond. Check the connection and try again.")
}

fn address(what: &str) -> String {
    format!("{}?open={what}", urls::DESIGN)
}

fn pages(theme: Theme) -> AnyView {
    let page = |name: &str, problem: Option<Problem>| {
        let form = theme.form(name);
        let input = form.input("name", "Twilio US East".to_owned(), |_| Ok(()));
        form.problem.set(problem);
        view! {
            <FormPage form address=urls::DESIGN cancel=urls::DESIGN label="Save Changes" busy_label="Saving…" on_submit=|()| ()>
                <TextField input label="Name"/>
            </FormPage>
        }
    };
    let ended = Problem::new(401, "unauthenticated", "Not logged in", "The session has ended.");
    view! {
        {state("Untouched", page("page", None))}
        {state("Refused", page("page-refused", Some(refusal())))}
        {state("The session ended", page("page-ended", Some(ended)))}
    }
    .into_any()
}

/// The dialogs over the page.
pub fn opened() -> AnyView {
    let confirm = ["confirm", "confirm-refused", "confirm-busy"].map(|name| {
        let open = is_open(name);
        move || open.get().then(|| view! { <Confirm name/> })
    });
    let edit = ["form", "form-refused"].map(|name| {
        let open = is_open(name);
        move || open.get().then(|| view! { <Edit name/> })
    });
    (confirm.collect_view(), edit.collect_view()).into_any()
}

#[component]
fn Confirm(name: &'static str) -> impl IntoView {
    let form = Form::button(name);
    form.problem.set((name == "confirm-refused").then(refusal));
    form.busy.set(name == "confirm-busy");
    view! {
        <ConfirmDialog
            form
            title="Delete Twilio US East"
            address=address(name)
            close=urls::DESIGN
            label="Delete Carrier"
            busy_label="Deleting…"
            on_confirm=move |()| form.problem.set(Some(refusal()))
        >
            <p>"This cannot be undone. It deletes:"</p>
            <ul class="list-disc pl-5 grid gap-1">
                <li>"The carrier " <strong class="font-semibold">"Twilio US East"</strong> ", its address and its credentials."</li>
                <li>"All of its 17 phone numbers: calls to them are no longer answered."</li>
            </ul>
        </ConfirmDialog>
    }
}

#[component]
fn Edit(name: &'static str) -> impl IntoView {
    let form = Form::button(name);
    let number = form.input("number", String::new(), |_| Ok(()));
    let label = form.input("label", String::new(), |_| Ok(()));
    form.problem.set((name == "form-refused").then(refusal));
    view! {
        <FormDialog
            form
            title="Add Phone Number"
            address=address(name)
            close=urls::DESIGN
            label="Add Phone Number"
            busy_label="Adding…"
            on_submit=move |()| form.problem.set(Some(refusal()))
        >
            <TextField input=number label="Phone Number" kind=TextKind::Tel placeholder="+14155551234" autofocus=true/>
            <TextField input=label label="Label" optional=true/>
        </FormDialog>
    }
}
