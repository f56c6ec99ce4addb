use api_types::{input::ApplyInput, view::DriftView};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{
    context::{CarrierDrift, DriftContext},
    steps::{RefreshLink, Steps},
};
use crate::{
    components::{
        form::{ConfirmDialog, Form, focus},
        ui::use_toasts,
    },
    server_fns::drift::apply_drift,
};

/// The dry run and the button that applies it.
#[component]
pub fn ApplyDialog(context: DriftContext, report: DriftView) -> impl IntoView {
    let form = Form::new("apply");
    let toasts = use_toasts();
    let navigate = use_navigate();
    let (here, page) = (context.href(&[("apply", "1")]), context.href(&[]));
    let (fingerprint, target) = (report.fingerprint.clone(), page.clone());
    let apply = move |()| {
        let (navigate, target) = (navigate.clone(), target.clone());
        let input = ApplyInput { fingerprint: fingerprint.as_str().into() };
        form.send(apply_drift(context.carrier_id(), input), move |report| {
            toasts.success("Changes applied.");
            let carrier_name = report.carrier_name.clone();
            context.row.show(CarrierDrift { carrier_id: context.carrier_id(), carrier_name, report: Ok(report) });
            navigate(&target, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
            focus("content".to_owned());
        });
    };
    let actions = view! { <RefreshLink context form href=here.clone()/> }.into_any();
    view! {
        <ConfirmDialog
            form
            title="Apply Changes to LiveKit"
            address=here
            close=page
            label="Apply Changes"
            busy_label="Applying…"
            danger=false
            class="dialog dialog-wide"
            actions
            on_confirm=apply
        >
            <input type="hidden" name="fingerprint" value=report.fingerprint/>
            <p>
                "Exactly these changes are made. If the carrier or LiveKit has changed since this page was loaded, nothing is."
            </p>
            <Steps steps=report.steps/>
        </ConfirmDialog>
    }
    .into_any()
}
