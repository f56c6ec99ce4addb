use api_types::{
    input::{CallSettingsInput, Text},
    view::CallSettings,
};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use crate::{
    components::{
        form::{Form, FormDialog, TextField, TextKind},
        ui::{counted, use_toasts},
    },
    server_fns::call::update_call_settings,
    urls,
};

fn input(days: String) -> CallSettingsInput {
    CallSettingsInput { retention_days: Some(Text(days)) }
}

/// How long calls are kept.
#[component]
pub fn RetentionDialog(settings: RwSignal<CallSettings>, close: String) -> impl IntoView {
    let form = Form::new("retention");
    let days = form.input("retention_days", settings.read_untracked().retention_days.to_string(), |days| {
        let errors = input(days.to_owned()).parse().err().unwrap_or_default();
        match errors.into_vec().pop() {
            Some(error) => Err(domain::FieldFault::new("out_of_range", error.message)),
            None => Ok(()),
        }
    });
    let toasts = use_toasts();
    let navigate = StoredValue::new(use_navigate());
    let after = StoredValue::new(close.clone());
    let save = move |()| {
        let input = input(days.value.get_untracked());
        if let Err(errors) = input.parse() {
            form.refuse_fields(&errors);
            return;
        }
        form.send(update_call_settings(input), move |saved| {
            settings.set(saved.clone());
            toasts.success(format!("Calls are kept for {}.", counted(saved.retention_days.into(), "day", "days")));
            navigate.with_value(|navigate| navigate(&after.get_value(), Default::default()));
        });
    };
    view! {
        <FormDialog
            form
            title="Retention of Calls"
            address=format!("{}?retention=1", urls::CALLS)
            close
            label="Save Retention"
            busy_label="Saving…"
            on_submit=save
        >
            <TextField
                input=days
                label="Days"
                kind=TextKind::Number
                hint="Calls that began earlier are deleted with their history, within a minute."
                autofocus=true
            />
        </FormDialog>
    }
    .into_any()
}
