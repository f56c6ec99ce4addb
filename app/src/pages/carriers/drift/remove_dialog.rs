use api_types::view::OrphanGroup;
use api_types::view::OrphanOrigin;
use leptos::prelude::*;

use super::{
    context::DriftContext,
    orphans::title,
    steps::{Steps, reload_link},
};
use crate::components::{
    form::{Form, ProblemBanner, SubmitButton},
    ui::{Banner, Dialog, Tone},
};

/// Confirms the removal and lists every object.
#[component]
pub fn RemoveDialog(context: DriftContext, group: OrphanGroup) -> impl IntoView {
    let form = Form::new("remove-orphans");
    let (here, page) = (context.href(&[("remove", group.carrier_id.as_str())]), context.href(&[]));
    let name = title(&group);
    let action = here.clone();
    let unknown = (group.origin == OrphanOrigin::Unknown).then(|| {
        view! {
            <Banner tone=Tone::Warn title="This carrier was never known here">
                "If another Trunkline uses the same LiveKit project, these are its trunks, and its calls end up nowhere."
            </Banner>
        }
    });
    view! {
        <Dialog title=format!("Remove what is left of {name}") close=page.clone() class="dialog dialog-wide">
            <form method="post" action=action>
                <input type="hidden" name="fingerprint" value=group.fingerprint/>
                <input type="hidden" name="group" value=group.carrier_id.to_string()/>
                <div class="dialog-body grid gap-3">
                    <ProblemBanner form/>
                    {unknown}
                    <p>"This cannot be undone. Exactly these objects are removed from LiveKit:"</p>
                    <Steps steps=group.steps/>
                </div>
                <footer class="dialog-foot">
                    <a class="btn" href=page data-noscroll="" autofocus>"Keep them"</a>
                    {reload_link(form, here)}
                    <SubmitButton label="Remove orphans" busy_label="Removing…" busy=form.busy class="btn-danger-solid"/>
                </footer>
            </form>
        </Dialog>
    }
    .into_any()
}
