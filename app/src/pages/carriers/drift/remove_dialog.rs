use api_types::{
    input::ApplyInput,
    view::{OrphanGroup, OrphanOrigin},
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{
    context::DriftContext,
    orphans::title,
    steps::{RefreshLink, Steps},
};
use crate::{
    components::{
        form::{ConfirmDialog, Form, focus},
        ui::{Banner, Tone, use_toasts},
    },
    server_fns::drift::remove_orphans,
};

/// Confirms the removal and lists every object.
#[component]
pub fn RemoveDialog(context: DriftContext, group: OrphanGroup) -> impl IntoView {
    let form = Form::new("remove-orphans");
    let toasts = use_toasts();
    let navigate = use_navigate();
    let (here, page) = (context.href(&[("remove", group.carrier_id.as_str())]), context.href(&[]));
    let name = title(&group);
    let (fingerprint, target) = (group.fingerprint.clone(), page.clone());
    let remove = move |()| {
        let (navigate, target) = (navigate.clone(), target.clone());
        let input = ApplyInput { fingerprint: fingerprint.as_str().into() };
        form.send(remove_orphans(input), move |_| {
            toasts.success("Orphaned objects removed.");
            context.row.refresh();
            navigate(&target, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
            focus("content".to_owned());
        });
    };
    let unknown = (group.origin == OrphanOrigin::Unknown).then(|| {
        view! {
            <Banner tone=Tone::Warn title="This carrier was never in this database">
                "If another Trunkline uses the same LiveKit project, these are its trunks, and calls to them will fail."
            </Banner>
        }
    });
    let actions = view! { <RefreshLink context form href=here.clone()/> }.into_any();
    view! {
        <ConfirmDialog
            form
            title=format!("Remove Orphaned Objects of {name}")
            address=here
            close=page
            label="Remove Orphaned Objects"
            busy_label="Removing…"
            class="dialog dialog-wide"
            actions
            on_confirm=remove
        >
            <input type="hidden" name="fingerprint" value=group.fingerprint/>
            {unknown}
            <p>"This cannot be undone. Exactly these objects are removed from LiveKit:"</p>
            <Steps steps=group.steps/>
        </ConfirmDialog>
    }
    .into_any()
}
