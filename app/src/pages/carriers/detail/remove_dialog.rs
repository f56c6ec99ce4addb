use api_types::view::DidView;
use leptos::prelude::*;

use super::{context::use_carrier, did_dialog::use_close, did_table::Dids};
use crate::{
    components::{
        form::{ConfirmDialog, Form, focus},
        ui::use_toasts,
    },
    server_fns::did::remove_did,
};

/// Confirms the removal of a DID and says what it changes.
#[component]
pub fn RemoveDialog(did: DidView, dids: Dids) -> impl IntoView {
    let context = use_carrier();
    let form = Form::new("remove");
    let toasts = use_toasts();
    let close = use_close(context);
    let carrier = context.row.current.with_untracked(|row| row.carrier.name.clone());
    let bot = untrack(|| did.bot_id.as_ref().and_then(|bot| context.bot_name(bot)));
    let consequence = match (did.direction.rings(), did.direction.dials(), bot) {
        (true, true, Some(bot)) => format!("{bot} no longer answers it, and it can no longer be a caller ID."),
        (true, false, Some(bot)) => format!("{bot} no longer answers it."),
        (true, true, None) => "Calls to it are rejected, and it can no longer be a caller ID.".to_owned(),
        (true, false, None) => "Calls to it are rejected.".to_owned(),
        (false, ..) => "It can no longer be a caller ID.".to_owned(),
    };
    let label = did.label.map(|label| format!(" ({label})")).unwrap_or_default();
    let address = untrack(|| context.href(&[("remove", did.id.as_str())]));
    let id = StoredValue::new(did.id);
    let number = did.formatted.clone();
    let confirm = move |()| {
        let number = number.clone();
        form.send(remove_did(context.id.get_value(), id.get_value()), move |()| {
            toasts.success(format!("Removed {number}."));
            dids.refetch();
            context.row.refresh();
            close.run(());
            // The button that opened the dialog is gone.
            focus("numbers".to_owned());
        });
    };
    view! {
        <ConfirmDialog
            form
            title="Remove Number"
            address
            close=untrack(|| context.href(&[]))
            label="Remove Number"
            busy_label="Removing…"
            on_confirm=confirm
        >
            <input type="hidden" name="did_id" value=id.get_value().to_string()/>
            <p class="wrap-anywhere">
                "Removes " <strong class="num font-semibold">{did.formatted}</strong>
                {format!("{label} from {carrier} and from its LiveKit trunks. {consequence}")}
            </p>
        </ConfirmDialog>
    }
    .into_any()
}
