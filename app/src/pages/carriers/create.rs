use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::hooks::use_navigate;

use super::form::{AuthenticationSection, CarrierForm, ConnectionSection, RateSection};
use crate::{
    api,
    components::{
        form::{ActionBar, ProblemBanner, guard_leaving},
        layout::PageHeader,
        ui::{Banner, Tone, use_toasts},
    },
    urls,
};

#[component]
pub fn CreateCarrierPage() -> impl IntoView {
    let fields = CarrierForm::new(None);
    let form = fields.form;
    let navigate = use_navigate();
    let toasts = use_toasts();
    guard_leaving(
        urls::CREATE_CARRIER.to_owned(),
        move || form.changed(),
        |target| target.starts_with(urls::CREATE_CARRIER),
    );

    let save = move |event: SubmitEvent| {
        event.prevent_default();
        if let Err(errors) = fields.check() {
            form.refuse_fields(&errors);
            return;
        }
        let navigate = navigate.clone();
        form.send(api::carrier::create(fields.input()), move |carrier| {
            toasts.say(format!("Added {}.", carrier.name));
            navigate(&urls::carrier(&carrier.id), Default::default());
        });
    };
    view! {
        <PageHeader title="Add a carrier" parent=(urls::CARRIERS, "Carriers")/>
        <Banner tone=Tone::Accent>"LiveKit trunks are created for you as soon as you save."</Banner>
        <form method="post" action=urls::CREATE_CARRIER novalidate on:submit=save class="form-page">
            <ProblemBanner problem=form.problem.into()/>
            <div class="card px-5">
                <ConnectionSection fields/>
                <AuthenticationSection fields/>
                <RateSection fields/>
            </div>
            <ActionBar form label="Create carrier" busy_label="Creating…" cancel=urls::CARRIERS/>
        </form>
    }
}
