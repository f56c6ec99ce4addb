use domain::{
    input::ApplyInput,
    view::{OrphanGroup, OrphanOrigin},
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{
    Seen,
    orphans::title,
    steps::{Steps, look_again},
};
use crate::{
    api,
    components::{
        form::{Form, ProblemBanner, SubmitButton, focus},
        ui::{Banner, Dialog, Tone, use_toasts},
    },
};

/// Names every object that goes.
#[component]
pub fn RemoveDialog(seen: Seen, group: OrphanGroup) -> impl IntoView {
    let form = Form::new("remove-orphans");
    let toasts = use_toasts();
    let navigate = use_navigate();
    let (here, again) = (seen.href(&[("remove", group.carrier_id.as_str())]), seen.again);
    let page = seen.href(&[]);
    let name = title(&group);
    let action = format!("{page}/orphans/remove");
    let (sent, target) = (group.fingerprint.clone(), page.clone());
    let remove = move |event: SubmitEvent| {
        event.prevent_default();
        let (navigate, target) = (navigate.clone(), target.clone());
        let input = ApplyInput { fingerprint: sent.as_str().into() };
        form.send(api::drift::remove_orphans(input), move |_| {
            toasts.say("Removed the orphans.");
            navigate(&target, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
            again.run(());
            focus("content".to_owned());
        });
    };
    let unknown = (group.origin == OrphanOrigin::Unknown).then(|| {
        view! {
            <Banner tone=Tone::Warn title="This carrier was never known here">
                "If another Trunkline uses the same LiveKit project, these are its trunks, and its calls end up nowhere."
            </Banner>
        }
    });
    view! {
        <Dialog title=format!("Remove what is left of {name}") close=page.clone() class="dialog dialog-wide">
            <form method="post" action=action on:submit=remove>
                <input type="hidden" name="fingerprint" value=group.fingerprint/>
                <input type="hidden" name="group" value=group.carrier_id.to_string()/>
                <div class="dialog-body grid gap-3">
                    <ProblemBanner problem=form.problem.into()/>
                    {unknown}
                    <p>"This cannot be undone. Exactly these objects are removed from LiveKit:"</p>
                    <Steps steps=group.steps/>
                </div>
                <footer class="dialog-foot">
                    <a class="btn" href=page data-noscroll="" autofocus>"Keep them"</a>
                    {look_again(form, here)}
                    <SubmitButton label="Remove orphans" busy_label="Removing…" busy=form.busy class="btn-danger-solid"/>
                </footer>
            </form>
        </Dialog>
    }
    .into_any()
}
