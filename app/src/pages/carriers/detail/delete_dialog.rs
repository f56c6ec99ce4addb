use leptos::prelude::*;

use super::context::CarrierContext;
use crate::components::{
    form::{Form, ProblemBanner, SubmitButton},
    ui::{Dialog, counted},
};

/// Confirms the deletion and lists everything that goes with the carrier.
pub fn delete_dialog(context: &CarrierContext) -> AnyView {
    let form = Form::new("delete");
    let carrier = &context.carrier;
    let (name, numbers) = (carrier.name.clone(), carrier.did_count);
    // There is one inbound trunk for each bot, so their number is not known here.
    let has_trunks = carrier.lk_inbound_trunk_id.is_some() || carrier.lk_outbound_trunk_id.is_some();
    let livekit =
        if has_trunks { "its trunks, with the dispatch rules that lead to bots" } else { "what it has in LiveKit" };
    let numbers = match numbers {
        0 => "No number is lost with it.".to_owned(),
        1 => "Its phone number: calls to it are no longer answered, and none go out with it.".to_owned(),
        several => format!(
            "All of its {}: calls to them are no longer answered, and none go out with them.",
            counted(several, "phone number", "phone numbers")
        ),
    };
    let (page, action) = (context.href(&[]), context.href(&[("delete", "1")]));
    let done = format!("Deleted {name}.");
    view! {
        <Dialog title=format!("Delete {name}") close=page.clone() class="dialog dialog-small">
            <form method="post" action=action data-done=done>
                <div class="dialog-body grid gap-3">
                    <ProblemBanner form/>
                    <p>"This cannot be undone. It deletes:"</p>
                    <ul class="list-disc pl-5 grid gap-1">
                        <li>"The carrier " <strong class="font-semibold">{name}</strong> ", its address and its credentials."</li>
                        <li>{numbers}</li>
                        <li>{format!("In LiveKit, {livekit}; if LiveKit is away, as soon as it is back.")}</li>
                    </ul>
                </div>
                <footer class="dialog-foot">
                    <a class="btn" href=page data-noscroll="" autofocus>"Keep it"</a>
                    <SubmitButton label="Delete carrier" busy_label="Deleting…" busy=form.busy class="btn-danger-solid"/>
                </footer>
            </form>
        </Dialog>
    }
    .into_any()
}
