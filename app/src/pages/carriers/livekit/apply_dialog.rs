use domain::input::ApplyInput;
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{
    Seen,
    steps::{Steps, look_again},
};
use crate::{
    api,
    components::{
        form::{Form, ProblemBanner, SubmitButton, focus},
        ui::{Dialog, use_toasts},
    },
};

/// The dry run once more, and the button that makes it real.
#[component]
pub fn ApplyDialog(seen: Seen) -> impl IntoView {
    let form = Form::new("apply");
    let toasts = use_toasts();
    let navigate = use_navigate();
    let (here, again) = (seen.href(&[("apply", "1")]), seen.again);
    let (page, report) = (seen.href(&[]), seen.report);
    let fingerprint = report.fingerprint.clone();
    let (id, sent, target) = (report.carrier_id.clone(), fingerprint.clone(), page.clone());
    let apply = move |event: SubmitEvent| {
        event.prevent_default();
        let (navigate, target) = (navigate.clone(), target.clone());
        let input = ApplyInput { fingerprint: sent.as_str().into() };
        form.send(api::drift::apply(id.clone(), input), move |_| {
            toasts.say("LiveKit is in step again.");
            navigate(&target, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
            again.run(());
            focus("content".to_owned());
        });
    };
    let action = format!("{page}/apply");
    let nothing = report.steps.is_empty();
    view! {
        <Dialog title="Put LiveKit right" close=page.clone() class="dialog dialog-wide">
            <form method="post" action=action on:submit=apply>
                <input type="hidden" name="fingerprint" value=fingerprint/>
                <div class="dialog-body grid gap-3">
                    <ProblemBanner problem=form.problem.into()/>
                    <p>
                        {if nothing {
                            "LiveKit is in step: there is nothing to do."
                        } else {
                            "This is what will be done, and nothing else. If anything has changed since you looked, nothing is."
                        }}
                    </p>
                    <Steps steps=report.steps/>
                </div>
                <footer class="dialog-foot">
                    <a class="btn" href=page data-noscroll="" autofocus>"Not now"</a>
                    {look_again(form, here)}
                    {(!nothing)
                        .then(|| view! { <SubmitButton label="Put it right" busy_label="Working…" busy=form.busy/> })}
                </footer>
            </form>
        </Dialog>
    }
    .into_any()
}
