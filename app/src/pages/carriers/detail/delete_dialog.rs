use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::hooks::use_navigate;

use super::state::use_detail;
use crate::{
    api,
    components::{
        form::{Form, ProblemBanner, SubmitButton},
        ui::{Dialog, counted, use_toasts},
    },
    urls,
};

/// Names all that is lost with the carrier.
#[component]
pub fn DeleteDialog() -> impl IntoView {
    let detail = use_detail();
    let form = Form::new("delete");
    let toasts = use_toasts();
    let navigate = use_navigate();
    let (name, numbers, trunks) = detail.carrier.with_untracked(|carrier| {
        let trunks = [&carrier.lk_inbound_trunk_id, &carrier.lk_outbound_trunk_id].into_iter().flatten().count();
        (carrier.name.clone(), carrier.did_count, trunks)
    });
    let livekit = match trunks {
        0 => "what it has in LiveKit",
        1 => "its LiveKit trunk, with the dispatch rules that lead to bots",
        _ => "both of its LiveKit trunks, with the dispatch rules that lead to bots",
    };
    let numbers = match numbers {
        0 => "No number is lost with it.".to_owned(),
        1 => "Its phone number: calls to it are no longer answered, and none go out with it.".to_owned(),
        several => format!(
            "All of its {}: calls to them are no longer answered, and none go out with them.",
            counted(several, "phone number", "phone numbers")
        ),
    };
    let said = name.clone();
    let delete = move |event: SubmitEvent| {
        event.prevent_default();
        let (said, navigate) = (said.clone(), navigate.clone());
        form.send(detail.deletion.ours(api::carrier::delete(detail.id.get_value())), move |()| {
            toasts.say(format!("Deleted {said}."));
            navigate(urls::CARRIERS, Default::default());
        });
    };
    view! {
        <Dialog title=format!("Delete {name}") close=detail.href(&[]) class="dialog dialog-small">
            <form method="post" action=detail.action("delete") on:submit=delete>
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
                    <a class="btn" href=detail.href(&[]) data-noscroll="" autofocus>"Keep it"</a>
                    <SubmitButton label="Delete carrier" busy_label="Deleting…" busy=form.busy class="btn-danger-solid"/>
                </footer>
            </form>
        </Dialog>
    }
    .into_any()
}
