use api_types::view::DidView;
use leptos::prelude::*;

use super::context::CarrierContext;
use crate::components::{
    form::{Form, ProblemBanner, SubmitButton},
    ui::Dialog,
};

/// Confirms the removal of a number and says what it changes.
pub fn remove_dialog(context: &CarrierContext, did: &DidView) -> AnyView {
    let form = Form::new("remove");
    let id = did.id.to_string();
    let number = did.formatted.clone();
    let carrier = context.carrier.name.clone();
    let (page, action) = (context.href(&[]), context.href(&[("remove", did.id.as_str())]));
    let bot = did.bot_id.as_ref().and_then(|bot| context.bot_name(bot));
    let consequence = match (did.direction.rings(), did.direction.dials(), bot) {
        (true, dials, Some(bot)) => {
            format!("{bot} no longer answers it{}.", if dials { ", and no call goes out with it" } else { "" })
        }
        (true, true, None) => "Calls to it are rejected, and no call goes out with it.".to_owned(),
        (true, false, None) => "Calls to it are rejected.".to_owned(),
        (false, ..) => "No call goes out with it any more.".to_owned(),
    };
    let label = did.label.clone().map(|label| format!(" ({label})")).unwrap_or_default();
    let done = format!("Removed {number}.");
    view! {
        <Dialog title="Remove number" close=page.clone() class="dialog dialog-small">
            <form method="post" action=action data-done=done>
                <input type="hidden" name="did_id" value=id/>
                <div class="dialog-body grid gap-3">
                    <ProblemBanner form/>
                    <p>
                        "Removes " <strong class="num font-semibold">{number}</strong> {label}
                        {format!(" from {carrier} and from its LiveKit trunks. {consequence}")}
                    </p>
                </div>
                <footer class="dialog-foot">
                    <a class="btn" href=page data-noscroll="" autofocus>"Keep it"</a>
                    <SubmitButton label="Remove number" busy_label="Removing…" busy=form.busy class="btn-danger-solid"/>
                </footer>
            </form>
        </Dialog>
    }
    .into_any()
}
