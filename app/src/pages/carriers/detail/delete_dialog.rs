use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::context::use_carrier;
use crate::{
    components::{
        form::{ConfirmDialog, Form},
        ui::{counted, use_toasts},
    },
    server_fns::carrier::delete_carrier,
    urls,
};

/// Confirms the deletion and names everything that is lost with the carrier.
#[component]
pub fn DeleteDialog() -> impl IntoView {
    let context = use_carrier();
    let form = Form::new("delete");
    let toasts = use_toasts();
    let navigate = use_navigate();
    let carrier = context.row.current.with_untracked(|row| row.carrier.clone());
    let numbers = match carrier.did_count {
        0 => "It has no phone numbers.".to_owned(),
        1 => "Its phone number: calls to it are no longer answered, and it can no longer be a caller ID.".to_owned(),
        several => format!(
            "All of its {}: calls to them are no longer answered, and they can no longer be caller IDs.",
            counted(several, "phone number", "phone numbers")
        ),
    };
    // There is one inbound trunk for each bot, so the count of trunks is not known here.
    let has_trunks = carrier.lk_inbound_trunk_id.is_some() || carrier.lk_outbound_trunk_id.is_some();
    let livekit = has_trunks.then(|| {
        view! {
            <li>
                "In LiveKit, its trunks with their dispatch rules. If LiveKit cannot be reached, as soon as it is back."
            </li>
        }
    });
    let name = carrier.name.clone();
    let confirm = move |()| {
        let (name, navigate) = (name.clone(), navigate.clone());
        form.send(context.row.deletion.execute(delete_carrier(context.id.get_value())), move |()| {
            toasts.success(format!("Deleted {name}."));
            navigate(urls::CARRIERS, Default::default());
        });
    };
    view! {
        <ConfirmDialog
            form
            title=format!("Delete {}", carrier.name)
            address=untrack(|| context.href(&[("delete", "1")]))
            close=untrack(|| context.href(&[]))
            label="Delete Carrier"
            busy_label="Deleting…"
            on_confirm=confirm
        >
            <p>"This cannot be undone. It deletes:"</p>
            <ul class="list-disc pl-5 grid gap-1">
                <li>
                    "The carrier " <strong class="font-semibold wrap-anywhere">{carrier.name}</strong>
                    ", its address and its credentials."
                </li>
                <li>{numbers}</li>
                {livekit}
            </ul>
        </ConfirmDialog>
    }
    .into_any()
}
