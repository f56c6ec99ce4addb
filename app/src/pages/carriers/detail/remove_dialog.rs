use domain::view::DidView;
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::state::use_detail;
use crate::{
    api,
    components::{
        form::{Form, ProblemBanner, SubmitButton, focus},
        ui::{Dialog, phone, use_toasts},
    },
};

/// Names the number that goes, and what follows.
#[component]
pub fn RemoveDialog(did: DidView) -> impl IntoView {
    let detail = use_detail();
    let form = Form::new("remove");
    let toasts = use_toasts();
    let navigate = use_navigate();
    let number = phone(did.e164.as_deref().unwrap_or(&did.number));
    let carrier = detail.carrier.with_untracked(|carrier| carrier.name.clone());
    let bot = did.bot_id.as_ref().and_then(|bot| untrack(|| detail.bot_name(bot)));
    let loses = match (did.direction.rings(), did.direction.dials(), bot) {
        (true, dials, Some(bot)) => {
            format!("{bot} no longer answers it{}.", if dials { ", and no call goes out with it" } else { "" })
        }
        (true, true, None) => "Calls to it are rejected, and no call goes out with it.".to_owned(),
        (true, false, None) => "Calls to it are rejected.".to_owned(),
        (false, ..) => "No call goes out with it any more.".to_owned(),
    };
    let label = did.label.clone().map(|label| format!(" ({label})")).unwrap_or_default();
    let id = did.id.clone();
    let said = number.clone();
    let remove = move |event: SubmitEvent| {
        event.prevent_default();
        let (id, said, navigate) = (id.clone(), said.clone(), navigate.clone());
        form.send(api::did::remove(detail.id.get_value(), id.clone()), move |()| {
            toasts.say(format!("Removed {said}."));
            detail.drop_number(&id);
            let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
            navigate(&detail.href(&[]), options);
            // Row and link are gone; the list's head is the nearest that stays.
            focus("numbers".to_owned());
        });
    };
    view! {
        <Dialog title="Remove number" close=detail.href(&[]) class="dialog dialog-small">
            <form method="post" action=detail.action(&format!("dids/{}/delete", did.id)) on:submit=remove>
                <div class="dialog-body grid gap-3">
                    <ProblemBanner form/>
                    <p>
                        "Removes " <strong class="num font-semibold">{number}</strong> {label}
                        {format!(" from {carrier} and from its LiveKit trunks. {loses}")}
                    </p>
                </div>
                <footer class="dialog-foot">
                    <a class="btn" href=detail.href(&[]) data-noscroll="" autofocus>"Keep it"</a>
                    <SubmitButton label="Remove number" busy_label="Removing…" busy=form.busy class="btn-danger-solid"/>
                </footer>
            </form>
        </Dialog>
    }
    .into_any()
}
