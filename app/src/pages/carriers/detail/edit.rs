use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::context::use_carrier;
use crate::{
    components::{
        form::{Editing, FormPage},
        ui::{Banner, Tone, use_toasts},
    },
    pages::carriers::form::{
        AdvancedSection, AuthenticationSection, CarrierForm, ConnectionSection, RateSection, conflicting, current,
    },
    server_fns::carrier::update_carrier,
};

/// The form of the carrier. It follows changes by others until something is typed. After that, the conflict dialog shows
/// them when this form is saved.
#[component]
pub fn EditForm() -> impl IntoView {
    let context = use_carrier();
    let row = context.row;
    let fields = row.current.with_untracked(|row| CarrierForm::new(Some(&row.carrier)));
    let form = fields.form;
    let version = fields.edit.map(|edit| edit.version).unwrap_or_default();
    let newest = Memo::new(move |_| row.current.with(|row| row.carrier.version));
    Effect::new(move |before: Option<()>| {
        // Read, not only tracked: a memo notifies only after its first read.
        let _ = newest.get();
        if before.is_some() {
            form.follow(row.current.with_untracked(|row| current(&row.carrier)), version);
        }
    });
    let navigate = use_navigate();
    let toasts = use_toasts();
    let save = move |()| {
        if let Err(errors) = fields.check() {
            form.refuse_fields(&errors);
            return;
        }
        let navigate = navigate.clone();
        form.send(update_carrier(context.id.get_value(), fields.input()), move |carrier| {
            toasts.success(format!("Saved {}.", carrier.name));
            context.show(carrier);
            navigate(&untrack(|| context.href(&[])), Default::default());
        });
    };
    let deleted = move || {
        row.deletion.by_others().then(|| {
            view! {
                <Banner tone=Tone::Error title="This carrier was deleted" alert=true>
                    "It can no longer be saved. Copy what you still need from this form."
                </Banner>
            }
        })
    };
    view! {
        <FormPage
            form
            address=untrack(|| context.href(&[("edit", "1")]))
            cancel=untrack(|| context.href(&[]))
            label="Save Changes"
            busy_label="Saving…"
            on_submit=save
            editing=Editing { noun: "carrier", version, read: conflicting }
        >
            {deleted}
            <div class="card px-5">
                <ConnectionSection fields/>
                <AuthenticationSection fields/>
                <RateSection fields/>
                <AdvancedSection fields/>
            </div>
        </FormPage>
    }
    .into_any()
}
